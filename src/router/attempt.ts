import type { Adapter, Failure } from '../contract/adapter.ts';
import type { App } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import type { Attempt } from '../contract/receipt.ts';
import { bind } from './bind.ts';
import { normalise, type Result } from './normalise.ts';
import type { Caller, Permits } from './permits.ts';
import type { Route } from './resolve.ts';
import { send } from './send.ts';

/** What a call learns about a route while it is being delivered. */
export interface Witness {
  began(route: Route): void;
  succeeded(route: Route): void;
  failed(route: Route, failure: Failure): void;
}

export interface Trying {
  readonly operation: Operation;
  readonly input: JsonObject;
  readonly app: App;
  readonly adapters: ReadonlyMap<BackendId, Adapter>;
  readonly signal: AbortSignal;
  readonly elapsed: () => number;
  readonly witness: Witness;
  /** Whom to ask before each request, and for whom; without, it is sent at once. */
  readonly permits?: Permits;
  readonly caller?: Caller;
  /** Told just before each request of a write: from then on it may have been executed. */
  readonly sending?: () => Promise<void>;
  /** Longest that one request may take; default the whole of `signal`. */
  readonly attemptMs?: number;
}

export interface Tried {
  readonly result: Result;
  readonly route: Route;
}

/**
 * Tries the routes in order, each once. What was provably not executed, and any read, may go on to the next route; a write
 * whose fate is unknown stops at once, because the same mail twice is worse than an error.
 */
export async function tryRoutes(routes: readonly [Route, ...Route[]], trying: Trying, attempts: Attempt[]): Promise<Tried> {
  const refused = new Set<string>();
  const limited = new Set<BackendId>();
  let best: Tried | undefined;
  for (const route of routes) {
    if (refused.has(key(route.connection)) || limited.has(route.connection.backend)) continue;
    const { result, attempt } = await attemptOn(route, trying);
    attempts.push(attempt);
    const tried = { result, route };
    if (result.ok) return tried;
    best = best && weight(best) >= weight(tried) ? best : tried;
    if (!mayGoOn(result.failure, trying.operation) || trying.signal.aborted) return tried;
    if (concernsConnection(result.failure)) refused.add(key(route.connection));
    if (concernsBackend(result.failure)) limited.add(route.connection.backend);
  }
  return best ?? Promise.reject(new Error('nothing was tried, for want of a route'));
}

async function attemptOn(route: Route, trying: Trying): Promise<{ result: Result; attempt: Attempt }> {
  const { operation, input, app, adapters, elapsed, witness } = trying;
  const { connection, transport } = route;
  const adapter = adapters.get(connection.backend);
  if (!adapter) throw new Error(`no adapter for ${connection.backend}`);
  const asked = elapsed();
  const refusal = (await permitted(route, trying)) ?? (await noted(route, trying));
  if (refusal) return unsent(route, refusal);
  witness.began(route);
  const before = elapsed();
  const result = normalise(operation, await send(adapter, bind(operation, input, route), patient(trying, before - asked)), app);
  const ms = Math.round((elapsed() - before) * 100) / 100;
  trying.permits?.heard({ connection, operation }, heardIn(result));
  const attempt = { backend: connection.backend, connection: connection.id, transport, ms };
  if (result.ok) {
    witness.succeeded(route);
    return { result, attempt: { ...attempt, delivery: 'answered', ...(result.status === undefined ? {} : { status: result.status }) } };
  }
  witness.failed(route, result.failure);
  const { delivery, code, status } = result.failure;
  return { result, attempt: { ...attempt, delivery, code, ...(status === undefined ? {} : { status }) } };
}

async function permitted({ connection }: Route, trying: Trying): Promise<Failure | undefined> {
  const { permits, caller, operation, signal, attemptMs } = trying;
  if (!permits || !caller) return undefined;
  return permits.ask({ connection, operation, caller, signal, patienceMs: attemptMs === undefined ? caller.leftMs() : attemptMs / 2 });
}

/** Puts it on record that a write is sent now. A process may be suspended meanwhile: after its deadline somebody else may be doing this. */
async function noted({ connection }: Route, { operation, sending, caller, permits }: Trying): Promise<Failure | undefined> {
  if (operation.effect === 'read') return undefined;
  const giveBack = (): void => permits?.heard({ connection, operation }, { failure: TOO_LATE });
  try {
    await sending?.();
  } catch (error) {
    giveBack();
    throw error;
  }
  if (!caller || caller.leftMs() > 0) return undefined;
  giveBack();
  return TOO_LATE;
}

const TOO_LATE: Failure = {
  code: 'timeout',
  delivery: 'not-sent',
  what: 'the time for this call was over before it was sent',
  origin: 'backend',
};

/** Its turn did not come in time: the route is none the worse for it. */
function unsent({ connection, transport }: Route, failure: Failure): { result: Result; attempt: Attempt } {
  const { delivery, code } = failure;
  return {
    result: { ok: false, failure },
    attempt: { backend: connection.backend, connection: connection.id, transport, ms: 0, delivery, code },
  };
}

function heardIn(result: Result): Parameters<Permits['heard']>[1] {
  return { ...(result.ok ? {} : { failure: result.failure }), ...(result.rateLimit ? { rateLimit: result.rateLimit } : {}) };
}

function patient({ signal, attemptMs }: Trying, waitedMs: number): AbortSignal {
  if (attemptMs === undefined) return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.floor(attemptMs - waitedMs)))]);
}

/** The table of design §7: whether another route of the same account may be tried. */
function mayGoOn(failure: Failure, { effect }: Operation): boolean {
  // All routes share the account whose limit is used up.
  if (failure.delivery === 'not-sent')
    return failure.code !== 'invalid_input' && !(failure.code === 'rate_limited' && failure.origin === 'app');
  if (failure.delivery === 'unknown') return effect === 'read';
  return (
    failure.code === 'unauthenticated' ||
    failure.code === 'permission_denied' ||
    (failure.code === 'rate_limited' && failure.origin === 'backend')
  );
}

/** The connection itself is no good: its other transports need not be tried. */
function concernsConnection({ code }: Failure): boolean {
  return code === 'unauthenticated' || code === 'connection_required';
}

/** All routes of a backend share the limit that it has for us, and the word of whoever stopped it. */
function concernsBackend({ code, origin }: Failure): boolean {
  return (code === 'rate_limited' && origin === 'backend') || code === 'policy_denied';
}

/** Of several failures, one that the app itself answered tells more than one of a road that was closed. */
function weight({ result }: Tried): number {
  if (result.ok) return 3;
  if (result.failure.delivery === 'not-sent') return 0;
  return result.failure.origin === 'app' ? 2 : 1;
}

function key({ backend, id }: Connection): string {
  return `${backend}:${id}`;
}
