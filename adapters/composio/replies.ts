import type { Failure, Reply } from '../../src/contract/adapter.ts';
import type { Delivery } from '../../src/contract/backend.ts';
import type { ErrorCode, FieldProblem } from '../../src/contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';

/** What the app's status means when a tool reports it: the upstream headers are lost, so a 429 carries no wait. */
const UPSTREAM: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['rejected', 'the app refused the content'],
  401: ['unauthenticated', 'the app does not accept the credential of this connection'],
  402: ['rejected', 'the plan of the account does not allow this'],
  403: ['permission_denied', 'the account may not do this'],
  404: ['not_found', 'the app knows no such object'],
  405: ['unsupported_operation', 'the app does not take this method here'],
  409: ['conflict', 'the app reports a conflicting state'],
  415: ['rejected', 'the app does not take this content type'],
  422: ['rejected', 'the app refused the content'],
  429: ['rate_limited', 'the app asks to wait'],
};

/**
 * Reads the 200 of an executed tool: `{data, error, successful}`. A body that is not that says nothing about whether the
 * tool ran. Source: backends page §3.2, §3.5 (changelog 2026-01-07).
 */
export function readExecution(body: unknown): Reply {
  if (!isObject(body) || typeof body['successful'] !== 'boolean') return unreadable('Composio answered no readable tool result');
  const { data, successful } = body;
  if (!successful) return { kind: 'failed', failure: readToolFailure(isObject(data) ? data : {}, stringAt(body, 'error')) };
  return isObject(data) ? { kind: 'tool', data } : unreadable('the result of the tool is not an object');
}

/** Reads the 200 of a proxied request: the app's own status, headers and body. */
export function readProxied(body: unknown): Reply {
  const status = isObject(body) ? body['status'] : undefined;
  if (!isObject(body) || typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    return unreadable('Composio answered no readable proxy result');
  }
  return { kind: 'http', status, headers: readHeaders(body['headers']), body: body['data'] ?? undefined };
}

/** First `data.status_code`, then a leading status in the text: before 2026-01-07 there was only the text. */
function readToolFailure(data: JsonObject, error: string | undefined): Failure {
  const code = data['status_code'];
  const status = typeof code === 'number' ? code : (leadingStatus(error) ?? leadingStatus(stringAt(data, 'http_error')));
  const fields = readFieldProblems(data, error);
  const [meaning, what, delivery] = readUpstream(status);
  return {
    code: meaning,
    delivery,
    what: status === undefined ? what : `${what} (${status})`,
    origin: 'app',
    ...(status === undefined ? {} : { status }),
    ...(fields.length > 0 ? { fields } : {}),
  };
}

function readUpstream(status: number | undefined): readonly [ErrorCode, string, Delivery] {
  const known = UPSTREAM[status ?? 0];
  if (known) return [...known, 'answered'];
  if (status !== undefined && status >= 400 && status < 500) return ['rejected', 'the app refused the request', 'answered'];
  if (status !== undefined && status >= 500) return ['backend_unavailable', 'the app failed', 'unknown'];
  return ['backend_unavailable', 'the tool failed without an answer of the app', 'unknown'];
}

function leadingStatus(text: string | undefined): number | undefined {
  const found = /^\s*([1-5]\d\d)(?=\s|:|$)/.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** guess: Close's own error body, where Composio passes it on, is an object in `data` or JSON text in a message. */
function readFieldProblems(data: JsonObject, error: string | undefined): readonly FieldProblem[] {
  for (const candidate of [data, data['body'], data['response'], parse(stringAt(data, 'message')), parse(error)]) {
    const found = isObject(candidate) ? (candidate['field-errors'] ?? candidate['field_errors']) : undefined;
    if (isObject(found)) return flatten(found, '');
  }
  return [];
}

function flatten(problems: JsonObject, prefix: string): readonly FieldProblem[] {
  return Object.entries(problems).flatMap(([name, problem]) => {
    const path = `${prefix}${name}`;
    if (isObject(problem)) return flatten(problem, `${path}.`);
    if (Array.isArray(problem) && problem.some(isObject))
      return problem.flatMap((one, at) => (isObject(one) ? flatten(one, `${path}.${at}.`) : []));
    return [{ path, problem: withoutValues(Array.isArray(problem) ? problem.join(' ') : String(problem)) }];
  });
}

/** An app likes to repeat in its message the value that it refuses; such a message is not passed on. */
function withoutValues(text: string): string {
  return text.length > 120 || /["'`@<>]|\d{4,}/.test(text) ? 'the app refused this value' : text;
}

function parse(text: string | undefined): unknown {
  const start = text?.indexOf('{') ?? -1;
  if (text === undefined || start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}

function readHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (!isObject(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** After a 200 the tool may have run: nobody can tell. */
function unreadable(what: string): Reply {
  return { kind: 'failed', failure: { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'backend', status: 200 } };
}
