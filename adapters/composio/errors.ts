import type { Failure } from '../../src/contract/adapter.ts';
import type { Delivery } from '../../src/contract/backend.ts';
import { ERRORS, type ErrorCode, type RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';

/** One of Composio's own refusals, both ways: the adapter looks it up by `code` or `status`, the door by `ours`. */
interface ErrorRow {
  readonly status: number;
  readonly ours: ErrorCode;
  readonly delivery: Delivery;
  readonly what: string;
  /** Their number, where it is known to name this case whatever the status. */
  readonly code?: number;
  readonly slug: string;
}

/**
 * Composio's own answers, not those of the app behind it. What it refuses by itself was never sent on; what it could not
 * finish may have been. Statuses: API v3.1 document, POST /tools/execute. 1803 with 400: ComposioHQ/composio issue 1838,
 * where 404 would be expected. Of several
 * rows with one meaning the door writes the first. guess: every other `code` and `slug`; only message, code, slug and status are required.
 */
export const COMPOSIO_ERRORS: readonly ErrorRow[] = [
  row(400, 'connection_required', 'not-sent', 'Composio finds no ACTIVE connected account', 'ActionExecute_ConnectedAccountNotFound', 1803),
  row(400, 'invalid_input', 'not-sent', 'Composio refused the request as malformed', 'ActionExecute_BadRequest'),
  row(401, 'unauthenticated', 'not-sent', 'Composio does not accept the project key', 'HTTP_Unauthorized'),
  row(403, 'permission_denied', 'not-sent', 'the Composio project key may not do this', 'HTTP_Forbidden'),
  row(501, 'unsupported_operation', 'not-sent', 'Composio does not offer this for the connected account', 'HTTP_NotImplemented'),
  row(404, 'unsupported_operation', 'not-sent', 'Composio knows no such tool or connected account', 'Tool_ToolNotFound'),
  row(405, 'unsupported_operation', 'not-sent', 'Composio does not take this method here', 'HTTP_MethodNotAllowed'),
  row(408, 'timeout', 'unknown', 'Composio gave up waiting for the tool', 'ActionExecute_Timeout'),
  row(409, 'conflict', 'not-sent', 'Composio reports a conflicting state', 'HTTP_Conflict'),
  row(410, 'unsupported_operation', 'not-sent', 'Composio has withdrawn this tool', 'Tool_Deprecated'),
  row(413, 'invalid_input', 'unknown', 'Composio found the request or the answer too large', 'HTTP_PayloadTooLarge'),
  row(415, 'invalid_input', 'not-sent', 'Composio does not take this content type', 'HTTP_UnsupportedMediaType'),
  row(
    422,
    'connection_required',
    'not-sent',
    'Composio says that the connected account cannot be used now',
    'ConnectedAccount_InvalidState',
  ),
  row(429, 'rate_limited', 'answered', 'Composio asks to wait', 'HTTP_TooManyRequests'),
  row(500, 'backend_unavailable', 'unknown', 'Composio failed', 'HTTP_InternalServerError'),
  row(502, 'backend_unavailable', 'unknown', 'Composio could not talk to the app', 'ActionExecute_BadGateway'),
  row(503, 'backend_unavailable', 'unknown', 'Composio says that the app is unavailable', 'HTTP_ServiceUnavailable'),
  row(504, 'timeout', 'unknown', 'Composio gave up waiting for the app', 'HTTP_GatewayTimeout'),
];

/** Reads an answer of Composio itself with a status of 300 or above. */
export function readRefusal(reply: {
  readonly status: number;
  readonly body: unknown;
  readonly header: (name: string) => string | null;
}): Failure {
  const { status } = reply;
  const own = ownError(reply.body);
  const found = (own && COMPOSIO_ERRORS.find(({ code }) => code !== undefined && code === own['code'])) ?? byStatus(status);
  const known = found === undefined ? otherwise(status) : own ? found : doubted(found, status);
  const wait = known.ours === 'rate_limited' ? waitMs(reply.header) : undefined;
  return {
    code: known.ours,
    delivery: known.delivery,
    what: known.what,
    origin: 'backend',
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

/** Writes an error of ours as Composio would refuse. For errors of the app itself see `writeToolFailure`. */
export function writeRefusal(error: RouterError, requestId: string): { status: number; headers: Record<string, string>; body: object } {
  const { code, details } = error;
  const word = code === 'idempotency_conflict' ? 'conflict' : code; // it has no idempotency keys of its own
  const known = COMPOSIO_ERRORS.find(({ ours }) => ours === word) ?? row(ERRORS[code].http, code, 'unknown', '', `SkillRouter_${code}`);
  const fields = details.fields?.map(({ path, problem }) => `${path}: ${problem}`);
  const body = refusal(known, error.message, requestId, { suggested_fix: details.next, ...(fields?.length ? { errors: fields } : {}) });
  const seconds = details.retryAfterMs === undefined ? undefined : Math.ceil(details.retryAfterMs / 1000);
  return { status: known.status, headers: seconds === undefined ? {} : { 'retry-after': String(seconds) }, body };
}

/** Composio's error body. guess: without a known number, `code` repeats the status. */
export function refusal(
  { status, slug, code }: Pick<ErrorRow, 'status' | 'slug' | 'code'>,
  message: string,
  requestId: string,
  more: { readonly suggested_fix?: string; readonly errors?: readonly string[] } = {},
): object {
  return { error: { message, code: code ?? status, slug, status, request_id: requestId, ...more } };
}

function row(status: number, ours: ErrorCode, delivery: Delivery, what: string, slug: string, code?: number): ErrorRow {
  return { status, ours, delivery, what, slug, ...(code === undefined ? {} : { code }) };
}

/** The error as Composio spells it: message, code, slug and status are required (API v3.1 document). */
function ownError(body: unknown): JsonObject | undefined {
  const error = isObject(body) ? body['error'] : undefined;
  if (!isObject(error) || typeof error['message'] !== 'string') return undefined;
  return error['code'] !== undefined || typeof error['slug'] === 'string' ? error : undefined;
}

/** A status without Composio's own words can come from anything on the way, after the tool has run too: it proves nothing. */
function doubted(known: ErrorRow, status: number): ErrorRow {
  if (known.delivery === 'unknown') return known;
  return { ...known, delivery: 'unknown', what: `Composio, or something before it, answered ${status} and no error of Composio's` };
}

/** The row without a number of its own is the plain meaning of the status. */
function byStatus(status: number): ErrorRow | undefined {
  return COMPOSIO_ERRORS.find((one) => one.status === status && one.code === undefined);
}

function otherwise(status: number): ErrorRow {
  if (status >= 500) return row(status, 'backend_unavailable', 'unknown', `Composio failed with status ${status}`, '');
  return row(status, 'reply_unexpected', 'unknown', `Composio answered status ${status}, which is not documented`, '');
}

/** `retry-after-ms` before `retry-after` in seconds, as Composio's own client reads them; a date needs a clock and is left. */
function waitMs(header: (name: string) => string | null): number | undefined {
  const ms = Number.parseFloat(header('retry-after-ms') ?? '');
  const seconds = Number.parseFloat(header('retry-after') ?? '');
  if (Number.isFinite(ms) && ms >= 0) return Math.ceil(ms);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}
