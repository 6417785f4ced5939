/** Close's error dialect, both ways. Source: backends/close-rest.md §6–7; bodies of 402, 403, 405, 415 and 429 are guesses there and here. */
import type { Failure } from '../../contract/adapter.ts';
import type { AppErrors } from '../../contract/app.ts';
import type { ErrorCode, RouterError } from '../../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../contract/guards.ts';
import { flatten, nest } from './field-errors.ts';
import { type Headers, header, readNumber, resetSeconds } from './rate-limit.ts';
import { safeMessage } from './safe-message.ts';

export const errors: AppErrors = { read, write };

interface Row {
  readonly code: ErrorCode;
  readonly what: string;
  /** The body's words are about the content that was sent, and worth showing. */
  readonly quotes?: true;
}

const ROWS: Readonly<Record<number, Row>> = {
  400: { code: 'rejected', what: 'Close refused the content', quotes: true },
  401: { code: 'unauthenticated', what: 'Close refused the credential' },
  402: { code: 'rejected', what: 'the plan of the organization does not include this', quotes: true },
  403: { code: 'permission_denied', what: 'the user may not do this in Close' },
  404: { code: 'not_found', what: 'Close knows no such object, or this user may not see it' },
  405: { code: 'unsupported_operation', what: 'Close does not offer this operation' },
  408: { code: 'timeout', what: 'Close waited too long for the request' },
  409: { code: 'conflict', what: 'Close reports a conflicting state', quotes: true },
  410: { code: 'not_found', what: 'the object is gone from Close' },
  415: { code: 'rejected', what: 'Close refused the content type', quotes: true },
  429: { code: 'rate_limited', what: 'Close asks to wait' },
};
const OTHER_4XX: Row = { code: 'rejected', what: 'Close refused the request', quotes: true };

const INVALID_JSON = /\binvalid json\b/i;
/** What Close's own client waits when nothing says how long. */
const DEFAULT_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

type Asked = Parameters<AppErrors['read']>[0];

function read(answer: Asked): Failure {
  const { status } = answer;
  if (status >= 500)
    return { code: 'backend_unavailable', delivery: 'unknown', origin: 'app', status, what: `Close answered ${status}`, ...waitOf(answer) };
  if (status < 400)
    return {
      code: 'reply_unexpected',
      delivery: 'unknown',
      origin: 'app',
      status,
      what: `Close answered ${status} with something nobody can read`,
    };
  const row = ROWS[status] ?? OTHER_4XX;
  if (needsProof(answer, row) && !isSigned(answer)) return stranger(answer, row);
  return refusal(answer, row);
}

/** All of Close's refusals that are known are objects of one of these shapes; 402, 403, 405 and 415 are taken to be too. */
function isWordOfClose(body: unknown): boolean {
  if (!isObject(body)) return false;
  return typeof body['error'] === 'string' || Array.isArray(body['errors']) || isObject(body['field-errors']);
}

/** Of a 429 the body is not known for sure, but Close tells its limit in headers of its own, or formerly in `rate_reset`. */
function isSigned({ status, headers, body }: Answer): boolean {
  if (isWordOfClose(body)) return true;
  return status === 429 && (resetSeconds(headers) !== undefined || (isObject(body) && 'rate_reset' in body));
}

/** Where a refusal is taken as proof: that a write was not executed, or that an object is gone. */
function needsProof({ effect = 'read' }: Asked, { code }: Row): boolean {
  return effect !== 'read' || code === 'not_found';
}

/**
 * An empty answer or a page comes from something on the way, which may have handed the request on before: a load balancer that asks
 * to wait may do so at its second attempt. Its wait counts all the same.
 */
function stranger(answer: Answer, { code }: Row): Failure {
  const { status } = answer;
  const base = { delivery: 'unknown', origin: 'network', status } as const;
  const what = `something before Close answered ${status}, and no error of Close's`;
  return code === 'rate_limited' ? { ...base, code, what, retryAfterMs: waitMs(answer) } : { ...base, code: 'reply_unexpected', what };
}

