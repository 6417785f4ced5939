import type { Failure } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { RateLimit } from '../contract/executor.ts';
import type { Attempt, Verdict } from '../contract/receipt.ts';
import { tryRoutes } from '../router/attempt.ts';
import { decide } from '../router/decide.ts';
import type { Performed, ToldParts } from '../router/performed.ts';
import type { Permits } from '../router/permits.ts';
import type { Route } from '../router/resolve.ts';

/** What mirrored work needs of the router. */
export type MirrorParts = Pick<ToldParts, 'adapters' | 'bindings' | 'policy' | 'connections' | 'permits' | 'elapsed' | 'steering'>;

/** How the other backend would carry a call. Without a route: why not, as the resolver said. */
export interface Other {
  readonly route?: Route;
  /** Verdicts on that backend. */
  readonly verdicts: readonly Verdict[];
}

/**
 * The route of another backend for a call that was performed, of the same account or none: the resolver compares them, since it
 * is asked about all of the user's connections.
 */
export async function otherRoute(parts: MirrorParts, { operation, input, user }: Performed, backend: BackendId): Promise<Other> {
  const decision = await decide(parts, operation, input, { user, timeoutMs: READ_MS });
  const routes = decision.kind === 'use' ? decision.routes : [];
  const route = routes.find(({ connection }) => connection.backend === backend);
  const verdicts = decision.verdicts.filter((verdict) => verdict.backend === backend);
  return { ...(route ? { route } : {}), verdicts };
}

export type Read =
  | { readonly ok: true; readonly data: unknown; readonly ms: number }
  | { readonly ok: false; readonly failure: Failure; readonly dropped: boolean };

/**
 * Sends one read once, without telling anybody: what a mirrored read meets must not change how callers are routed. It waits for
 * no turn in the account's limit, and leaves the reserve to those who do.
 */
export async function readThrough(
  parts: MirrorParts,
  { app, operation, input, user }: Performed,
  route: Route,
  signal: AbortSignal,
): Promise<Read> {
  const { adapters, elapsed, permits } = parts;
  const attempts: Attempt[] = [];
  let refused = false;
  const impatient: Permits = {
    ask: async (request) => {
      const refusal = await permits.ask({ ...request, patienceMs: 0 });
      refused = refusal !== undefined;
      return refusal;
    },
    heard: (request, result: { readonly failure?: Failure; readonly rateLimit?: RateLimit }) => permits.heard(request, result),
  };
  const until = elapsed() + READ_MS;
  const caller = { user, bulk: true, leftMs: () => until - elapsed(), onWait: () => undefined };
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]);
  const trying = { app, operation, input, adapters, elapsed, witness: NOBODY, permits: impatient, caller, signal: bounded };
  const { result } = await tryRoutes([route], trying, attempts);
  if (result.ok) return { ok: true, data: result.data, ms: attempts.at(-1)?.ms ?? 0 };
  return { ok: false, failure: result.failure, dropped: refused || signal.aborted };
}

const NOBODY = { began: () => undefined, succeeded: () => undefined, failed: () => undefined };

/** How long a mirrored read may take. */
const READ_MS = 10_000;
