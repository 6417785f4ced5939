import { type ForeignRequest, isBelow } from '../../src/binding/match.ts';
import { type Served, serveRequest } from '../../src/binding/serve.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { actionBy } from './door-actions.ts';
import { bodyOf, type Call, type Desk, keyOf, namedConnection, refuse } from './door-desk.ts';
import { chosen, recorded, runOn } from './door-run.ts';
import { writeRefusal, writeRunFailure } from './errors.ts';

/** `ANY /connections/{c}/proxy/{path}`: the app's own status, headers and body, unchanged. */
export async function proxy(desk: Desk, call: Call, connection: Connection, prefix: RegExp): Promise<Response> {
  const { pathname, searchParams } = new URL(call.req.raw.url);
  const text = await call.req.text();
  const request = {
    method: call.req.method,
    path: pathBelow(pathname.replace(prefix, '')),
    query: [...searchParams],
    ...(text === '' ? {} : { body: parse(text) }),
  };
  const served = await pass(desk, call, connection, request);
  if (served.kind === 'refused') throw served.error;
  const { status, headers, body } = served;
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

/** `POST /connections/{c}/request`: the same, asked for and answered in an envelope. guess: the keys of the answer; the CLI is said to print these three. */
export async function request(desk: Desk, call: Call, connection: Connection): Promise<Response> {
  const body = await bodyOf(call);
  const served = await pass(desk, call, connection, readEnvelope(body, body['data']));
  if (served.kind === 'refused') throw served.error;
  const { status, headers, body: data } = served;
  return call.json({ status, headers, ...(data === undefined ? {} : { body: data }) });
}

const DISPATCH = ['id', 'key', 'api', 'code'] as const;
const ACT = [...DISPATCH, 'connectionId', 'connectionKey', 'integrationId', 'integrationKey', 'input', 'meta'];

/** `POST /act`: an action by id or key, or one request of the app's own. Source: @membranehq/sdk 0.28.3, ActRequest; docs, "act". */
export async function act(desk: Desk, call: Call): Promise<Response> {
  const body = await bodyOf(call);
  const strangers = Object.keys(body).filter((name) => !ACT.includes(name));
  if (strangers.length > 0) throw refuse.malformed(`Unrecognized key: ${strangers.join(', ')}`);
  const given = DISPATCH.filter((name) => body[name] !== undefined);
  if (given.length !== 1) throw refuse.malformed(`Exactly one of ${DISPATCH.join(', ')} is required`);
  if (body['code'] !== undefined) throw refuse.unserved('Code is not run here');
  if (body['api'] !== undefined) return actApi(desk, call, body);
  const action = await actionBy(desk, stringAt(body, 'id') ?? stringAt(body, 'key'));
  return runOn(desk, call, action, await chosen(desk, call, body), body['input'] ?? {});
}

async function actApi(desk: Desk, call: Call, body: JsonObject): Promise<Response> {
  const { api } = body;
  if (!isObject(api)) throw refuse.malformed('api must be an object');
  const connection = await namedConnection(desk, call, body);
  if (!connection) throw refuse.malformed('A connection is required for api');
  const asked = readEnvelope({ ...api, path: api['path'] ?? api['url'] }, api['body'] ?? api['data']);
  return recorded(desk, call, { name: 'api', connection }, async () => {
    const served = await pass(desk, call, connection, asked);
    if (served.kind === 'refused') return { failure: writeRefusal(served.error) };
    const { status, headers, body: output } = served;
    // guess: that the output is the body alone.
    return status < 400 ? { output: output ?? null } : { failure: writeRunFailure({ status, headers, body: output }) };
  });
}

async function pass(desk: Desk, call: Call, connection: Connection, asked: ForeignRequest): Promise<Served> {
  if (connection.status !== 'active') throw refuse.defunct();
  // guess: the real one sends a whole address of any host. Here the credential goes to the app and nobody else.
  if (!isBelow(asked.path)) throw refuse.malformed('The path leads elsewhere than the API of the app');
  const context = { user: connection.user, connection: connection.id, signal: call.req.raw.signal, ...keyOf(call) };
  return serveRequest(desk.app, asked, { run: (canonical) => desk.host.executor.run(canonical, context), now: () => desk.host.now() });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Headers are not passed on: the credential is the connection's. Source: @membranehq/sdk 0.28.3, ConnectionProxyRequest. */
function readEnvelope(asked: JsonObject, data: unknown): ForeignRequest {
  const method = stringAt(asked, 'method')?.toUpperCase() ?? '';
  const path = stringAt(asked, 'path');
  if (path === undefined) throw refuse.malformed('path is required');
  if (!METHODS.includes(method)) throw refuse.malformed(`method must be one of ${METHODS.join(', ')}`);
  const filled = Object.entries(textsIn(asked, 'pathParameters')).reduce(
    (found, [name, value]) => found.replaceAll(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  const body = typeof data === 'string' ? parse(data) : data;
  return { method, path: pathBelow(filled), query: Object.entries(textsIn(asked, 'query')), ...(body === undefined ? {} : { body }) };
}

function textsIn(asked: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = asked[name] ?? {};
  if (!isObject(value)) throw refuse.malformed(`${name} must be an object`);
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (texts.length < Object.keys(value).length) throw refuse.malformed(`${name} takes text only`);
  return Object.fromEntries(texts);
}

/** A whole address is kept, though a parser on the way may have folded its slashes; anything else is below the app's API base. */
function pathBelow(path: string): string {
  const absolute = /^\/?(https?):\/{1,2}(.*)$/i.exec(path);
  if (absolute) return `${absolute[1]}://${absolute[2]}`;
  return path.startsWith('/') ? path : `/${path}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse.malformed('The body is not valid JSON');
  }
}
