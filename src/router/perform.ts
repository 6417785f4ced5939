import type { App } from '../contract/app.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import { stringAt } from '../contract/guards.ts';
import type { Inverse, Journal } from '../contract/journal.ts';
import type { Operation } from '../contract/operation.ts';
import type { Attempt, Receipt, Verdict } from '../contract/receipt.ts';
import { bind } from './bind.ts';
import { type DecideParts, decide, routesOf } from './decide.ts';
import { type Delivered, deliver, type Lost } from './deliver.ts';
import type { Finding } from './doubt.ts';
import { undoably } from './inverse.ts';
import { claimantOf, foundMark, look } from './look.ts';
import { type Keyed, once } from './once.ts';
import { errorOf, outcomeUnknown } from './outcome.ts';
import { isAlive, ownerName } from './owner.ts';
import { callerOf, type Permits } from './permits.ts';
import { requestHash } from './request-hash.ts';
import type { Route } from './resolve.ts';
import type { RetryBudget } from './retry.ts';
import type { Rivals } from './rivals.ts';
import type { RunOptions } from './router.ts';

export interface PerformParts extends DecideParts {
  readonly journal: Journal;
  readonly now: () => Date;
  readonly elapsed: () => number;
  readonly random: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly budget: RetryBudget;
  readonly permits: Permits;
  readonly rivals: Rivals;
  /** Forgets, now and then, what no caller will ask for any more. */
  readonly sweep: () => Promise<void>;
  /** How long the app's lists may lag behind its writes. */
  readonly settleMs: number;
}

/** What happened so far, for the receipt. */
export interface Trace {
  route?: Route;
  verdicts: readonly Verdict[];
  attempts: readonly Attempt[];
  confirmed?: Receipt['confirmed'];
  replayed?: boolean;
  unrecorded?: string;
  /** How the writes that are done can be taken back. Not for the receipt. */
  inverses?: readonly Inverse[];
}

/** One operation, checked, for one user. */
export interface Call {
  readonly app: App;
  readonly operation: Operation;
  readonly input: JsonObject;
}

export interface Bounded extends RunOptions {
  readonly signal: AbortSignal;
  /** Milliseconds left for the whole call. */
  readonly leftMs: () => number;
  /** Names this call in the journal. */
  readonly callId: string;
  /** Whose work an object is: the idempotency key's, so that a second process knows that of a first one that died; else this call's. */
  readonly claimant?: string;
}

/** Decides, delivers and reads one operation. Under an idempotency key a write happens at most once, in whatever process. */
export async function perform(parts: PerformParts, call: Call, options: Bounded, trace: Trace): Promise<unknown> {
  const { idempotencyKey: key, dryRun, user, callId, signal, leftMs } = options;
  if (key === undefined || dryRun || call.operation.effect === 'read') return performOnce(parts, call, options, trace, undefined);
  const { now, journal } = parts;
  const request = { user, key, operation: nameOf(call.operation), hash: requestHash(nameOf(call.operation), call.input) };
  const { data, replayed, unkept } = await once(
    { keys: journal.keys, request, owner: ownerName(callId), isAlive, now, leftMs, pause: (ms) => parts.pause(ms, signal) },
    (keyed) =>
      performOnce(parts, call, { ...options, claimant: requestHash(user, { key }) }, trace, keyed).catch((error: unknown) => {
        throw keyed.sentBefore === undefined ? keyHelps(call.operation, error) : error;
      }),
  );
  if (replayed) trace.replayed = true;
  await parts.sweep();
  if (unkept !== undefined) trace.unrecorded = `its result could not be kept under the idempotency key: ${unkept}`;
  return data;
}

/** Whoever has a key need not look by hand: the next call with it does, where there is something to look at. */
function keyHelps({ confirm }: Operation, error: unknown): unknown {
  if (!isRouterError(error) || error.code !== 'outcome_unknown' || confirm.how === 'none') return error;
  const next = 'Repeat the call with the same idempotency key and input: it looks first, and sends only what provably did not happen.';
  return new RouterError(error.code, { ...error.details, next }, { cause: error.cause });
}

async function performOnce(parts: PerformParts, call: Call, options: Bounded, trace: Trace, keyed: Keyed | undefined): Promise<unknown> {
  const { operation, input } = call;
  const decision = await decide(parts, operation, input, options);
  trace.verdicts = decision.verdicts;
  const routes = await routesOf(parts, decision, operation, options);
  trace.route = routes[0];
  if (options.dryRun) return preview(call, routes[0]);
  if (operation.effect === 'read')
    return read(await deliverOver(routes, parts, call, options, { keyed: undefined, hash: '' }), call, trace);
  const hash = likeness(operation, input);
  parts.rivals.enter(hash, options.callId);
  try {
    const again = keyed?.sentBefore !== undefined;
    return await undoably(parts, call, options, { trace, first: routes[0], again }, () =>
      write(routes, parts, call, options, trace, { keyed, hash }),
    );
  } finally {
    parts.rivals.leave(hash, options.callId);
  }
}

interface Marks {
  readonly keyed: Keyed | undefined;
  readonly hash: string;
}

