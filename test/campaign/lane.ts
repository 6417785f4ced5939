import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Config } from '../../src/config/config.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import type { LedgerEntry } from '../../src/sandbox/world/machine.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { configFor, NAMES } from '../contract/rig.ts';
import { type Client, clientOf } from '../sandbox/world-client.ts';
import { type Audit, audit, type Granted, isOpen, last } from './audit.ts';
import { type Chance, chanceOf } from './chance.ts';
import { inProcess, type Order, ownProcess, type Replica } from './replicas.ts';
import { learnConnections, type Trouble, troubleOf } from './troubles.ts';
import { type Stock, type Wish, wishesOf } from './wishes.ts';

export interface LaneOptions {
  readonly seed: string;
  readonly lane: number;
  readonly writes: number;
  readonly replicas: number;
  readonly kills: boolean;
  /** The store that all routers share. */
  readonly store: string;
  /** How long a caller waits for what hangs. */
  readonly hangMs: number;
}

/** What happened to one wish, or to several equal ones at the same time. */
export interface Step extends Audit {
  readonly lane: number;
  readonly step: number;
  readonly operation: string;
  readonly trouble: string;
  readonly granted: readonly Granted[];
}

/** How long the world's lists may lag. */
const SETTLE_MS = 150;
/** Nobody gives up because the machine is busy: what ends unknown is to be the trouble's work, not the scheduler's. */
const PATIENT_MS = 20_000;
const USER = 'ada';

/** Connections are read and what is needed is loaded before a caller's time runs. */
const WARMING: Order = { operation: 'close.lead.list', input: { limit: 1 }, options: { user: USER, timeoutMs: 60_000 } };

interface Lane {
  readonly options: LaneOptions;
  readonly chance: Chance;
  readonly sandbox: Sandbox<World>;
  readonly world: World;
  readonly client: Client;
  readonly replicas: readonly Replica[];
  readonly stock: Stock;
  /** Operations of wishes that ended unknown: what a backend still had in hand may happen later. */
  readonly open: string[];
}

/** One world behind all four doors, and the callers who write into it one after the other: the same seed, the same wishes and troubles. */
export async function runLane(options: LaneOptions, onStep: (step: Step) => void): Promise<void> {
  const lane = await openLane(options);
  try {
    for (let done = 0, step = 0; done < options.writes; step += 1) {
      const played = await play(lane, step);
      onStep(played);
      done += played.granted.length;
    }
  } finally {
    await Promise.all(lane.replicas.map((replica) => replica.close()));
    await lane.sandbox.close();
  }
}

async function openLane(options: LaneOptions): Promise<Lane> {
  const seed = `${options.seed}/${options.lane}`;
  const chance = chanceOf(seed);
  const searchLagMs = chance.oneOf([0, 0, 60, 120]);
  const switches = { rateLimits: false, sendMs: 86_400_000, searchLagMs };
  const world = createWorld({ seed, clock: { kind: 'real' }, switches });
  const doors = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await BACKENDS[name].door({ app: closeApp })] as const)),
  );
  const sandbox = await startSandbox({ world, doors, serve, seed, user: USER });
  await learnConnections(sandbox);
  const settings = { config: configOf(sandbox, options, chance), settleMs: SETTLE_MS };
  const apart = options.replicas > 1 || options.kills;
  const replicas = await Promise.all(Array.from({ length: options.replicas }, () => (apart ? ownProcess(settings) : inProcess(settings))));
  await Promise.all(replicas.map((replica) => replica.run(WARMING)));
  const client = clientOf(world);
  return { options, chance, sandbox, world, client, replicas, stock: stockOf(client), open: [] };
}

function configOf(sandbox: Sandbox<World>, { store }: LaneOptions, chance: Chance): Config {
  const parts = NAMES.map((name) => configFor(name, sandbox.ready.backends[name] ?? { url: '' }));
  const first = chance.below(NAMES.length);
  return {
    backends: Object.assign({}, ...parts.map(({ backends }) => backends)),
    users: { [USER]: Object.assign({}, ...parts.map(({ users }) => users[USER])) },
    defaultUser: USER,
    policy: { prefer: [...NAMES.slice(first), ...NAMES.slice(0, first)], pin: {}, deny: [], ask: [], account: 'user' },
    store,
  };
}

function stockOf(client: Client): Stock {
  const ids = (operation: string): string[] => client.all(operation, {}).map(({ id }) => String(id));
  return new Map([
    ['lead', ids('lead.list')],
    ['contact', ids('contact.list')],
    ['opportunity', ids('opportunity.list')],
    ['task', ids('task.list')],
    ['note', []],
    ['draft', []],
  ]);
}

