import type { App } from '../contract/app.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Inverse, Journal } from '../contract/journal.ts';
import type { Operation } from '../contract/operation.ts';
import type { Attempt, Receipt, Verdict } from '../contract/receipt.ts';
import type { DecideParts } from './decide.ts';
import type { Keyed } from './once.ts';
import type { Permits } from './permits.ts';
import type { Route } from './resolve.ts';
import type { RetryBudget } from './retry.ts';
import type { Rivals } from './rivals.ts';
import type { RunOptions } from './router.ts';

/** What it takes to perform calls; the same for all of a router. */
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

/** What a write is known by, beside its call. */
export interface Marks {
  /** Under an idempotency key: how to tell how far it is. */
  readonly keyed: Keyed | undefined;
  /** Tells calls apart whose objects could be taken for each other's. */
  readonly hash: string;
}

/** The full name of an operation. */
export function nameOf({ app, id }: Operation): string {
  return `${app}.${id}`;
}