async function write(
  routes: readonly [Route, ...Route[]],
  parts: PerformParts,
  call: Call,
  options: Bounded,
  trace: Trace,
  marks: Marks,
): Promise<unknown> {
  if (marks.keyed?.sentBefore !== undefined) {
    const finding = await lookBack(routes[0].connection, parts, call, options, marks.hash, marks.keyed.sentBefore);
    if (finding.kind === 'present') return found(finding.data, trace);
    if (finding.kind === 'unsure')
      throw outcomeUnknown(call.operation, 'an earlier attempt with this key may have been executed', finding.why);
  }
  const sentAt = parts.elapsed();
  const delivered = await deliverOver(routes, parts, call, options, marks);
  const data = read(delivered, call, trace);
  if (delivered.confirmed === 'present' || !(await isTaken(parts, call, data, options, trace))) return data;
  const lost = { sentAt, lostAt: parts.elapsed(), connection: delivered.route.connection };
  const finding = await look(parts, call, options, { hash: marks.hash, lost });
  if (finding.kind === 'present') return found(finding.data, trace);
  if (finding.kind === 'unsure') throw outcomeUnknown(call.operation, 'an equal call took the result of this one for its own', finding.why);
  return read(await deliverOver(routes, parts, call, options, marks), call, trace);
}

/**
 * Notes the object as the work of this call. True: an equal call of another process, whose answer was lost, found it first and
 * took it for its own. Then this call does the other's work, so that both objects exist. The write is done: that the journal
 * cannot note it is no reason to call it a failure.
 */
async function isTaken(
  { journal }: PerformParts,
  { app, operation }: Call,
  data: unknown,
  options: Bounded,
  trace: Trace,
): Promise<boolean> {
  const id = operation.confirm.how === 'search' ? stringAt(data, 'id') : undefined;
  if (id === undefined) return false;
  try {
    // An app may also answer a create with what it has already; only what was found by looking was taken.
    return !(await journal.claim(app.id, id, claimantOf(options))) && (await journal.claimed(app.id, [foundMark(id)])).size > 0;
  } catch (error) {
    if (!isRouterError(error)) throw error;
    trace.unrecorded = error.message;
    return false;
  }
}

/** Looks for what an earlier owner of the key sent, perhaps by another machine's clock, or before ours was set back. */
async function lookBack(
  connection: Connection,
  parts: PerformParts,
  call: Call,
  options: Bounded,
  hash: string,
  sentBefore: string,
): Promise<Finding> {
  const since = parts.now().getTime() - Date.parse(sentBefore);
  if (since < -CLOCK_SKEW_MS && call.operation.confirm.how === 'search')
    return { kind: 'unsure', why: 'the clock was set back since, so it cannot be told from an older object' };
  const now = parts.elapsed();
  const sentAt = now - Math.max(0, since) - CLOCK_SKEW_MS;
  // The process that sent it is gone, but a backend may have been working on it since.
  const lostAt = Math.min(now, sentAt + CLOCK_SKEW_MS + LONGEST_WORK_MS);
  return look(parts, call, options, { hash, lost: { sentAt, lostAt, connection } });
}

/** How far the clocks of two machines on one store may be apart. */
const CLOCK_SKEW_MS = 5000;
/** The longest that a backend is known to work on one request: Scalekit's SDK waits so long for a tool. */
const LONGEST_WORK_MS = 60_000;

function found(data: unknown, trace: Trace): unknown {
  trace.confirmed = 'present';
  return data;
}

function deliverOver(
  routes: readonly [Route, ...Route[]],
  parts: PerformParts,
  call: Call,
  options: Bounded,
  { keyed, hash }: Marks,
): Promise<Delivered> {
  const { adapters, elapsed, connections, random, budget, permits } = parts;
  const { signal, leftMs } = options;
  return deliver(routes, {
    ...call,
    adapters,
    elapsed,
    random,
    budget,
    signal,
    leftMs,
    witness: connections,
    permits,
    caller: callerOf(options),
    pause: (ms) => parts.pause(ms, signal),
    sending: async () => keyed?.sending(),
    settleMs: parts.settleMs,
    confirm: (lost: Lost) => look(parts, call, options, { hash, lost }),
    onWait: options.onWait ?? (() => undefined),
  });
}

function read(delivered: Delivered, { operation }: Call, trace: Trace): unknown {
  const { result, route, attempts, confirmed, unsure } = delivered;
  trace.route = route;
  trace.attempts = [...trace.attempts, ...attempts];
  if (confirmed) trace.confirmed = confirmed;
  if (result.ok) return result.data;
  throw errorOf(result.failure, operation, route, unsure);
}

/** What would be sent. The body is the caller's own input, spelled as the backend wants it. */
function preview({ operation, input }: Call, route: Route): unknown {
  const { connection: _connection, read: _read, ...request } = bind(operation, input, route).call;
  return { dry_run: true, transport: route.transport, request };
}

/** Tells calls apart whose objects could be taken for each other's. */
function likeness(operation: Operation, input: JsonObject): string {
  const { confirm } = operation;
  if (confirm.how !== 'search') return requestHash(nameOf(operation), input);
  const shown = [...confirm.by, ...confirm.same].map((field) => [field, input[field]]);
  return requestHash(nameOf(operation), Object.fromEntries(shown));
}

function nameOf({ app, id }: Operation): string {
  return `${app}.${id}`;
}
