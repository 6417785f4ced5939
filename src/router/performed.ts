import { isRouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import type { Bounded, Call, PerformParts, Trace } from './call.ts';
import { perform } from './perform.ts';
import type { Route } from './resolve.ts';

/** One operation that was performed. Holds the caller's input and the app's output: it is for looking at, not for keeping. */
export interface Performed {
  readonly app: Call['app'];
  readonly operation: Operation;
  readonly input: JsonObject;
  readonly user: string;
  /** The route that carried it, or would have. */
  readonly route: Route;
  readonly ok: boolean;
  readonly data?: unknown;
  /** Milliseconds of the request that was answered. */
  readonly ms: number;
}

export interface ToldParts extends PerformParts {
  /** Hears of every operation that was performed. Nobody waits for it, and it must not throw. */
  readonly performed?: (performed: Performed) => void;
}

/** Performs one operation, and tells whoever wants to know. */
export async function performTold(parts: ToldParts, call: Call, options: Bounded, trace: Trace): Promise<unknown> {
  const tell = (ok: boolean, data?: unknown): void => {
    const { route, attempts, replayed } = trace;
    if (!parts.performed || !route || options.dryRun || replayed) return;
    parts.performed({ ...call, user: options.user, route, ok, ms: attempts.at(-1)?.ms ?? 0, ...(ok ? { data } : {}) });
  };
  try {
    const data = await perform(parts, call, options, trace);
    tell(true, data);
    return data;
  } catch (error) {
    if (isRouterError(error)) tell(false);
    throw error;
  }
}
