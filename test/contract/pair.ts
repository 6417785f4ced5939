import { toHttp } from '../../src/binding/http.ts';
import { obstacle, toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Cell } from '../../src/contract/binding.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { normalise } from '../../src/router/normalise.ts';
import { createWorld } from '../../src/sandbox/world.ts';
import { carriers } from './carriers.ts';
import type { AppRequest, Heard } from './clients.ts';
import { firstDifference, type Got, verdictOn } from './judge.ts';
import { type Case, effectsSince, play, startingWorld, WORLD } from './reference.ts';
import type { TroubleName } from './refusals.ts';
import { type Name, openPair, type Pair } from './rig.ts';

/** How a call travelled on one side: the backend's named tool, its proxy, or straight to the app. */
export type Way = 'tool' | 'proxy' | 'direct';

/** One call over one pair: what was the same, and what was not. */
export interface MatrixCell {
  readonly door: Name;
  readonly adapter: Name;
  readonly entry: string;
  readonly intent: boolean;
  readonly core: boolean;
  /** What went wrong, where that was the case. */
  readonly error?: TroubleName;
  readonly result: 'native' | 'proxy' | 'excused' | 'failing';
  readonly ways: { readonly door: readonly Way[]; readonly adapter: readonly Way[] };
  /** The written reason of an excuse, or what differs. */
  readonly why?: string;
}

/** Tells the whole story over one pair. After a call that went wrong the world is set right, so that one failure stays one. */
export async function tellOver(door: Name, adapter: Name, cases: readonly Case[]): Promise<readonly MatrixCell[]> {
  await using pair = await openPair(door, adapter, startingWorld());
  const cells: MatrixCell[] = [];
  for (const one of cases) {
    const cell = await tell(pair, one);
    cells.push({ door, adapter, entry: one.entry.id, intent: isIntent(one.entry), core: isCore(one), ...cell });
    if (cell.result === 'failing' || cell.result === 'excused') pair.stage.current = createWorld({ ...WORLD, snapshot: one.after() });
  }
  return cells;
}

function isCore({ entry }: Case): boolean {
  return isIntent(entry) || entry.core;
}

export type Told = Pick<MatrixCell, 'result' | 'ways' | 'why'>;

async function tell(pair: Pair, { entry, input, data, effects, calls }: Case): Promise<Told> {
  const { stage, sandbox, receipts, adapter } = pair;
  const start = stage.current.ledger().length;
  const doorWays: Way[] = [];
  stage.calls.length = receipts.length = 0;
  sandbox.reset();
  const got = await outcome(() =>
    play(entry, input, (operation, step) => {
      doorWays.push(wayThrough(pair, operation, step).way);
      return send(pair, operation, step);
    }),
  );
  const adapterWays = receipts.flatMap(({ route }) => (route ? [route.transport] : []));
  const ways = { door: doorWays, adapter: adapterWays };
  const requests = sandbox.requests(adapter).filter(({ path }) => carriers(adapter).test(path)).length;
  const left = { effects: effectsSince(stage.current, start), calls: stage.calls.length, requests };
  const differs = firstDifference(got, { data, effects, calls }, left);
  if (differs === undefined) return { result: [...doorWays, ...adapterWays].includes('proxy') ? 'proxy' : 'native', ways };
  return { ways, ...verdictOn(differs, excuseFor(pair, isIntent(entry) ? entry.operation : entry.id)) };
}

async function outcome(run: () => Promise<unknown>): Promise<Got> {
  try {
    return { ok: true, data: await run() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** The program's own spelling of a call: the backend's tool where it can carry the input, otherwise the app's request by proxy. */
export function wayThrough(
  { binding }: Pair,
  operation: Operation,
  input: JsonObject,
): { readonly way: 'tool'; readonly cell: Extract<Cell, { transport: 'tool' }> } | { readonly way: 'proxy' | 'direct' } {
  const cell = binding.cells[operation.id];
  if (cell?.transport === 'tool' && !obstacle(cell, input)) return { way: 'tool', cell };
  return { way: cell?.transport === 'direct' ? 'direct' : 'proxy' };
}

/** Sends one operation as the program would; the canonical output, or an error that says what the program saw. */
export async function send(pair: Pair, operation: Operation, input: JsonObject): Promise<unknown> {
  const heard = await ask(pair, operation, input);
  if (heard.kind === 'refused') throw new Error(`the client was refused: ${heard.status ?? ''} ${heard.word ?? ''} ${heard.text}`);
  const { way } = wayThrough(pair, operation, input);
  const reply =
    way === 'tool'
      ? ({ kind: 'tool', data: heard.data } as const)
      : ({ kind: 'http', status: operation.http.success ?? 200, headers: {}, body: heard.data } as const);
  const result = normalise(operation, reply, closeApp);
  if (!result.ok) throw new Error(`the client cannot read it: ${result.failure.what}`);
  return result.data;
}

export function ask(pair: Pair, operation: Operation, input: JsonObject): Promise<Heard> {
  const through = wayThrough(pair, operation, input);
  if (through.way === 'tool') return pair.client.tool(through.cell.tool, toTool(through.cell, input));
  return pair.client.http(requestFor(operation, input));
}

function requestFor(operation: Operation, input: JsonObject): AppRequest {
  const { method, path, query, body } = toHttp(operation, input);
  const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
  return { method, path: search === '' ? path : `${path}?${search}`, ...(body ? { body } : {}) };
}

/** Only what a binding says in writing is an excuse: no way at all, or a loss that is named. */
function excuseFor({ binding, receipts }: Pair, id: string): string | undefined {
  const cell = binding.cells[id];
  if (cell?.transport === 'none') return cell.why;
  const refused = receipts.flatMap(({ verdicts }) => verdicts).find(({ reason }) => reason === 'unsupported_operation');
  if (refused?.detail !== undefined) return refused.detail;
  return cell?.transport === 'tool' && cell.losses?.length ? cell.losses.join('; ') : undefined;
}
