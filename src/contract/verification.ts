import type { BackendId, Transport } from './backend.ts';
import type { ErrorCode } from './errors.ts';

/**
 * What holding backends against each other came to, best first.
 * `equal`: the same canonical result. `lossy`: what its binding names as lost is lost. `missing`: it has no way to do it.
 * `skipped`: nobody could be asked, `why` says what was not there. `different`: another result, or other consequences.
 * `failed`: an error, where another backend had none.
 */
export const VERIFIED = ['equal', 'lossy', 'missing', 'skipped', 'different', 'failed'] as const;
export type Verified = (typeof VERIFIED)[number];

/** One thing that was not as on the reference backend. Names fields and their types; never holds a value of anybody's. */
export interface Finding {
  readonly kind: 'lossy' | 'missing' | 'skipped' | 'different' | 'failed';
  /** What was looked at: the answer, the object read again, a deleted object, or the way that the request took. */
  readonly check: 'answer' | 'read_back' | 'gone' | 'route';
  readonly what: string;
  /** Dotted, `data[].contacts[].name`. */
  readonly path?: string;
  /** Types at the path on the reference backend and on this one, `string|null`. */
  readonly reference?: string;
  readonly here?: string;
  readonly code?: ErrorCode;
}

/** One operation on one backend. */
export interface VerifiedCell {
  readonly operation: string;
  readonly backend: BackendId;
  readonly verdict: Verified;
  readonly transports: readonly Transport[];
  /** How often it was run; each with input of its own. */
  readonly calls: number;
  readonly findings: readonly Finding[];
}

/** What `verify` is about to do. */
export interface VerificationPlan {
  readonly mode: 'sandbox' | 'live' | 'replay';
  readonly reference: BackendId;
  readonly backends: readonly {
    readonly backend: BackendId;
    readonly tool: number;
    readonly proxy: number;
    readonly direct: number;
    readonly none: number;
  }[];
  readonly operations: number;
  readonly writes: number;
  /** At most so many, all backends together. */
  readonly requests: number;
  /** Operations that will not be run, and why. */
  readonly left_out: Readonly<Record<string, string>>;
}

/** Something that was made and could not be taken away again. */
export interface Leftover {
  readonly backend: BackendId;
  readonly operation: string;
  readonly id: string;
  readonly why: string;
}

/** Where the sandbox is not like the service that was recorded. */
export interface Guess {
  readonly backend: BackendId;
  readonly operation: string;
  /** `tool` or `http`, then what: `status`, or the dotted path of a field. */
  readonly at: string;
  readonly recorded: string;
  readonly sandbox: string;
}

/** What `verify --json` prints. */
export interface Verification {
  /** Everything that was planned was done, and nothing is `different` or `failed`. */
  readonly ok: boolean;
  /** Why it ended before its end. */
  readonly ended?: 'interrupted' | 'requests_used_up';
  readonly run: string;
  readonly plan: VerificationPlan;
  readonly counts: Readonly<Record<Verified, number>>;
  readonly requests: number;
  /** Backends that could not be asked at all. */
  readonly unusable: readonly { readonly backend: BackendId; readonly code: ErrorCode; readonly message: string }[];
  readonly cells: readonly VerifiedCell[];
  readonly leftovers: readonly Leftover[];
  /** With --replay: calls that the recording does not have, and what it has instead. */
  readonly unrecorded?: readonly string[];
  /** With --against: what to correct in the sandbox. */
  readonly guesses?: readonly Guess[];
}
