import type { Failure } from '../../src/contract/adapter.ts';
import type { Delivery } from '../../src/contract/backend.ts';
import { ERRORS, type ErrorCode, type RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';

/** One of Membrane's errors, both ways: the adapter looks it up by `type` and `key`, the door by `ours`. */
interface ErrorRow {
  readonly type: string;
  /** Without one the row is the plain meaning of its type. */
  readonly key?: string;
  /** What the door answers. guess for every type but bad_request and internal. */
  readonly status: number;
  readonly ours: ErrorCode;
  readonly delivery: Delivery;
  readonly origin: Failure['origin'];
  readonly what: string;
}

/**
 * Types and keys: @membranehq/sdk 0.28.3, errors/index.d.ts; statuses: docs, "errors". What Membrane refuses by itself was never
 * sent on; whatever had begun to run may have written. Of several rows with one meaning the door writes the first.
 */
export const MEMBRANE_ERRORS: readonly ErrorRow[] = [
  row(
    'bad_request',
    'not_authenticated',
    401,
    'unauthenticated',
    'not-sent',
    'backend',
    'Membrane does not accept the workspace key or its token',
  ),
  row('bad_request', 'access_denied', 403, 'permission_denied', 'not-sent', 'backend', 'the Membrane tenant may not do this'),
  row('bad_request', 'not_found', 404, 'unsupported_operation', 'not-sent', 'backend', 'Membrane knows no such connection or action'),
  row('bad_request', 'already_exists', 409, 'conflict', 'not-sent', 'backend', 'Membrane says that it exists already'),
  row('bad_request', 'rate_limit_exceeded', 429, 'rate_limited', 'answered', 'backend', 'Membrane asks to wait'),
  row('bad_request', undefined, 400, 'invalid_input', 'not-sent', 'backend', 'Membrane refused the request as malformed'),
  row(
    'connection',
    'connection_is_defunct',
    400,
    'connection_required',
    'not-sent',
    'backend',
    'Membrane says that the connection is dead',
  ),
  row(
    'connection',
    'access_token_expired',
    400,
    'unauthenticated',
    'answered',
    'app',
    'the app does not accept the credential of this connection',
  ),
  row('connection', 'rate_limit_exceeded', 429, 'rate_limited', 'answered', 'app', 'the app asks to wait'),
  row('connection', undefined, 400, 'backend_unavailable', 'unknown', 'backend', 'Membrane could not use the connection'),
  row('configuration', undefined, 400, 'unsupported_operation', 'not-sent', 'backend', 'the action is not configured in Membrane'),
  row('dependency_error', undefined, 400, 'unsupported_operation', 'not-sent', 'backend', 'the action lacks something in Membrane'),
  row('action_instance_setup', undefined, 400, 'unsupported_operation', 'not-sent', 'backend', 'the action could not be set up'),
  row('flow_instance_setup', undefined, 400, 'unsupported_operation', 'not-sent', 'backend', 'the flow could not be set up'),
  row('insufficient_credit', undefined, 402, 'backend_unavailable', 'not-sent', 'backend', 'the Membrane workspace is out of credits'),
  row('openrouter_not_configured', undefined, 400, 'unsupported_operation', 'not-sent', 'backend', 'Membrane has no model configured'),
  row('action_run', undefined, 400, 'backend_unavailable', 'unknown', 'backend', 'the action failed without an answer of the app'),
  row('flow_run', undefined, 400, 'backend_unavailable', 'unknown', 'backend', 'the flow failed'),
  row('unit_run', undefined, 400, 'backend_unavailable', 'unknown', 'backend', 'a step of the action failed'),
  row('custom_code', undefined, 400, 'backend_unavailable', 'unknown', 'backend', 'code of the action failed'),
  row('concurrency', 'lock_timeout', 409, 'backend_unavailable', 'unknown', 'backend', 'Membrane waited too long for a lock'),
  row('concurrency', undefined, 409, 'backend_unavailable', 'unknown', 'backend', 'Membrane reports a concurrent run'),
  row('internal', undefined, 500, 'backend_unavailable', 'unknown', 'backend', 'Membrane failed'),
];

/** What the app answered to an action, as Membrane passes it on. */
export interface Upstream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Whether a body has the shape of Membrane's errors. An app may answer the same shape: the proxy does not take it at its word. */
export function isMembraneError(body: unknown): body is JsonObject {
  return isObject(body) && typeof body['message'] === 'string' && MEMBRANE_ERRORS.some(({ type }) => type === body['type']);
}

/** Reads an answer of Membrane itself with a status of 300 or above. */
export function readRefusal({ status, headers, body }: Answered): Failure {
  const found = isMembraneError(body) ? meaning(body) : undefined;
  // A refusal with the status of a failure is believed in neither.
  const known = found && !(status >= 500 && found.delivery === 'not-sent') ? found : byStatus(status, body);
  const wait = known.ours === 'rate_limited' ? waitMs(headers) : undefined;
  return {
    code: known.ours,
    delivery: known.delivery,
    what: known.what,
    origin: known.origin,
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

/** What the app answered, where an error of a run tells it: `data.response` is the SDK's own spelling (error-tools). */
export function readUpstream(body: unknown): Upstream | undefined {
  for (const { type, data } of chain(body)) {
    if (type === 'bad_request' || !isObject(data)) continue;
    const response = isObject(data['response']) ? data['response'] : data;
    const status = response['status'] ?? response['statusCode'];
    if (typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599)
      return { status, headers: textsOf(response['headers']), body: response['data'] ?? undefined };
  }
  return undefined;
}

/** Writes an error of ours as Membrane would refuse. For errors of the app behind an action see `writeRunFailure`. */
export function writeRefusal(error: RouterError): {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: object;
} {
  const { code, details } = error;
  const word = code === 'idempotency_conflict' ? 'conflict' : code; // it has no idempotency keys of its own
  const known =
    MEMBRANE_ERRORS.find(({ ours }) => ours === word) ?? row('internal', undefined, ERRORS[code].http, code, 'unknown', 'backend', '');
  const fields = details.fields?.map(({ path, problem }) => ({ path, message: problem }));
  const seconds = details.retryAfterMs === undefined ? undefined : Math.ceil(details.retryAfterMs / 1000);
  return {
    status: known.status,
    headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
    body: errorBody(known.type, known.key, error.message, fields?.length ? { details: fields } : undefined),
  };
}

/** The app refused what an action sent. guess: HTTP 400, and the nesting; that the app's answer stands in `data.response` is the SDK's. */
export function writeRunFailure(upstream: Upstream): { readonly status: number; readonly body: object } {
  const { status, headers, body: data } = upstream;
  const key = status === 429 ? 'rate_limit_exceeded' : status === 401 ? 'access_token_expired' : undefined;
  const cause = errorBody('connection', key, `The app answered ${status}`, { response: { status, headers, data } });
  return {
    status: 400,
    body: { ...errorBody('action_run', undefined, `Action failed: the app answered ${status}`), causedByError: cause },
  };
}

export function errorBody(type: string, key: string | undefined, message: string, data?: object): object {
  return { type, ...(key === undefined ? {} : { key }), message, ...(data === undefined ? {} : { data }) };
}

/** The innermost error that is known by key, else the innermost known. A run that had begun proves nothing by a refusal inside it. */
function meaning(body: JsonObject): ErrorRow | undefined {
  const rows = chain(body).flatMap((one) => rowOf(one) ?? []);
  const [outer] = rows;
  const inner = rows.findLast(({ key }) => key !== undefined) ?? rows.at(-1);
  if (!outer || !inner) return undefined;
  return outer.delivery === 'unknown' && inner.delivery === 'not-sent' && inner.type !== 'connection'
    ? { ...inner, ...begun(inner) }
    : inner;
}

function begun({ what }: ErrorRow): Pick<ErrorRow, 'ours' | 'delivery' | 'what'> {
  return { ours: 'backend_unavailable', delivery: 'unknown', what: `the action broke off: ${what}` };
}

function rowOf({ type, key }: JsonObject): ErrorRow | undefined {
  const own = MEMBRANE_ERRORS.filter((one) => one.type === type);
  return own.find((one) => one.key !== undefined && one.key === key) ?? own.find((one) => one.key === undefined);
}

/** The error and what caused it, outermost first. */
function chain(body: unknown): readonly JsonObject[] {
  const found: JsonObject[] = [];
  for (let one = body; isObject(one) && found.length < 10; one = one['causedByError']) found.push(one);
  return found;
}

/**
 * What a status says without an error of Membrane's. It can come from anything on the way, after the action has run too, so that
 * it never proves that nothing was sent.
 */
const STATUSES: Readonly<Record<number, readonly [ErrorCode, Delivery, string]>> = {
  400: ['invalid_input', 'unknown', 'Membrane, or something before it, found the request malformed'],
  401: ['unauthenticated', 'unknown', 'Membrane, or something before it, does not accept the workspace key or its token'],
  402: ['backend_unavailable', 'unknown', 'Membrane, or something before it, asks for payment'],
  403: ['permission_denied', 'unknown', 'Membrane, or something before it, forbids this'],
  404: ['unsupported_operation', 'unknown', 'Membrane, or something before it, has no such path'],
  408: ['timeout', 'unknown', 'Membrane gave up waiting'],
  409: ['conflict', 'unknown', 'Membrane reports a conflicting state'],
  413: ['invalid_input', 'unknown', 'Membrane, or something before it, found the request too large'],
  429: ['rate_limited', 'unknown', 'Membrane, or something before it, asks to wait'],
  504: ['timeout', 'unknown', 'Membrane gave up waiting for the app'],
};

/** A body that is no JSON comes from something on the way: only that it asks to wait is believed, not that nothing was done. */
function byStatus(status: number, body: unknown): Omit<ErrorRow, 'type' | 'status'> {
  const foreign = typeof body === 'string' && status !== 429 && status < 500;
  const [ours, delivery, what] = foreign ? stranger(status) : (STATUSES[status] ?? otherwise(status));
  return { ours, delivery, what, origin: typeof body === 'string' ? 'network' : 'backend' };
}

function stranger(status: number): readonly [ErrorCode, Delivery, string] {
  return ['reply_unexpected', 'unknown', `something before Membrane answered ${status}, and no JSON`];
}

function otherwise(status: number): readonly [ErrorCode, Delivery, string] {
  if (status >= 500) return ['backend_unavailable', 'unknown', `Membrane failed with status ${status}`];
  return ['reply_unexpected', 'unknown', `Membrane answered status ${status}, which is not documented`];
}

/** Membrane documents no Retry-After; where one comes, it is in seconds. A date needs a clock and is left. */
function waitMs(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number.parseFloat(stringAt(headers, 'retry-after') ?? '');
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}

function textsOf(headers: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isObject(headers) ? headers : {}).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function row(
  type: string,
  key: string | undefined,
  status: number,
  ours: ErrorCode,
  delivery: Delivery,
  origin: Failure['origin'],
  what: string,
): ErrorRow {
  return { type, ...(key === undefined ? {} : { key }), status, ours, delivery, origin, what };
}
