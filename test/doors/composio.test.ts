import { AuthScheme } from '@composio/core';
import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import { done, openDoor } from './composio-stage.ts';

const EXECUTE = '/tools/execute/CLOSE_WHO_AM_I';

describe('connected accounts, seen by the real SDK', () => {
  it('are listed by user, in a shape that it takes without a warning', async () => {
    await using door = await openDoor();
    door.sandbox.connect('composio', 'bob');
    const { items, nextCursor } = await door.composio.connectedAccounts.list({ userIds: ['ada'], toolkitSlugs: ['close'] });
    expect(nextCursor).toBeNull();
    // Converted names prove that the SDK's own schema accepted the object; it hands out the raw one otherwise.
    expect(items).toMatchObject([
      { id: door.account, status: 'ACTIVE', statusReason: null, toolkit: { slug: 'close' }, isDisabled: false },
    ]);
    expect(items[0]).not.toHaveProperty('user_id');
  });

  it('still carry the user id on the wire, deprecated as it is, and never a secret', async () => {
    await using door = await openDoor();
    const { body } = await door.fetch('GET', `/connected_accounts/${door.account}`);
    expect(body).toMatchObject({ user_id: 'ada', params: {}, state: { val: { generic_api_key: 'api_...' } } });
    expect(JSON.stringify(body)).not.toContain('api_ada');
  });

  it.each([
    ['?user_ids=ada,bob', 3],
    ['?user_ids=bob', 2],
    ['?user_ids=nobody', 0],
    ['?user_ids=ada&statuses=EXPIRED,FAILED', 0],
    ['?statuses=EXPIRED', 1],
    ['?toolkit_slugs=CLOSE', 3],
    ['?toolkit_slugs=gmail', 0],
    ['?auth_config_ids=ac_close', 3],
    ['?auth_config_ids=ac_other', 0],
  ])('are filtered by %s', async (query, count) => {
    await using door = await openDoor();
    door.sandbox.connect('composio', 'bob');
    door.sandbox.change('composio', door.sandbox.connect('composio', 'bob').id, { status: 'expired' });
    expect((await door.fetch('GET', `/connected_accounts${query}`)).body.total_items).toBe(count);
  });

  it('come in pages, newest first, and all of them once', async () => {
    await using door = await openDoor();
    const made = [door.account, ...[1, 2, 3, 4].map(() => door.sandbox.connect('composio', 'ada').id)];
    const found: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await door.composio.connectedAccounts.list({ userIds: ['ada'], limit: 2, ...(cursor ? { cursor } : {}) });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(found).toEqual(made.toReversed());
  });

  it.each([
    ['pending', 'INITIATED'],
    ['expired', 'EXPIRED'],
    ['revoked', 'REVOKED'],
    ['failed', 'FAILED'],
    ['disabled', 'INACTIVE'],
  ] as const)('that are %s are %s, and run nothing', async (status, word) => {
    await using door = await openDoor();
    door.sandbox.change('composio', door.account, { status });
    expect((await door.fetch('GET', `/connected_accounts/${door.account}`)).body.status).toBe(word);
    const { status: http, body } = await door.fetch('POST', EXECUTE, {
      user_id: 'ada',
      connected_account_id: door.account,
      version: 'latest',
    });
    expect([http, body.error.code, body.error.slug]).toEqual([400, 1803, 'ActionExecute_ConnectedAccountNotFound']);
    expect(door.stage.calls).toEqual([]);
  });

  it('can be given a state that nobody knows', async () => {
    await using door = await openDoor();
    door.sandbox.change('composio', door.account, { status: 'unknown', detail: 'HIBERNATING: for the winter' });
    expect((await door.fetch('GET', `/connected_accounts/${door.account}`)).body).toMatchObject({
      status: 'HIBERNATING',
      status_reason: 'for the winter',
    });
  });

  it('are switched off and on, refreshed, revoked and deleted', async () => {
    await using door = await openDoor();
    const { connectedAccounts } = door.composio;
    const status = async () => (await connectedAccounts.get(door.account)).status;
    await connectedAccounts.disable(door.account);
    expect(await status()).toBe('INACTIVE');
    await connectedAccounts.enable(door.account);
    expect(await status()).toBe('ACTIVE');
    expect(await connectedAccounts.refresh(door.account)).toEqual({ id: door.account, status: 'ACTIVE', redirect_url: null });
    expect((await door.fetch('POST', `/connected_accounts/${door.account}/revoke`)).body).toEqual({
      revoked_tokens: ['credential'],
      connected_account: { id: door.account, status: 'REVOKED' },
    });
    expect((await door.fetch('POST', `/connected_accounts/${door.account}/revoke`)).status).toBe(409);
    await connectedAccounts.delete(door.account);
    await expect(connectedAccounts.get(door.account)).rejects.toMatchObject({ status: 404 });
  });

  it('are made by link, and waited for', async () => {
    await using door = await openDoor();
    const request = await door.composio.connectedAccounts.link('carol', 'ac_close', { callbackUrl: 'https://ours.example/back' });
    expect(request.status).toBe('INITIATED');
    expect((await door.composio.connectedAccounts.get(request.id)).status).toBe('INITIATED');
    door.sandbox.complete(request.redirectUrl ?? '');
    expect((await request.waitForConnection(10_000)).status).toBe('ACTIVE');
    const result = await door.composio.tools.execute('CLOSE_WHO_AM_I', { userId: 'carol', arguments: {}, version: '20260915_00' });
    expect(result.successful).toBe(true);
  });

  it('are made with a key, and usable at once', async () => {
    await using door = await openDoor();
    const config = AuthScheme.APIKey({ generic_api_key: 'api_ada' });
    const request = await door.composio.connectedAccounts.initiate('dora', 'ac_close', { config });
    expect((await request.waitForConnection(10_000)).status).toBe('ACTIVE');
  });

  it('that were declined end the wait', async () => {
    await using door = await openDoor();
    const request = await door.composio.connectedAccounts.link('carol', 'ac_close');
    door.sandbox.complete(request.redirectUrl ?? '', 'decline');
    await expect(request.waitForConnection(10_000)).rejects.toThrow(/FAILED|failed/);
  });

  it('are not made under an auth config that is not there', async () => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('POST', '/connected_accounts/link', { auth_config_id: 'ac_nope', user_id: 'carol' });
    expect([status, body.error.status]).toEqual([404, 404]);
  });
});

