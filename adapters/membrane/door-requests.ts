import { Hono } from 'hono';
import type { ConnectionStatus } from '../../src/contract/connection.ts';
import { type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { bodyOf, type Call, connectionBy, type Desk, type Env, idOf, isIntegration, refuse, tenantOf, visible } from './door-desk.ts';
import type { ConnectionRequest } from './door-memory.ts';
import { errorBody } from './errors.ts';

/** Requests for a connection: a link that the user opens, and what became of it. */
export function requestRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .post('/', async (call) => call.json(await show(desk, call, await start(desk, call))))
    .get('/:id', async (call) => {
      const found = desk.memory.requests.get(call.req.param('id'));
      const { user = found?.user } = call.get('caller');
      if (!found || found.user !== user) throw refuse.notFound('Connection request');
      return call.json(await show(desk, call, found));
    });
}

const NAMES = ['integrationKey', 'integrationId', 'connectorKey', 'connectorId'] as const;
const SHOWN = [...NAMES, 'connectorVersion', 'connectionId', 'connectionKey', 'name', 'allowMultipleConnections', 'redirectUri', 'prompt'];

async function start(desk: Desk, call: Call): Promise<ConnectionRequest> {
  const body = await bodyOf(call);
  const { connection, url } = await started(desk, call, body);
  if (url === undefined) throw refuse.unserved('No link can be made here');
  const requestId = idOf('request', `${connection}:${url}`);
  const asked = Object.fromEntries(Object.entries(body).filter(([name]) => SHOWN.includes(name)));
  const createdAt = desk.host.now().toISOString();
  return desk.memory.requests.set(requestId, { requestId, user: tenantOf(call), connection, url, createdAt, asked });
}

/** With a connection it is authorised anew; otherwise there will be another one. */
async function started(
  desk: Desk,
  call: Call,
  body: JsonObject,
): Promise<{ readonly connection: string; readonly url?: string | undefined }> {
  const again = stringAt(body, 'connectionId') ?? stringAt(body, 'connectionKey');
  if (again !== undefined) {
    const { id } = await connectionBy(desk, call, again);
    const changed = await desk.host.directory.change(id, 'refresh');
    return { connection: id, url: changed?.connectUrl };
  }
  const named = NAMES.flatMap((name) => stringAt(body, name) ?? []);
  if (named.length === 0)
    throw refuse.malformed('One of integrationKey, integrationId, connectorKey, connectorId or connectionId is required');
  if (named.some((selector) => !isIntegration(desk, selector))) throw refuse.notFound('Integration');
  return desk.host.directory.connect({ app: desk.app.id, user: tenantOf(call) });
}

const OUTCOME: Readonly<Record<ConnectionStatus, 'pending' | 'success' | 'error' | 'cancelled'>> = {
  pending: 'pending',
  unknown: 'pending',
  active: 'success',
  disabled: 'success',
  failed: 'error',
  expired: 'error',
  revoked: 'cancelled',
};

async function show(
  desk: Desk,
  call: Call,
  { requestId, user, connection, url, createdAt, asked }: ConnectionRequest,
): Promise<JsonObject> {
  const [made] = await visible(desk, call, { ids: [connection] });
  const status = made ? OUTCOME[made.status] : 'cancelled';
  return {
    requestId,
    tenantId: idOf('tenant', user),
    ...asked,
    status,
    url,
    createdAt,
    ...(status === 'success' ? { resultConnectionId: connection } : {}),
    ...(status === 'error' ? { resultError: errorBody('configuration', undefined, 'The user did not finish') } : {}),
  };
}
