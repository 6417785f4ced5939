import { Hono } from 'hono';
import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Door, DoorHost } from '../../src/contract/door.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { actionBy, actionRoutes, toAction } from './door-actions.ts';
import { connectionRoutes } from './door-connections.ts';
import { type Call, connectionBy, type Desk, type Env, isIntegration, mentions, paged, Refusal, refuse, tenantOf } from './door-desk.ts';
import { createMemory } from './door-memory.ts';
import { act, proxy, request } from './door-proxy.ts';
import { requestRoutes } from './door-requests.ts';
import { runBare, runLogRoutes, runWrapped } from './door-run.ts';
import { searchRoutes } from './door-search.ts';
import { withToolSet } from './door-sets.ts';
import { toIntegration, toTenant } from './door-shapes.ts';
import { errorBody, writeRefusal } from './errors.ts';

export interface MembraneDoorOptions {
  readonly app: App;
  readonly binding: Binding;
  /** The key of the app's integration; default the app's own name. */
  readonly integration?: string;
  /** Which set of actions it has, see door-sets.ts; default `20`. */
  readonly toolSet?: string;
  /** By which tokens expire: their signer's clock is the machine's, whatever the time behind the door. */
  readonly clock?: () => Date;
}

/** Membrane's REST API as its SDK, its CLI and its skills speak it. Put in front of any executor. */
export function createMembraneDoor(options: MembraneDoorOptions): (host: DoorHost) => Door {
  const { app, integration = app.id, clock = () => new Date() } = options;
  const binding = withToolSet(options.binding, options.toolSet);
  return (host) => {
    const desk: Desk = { host, app, binding, integration, memory: createMemory() };
    const api = new Hono<Env>();
    api.use(async (call, next) => {
      authenticate(desk, call, clock());
      await next();
    });
    api.route('/connections', connectionRoutes(desk));
    api.route('/connection-requests', requestRoutes(desk));
    api.route('/actions', actionRoutes(desk));
    api.route('/action-run-logs', runLogRoutes(desk));
    runRoutes(api, desk);
    passRoutes(api, desk);
    workspaceRoutes(api, desk);
    api.notFound(() => answer(refuse.notFound('Path')));
    api.onError((error) => answer(error));
    return { backend: binding.backend, fetch: async (incoming) => api.fetch(incoming) };
  };
}

/** `pat-…` and other keys that are no JWT do not expire by themselves. */
function authenticate({ host }: Desk, call: Call, now: Date): void {
  const [, token] = /^Bearer (\S+)$/i.exec(call.req.header('authorization') ?? '') ?? [];
  const caller = token === undefined ? undefined : host.authenticate(token);
  if (token === undefined || !caller) throw refuse.notAuthenticated('The token is missing or wrong');
  const claims = claimsOf(token);
  const { exp } = claims;
  if (typeof exp === 'number' && exp * 1000 <= now.getTime()) throw refuse.notAuthenticated('The token has expired');
  call.set('caller', caller);
  call.set('claims', claims);
}

/** Whoever authenticated the token has checked its signature. */
function claimsOf(token: string): JsonObject {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

function runRoutes(api: Hono<Env>, desk: Desk): void {
  const selector = (call: Call): string | undefined => call.req.query('key') ?? call.req.query('id');
  api.post('/actions/:sel/run', (call) => runWrapped(desk, call, call.req.param('sel')));
  api.post('/action/run', (call) => runWrapped(desk, call, selector(call)));
  api.get('/action', async (call) => call.json(toAction(desk, await actionBy(desk, selector(call)))));
  api.get('/connections/:c/actions', async (call) => {
    await connectionBy(desk, call, call.req.param('c'));
    return api.fetch(rewritten(call, '/actions'));
  });
  api.get('/connections/:c/actions/:k', async (call) => {
    await connectionBy(desk, call, call.req.param('c'));
    return call.json(toAction(desk, await actionBy(desk, call.req.param('k'))));
  });
  api.post('/connections/:c/actions/:k/run', (call) =>
    runBare(desk, call, { connection: call.req.param('c'), action: call.req.param('k') }),
  );
  api.get('/integrations/:i/actions', (call) => api.fetch(rewritten(call, '/actions', { integrationKey: call.req.param('i') })));
  api.post('/act', (call) => act(desk, call));
}

function passRoutes(api: Hono<Env>, desk: Desk): void {
  api.all('/connections/:c/proxy/*', async (call) =>
    proxy(desk, call, await connectionBy(desk, call, call.req.param('c')), /^\/connections\/[^/]+\/proxy/),
  );
  // guess: `api` is an older name of the proxy, to which the SDK always posts.
  api.post('/connections/:c/api/*', async (call) =>
    proxy(desk, call, await connectionBy(desk, call, call.req.param('c')), /^\/connections\/[^/]+\/api/),
  );
  api.post('/connections/:c/request', async (call) => request(desk, call, await connectionBy(desk, call, call.req.param('c'))));
  // The keys of such requests are the connector's own, and none are published.
  api.post('/connections/:c/execute-request', () => {
    throw refuse.notFound('Request');
  });
}

function workspaceRoutes(api: Hono<Env>, desk: Desk): void {
  const self = (call: Call): object => {
    const workspaceKey = stringAt(call.get('claims'), 'workspaceKey') ?? stringAt(call.get('claims'), 'iss');
    return { ...toTenant(tenantOf(call)), ...(workspaceKey === undefined ? {} : { workspaceKey }) };
  };
  api.get('/self', (call) => call.json(self(call)));
  // Credentials of the tenant are for Membrane's own connectors of the tenant's API: nothing here uses them.
  api.patch('/self', (call) => call.json(self(call)));
  api.post('/connection-options', (call) => call.json([{ key: 'default', type: 'membrane-token' }]));
  api.get('/integrations', (call) => {
    const shown = mentions(`${desk.integration} ${desk.app.id}`, call.req.query('search')) ? [toIntegration(desk)] : [];
    return call.json(paged(call, shown));
  });
  api.get('/integrations/:sel', (call) => {
    if (!isIntegration(desk, call.req.param('sel'))) throw refuse.notFound('Integration');
    return call.json(toIntegration(desk));
  });
  searchRoutes(api, desk);
}

/** The same request at another path of the door. */
function rewritten(call: Call, path: string, more: Readonly<Record<string, string>> = {}): Request {
  const url = new URL(call.req.raw.url);
  url.pathname = path;
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return new Request(url, { headers: call.req.raw.headers });
}

/** Whatever a handler threw, as Membrane would answer it. A bug tells the caller nothing of itself. */
function answer(error: unknown): Response {
  if (error instanceof Refusal) return Response.json(error.body, { status: error.status });
  if (isRouterError(error)) {
    const { status, headers, body } = writeRefusal(error);
    return Response.json(body, { status, headers });
  }
  return Response.json(errorBody('internal', undefined, 'Internal error'), { status: 500 });
}