async function play(lane: Lane, step: number): Promise<Step> {
  const { chance, stock, options, world, client } = lane;
  const wishes = wishesOf(chance, stock, `${options.lane}-${step}`);
  const trouble = troubleOf(chance, options.kills);
  const { operation } = wishes[0];
  const before = world.ledger().length;
  const granted = await grant(lane, wishes, trouble);
  const ledger = withoutLate(lane.open, world.ledger().slice(before), operation, granted);
  for (const one of granted) if (isOpen(one)) lane.open.push(`close.${operation}`);
  const audited = audit(granted, ledger, (wish) => readBack(client, wish));
  restock(
    stock,
    operation,
    wishes,
    ledger.flatMap(({ ids }) => ids),
  );
  return { lane: options.lane, step, operation, trouble: trouble.name, granted, ...audited };
}

/** The effects of this step: what an earlier wish left open, and was told so, is not counted against this one. */
function withoutLate(
  open: string[],
  ledger: readonly LedgerEntry[],
  operation: string,
  granted: readonly Granted[],
): readonly LedgerEntry[] {
  const told = new Set(granted.flatMap((one) => one.told.flatMap((report) => (report.ok ? [stringAt(report.data, 'id') ?? ''] : []))));
  const own = new Set(ledger.filter(({ ids }) => ids.some((id) => told.has(id))).map(({ fingerprint }) => fingerprint));
  const isLate = (entry: LedgerEntry): boolean => entry.operation !== `close.${operation}` || (own.size > 0 && !own.has(entry.fingerprint));
  return ledger.filter((entry) => {
    const at = isLate(entry) ? open.indexOf(entry.operation) : -1;
    if (at !== -1) open.splice(at, 1);
    return at === -1;
  });
}

/** Asks for all wishes at once while the trouble lasts, and once more, in peace, for what is still open and has a key. */
async function grant(lane: Lane, wishes: readonly Wish[], trouble: Trouble): Promise<readonly Granted[]> {
  const { chance, sandbox, world, replicas, options } = lane;
  const clear = trouble.set({ sandbox, world, operation: wishes[0]?.operation ?? '' });
  const first = chance.below(replicas.length);
  const asked = wishes.map((wish, at) =>
    Promise.all(
      Array.from({ length: wish.callers }, (_, caller) =>
        ask(lane, wish, first + at + caller, trouble.hangs ? options.hangMs : PATIENT_MS),
      ),
    ),
  );
  if (trouble.killAfterMs !== undefined) setTimeout(() => replicas[first]?.kill(), trouble.killAfterMs);
  const answers = await Promise.all(asked);
  clear();
  const told = wishes.map((wish, at) => ({ wish, told: (answers[at] ?? []).filter((report) => report !== undefined) }));
  return Promise.all(told.map((one, at) => (needsAnother(one) ? again(lane, one, first + at + 1) : one)));
}

function needsAnother(granted: Granted): boolean {
  const report = last(granted);
  return granted.wish.key !== undefined && (isOpen(granted) || (report !== undefined && !report.ok && report.error.code === 'timeout'));
}

async function again(lane: Lane, { wish, told }: Granted, replica: number): Promise<Granted> {
  const report = await ask(lane, wish, replica, PATIENT_MS);
  return { wish, told: report ? [...told, report] : told };
}

function ask({ replicas, options }: Lane, wish: Wish, replica: number, timeoutMs: number): Promise<RunReport | undefined> {
  const key = wish.key === undefined ? {} : { idempotencyKey: `${options.seed} ${wish.key}` };
  const order = { operation: `close.${wish.operation}`, input: wish.input, options: { user: USER, timeoutMs, approved: true, ...key } };
  return replicas[replica % replicas.length]?.run(order) ?? Promise.resolve(undefined);
}

/** The object that a wish is about. undefined: there is none any more. */
function readBack(client: Client, { operation, input }: Wish): JsonObject | undefined {
  const [noun = ''] = operation.split('.');
  const id = operation === 'lead.merge' ? input['source'] : input[`${noun}_id`];
  const outcome = client.world.run({ operation: `close.${noun}.get`, input: { [`${noun}_id`]: id } }, { key: client.key });
  return outcome.ok && isObject(outcome.data) ? outcome.data : undefined;
}

const PREFIXES: Readonly<Record<string, string>> = { lead: 'lead_', contact: 'cont_', opportunity: 'oppo_', task: 'task_', note: 'acti_' };

/** Keeps the stock as the world is: what was made can be written about, what is gone cannot. */
function restock(stock: Stock, operation: string, wishes: readonly Wish[], touched: readonly string[]): void {
  const [noun = '', verb] = operation.split('.');
  if (verb === 'create') {
    const name = noun === 'sms' && stringAt(wishes[0]?.input, 'status') === 'draft' ? 'draft' : noun;
    const prefix = PREFIXES[noun] ?? 'acti_';
    stock.get(name)?.push(...touched.filter((id) => id.startsWith(prefix)));
  }
  if (verb === 'delete' || verb === 'merge' || operation === 'sms.update') {
    const gone = new Set(wishes.flatMap(({ input }) => Object.values(input).map(String)));
    for (const [name, ids] of stock)
      stock.set(
        name,
        ids.filter((id) => (verb === 'merge' ? id !== wishes[0]?.input['source'] : !gone.has(id))),
      );
  }
}
