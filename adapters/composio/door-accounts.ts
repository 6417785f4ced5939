import { Hono } from 'hono';
import type { Connection } from '../../src/contract/connection.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import {
  type AuthConfig,
  accountById,
  bodyOf,
  type Call,
  type Desk,
  type Env,
  listed,
  paged,
  Refusal,
  refuse,
  uuidOf,
  visible,
} from './door-desk.ts';
import { fromStatus, STATUS, toStatus } from './status.ts';

/** Connected accounts: list, read, connect by link or key, switch off and on, refresh, revoke, delete. */
export function accountRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', async (call) => call.json(await list(desk, call)))
    .post('/', async (call) => call.json(await initiate(desk, call), 201))
    .post('/link', async (call) => call.json(await link(desk, call), 201))
    .get('/:id', async (call) => call.json({ ...toAccount(desk, await accountById(desk, call, call.req.param('id'))), params: {} }))
    .delete('/:id', async (call) => {
      await change(desk, call, call.req.param('id'), 'delete');
      return call.json({ success: true });
    })
    .patch('/:id/status', async (call) => {
      const { enabled } = await bodyOf(call);
      if (typeof enabled !== 'boolean') throw refuse.malformed('enabled must be true or false');
      await change(desk, call, call.req.param('id'), enabled ? 'enable' : 'disable');
      return call.json({ success: true });
    })
    .post('/:id/refresh', async (call) => {
      const changed = await change(desk, call, call.req.param('id'), 'refresh');
      return call.json({ id: changed.id, status: wordOf(changed), redirect_url: changed.connectUrl ?? null });
    })
    .post('/:id/revoke', async (call) => {
      const id = call.req.param('id');
      if ((await accountById(desk, call, id)).status !== 'active') {
        throw new Refusal(409, 'ConnectedAccount_InvalidState', 'Only an ACTIVE connected account can be revoked');
      }
      const changed = await change(desk, call, id, 'revoke');
      return call.json({ revoked_tokens: ['credential'], connected_account: { id, status: wordOf(changed) } });
    });
}

async function list(desk: Desk, call: Call): Promise<object> {
  const users = listed(call, 'user_ids');
  const ids = listed(call, 'connected_account_ids');
  const toolkits = listed(call, 'toolkit_slugs')?.map((slug) => slug.toLowerCase());
  const words = listed(call, 'statuses');
  const configs = listed(call, 'auth_config_ids');
  const foreign = words?.filter((word) => !Object.hasOwn(STATUS, word)) ?? [];
  if (foreign.length > 0) throw refuse.malformed('statuses holds a word that is no status');
  const found = await visible(desk, call, { app: desk.app.id, ...(users ? { users } : {}), ...(ids ? { ids } : {}) });
  const wanted = found
    .filter(({ app }) => toolkits === undefined || toolkits.includes(app))
    .filter((one) => words === undefined || words.includes(wordOf(one)))
    .filter(() => configs === undefined || configs.includes(configOf(desk).id));
  const ordered = call.req.query('order_direction') === 'asc' ? wanted : wanted.toReversed();
  return paged(
    call,
    ordered.map((one) => toAccount(desk, one)),
  );
}

async function link(desk: Desk, call: Call): Promise<object> {
  const body = await bodyOf(call);
  const user = userOf(call, stringAt(body, 'user_id'));
  checkConfig(desk, stringAt(body, 'auth_config_id'));
  const started = await desk.host.directory.connect({ app: desk.app.id, user, ...callbackIn(body) });
  const url = started.url;
  if (url === undefined) throw new Refusal(501, 'HTTP_NotImplemented', started.how);
  return {
    link_token: `lt_${Buffer.from(url).toString('base64url').slice(-24)}`,
    redirect_url: url,
    // guess: links live ten minutes
    expires_at: started.expiresAt ?? new Date(desk.host.now().getTime() + 600_000).toISOString(),
    connected_account_id: started.connection,
  };
}

/** With a key the account is usable at once; without one its user has to finish on the page. */
async function initiate(desk: Desk, call: Call): Promise<object> {
  const body = await bodyOf(call);
  const connection: JsonObject = isObject(body['connection']) ? body['connection'] : {};
  checkConfig(desk, stringAt(body['auth_config'], 'id'));
  // The v3.1 document gives user_id a default, "default".
  const user = userOf(call, stringAt(connection, 'user_id') ?? 'default');
  const key = keyIn(connection['state']);
  const started = await desk.host.directory.connect({
    app: desk.app.id,
    user,
    ...(key === undefined ? {} : { key }),
    ...callbackIn(connection),
  });
  const made = await accountById(desk, call, started.connection);
  const url = started.url ?? null;
  const val = { status: wordOf(made), ...(url === null ? {} : { redirectUrl: url }) };
  return {
    id: made.id,
    connectionData: { authScheme: 'API_KEY', val },
    status: wordOf(made),
    redirect_url: url,
    redirect_uri: url,
    deprecated: { uuid: uuidOf(made.id), authConfigUuid: uuidOf(configOf(desk).id) },
  };
}

