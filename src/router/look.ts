import { type App, isIntent } from '../contract/app.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { tryRoutes } from './attempt.ts';
import type { Bounded, Call, PerformParts } from './call.ts';
import { confirm } from './confirm.ts';
import { decide } from './decide.ts';
import type { Lost } from './deliver.ts';
import type { Finding, Look } from './doubt.ts';
import { callerOf } from './permits.ts';
import type { Route } from './resolve.ts';
import type { Policy } from './router.ts';

/** Looks through any route of the same account whether a write has happened. */
export async function look(
  parts: PerformParts,
  call: Call,
  options: Bounded,
  { hash, lost }: { readonly hash: string; readonly lost: Lost },
): Promise<Finding> {
  const { journal, rivals, settleMs, elapsed } = parts;
  const { signal, leftMs, onWait } = options;
  const claimant = claimantOf(options);
  await rivals.doubt(hash, claimant);
  onWait?.('confirming', settleMs);
  return orUnsure(
    confirm({
      operation: call.operation,
      input: call.input,
      settleMs,
      leftMs,
      ...(lost.isLast ? { isLast: true } : {}),
      sinceSentMs: () => elapsed() - lost.sentAt,
      sinceLostMs: () => elapsed() - lost.lostAt,
      look: reader(parts, call.app, options, lost.connection),
      claimed: (ids) => journal.claimed(call.app.id, ids),
      isOurs: (id) => journal.claim(call.app.id, id, claimant),
      claim: async (id) => {
        // The mark comes first, so that whoever finds the object taken also finds how.
        await journal.claim(call.app.id, foundMark(id), claimant);
        return journal.claim(call.app.id, id, claimant);
      },
      rivals: () => rivals.of(hash, claimant),
      rivalsElsewhere: () => rivals.elsewhere(hash),
      pause: (ms) => parts.pause(ms, signal),
    }),
  );
}

export function claimantOf({ claimant, callId }: Bounded): string {
  return claimant ?? callId;
}

/** What stands in the journal beside an object that was not answered to the call whose work it is, but found by looking. */
export function foundMark(objectId: string): string {
  return `found ${objectId}`;
}

/** A look that cannot be finished proves nothing: the journal is away, so that nobody knows which objects are other calls' work, or the caller has stopped waiting. */
async function orUnsure(finding: Promise<Finding>): Promise<Finding> {
  try {
    return await finding;
  } catch (error) {
    if (isRouterError(error)) return { kind: 'unsure', why: error.details.what };
    throw error;
  }
}

/** Reads of the same account. A tool hides the app's clock, so that the app's own request is preferred. */
export function reader(parts: PerformParts, app: App, options: Bounded, through: Connection): Look {
  return async (id, input) => {
    const operation = await app.find(id);
    if (!operation || isIntent(operation)) throw new Error(`"${id}" confirms a write, but is not an operation`);
    const all = await routesTo(parts, operation, input, options, through);
    const open = all.filter(({ transport }) => transport !== 'tool');
    const [first, ...others] = open.length > 0 ? open : all;
    if (!first)
      return {
        failure: { code: 'connection_required', delivery: 'not-sent', what: 'no connection is left to look through', origin: 'backend' },
      };
    const { adapters, elapsed, connections, permits } = parts;
    const { signal } = options;
    const caller = callerOf(options);
    const trying = { operation, input, app, adapters, elapsed, signal, caller, permits, witness: connections, attemptMs: LOOK_MS };
    const { result } = await tryRoutes([first, ...others], trying, []);
    if (!result.ok) return { failure: result.failure };
    return { data: result.data, ...(result.appTime === undefined ? {} : { appTime: result.appTime }) };
  };
}

/** How long one look may take. */
const LOOK_MS = 10_000;

/**
 * Routes to the account that the write went to, and to no other: in another's, everything is absent. The policy may send reads
 * elsewhere than the write, or have no answer for them; then the write's own connection is asked.
 */
export async function routesTo(
  parts: PerformParts,
  operation: Operation,
  input: JsonObject,
  options: Bounded,
  through: Connection,
): Promise<readonly Route[]> {
  const decision = await decide(parts, operation, input, options);
  const routes = decision.kind === 'use' ? decision.routes : [];
  const same = routes.filter(({ connection }) => isSameAccount(connection, through, parts.policy));
  if (same.length > 0) return same;
  const own = await decide(parts, operation, input, { ...options, via: `${through.backend}:${through.id}` });
  return own.kind === 'use' ? own.routes : [];
}

function isSameAccount(one: Connection, other: Connection, { account }: Policy): boolean {
  if (one.backend === other.backend && one.id === other.id) return true;
  const [a, b] = [one.account, other.account];
  return a !== undefined && b !== undefined && a.organization === b.organization && (account === 'organization' || a.user === b.user);
}
