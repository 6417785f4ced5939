import type { Failure } from '../contract/adapter.ts';
import type { AppErrors } from '../contract/app.ts';
import { ERRORS, type ErrorCode } from '../contract/errors.ts';
import { isObject } from '../contract/guards.ts';

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  405: 'unsupported_operation',
  408: 'timeout',
  409: 'conflict',
  410: 'not_found',
  429: 'rate_limited',
};

const LONGEST_WAIT_S = 24 * 60 * 60;

/** The errors of an app of which only HTTP is known: the status counts, no word of the body is shown. Source: RFC 9110 §15 */
export const plainErrors: AppErrors = {
  read: (answer) => ({
    ...meaningOf(answer.status),
    origin: 'app',
    ...strangeness(answer),
    status: answer.status,
    ...waitOf(answer.headers),
  }),
  write: (error) => ({
    status: ERRORS[error.code].http,
    headers: { 'content-type': 'application/json' },
    body: { error: `${error.details.what}.` },
  }),
};

function meaningOf(status: number): Pick<Failure, 'code' | 'delivery' | 'what'> {
  if (status >= 500) return { code: 'backend_unavailable', delivery: 'unknown', what: `the app answered ${status}` };
  if (status < 400)
    return { code: 'reply_unexpected', delivery: 'unknown', what: `the app answered ${status} with something nobody can read` };
  return { code: CODES[status] ?? 'rejected', delivery: 'answered', what: `the app refused the request with ${status}` };
}

/**
 * Who asks to wait without a word of JSON may stand before the app, and have handed a write on once already. It is the one refusal
 * after which a write is sent again unasked.
 */
function strangeness({ status, body, effect = 'read' }: Parameters<AppErrors['read']>[0]): Partial<Pick<Failure, 'delivery' | 'origin'>> {
  return status === 429 && effect !== 'read' && !isObject(body) ? { delivery: 'unknown', origin: 'network' } : {};
}

/** Retry-After in seconds; a date is left to whoever asks again. */
function waitOf(headers: Readonly<Record<string, string>>): Pick<Failure, 'retryAfterMs'> {
  const [, text = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after') ?? [];
  return /^\d{1,9}$/.test(text) ? { retryAfterMs: Math.min(Number(text), LONGEST_WAIT_S) * 1000 } : {};
}
