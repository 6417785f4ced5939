import type { BackendId } from './backend.ts';
import type { Step } from './steps.ts';

/** When each code is raised stands beside it; `http` is the status our own servers answer with, `exit` the CLI's exit code. */
export const ERRORS = {
  /** The input does not fit the operation's schema; nothing was sent. */
  invalid_input: { retryable: false, http: 400, exit: 2 },
  /** No operation or intent has that name; nothing was sent. */
  unknown_operation: { retryable: false, http: 404, exit: 2 },
  /** Configuration, flags or environment are wrong; nothing was sent. */
  configuration: { retryable: false, http: 500, exit: 2 },
  /** The user has no usable connection to the app. */
  connection_required: { retryable: true, http: 409, exit: 3 },
  /** Usable connections lead to different accounts and nobody chose. */
  ambiguous_account: { retryable: false, http: 409, exit: 3 },
  /** A credential was refused, by the app or by the backend. */
  unauthenticated: { retryable: false, http: 401, exit: 3 },
  /** No usable route can carry all fields of this input. */
  unsupported_fields: { retryable: false, http: 422, exit: 4 },
  /** No usable route can run this operation at all. */
  unsupported_operation: { retryable: false, http: 501, exit: 4 },
  /** The app knows no such object, or this account may not see it. */
  not_found: { retryable: false, http: 404, exit: 4 },
  /** The account may not do this, by the word of every route asked. */
  permission_denied: { retryable: false, http: 403, exit: 4 },
  /** The app reports a conflicting state. */
  conflict: { retryable: false, http: 409, exit: 4 },
  /** The app refused the content; `details.fields` holds its field errors. */
  rejected: { retryable: false, http: 422, exit: 4 },
  /** The configured policy forbids the operation, or an operator has stopped the backend that could run it. */
  policy_denied: { retryable: false, http: 403, exit: 4 },
  /** The configured policy wants somebody's consent first. */
  approval_required: { retryable: true, http: 403, exit: 4 },
  /** The idempotency key was used with another input. */
  idempotency_conflict: { retryable: false, http: 409, exit: 4 },
  /** The app or the backend asks to wait: `details.retry_after_ms`. The call was not executed. */
  rate_limited: { retryable: true, http: 429, exit: 5 },
  /** The backend could not be reached, or failed; the call was not executed, or was a read. */
  backend_unavailable: { retryable: true, http: 503, exit: 5 },
  /** The deadline passed before anything could have been executed, or during a read. */
  timeout: { retryable: true, http: 504, exit: 5 },
  /** A write may or may not have happened, and nothing could prove either. */
  outcome_unknown: { retryable: false, http: 502, exit: 6 },
  /** An answer came that nobody can read. */
  reply_unexpected: { retryable: false, http: 502, exit: 1 },
  /** A bug of ours. */
  internal: { retryable: false, http: 500, exit: 1 },
} as const satisfies Record<string, ErrorRow>;

interface ErrorRow {
  readonly retryable: boolean;
  readonly http: number;
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6;
}

export type ErrorCode = keyof typeof ERRORS;

/** One thing that is wrong with one field. `path` is dotted, `contacts.0.emails`. Never holds the value itself. */
export interface FieldProblem {
  readonly path: string;
  readonly problem: string;
  readonly expected?: string;
  readonly received?: string;
  readonly nearest?: string;
  /** What kind of thing is wrong, for programs. */
  readonly reason?: 'unknown' | 'left_out' | 'missing' | 'type' | 'value' | 'form' | 'bound' | 'rule';
}

export interface ErrorDetails {
  /** What happened, one sentence without full stop. */
  readonly what: string;
  /** What to do now, one or more sentences with full stop. */
  readonly next: string;
  readonly operation?: string | undefined;
  readonly backend?: BackendId | undefined;
  readonly connection?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  /** Names that were probably meant. */
  readonly nearest?: readonly string[] | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The status that the app answered with. */
  readonly status?: number | undefined;
  /** One link per backend that can make one; opening it is the user's part. */
  readonly connect?: readonly { readonly backend: BackendId; readonly url?: string; readonly how: string }[] | undefined;
  /** The accounts or connections between which the caller has to choose. */
  readonly choices?: readonly string[] | undefined;
  /** The same as `next`, for programs: what to do, in this order, before the same call is made again. */
  readonly steps?: readonly Step[] | undefined;
}

/** What `--json`, MCP and the doors show of an error. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly next: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The one error class. Where, what and what next; never a payload, a token or a key. */
export class RouterError extends Error {
  override readonly name = 'RouterError';
  /** Survives two copies of the package in one process; `instanceof` does not. */
  readonly isRouterError = true;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails, options?: ErrorOptions) {
    super(`${placeOf(details)}${details.what}. ${details.next}`, options);
    this.code = code;
    this.retryable = ERRORS[code].retryable;
    this.details = details;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  /** Leaves out `cause`, which can hold headers. */
  toJSON(): ErrorJson {
    const { what: _what, next, retryAfterMs, ...rest } = this.details;
    const details = { ...rest, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) };
    return { code: this.code, message: this.message, retryable: this.retryable, next, details };
  }
}

/** The error that was made into JSON, e.g. by another process. */
export function errorFromJson({ code, message, next, details }: ErrorJson): RouterError {
  const { retry_after_ms: retryAfterMs, ...rest } = details;
  const what = message.slice(placeOf(rest).length, message.length - `. ${next}`.length);
  return new RouterError(code, { ...rest, what, next, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) });
}

/** `close.lead.create / composio / ca_1: ` */
function placeOf({ operation, backend, connection }: Readonly<Record<string, unknown>> | ErrorDetails): string {
  const where = [operation, backend, connection].filter(Boolean).join(' / ');
  return where ? `${where}: ` : '';
}

export function isRouterError(value: unknown): value is RouterError {
  return value instanceof Error && 'isRouterError' in value && value.isRouterError === true;
}
