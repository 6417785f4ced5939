import type { RouterError } from './errors.ts';
import type { JsonObject } from './guards.ts';
import type { Receipt } from './receipt.ts';
import type { Scope } from './scope.ts';

/** A canonical call: the full name of an operation and its input in the catalogue's words. */
export interface CanonicalCall {
  /** e.g. `close.lead.create` */
  readonly operation: string;
  readonly input: JsonObject;
}

export interface CallContext {
  /** Comes from the authenticated caller, never from a tool's arguments. */
  readonly user: string;
  /** A connection that the caller named; the call goes through it or nowhere. */
  readonly connection?: string;
  readonly signal: AbortSignal;
  readonly idempotencyKey?: string;
  /** The caller's offset from UTC, by which the app reads "today" and dates without a time. */
  readonly tzOffsetHours?: number;
  /** What the caller may do, where the policy would allow more. */
  readonly scope?: Scope;
}

/** What the app said of its rate limit while it answered. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

export type Outcome =
  | { readonly ok: true; readonly data: unknown; readonly rateLimit?: RateLimit; readonly receipt?: Receipt }
  | { readonly ok: false; readonly error: RouterError; readonly rateLimit?: RateLimit; readonly receipt?: Receipt };

/** Takes canonical calls. There are two: the router, and the sandbox world. A refusal is an Outcome; only bugs throw. */
export interface Executor {
  run(call: CanonicalCall, context: CallContext): Promise<Outcome>;
}
