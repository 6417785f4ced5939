import { Hono } from 'hono';
import { type ForeignRequest, isBelow } from '../../src/binding/match.ts';
import { serveRequest } from '../../src/binding/serve.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { accountById, bodyOf, type Call, type Desk, type Env, Refusal, refuse, visible } from './door-desk.ts';
import { isActive, keyOf } from './door-outcome.ts';

/** Passes the app's own HTTP request on, with the credential of the connected account. */
export function proxyRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>().post('/', async (call) => call.json(await proxy(desk, call)));
}

async function proxy(desk: Desk, call: Call): Promise<object> {
  const body = await bodyOf(call);
  const request = readRequest(body);
  const account = await accountOf(desk, call, stringAt(body, 'connected_account_id'));
  const context = { user: account.user, connection: account.id, signal: call.req.raw.signal, ...keyOf(call) };
  const served = await serveRequest(desk.app, request, {
    run: (canonical) => desk.host.executor.run(canonical, context),
    now: () => desk.host.now(),
  });
  if (served.kind === 'refused') throw served.error;
  // `status` and `headers` are the app's own; the proxy's answer itself is a 200 whatever they say.
  const { status, headers, body: data } = served;
  return data === undefined ? { status, headers } : { data, status, headers };
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'];

/** The query may stand in the endpoint, in `parameters`, or in both. Headers are not passed on: the credential is the account's. */
function readRequest(body: JsonObject): ForeignRequest {
  const endpoint = stringAt(body, 'endpoint');
  const method = stringAt(body, 'method');
  if (!endpoint) throw refuse.malformed('endpoint is required');
  // guess: that Composio refuses such an endpoint itself, and does not leave it to the app.
  if (!isBelow(endpoint)) throw refuse.malformed('endpoint leads elsewhere than the API of the toolkit');
  if (!method || !METHODS.includes(method)) throw refuse.malformed(`method must be one of ${METHODS.join(', ')}`);
  if (body['binary_body'] !== undefined) throw new Refusal(501, 'HTTP_NotImplemented', 'Binary bodies are not taken here');
  const content = body['body'] ?? undefined;
  if (content !== undefined && !isObject(content)) throw refuse.malformed('body must be an object');
  return {
    method,
    path: endpoint,
    query: readParameters(body['parameters']),
    ...(content === undefined ? {} : { body: content }),
  };
}

function readParameters(parameters: unknown): readonly (readonly [string, string])[] {
  if (parameters === undefined || parameters === null) return [];
  if (!Array.isArray(parameters)) throw refuse.malformed('parameters must be a list');
  return parameters.flatMap((one: unknown) => {
    const [name, value, type] = [stringAt(one, 'name'), stringAt(one, 'value'), stringAt(one, 'type')];
    if (name === undefined || value === undefined || (type !== 'query' && type !== 'header'))
      throw refuse.malformed('parameters holds an entry without name, value and type');
    return type === 'query' ? [[name, value] as const] : [];
  });
}

/** Without an account it is "the default account for the project"; guess: its newest ACTIVE one. */
async function accountOf(desk: Desk, call: Call, id: string | undefined): Promise<Connection> {
  const account =
    id === undefined
      ? (await visible(desk, call, { app: desk.app.id })).findLast(isActive)
      : await accountById(desk, call, id).catch(() => undefined);
  if (account?.status !== 'active') throw refuse.notConnected();
  return account;
}