describe('whose account a tool runs with', () => {
  it('is the one that was named', async () => {
    await using door = await openDoor();
    const other = door.sandbox.connect('composio', 'ada');
    const { status } = await door.fetch('POST', EXECUTE, { user_id: 'ada', connected_account_id: other.id, version: 'latest' });
    expect(status).toBe(200);
  });

  it.each([
    ['another user’s', { user_id: 'bob' }],
    ['one that is not there', { connected_account_id: 'ca_nope' }],
  ])('is never %s', async (_, given) => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('POST', EXECUTE, { connected_account_id: door.account, version: 'latest', ...given });
    expect([status, body.error.code]).toEqual([400, 1803]);
    expect(door.stage.calls).toEqual([]);
  });

  it('has to be said', async () => {
    await using door = await openDoor();
    expect((await door.fetch('POST', EXECUTE, { version: 'latest' })).status).toBe(400);
  });

  it('without a connection is what the SDK calls not found', async () => {
    await using door = await openDoor();
    const call = door.composio.tools.execute('CLOSE_WHO_AM_I', { userId: 'nobody', arguments: {}, version: '20260915_00' });
    await expect(call).rejects.toMatchObject({ name: 'ComposioConnectedAccountNotFoundError' });
  });
});

describe('tools and toolkits, read by the real SDK', () => {
  it('are 14, with schemas that it takes', async () => {
    await using door = await openDoor();
    const tools = await door.composio.tools.getRawComposioTools({ toolkits: ['close'], limit: 50 });
    expect(tools).toHaveLength(14);
    expect(tools.every(({ inputParameters }) => inputParameters?.type === 'object')).toBe(true);
    expect(await door.composio.tools.getRawComposioTools({ tools: ['CLOSE_WHO_AM_I', 'CLOSE_NOPE'] })).toMatchObject([
      { slug: 'CLOSE_WHO_AM_I', version: '20260915_00' },
    ]);
    expect(await door.composio.tools.getRawComposioTools({ search: 'sms' })).toMatchObject([{ slug: 'CLOSE_CREATE_SMS' }]);
    expect((await door.fetch('GET', '/tools/enum')).body).toHaveLength(14);
  });

  it('are fewer at the first release, which is what no version means', async () => {
    await using door = await openDoor();
    expect((await door.fetch('GET', '/tools?toolkit_slug=close&toolkit_versions=20260615_00&limit=50')).body.total_items).toBe(6);
    expect((await door.fetch('GET', '/tools/CLOSE_WHO_AM_I?version=20260615_00')).status).toBe(404);
    expect((await door.fetch('POST', EXECUTE, { user_id: 'ada' })).status).toBe(404);
    expect((await door.fetch('POST', '/tools/execute/CLOSE_GET_NOTE', { user_id: 'ada' })).status).toBe(200);
  });

  it('belong to one toolkit with one auth config', async () => {
    await using door = await openDoor();
    expect(await door.composio.toolkits.get('close')).toMatchObject({ slug: 'close', authConfigDetails: [{ mode: 'API_KEY' }] });
    expect((await door.composio.authConfigs.list({ toolkit: 'close' })).items).toMatchObject([
      {
        id: 'ac_close',
        status: 'ENABLED',
        authScheme: 'API_KEY',
        noOfConnections: (await door.composio.connectedAccounts.list()).items.length,
      },
    ]);
    const made = await door.composio.authConfigs.create('close', {
      type: 'use_custom_auth',
      name: 'second',
      authScheme: 'API_KEY',
      credentials: {},
    });
    expect(await door.composio.authConfigs.get(made.id)).toMatchObject({ id: made.id, name: 'second', noOfConnections: 0 });
  });

  it.each([
    '/tools/CLOSE_NOPE',
    '/toolkits/gmail',
    '/auth_configs/ac_nope',
    '/connected_accounts/ca_nope',
    '/nope',
  ])('%s is not there', async (path) => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('GET', path);
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ message: expect.any(String), code: expect.any(Number), slug: expect.any(String), status: 404 });
  });
});

