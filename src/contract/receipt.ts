import type { BackendId, Delivery, Transport } from './backend.ts';
import type { ErrorCode, ErrorJson } from './errors.ts';

/** Why a candidate was left out or ranked lower. Those of `ROUTE_REASONS` are routes; all others are not. */
export type VerdictReason =
  | 'chosen'
  | 'alternative'
  /** It failed so often lately that it is tried only when nothing else is left. */
  | 'breaker_open'
  /** The user has been moved to another backend, of which this one is the reserve. */
  | 'migrating_to'
  /** The backend to which users are being moved, and this one has not been yet. */
  | 'not_in_cutover'
  | 'not_pinned'
  | 'not_active'
  | 'not_connected'
  | 'demoted'
  | 'account_unknown'
  | 'account_differs'
  | 'unsupported_operation'
  | 'unsupported_fields'
  | 'unsupported_value'
  | 'missing_for_tool'
  | 'backend_unreachable'
  /** An operator has stopped all traffic through it. */
  | 'backend_stopped';

export const ROUTE_REASONS: ReadonlySet<VerdictReason> = new Set([
  'chosen',
  'alternative',
  'breaker_open',
  'migrating_to',
  'not_in_cutover',
]);

/** One candidate and what became of it in the decision. */
export interface Verdict {
  readonly backend: BackendId;
  readonly connection?: string;
  readonly transport?: Transport;
  readonly reason: VerdictReason;
  /** The fields, the status, the error code: whatever makes the reason precise. Never a value of the input. */
  readonly detail?: string;
}

export interface Attempt {
  /** Of an intent's call: the operation that this request was for. */
  readonly operation?: string;
  readonly backend: BackendId;
  readonly connection: string;
  readonly transport: Transport;
  readonly delivery: Delivery;
  readonly code?: ErrorCode;
  readonly status?: number;
  /** Milliseconds between sending and having read the answer. */
  readonly ms: number;
}

/** The record of a call: candidates, verdicts, attempts, outcome. Holds no input and no output. */
export interface Receipt {
  readonly id: string;
  readonly operation: string;
  readonly user: string;
  readonly at: string;
  readonly route?: { readonly backend: BackendId; readonly connection: string; readonly transport: Transport };
  readonly delivery?: Delivery;
  /** An answer was lost, and looking proved that the write had happened, or that it had not (and it was sent again). */
  readonly confirmed?: 'present' | 'absent';
  /** The stored result of an earlier call with the same idempotency key; nothing was sent. */
  readonly replayed?: boolean;
  /** What was changed in the input, e.g. a limit lowered to the largest page. Never a value of the input. */
  readonly notes?: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly attempts: readonly Attempt[];
  readonly ms: number;
  /** The journal could not keep this receipt: why. */
  readonly unrecorded?: string;
}

/** What `run --json` prints. */
export type RunReport =
  | { readonly ok: true; readonly operation: string; readonly data: unknown; readonly receipt: Receipt }
  | { readonly ok: false; readonly operation: string; readonly error: ErrorJson; readonly receipt?: Receipt };
