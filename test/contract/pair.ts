import { toHttp } from '../../src/binding/http.ts';
import { obstacle, toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Cell } from '../../src/contract/binding.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { normalise } from '../../src/router/normalise.ts';
import { createWorld } from '../../src/sandbox/world.ts';
import type { AppRequest, Heard } from './clients.ts';
import { type Case, type Effect, effectsSince, play, startingWorld, WORLD } from './reference.ts';
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

type Told = Pick<MatrixCell, 'result' | 'ways' | 'why'>;

async function tell(pair: Pair, { entry, input, data, effects, calls }: Case): Promise<Told> {
  const { stage, receipts } = pair;
  const start = stage.current.ledger().length;
  const doorWays: Way[] = [];
  stage.calls.length = 0;
  receipts.length = 0;
  const got = await outcome(() =>
    play(entry, input, (operation, step) => {
      doorWays.push(wayThrough(pair, operation, step).way);
      return send(pair, operation, step);
    }),
  );
  const adapterWays = receipts.flatMap(({ route }) => (route ? [route.transport] : []));
  const ways = { door: doorWays, adapter: adapterWays };
  const differs = firstDifference(
    got,
    { data, effects, calls },
    { effects: effectsSince(stage.current, start), calls: stage.calls.length },
  );
  if (differs === undefined) return { result: [...doorWays, ...adapterWays].includes('proxy') ? 'proxy' : 'native', ways };
  const excuse = excused(pair, isIntent(entry) ? entry.operation : entry.id);
  return excuse === undefined ? { result: 'failing', ways, why: differs } : { result: 'excused', ways, why: excuse };
}

type Got = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly why: string };

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

interface Trace {
  readonly effects: readonly Effect[];
  readonly calls: number;
}

/** undefined: the client got what Close gives, Close has done what it should, once, and was asked once. */
function firstDifference(got: Got, wanted: Trace & { readonly data: unknown }, left: Trace): string | undefined {
  if (!got.ok) return got.why;
  if (left.calls !== wanted.calls) return `Close was asked ${left.calls} times instead of ${wanted.calls}`;
  const effect = difference(wanted.effects, left.effects, 'effects');
  return effect ?? difference(spelled(wanted.data), spelled(got.data), 'data');
}

/** The first place at which two values differ. */
function difference(wanted: unknown, got: unknown, path: string): string | undefined {
  if (Object.is(wanted, got)) return undefined;
  const [one, other] = [childrenOf(wanted), childrenOf(got)];
  if (!one || !other || Array.isArray(wanted) !== Array.isArray(got)) return `${path}: ${short(wanted)} became ${short(got)}`;
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const found = difference(one.get(key), other.get(key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childrenOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: unknown, at) => [String(at), item]));
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}

/** What the wire has no spelling for: an empty group of custom fields, and `has_more` where there is a cursor, which is the router's. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (!isObject(value)) return value;
  const isPaged = 'cursor' in value || 'cursor_next' in value;
  const entries = Object.entries(value).filter(
    ([name, item]) =>
      item !== undefined && !(name === 'custom' && isObject(item) && Object.keys(item).length === 0) && !(name === 'has_more' && isPaged),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, spelled(item)]));
}

/** Only what a binding says in writing is an excuse: no way at all, or a loss that is named. */
function excused({ binding, receipts }: Pair, id: string): string | undefined {
  const cell = binding.cells[id];
  if (cell?.transport === 'none') return cell.why;
  const refused = receipts.flatMap(({ verdicts }) => verdicts).find(({ reason }) => reason === 'unsupported_operation');
  if (refused?.detail !== undefined) return refused.detail;
  return cell?.transport === 'tool' && cell.losses?.length ? cell.losses.join('; ') : undefined;
}