function callbackIn(body: JsonObject): { readonly callbackUrl?: string } {
  const callbackUrl = stringAt(body, 'callback_url');
  return callbackUrl === undefined ? {} : { callbackUrl };
}

function keyIn(state: unknown): string | undefined {
  if (state === undefined || state === null) return undefined;
  if (!isObject(state) || state['authScheme'] !== 'API_KEY') throw refuse.malformed('The toolkit takes the auth scheme API_KEY only');
  return stringAt(state['val'], 'generic_api_key') ?? stringAt(state['val'], 'api_key');
}

async function change(
  desk: Desk,
  call: Call,
  id: string,
  what: 'enable' | 'disable' | 'revoke' | 'refresh' | 'delete',
): Promise<Connection> {
  await accountById(desk, call, id);
  const changed = await desk.host.directory.change(id, what).catch((error: unknown) => {
    if (isRouterError(error) && error.code === 'unsupported_operation') throw new Refusal(501, 'HTTP_NotImplemented', error.details.what);
    throw error;
  });
  if (!changed) throw refuse.noAccount();
  return changed;
}

/** user_id is deprecated in answers and still sent; status_reason must be there, or the SDK hands out an unconverted object. */
function toAccount(desk: Desk, connection: Connection): object {
  const { id, app, user, status, checkedAt, createdAt = checkedAt, connectUrl } = connection;
  const word = wordOf(connection);
  return {
    toolkit: { slug: app },
    auth_config: { id: configOf(desk).id, auth_scheme: 'API_KEY', is_composio_managed: false, is_disabled: false },
    id,
    word_id: `${app}_${id.slice(-6).toLowerCase()}`,
    alias: null,
    user_id: user,
    status: word,
    status_reason: reasonOf(connection),
    is_disabled: status === 'disabled',
    created_at: createdAt,
    updated_at: checkedAt,
    state: {
      authScheme: 'API_KEY',
      val: { status: word, ...toSecret(connection), ...(connectUrl === undefined ? {} : { redirectUrl: connectUrl }) },
    },
    data: {},
    test_request_endpoint: '',
    requested_scopes: [],
    experimental: { account_type: 'PRIVATE' },
  };
}

/** Secrets are masked after their first four characters, and every Close key begins with these. */
function toSecret({ status }: Connection): { generic_api_key?: string } {
  return status === 'pending' ? {} : { generic_api_key: 'api_...' };
}

/** A word that this very protocol gave is shown as it was given, also one that nobody knows, unless the status is known better. */
function wordOf({ backend, status, detail }: Connection): string {
  const word = backend === 'composio' ? /^[A-Z][A-Z_]*(?=:|$)/.exec(detail ?? '')?.[0] : undefined;
  return word !== undefined && [status, 'unknown'].includes(fromStatus(word)) ? word : toStatus(status);
}

/** What is left of the detail without the word. */
function reasonOf(connection: Connection): string | null {
  const { status, detail } = connection;
  const word = wordOf(connection);
  const reason = detail?.startsWith(word) ? detail.slice(word.length).replace(/^:\s*/, '') : detail;
  return status === 'active' || !reason ? null : reason;
}

function userOf(call: Call, asked: string | undefined): string {
  const own = call.get('caller').user;
  if (!asked) throw refuse.malformed('user_id must be a non-empty string');
  if (own !== undefined && own !== asked) throw new Refusal(403, 'HTTP_Forbidden', 'This key stands for another user');
  return asked;
}

function checkConfig(desk: Desk, id: string | undefined): void {
  if (!id) throw refuse.malformed('auth_config_id must be a non-empty string');
  if (!desk.configs.has(id)) throw new Refusal(404, 'Auth_Config_NotFound', `Auth config ${id} not found`);
}

/** guess: all accounts are shown under the first auth config; the connections behind the door know of none. */
function configOf(desk: Desk): AuthConfig {
  const [first] = desk.configs.values();
  if (!first) throw new Error('the door has no auth config');
  return first;
}