/** Close decided, and nothing was changed. */
function refusal(answer: Answer, row: Row): Failure {
  const { status } = answer;
  const base = { delivery: 'answered', origin: 'app', status } as const;
  if (row.code === 'rate_limited') return { ...base, code: row.code, what: row.what, retryAfterMs: waitMs(answer) };
  if (!row.quotes || !isObject(answer.body)) return { ...base, code: row.code, what: row.what };
  const { messages, fields } = wordsOf(answer.body);
  const unparsed = status === 400 && messages.some((message) => INVALID_JSON.test(message));
  const paths =
    fields.length > 0
      ? `${row.what}: ${fields
          .slice(0, 5)
          .map(({ path }) => path)
          .join(', ')}`
      : row.what;
  return {
    ...base,
    code: unparsed ? 'invalid_input' : row.code,
    what: messages[0] ?? paths,
    ...(fields.length > 0 ? { fields } : {}),
  };
}

/** `field-errors`, then `errors`, then `error`: the shapes do not overlap, but nothing promises that. */
function wordsOf(body: JsonObject): { readonly messages: readonly string[]; readonly fields: Failure['fields'] & object } {
  const named = body['field-errors'];
  const global = body['errors'];
  const listed = Array.isArray(global) ? global.filter((one) => typeof one === 'string') : [];
  const single = stringAt(body, 'error');
  return {
    messages: [...listed, ...(single === undefined ? [] : [single])].map(safeMessage).filter((message) => message !== ''),
    fields: isObject(named) ? flatten(named) : [],
  };
}

/** The header's reset, else Retry-After in seconds, else the body's rate_reset, else what Close's own client waits. */
function waitMs({ headers, body }: Answer): number {
  const inBody = isObject(body) ? body['rate_reset'] : undefined;
  const legacy = typeof inBody === 'number' && Number.isFinite(inBody) && inBody >= 0 ? inBody : readNumber(stringAt(body, 'rate_reset'));
  const seconds = resetSeconds(headers) ?? readNumber(header(headers, 'retry-after')) ?? legacy;
  return seconds === undefined ? DEFAULT_WAIT_MS : Math.min(Math.ceil(seconds * 1000), LONGEST_WAIT_MS);
}

function waitOf({ headers }: Answer): Pick<Failure, 'retryAfterMs'> {
  const seconds = readNumber(header(headers, 'retry-after'));
  return seconds === undefined ? {} : { retryAfterMs: Math.min(seconds * 1000, LONGEST_WAIT_MS) };
}

/** The status in which each code travels. Codes that Close does not have take the nearest one: their meaning is lost, whether it was done is not. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 400,
  unknown_operation: 404,
  configuration: 500,
  connection_required: 401,
  ambiguous_account: 401,
  unauthenticated: 401,
  unsupported_fields: 400,
  unsupported_operation: 405,
  not_found: 404,
  permission_denied: 403,
  conflict: 409,
  rejected: 400,
  policy_denied: 403,
  approval_required: 403,
  idempotency_conflict: 409,
  rate_limited: 429,
  backend_unavailable: 503,
  timeout: 504,
  outcome_unknown: 502,
  reply_unexpected: 502,
  internal: 500,
};

const FIXED: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'You do not have permission to perform this action.',
  404: 'Not found',
  405: 'Method not allowed',
  415: 'Unsupported media type',
  429: 'Too many requests',
};

function write(error: RouterError): Answer {
  const status = statusOf(error);
  return { status, headers: headersOf(error, status), body: bodyOf(error, status) };
}

/** A refusal keeps the status with which Close said it, as far as reading it gives the same code again. */
function statusOf({ code, details }: RouterError): number {
  const said = details.status;
  const keeps = code === 'rejected' && said !== undefined && said >= 400 && said < 500 && (ROWS[said] ?? OTHER_4XX).code === code;
  return keeps ? said : STATUS[code];
}

function headersOf({ details: { retryAfterMs } }: RouterError, status: number): Headers {
  const waits = retryAfterMs !== undefined && (status === 429 || status === 503);
  return { 'content-type': 'application/json', ...(waits ? { 'retry-after': `${Math.max(1, Math.ceil(retryAfterMs / 1000))}` } : {}) };
}

function bodyOf({ code, details }: RouterError, status: number): JsonObject {
  const fields = details.fields ?? [];
  const sentence = `${details.what}.`;
  if (status !== 400) return { error: FIXED[status] ?? sentence };
  if (code === 'invalid_input' && fields.length === 0) return { error: 'The request contains invalid JSON.' };
  const whole = fields.filter(({ path }) => path === '').map(({ problem }) => problem);
  return { errors: fields.length === 0 ? [sentence] : whole, 'field-errors': nest(fields) };
}
