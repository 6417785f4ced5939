import type { Delivery } from '../../src/contract/backend.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';

export interface Meaning {
  readonly ours: ErrorCode;
  readonly delivery: Delivery;
  readonly what: string;
}

/** One gRPC code, both ways: what it means from Scalekit itself, and with TOOL_ERROR, from the app behind it. */
export interface ErrorRow {
  readonly code: number;
  readonly name: string;
  /** The HTTP status of Scalekit's REST twins, and of the app when the tool says no more. */
  readonly status: number;
  readonly own: Meaning;
  readonly tool: Meaning;
}

/**
 * Codes: backends page §3. guess: which of them the real service uses for an app's 400, 422 and 5xx, and for accounts that are
 * not ACTIVE. Where two rows mean the same, the door writes the first.
 */
export const SCALEKIT_ERRORS: readonly ErrorRow[] = [
  row(
    3,
    'invalid_argument',
    400,
    ['invalid_input', 'not-sent', 'Scalekit refused the request as malformed'],
    ['rejected', 'answered', 'the app refused the content'],
  ),
  row(
    9,
    'failed_precondition',
    400,
    ['connection_required', 'not-sent', 'Scalekit says that the connected account cannot be used now'],
    ['rejected', 'answered', 'the app refused the content'],
  ),
  row(
    11,
    'out_of_range',
    400,
    ['invalid_input', 'not-sent', 'Scalekit refused a value as out of range'],
    ['rejected', 'answered', 'the app refused a value as out of range'],
  ),
  row(
    16,
    'unauthenticated',
    401,
    ['unauthenticated', 'not-sent', 'Scalekit does not accept the client credentials'],
    ['unauthenticated', 'answered', 'the app does not accept the credential of this connection'],
  ),
  row(
    7,
    'permission_denied',
    403,
    ['permission_denied', 'not-sent', 'the Scalekit client may not do this'],
    ['permission_denied', 'answered', 'the account may not do this'],
  ),
  row(
    5,
    'not_found',
    404,
    ['unsupported_operation', 'not-sent', 'Scalekit knows no such tool or connected account'],
    ['not_found', 'answered', 'the app knows no such object'],
  ),
  row(
    6,
    'already_exists',
    409,
    ['conflict', 'not-sent', 'Scalekit says that it exists already'],
    ['conflict', 'answered', 'the app reports a conflicting state'],
  ),
  row(
    10,
    'aborted',
    409,
    ['conflict', 'unknown', 'Scalekit gave up because of a conflicting change'],
    ['conflict', 'answered', 'the app reports a conflicting state'],
  ),
  row(
    8,
    'resource_exhausted',
    429,
    ['rate_limited', 'answered', 'Scalekit asks to wait'],
    ['rate_limited', 'answered', 'the app asks to wait'],
  ),
  row(
    12,
    'unimplemented',
    501,
    ['unsupported_operation', 'not-sent', 'Scalekit does not offer this call'],
    ['unsupported_operation', 'answered', 'the app does not offer this'],
  ),
  row(
    13,
    'internal',
    500,
    ['backend_unavailable', 'unknown', 'Scalekit failed'],
    ['backend_unavailable', 'unknown', 'the app failed, or the tool on the way to it'],
  ),
  row(
    2,
    'unknown',
    500,
    ['backend_unavailable', 'unknown', 'Scalekit failed without saying how'],
    ['backend_unavailable', 'unknown', 'the tool failed without saying how'],
  ),
  row(
    15,
    'data_loss',
    500,
    ['backend_unavailable', 'unknown', 'Scalekit lost data'],
    ['backend_unavailable', 'unknown', 'the tool lost data'],
  ),
  row(
    14,
    'unavailable',
    503,
    ['backend_unavailable', 'unknown', 'Scalekit is unavailable'],
    ['backend_unavailable', 'unknown', 'the app is unavailable'],
  ),
  row(
    4,
    'deadline_exceeded',
    504,
    ['timeout', 'unknown', 'Scalekit gave up waiting'],
    ['timeout', 'unknown', 'Scalekit gave up waiting for the app'],
  ),
  row(
    1,
    'canceled',
    499,
    ['backend_unavailable', 'unknown', 'Scalekit cancelled the call'],
    ['backend_unavailable', 'unknown', 'the tool was cancelled'],
  ),
];

type Cells = readonly [ours: ErrorCode, delivery: Delivery, what: string];

function row(code: number, name: string, status: number, own: Cells, tool: Cells): ErrorRow {
  return { code, name, status, own: meaning(own), tool: meaning(tool) };
}

function meaning([ours, delivery, what]: Cells): Meaning {
  return { ours, delivery, what };
}
