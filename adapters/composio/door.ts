import { Hono } from 'hono';
import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Door, DoorHost } from '../../src/contract/door.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { TOOL_SETS } from './close-tools.ts';
import { accountRoutes } from './door-accounts.ts';
import { type AuthConfig, type Desk, type Env, Refusal } from './door-desk.ts';
import { executeRoutes } from './door-execute.ts';
import { proxyRoutes } from './door-proxy.ts';
import { configRoutes, toolkitRoutes, toolRoutes } from './door-toolkits.ts';
import { writeRefusal } from './errors.ts';

export interface ComposioDoorOptions {
  readonly app: App;
  readonly binding: Binding;
  /** The auth config that is there from the start; default `ac_<app>`. */
  readonly authConfig?: string;
  /** Which of the known sets of tools it has; default `14`. */
  readonly toolSet?: string;
}

/** Composio's REST API, v3.1 and v3, as its SDK and skills speak it. Put in front of any executor. */
export function createComposioDoor({ app, binding, authConfig = `ac_${app.id}`, toolSet }: ComposioDoorOptions): (host: DoorHost) => Door {
  return (host) => {
    const first: AuthConfig = { id: authConfig, name: `${app.id}_api_key`, createdAt: host.now().toISOString() };
    const set = toolSet === '6' ? TOOL_SETS['6'] : TOOL_SETS['14'];
    const desk: Desk = { host, app, binding, set, configs: new Map([[first.id, first]]) };
    const api = createApi(desk);
    const root = new Hono().route('/api/v3.1', api).route('/api/v3', api);
    root.notFound(() => answer(new Refusal(404, 'HTTP_NotFound', 'No such path')));
    root.onError((error) => answer(error));
    return { backend: 'composio', fetch: async (request) => root.fetch(request) };
  };
}

function createApi(desk: Desk): Hono<Env> {
  const api = new Hono<Env>();
  api.use(async (call, next) => {
    const caller = desk.host.authenticate(call.req.header('x-api-key') ?? '');
    if (!caller) throw new Refusal(401, 'HTTP_Unauthorized', 'Invalid API key');
    call.set('caller', caller);
    await next();
  });
  api.route('/connected_accounts', accountRoutes(desk));
  api.route('/auth_configs', configRoutes(desk));
  api.route('/toolkits', toolkitRoutes(desk));
  api.route('/tools/execute/proxy', proxyRoutes(desk));
  api.route('/tools/execute', executeRoutes(desk));
  api.route('/tools', toolRoutes(desk));
  return api;
}

/** Whatever a handler threw, as Composio would answer it. A bug tells the caller nothing of itself. */
function answer(error: unknown): Response {
  const id = `req_${crypto.randomUUID()}`;
  if (error instanceof Refusal) return Response.json(error.body(id), { status: error.status });
  if (isRouterError(error)) {
    const { status, headers, body } = writeRefusal(error, id);
    return Response.json(body, { status, headers });
  }
  return Response.json(new Refusal(500, 'HTTP_InternalServerError', 'Internal error').body(id), { status: 500 });
}