describe('the proxy', () => {
  const through = async (
    door: Awaited<ReturnType<typeof openDoor>>,
    endpoint: string,
    method: 'GET' | 'POST' | 'DELETE' | 'PATCH' = 'GET',
    body?: unknown,
  ) => door.composio.tools.proxyExecute({ endpoint, method, connectedAccountId: door.account, ...(body === undefined ? {} : { body }) });

  it('reads the app’s own request as a canonical call, and answers as the app would', async () => {
    await using door = await openDoor();
    const reply = await door.composio.tools.proxyExecute({
      endpoint: '/lead/lead_1/',
      method: 'GET',
      connectedAccountId: door.account,
      parameters: [{ in: 'query', name: '_fields', value: 'id,name' }],
    });
    expect(reply).toMatchObject({
      status: 200,
      data: { id: 'lead_1', 'custom.cf_one': 'x' },
      headers: { ratelimit: 'limit=100, remaining=99, reset=1' },
    });
    expect(door.stage.calls).toEqual([{ operation: 'close.lead.get', input: { lead_id: 'lead_1', fields: ['id', 'name'] } }]);
  });

  it.each([
    ['/lead/lead_1/?_fields=id', { operation: 'close.lead.get', input: { lead_id: 'lead_1', fields: ['id'] } }],
    ['/lead/lead_1', { operation: 'close.lead.get', input: { lead_id: 'lead_1' } }],
    ['https://api.close.com/api/v1/lead/lead_1/', { operation: 'close.lead.get', input: { lead_id: 'lead_1' } }],
  ])('understands %s', async (endpoint, call) => {
    await using door = await openDoor();
    await through(door, endpoint);
    expect(door.stage.calls).toEqual([call]);
  });

  it('carries a body, custom fields flat as the app spells them', async () => {
    await using door = await openDoor();
    await through(door, '/lead/', 'POST', { name: 'N', 'custom.cf_one': 1 });
    expect(door.stage.calls).toEqual([{ operation: 'close.lead.create', input: { name: 'N', custom: { cf_one: 1 } } }]);
  });

  it('answers a delete with an empty object', async () => {
    await using door = await openDoor();
    door.stage.answer = () => done({ deleted: true });
    expect(await through(door, '/activity/call/acti_1/', 'DELETE')).toMatchObject({ status: 200, data: {} });
  });

  it.each([
    ['/nowhere/', 'GET', 404],
    ['/lead/lead_1/', 'PATCH', 405],
  ] as const)('answers %s %s with the app’s %i, and runs nothing', async (endpoint, method, status) => {
    await using door = await openDoor();
    expect(await through(door, endpoint, method)).toMatchObject({ status });
    expect(door.stage.calls).toEqual([]);
  });

  it.each([
    'https://evil.example/api/v1/lead/lead_1/',
    '/lead/../me/',
    '/lead/%2e%2e/',
    '/\\..\\x',
  ])('refuses %s itself, and runs nothing', async (endpoint) => {
    await using door = await openDoor();
    await expect(through(door, endpoint)).rejects.toMatchObject({ status: 400, error: { error: { slug: 'HTTP_BadRequest' } } });
    expect(door.stage.calls).toEqual([]);
  });

  it('gives the app’s refusal in the app’s own body', async () => {
    await using door = await openDoor();
    const fields = [{ path: 'name', problem: 'too long' }];
    door.stage.answer = () => ({ ok: false, error: new RouterError('rejected', { what: 'no', next: 'Look.', status: 400, fields }) });
    expect(await through(door, '/lead/', 'POST', { name: 'N' })).toMatchObject({
      status: 400,
      data: { 'field-errors': { name: expect.any(String) } },
    });
  });

  it('throws what is not the app’s', async () => {
    await using door = await openDoor();
    door.sandbox.change('composio', door.account, { status: 'expired' });
    await expect(through(door, '/me/')).rejects.toMatchObject({ status: 400 });
    expect(door.stage.calls).toEqual([]);
  });
});

describe('the door', () => {
  it.each(['', 'ak_wrong'])('takes no key %j', async (key) => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('GET', '/connected_accounts', undefined, { 'x-api-key': key });
    expect([status, body.error.status]).toEqual([401, 401]);
  });

  it('still answers at /api/v3', async () => {
    await using door = await openDoor();
    const reply = await fetch(`${door.url}/api/v3/tools/enum`, { headers: { 'x-api-key': door.key } });
    expect(reply.status).toBe(200);
  });

  it.each(['{"user_id":', '[]', '"x"', 'null'])('refuses the body %s', async (body) => {
    await using door = await openDoor();
    expect((await door.fetch('POST', EXECUTE, body)).status).toBe(400);
  });

  it.each(['?limit=0', '?limit=x', '?cursor=nonsense', '?statuses=GONE'])('refuses the query %s', async (query) => {
    await using door = await openDoor();
    expect((await door.fetch('GET', `/connected_accounts${query}`)).status).toBe(400);
  });
});
