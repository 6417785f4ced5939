import { CLOSE_API, matchRequest, methodsAt } from '../../src/binding/match.ts';
import { toReply } from '../../src/binding/reply.ts';
import { type App, isIntent } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Caller, Door, DoorHost } from '../../src/contract/door.ts';
import { isRouterError, RouterError } from '../../src/contract/errors.ts';
import type { CallContext, Outcome } from '../../src/contract/executor.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { credentialOf, readRequest, tzOffsetOf } from './door-request.ts';
import { type RateLimitDialect, rateLimitHeaders } from './rate-limit.ts';

export interface RestDoorParts {
  readonly app: App;
  readonly binding: Binding;
  /** How the rate limit is told; default `comma`, the documented form. */
  readonly dialect?: RateLimitDialect;
}

type Headers = Readonly<Record<string, string>>;

const BASE_PATH = new URL(CLOSE_API).pathname;

/** Close's own `/api/v1`, in front of whatever executor the host has. */
export function createRestDoor({ app, binding, dialect = 'comma' }: RestDoorParts): (host: DoorHost) => Door {
  let loading: Promise<readonly Operation[]> | undefined;
  const operations = (): Promise<readonly Operation[]> => {
    loading ??= served(app, binding);
    return loading;
  };
  return (host) => ({
    backend: binding.backend,
    fetch: async (request) => {
      try {
        return dated(await answer(request, { host, app, dialect, operations: await operations() }), host);
      } catch (error) {
        if (!isRouterError(error)) throw error;
        return dated(refusal(app, error), host);
      }
    },
  });
}

async function served(app: App, binding: Binding): Promise<readonly Operation[]> {
  const operations = (await app.all()).filter((entry): entry is Operation => !isIntent(entry));
  return operations.filter(({ id }) => binding.cells[id]?.transport !== 'none');
}

interface Serving {
  readonly host: DoorHost;
  readonly app: App;
  readonly dialect: RateLimitDialect;
  readonly operations: readonly Operation[];
}

/** Guess: Close looks at the credential before the path, and at the path before the body. */
async function answer(request: Request, serving: Serving): Promise<Response> {
  const { host, app, dialect, operations } = serving;
  const caller = callerOf(request, host);
  const url = new URL(request.url);
  const methods = url.pathname.startsWith(`${BASE_PATH}/`) ? methodsAt(operations, url.pathname) : [];
  if (methods.length === 0) throw refuse('not_found', 'there is nothing at this path', 404);
  if (!url.pathname.endsWith('/')) return redirect(host, url);
  const { method, query, body } = await readRequest(request);
  const found = matchRequest(operations, { method, path: url.pathname, query, body });
  if (!found)
    return refusal(app, refuse('unsupported_operation', 'the path does not take this method', 405), { allow: methods.join(', ') });
  const outcome = await host.executor.run(
    { operation: `${app.id}.${found.operation.id}`, input: found.input },
    { ...caller, ...optionsOf(request), signal: request.signal },
  );
  return respond(app, found.operation, outcome, rateLimitHeaders(outcome.rateLimit, dialect));
}

/** An API key belongs to one user; a credential that could be anybody's names nobody here. */
function callerOf(request: Request, { authenticate }: DoorHost): Caller & { readonly user: string } {
  const credential = credentialOf(request.headers.get('authorization'));
  const caller = credential === undefined ? undefined : authenticate(credential);
  if (caller?.user === undefined) throw refuse('unauthenticated', 'the credential is missing or wrong', 401);
  return { ...caller, user: caller.user };
}

function optionsOf({ headers }: Request): Pick<CallContext, 'idempotencyKey' | 'tzOffsetHours'> {
  const idempotencyKey = headers.get('idempotency-key');
  return { ...tzOffsetOf(headers.get('x-tz-offset')), ...(idempotencyKey ? { idempotencyKey } : {}) };
}

/** Close redirects a path without its closing slash; guess: with 301, since a POST is said to break on it in many clients. */
function redirect(host: DoorHost, { pathname, search }: URL): Response {
  return new Response(null, { status: 301, headers: { location: `${host.url()}${pathname}/${search}` } });
}

function respond(app: App, operation: Operation, outcome: Outcome, headers: Headers): Response {
  if (!outcome.ok) return refusal(app, outcome.error, headers);
  const { status, body } = toReply(operation, outcome.data);
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

/** The app's own clock, by which callers tell the age of its objects. */
function dated(response: Response, host: DoorHost): Response {
  response.headers.set('date', host.now().toUTCString());
  return response;
}

function refusal(app: App, error: RouterError, extra: Headers = {}): Response {
  const { status, headers, body } = app.errors.write(error);
  return Response.json(body, { status, headers: { ...headers, ...extra } });
}

function refuse(code: 'not_found' | 'unsupported_operation' | 'unauthenticated', what: string, status: number): RouterError {
  return new RouterError(code, { what, next: 'See https://developer.close.com for what is served here.', status });
}
