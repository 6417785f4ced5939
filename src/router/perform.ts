import { isRouterError, RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { bind } from './bind.ts';
import { type Bounded, type Call, nameOf, type PerformParts, type Trace } from './call.ts';
import { decide, routesOf } from './decide.ts';
import { deliverOver, resultOf } from './delivered.ts';
import { undoably } from './inverse.ts';
import { claimantOf } from './look.ts';
import { type Keyed, once } from './once.ts';
import { isAlive, ownerName } from './owner.ts';
import { requestHash } from './request-hash.ts';
import type { Route } from './resolve.ts';
import { likeness, write } from './write.ts';

/** Decides, delivers and reads one operation. Under an idempotency key a write happens at most once, in whatever process. */
export async function perform(parts: PerformParts, call: Call, options: Bounded, trace: Trace): Promise<unknown> {
  const { operation, input } = call;
  if (!isKeyed(operation, options)) return performOnce(parts, call, options, trace, undefined);
  const claimant = requestHash(options.user, { key: options.idempotencyKey });
  return underKey(parts, { name: nameOf(operation), input }, options, trace, (keyed) =>
    performOnce(parts, call, { ...options, claimant }, trace, keyed).catch((error: unknown) => {
      throw keyed.sentBefore === undefined ? keyHelps(operation, error) : error;
    }),
  );
}

export interface KeyedOptions extends Bounded {
  readonly idempotencyKey: string;
}

export function isKeyed({ effect }: Pick<Operation, 'effect'>, options: Bounded): options is KeyedOptions {
  return options.idempotencyKey !== undefined && !options.dryRun && effect !== 'read';
}

/** Does what the caller asked for once per key, and gives the same result again. The same key for anything else is refused. */
export async function underKey(
  parts: PerformParts,
  { name, input }: { readonly name: string; readonly input: JsonObject },
  { user, callId, signal, leftMs, idempotencyKey: key }: KeyedOptions,
  trace: Trace,
  work: (keyed: Keyed) => Promise<unknown>,
): Promise<unknown> {
  const { now, journal } = parts;
  const request = { user, key, operation: name, hash: requestHash(name, input) };
  const { data, replayed, unkept } = await once(
    { keys: journal.keys, request, owner: ownerName(callId), isAlive, now, leftMs, pause: (ms) => parts.pause(ms, signal) },
    work,
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
    return resultOf(await deliverOver(routes, parts, call, options, { keyed: undefined, hash: '' }), call, trace);
  const hash = likeness(operation, input);
  const claimant = claimantOf(options);
  let open = false;
  parts.rivals.enter(hash, claimant);
  try {
    const again = keyed?.sentBefore !== undefined;
    return await undoably(parts, call, options, { trace, first: routes[0], again }, () =>
      write(routes, parts, call, options, trace, { keyed, hash }),
    );
  } catch (error) {
    open = isRouterError(error) && error.code === 'outcome_unknown';
    throw error;
  } finally {
    await parts.rivals.leave(hash, claimant, { open });
  }
}

/** What would be sent. The body is the caller's own input, spelled as the backend wants it. */
function preview({ operation, input }: Call, route: Route): unknown {
  const { connection: _connection, read: _read, ...request } = bind(operation, input, route).call;
  return { dry_run: true, transport: route.transport, request };
}
