import { type App, isIntent } from '../contract/app.ts';
import { RouterError } from '../contract/errors.ts';
import type { CanonicalCall, Outcome, RateLimit } from '../contract/executor.ts';
import type { Operation } from '../contract/operation.ts';
import { type ForeignRequest, matchRequest, methodsAt } from './match.ts';
import { toReply } from './reply.ts';

/** What came of the app's own HTTP request: the app's answer, whatever its status, or why it never got there. */
export type Served =
  | { readonly kind: 'app'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly kind: 'refused'; readonly error: RouterError };

/** Who answers canonical calls, and the app's clock: its answers carry a Date (RFC 9110 §6.6.1), by which the age of an object is told. */
export interface Serving {
  readonly run: (call: CanonicalCall) => Promise<Outcome>;
  readonly now: () => Date;
}

/** Answers the app's own HTTP request, as a backend's proxy passes it on, from canonical calls. */
export async function serveRequest(app: App, request: ForeignRequest, { run, now }: Serving): Promise<Served> {
  const operations = await operationsOf(app);
  const found = matchRequest(operations, request);
  const answer = found
    ? served(app, found.operation, await run({ operation: `${app.id}.${found.operation.id}`, input: found.input }))
    : asApp(app, noRequest(methodsAt(operations, request.path)));
  return answer.kind === 'app' ? { ...answer, headers: { ...answer.headers, date: now().toUTCString() } } : answer;
}

/** Codes that only an app gives; the others can come from the road to it, unless a status of the app is known. */
export function isOfApp({ code, details }: RouterError): boolean {
  if (['rejected', 'not_found', 'permission_denied', 'conflict', 'unauthenticated', 'rate_limited'].includes(code)) return true;
  return details.status !== undefined && (code === 'backend_unavailable' || code === 'unsupported_operation');
}

const known = new WeakMap<App, Promise<readonly Operation[]>>();

/** One list per app, so that the matcher's index of it is made once. */
export function operationsOf(app: App): Promise<readonly Operation[]> {
  const found = known.get(app) ?? app.all().then((entries) => entries.filter((entry): entry is Operation => !isIntent(entry)));
  known.set(app, found);
  return found;
}

function served(app: App, operation: Operation, outcome: Outcome): Served {
  const limit = rateLimitHeaders(outcome.rateLimit);
  if (outcome.ok) {
    const { status, body } = toReply(operation, outcome.data);
    const headers = { 'content-type': 'application/json', ...limit };
    return { kind: 'app', status, headers, ...(body === undefined ? {} : { body }) };
  }
  if (!isOfApp(outcome.error) && outcome.error.code !== 'invalid_input') return { kind: 'refused', error: outcome.error };
  return asApp(app, outcome.error, limit);
}

function asApp(app: App, error: RouterError, limit: Readonly<Record<string, string>> = {}): Served {
  const { status, headers, body } = app.errors.write(error);
  return { kind: 'app', status, headers: { ...headers, ...limit }, body };
}

/** The documented form of Close's header. Source: backends/close-rest.md */
function rateLimitHeaders(limit: RateLimit | undefined): Record<string, string> {
  return limit ? { ratelimit: `limit=${limit.limit}, remaining=${limit.remaining}, reset=${limit.resetSeconds}` } : {};
}

function noRequest(allowed: readonly string[]): RouterError {
  if (allowed.length === 0)
    return new RouterError('not_found', { what: 'the app has no such path', next: 'Check the endpoint.', status: 404 });
  const next = `Use ${allowed.join(' or ')}.`;
  return new RouterError('unsupported_operation', { what: 'the app does not take this method there', next, status: 405 });
}
