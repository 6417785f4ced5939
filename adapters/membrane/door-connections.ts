import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Connection } from '../../src/contract/connection.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { defined, isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import {
  bodyOf,
  type Call,
  connectionBy,
  type Desk,
  type Env,
  isIntegration,
  mentions,
  paged,
  refuse,
  tenantOf,
  visible,
} from './door-desk.ts';
import type { Note } from './door-memory.ts';
import { toConnection } from './door-shapes.ts';

/** Connections: list, make, ensure, read and wait, rename, remove, refresh, disconnect, test. */
export function connectionRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', async (call) => call.json(await list(desk, call)))
    .post('/', async (call) => call.json(toConnection(desk, await create(desk, call))))
    .post('/ensure', async (call) => call.json(toConnection(desk, await ensure(desk, call))))
    .get('/:sel', async (call) => call.json(toConnection(desk, await awaited(desk, call))))
    .patch('/:sel', async (call) => call.json(await edit(desk, call)))
    .put('/:sel', async (call) => call.json(await edit(desk, call)))
    .delete('/:sel', async (call) => {
      await change(desk, call, 'delete');
      return call.body(null, 200);
    })
    .post('/:sel/refresh-credentials', async (call) => {
      const { status } = await connectionBy(desk, call, call.req.param('sel'));
      if (status !== 'active') throw refuse.defunct();
      return call.body(null, 204);
    })
    .post('/:sel/disconnect', async (call) => {
      await change(desk, call, 'revoke');
      return call.body(null, 204);
    })
    .post('/:sel/reconnect', async (call) => call.json(toConnection(desk, await change(desk, call, 'refresh'))))
    .post('/:sel/test', async (call) => call.json({ success: await test(desk, call) }));
}

async function list(desk: Desk, call: Call): Promise<object> {
  const asked = call.req.query();
  const integration = asked['integrationKey'] ?? asked['integrationId'] ?? asked['connectorId'];
  const found = integration !== undefined && !isIntegration(desk, integration) ? [] : await visible(desk, call);
  const shown = found.map((one) => toConnection(desk, one)).filter((one) => isWanted(one, asked));
  return paged(call, shown);
}

function isWanted(connection: JsonObject, asked: Record<string, string>): boolean {
  const { search, userId, tenantId, connected, disconnected, isTest, includeArchived } = asked;
  const tenant = tenantId ?? userId;
  return (
    (connection['archivedAt'] === undefined || includeArchived === 'true') &&
    mentions(`${connection['name']} ${connection['key'] ?? ''}`, search) &&
    (tenant === undefined || connection['tenantId'] === tenant) &&
    (connected === undefined || String(connection['connected'] === true) === connected) &&
    (disconnected === undefined || String(connection['disconnected'] === true) === disconnected) &&
    isTest !== 'true'
  );
}

/** With a key the connection is usable at once; without one its user has to finish. guess: which field of the credentials it is. */
async function create(desk: Desk, call: Call): Promise<Connection> {
  const body = await bodyOf(call);
  const named = ['integrationKey', 'integrationId', 'connectorKey', 'connectorId'].flatMap((name) => stringAt(body, name) ?? []);
  if (named.some((selector) => !isIntegration(desk, selector))) throw refuse.notFound('Integration');
  const key = keyIn(body['credentials']) ?? keyIn(body['input']);
  const { connection } = await desk.host.directory.connect({
    app: desk.app.id,
    user: tenantOf(call),
    ...(key === undefined ? {} : { key }),
  });
  note(desk, connection, body);
  return connectionBy(desk, call, connection);
}

function keyIn(credentials: unknown): string | undefined {
  const [first] = isObject(credentials) ? Object.values(credentials).filter((value) => typeof value === 'string') : [];
  return first;
}

/** The tenant's connection to the app at an address; a new one when there is none. guess: the newest, a usable one first. */
async function ensure(desk: Desk, call: Call): Promise<Connection> {
  const body = await bodyOf(call);
  const host = hostOf(stringAt(body, 'appUrl') ?? '');
  if (host === undefined) throw refuse.malformed('appUrl must be a URL or a domain');
  if (host !== `${desk.app.id}.com` && !host.endsWith(`.${desk.app.id}.com`))
    throw refuse.unserved(`Only ${desk.app.id}.com is served here`);
  const own = await visible(desk, call, { users: [tenantOf(call)] });
  const found = own.findLast(({ status }) => status === 'active') ?? own.findLast(({ status }) => status === 'pending');
  return found ?? create(desk, call);
}

/** A URL or a bare domain with a dot, no address in numbers. Source: @membranehq/sdk 0.28.3, EnsureConnectionRequest. */
function hostOf(text: string): string | undefined {
  const host = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)?.hostname.replace(/^www\./i, '');
  return host?.includes('.') && !/^(\d{1,3}\.){3}\d{1,3}$/.test(host) ? host : undefined;
}

const POLL_MS = 100;

/** With `wait` the answer comes when the connection is no longer being built, or when the time is up: 1 to 60 seconds, else 30. */
async function awaited(desk: Desk, call: Call): Promise<Connection> {
  const selector = call.req.param('sel') ?? '';
  let found = await connectionBy(desk, call, selector);
  if (call.req.query('wait') !== 'true') return found;
  const seconds = Math.min(60, Math.max(1, Number(call.req.query('timeout') ?? 30) || 30));
  for (let waitedMs = 0; waitedMs < seconds * 1000 && isBuilding(desk, found) && !call.req.raw.signal.aborted; waitedMs += POLL_MS) {
    await sleep(POLL_MS);
    found = await connectionBy(desk, call, selector);
  }
  return found;
}

function isBuilding(desk: Desk, connection: Connection): boolean {
  const { state } = toConnection(desk, connection);
  return state === 'BUILDING' || state === 'SETUP_IN_PROGRESS';
}

async function edit(desk: Desk, call: Call): Promise<JsonObject> {
  const found = await connectionBy(desk, call, call.req.param('sel') ?? '');
  const body = await bodyOf(call);
  if (body['credentials'] !== undefined || body['input'] !== undefined)
    throw refuse.unserved('Credentials of a connection are not changed here: reconnect it');
  note(desk, found.id, body);
  return toConnection(desk, found);
}

function note(desk: Desk, id: string, { name, key, meta }: JsonObject): void {
  if (key !== undefined && (typeof key !== 'string' || key.length < 1 || key.length > 100))
    throw refuse.malformed('key must be 1 to 100 characters');
  const given = { name: typeof name === 'string' ? name : undefined, key, meta: isObject(meta) ? meta : undefined };
  desk.memory.notes.set(id, { ...desk.memory.notes.get(id), ...defined<Note>(given) });
}

async function change(desk: Desk, call: Call, what: 'revoke' | 'refresh' | 'delete'): Promise<Connection> {
  const { id } = await connectionBy(desk, call, call.req.param('sel') ?? '');
  const changed = await desk.host.directory.change(id, what).catch((error: unknown) => {
    if (isRouterError(error) && error.code === 'unsupported_operation') throw refuse.unserved(error.details.what);
    throw error;
  });
  if (!changed) throw refuse.notFound('Connection');
  return changed;
}

/** The cheapest question that the app answers with this connection. */
async function test(desk: Desk, call: Call): Promise<boolean> {
  const { id, user } = await connectionBy(desk, call, call.req.param('sel') ?? '');
  const operation = `${desk.app.id}.${desk.app.identity.operation}`;
  const outcome = await desk.host.executor.run({ operation, input: {} }, { user, connection: id, signal: call.req.raw.signal });
  return outcome.ok;
}
