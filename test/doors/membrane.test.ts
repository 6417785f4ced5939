import * as sdk from '@membranehq/sdk';
import { describe, expect, it } from 'vitest';
import type { ConnectionStatus } from '../../src/contract/connection.ts';
import { inAnHour, type Opened, openDoor } from './membrane-stage.ts';

const schemaOf = { connection: sdk.ConnectionApiResponse, request: sdk.ConnectionRequest, integration: sdk.IntegrationApiResponse };

async function rejected(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'resolved',
    (error: unknown) => error,
  );
}

describe('who calls', () => {
  const claims = (door: Opened) => ({
    old: { iss: door.workspaceKey, id: 'ada', name: 'Ada', fields: {}, exp: inAnHour() },
    middle: { workspaceKey: door.workspaceKey, id: 'ada', name: 'Ada' },
    current: { workspaceKey: door.workspaceKey, tenantKey: 'ada', exp: inAnHour() },
  });

  it.each(['HS256', 'HS384', 'HS512'] as const)('is told by a token of any generation, signed with %s', async (algorithm) => {
    await using door = await openDoor();
    for (const one of Object.values(claims(door))) {
      const { status, body } = await door.fetch('GET', '/self', undefined, door.token(one, algorithm));
      expect([status, body]).toEqual([
        200,
        { id: expect.stringMatching(/^[0-9a-f]{24}$/), name: 'ada', internalId: 'ada', workspaceKey: door.workspaceKey },
      ]);
      expect(sdk.TenantSelfResponse.safeParse(body).success).toBe(true);
    }
  });

  it.each([
    ['signed with another secret', (door: Opened) => door.token(claims(door).current, 'HS256', 'another')],
    ['of another workspace', (door: Opened) => door.token({ ...claims(door).current, workspaceKey: 'other' })],
    ['that has expired', (door: Opened) => door.token({ ...claims(door).current, exp: inAnHour() - 3601 })],
    ['without signature', (door: Opened) => door.token(claims(door).current).replace(/[^.]+$/, '')],
    ['that is no token', () => 'pat-123'],
  ])('is not told by a token %s', async (_, token) => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('GET', '/connections', undefined, token(door));
    expect([status, body]).toMatchObject([401, { type: 'bad_request', key: 'not_authenticated', message: expect.any(String) }]);
  });

  it('is a tenant who sees no other tenant, or an administrator who sees all and acts for none', async () => {
    await using door = await openDoor();
    const bobs = door.sandbox.connect('membrane', 'bob').id;
    expect((await door.client().connections.find()).items.map(({ id }) => id)).toEqual([door.connection]);
    expect(await rejected(door.client().connection(bobs).get())).toMatchObject({
      isMembraneError: true,
      data: { type: 'bad_request', key: 'not_found' },
    });
    const admin = door.token({ iss: door.workspaceKey, isAdmin: true, exp: inAnHour() });
    expect((await door.fetch('GET', '/connections', undefined, admin)).body.items).toHaveLength(2);
    expect((await door.fetch('POST', '/connection-requests', { integrationKey: 'close' }, admin)).status).toBe(403);
  });
});

describe('connections, seen by the real SDK', () => {
  it.each([
    'active',
    'pending',
    'expired',
    'revoked',
    'failed',
    'disabled',
    'unknown',
  ] as const)('that are %s have the shape that it promises', async (status) => {
    await using door = await openDoor();
    door.sandbox.change('membrane', door.connection, { status });
    const found = await door.client().connection(door.connection).get();
    expect(schemaOf.connection.safeParse(found).error).toBeUndefined();
    expect(found).toMatchObject({ id: door.connection, integration: { key: 'close' }, user: { internalId: 'ada' } });
    expect(JSON.stringify(found)).not.toContain('api_ada');
  });

  const WORDS: readonly (readonly [ConnectionStatus, string, string])[] = [
    ['pending', 'BUILDING', 'BUILDING'],
    ['pending', 'SETUP_IN_PROGRESS', 'SETUP_IN_PROGRESS'],
    ['failed', 'CONFIGURATION_ERROR: bad field', 'CONFIGURATION_ERROR'],
    ['failed', 'ERROR', 'ERROR'],
    ['expired', 'DISCONNECTED', 'DISCONNECTED'],
    ['expired', 'NOT_CONFIGURED', 'NOT_CONFIGURED'],
    ['revoked', 'DISCONNECTING', 'DISCONNECTING'],
    ['unknown', 'HIBERNATING', 'HIBERNATING'],
    // A word that says something else than what is known is not shown.
    ['expired', 'BUILDING', 'READY'],
    ['active', 'DISCONNECTED', 'READY'],
  ];

  it.each(WORDS)('that are %s by the word %j show %s, and our adapter reads them back', async (status, detail, state) => {
    await using door = await openDoor();
    door.sandbox.change('membrane', door.connection, { status, detail });
    expect((await door.fetch('GET', `/connections/${door.connection}`)).body.state).toBe(state);
    expect(await door.adapter().connections({ app: 'close', user: 'ada' }, AbortSignal.timeout(20_000))).toMatchObject([{ status }]);
  });

  it.each([
    ['', 3],
    ['?integrationKey=close', 3],
    ['?integrationKey=hubspot', 0],
    ['?connected=true', 2],
    ['?disconnected=true', 1],
    ['?search=close', 3],
    ['?search=nothing', 0],
    ['?isTest=true', 0],
    ['?limit=2', 2],
    ['?limit=2&cursor=2', 1],
    ['?cursor=0', 3],
  ])('are filtered by %s', async (query, count) => {
    await using door = await openDoor();
    door.sandbox.connect('membrane', 'ada');
    door.sandbox.change('membrane', door.sandbox.connect('membrane', 'ada').id, { status: 'expired' });
    const { body } = await door.fetch('GET', `/connections${query}`);
    expect(body.items).toHaveLength(count);
    expect(sdk.createPaginationResponseSchema(sdk.ConnectionApiResponse).safeParse(body).success).toBe(true);
  });

  it.each(['?limit=0', '?limit=1001', '?limit=x', '?cursor=-1', '?cursor=abc'])('are not paged by %s', async (query) => {
    await using door = await openDoor();
    expect(await door.fetch('GET', `/connections${query}`)).toMatchObject({ status: 400, body: { type: 'bad_request' } });
  });

  it('come in pages, all of them once', async () => {
    await using door = await openDoor();
    const made = [door.connection, ...[1, 2, 3, 4].map(() => door.sandbox.connect('membrane', 'ada').id)];
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await door.client().connections.find({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.items.map(({ id }) => id));
      ({ cursor } = page);
    } while (cursor);
    expect(found).toEqual(made);
  });

  it('answer to their id, to a key that was given, and to the integration when there is only one', async () => {
    await using door = await openDoor();
    const client = door.client();
    await client.connection(door.connection).patch({ key: 'main', name: 'Our Close' });
    for (const selector of [door.connection, 'main', 'close'])
      expect(await client.connection(selector).get()).toMatchObject({ id: door.connection, name: 'Our Close', key: 'main' });
    door.sandbox.connect('membrane', 'ada');
    expect(await rejected(client.connection('close').get())).toMatchObject({ data: { key: 'not_found' } });
  });

  it('are made with a key, or by a link', async () => {
    await using door = await openDoor();
    const client = door.client('carol');
    expect(await client.connections.create({ integrationKey: 'close', credentials: { apiKey: 'api_ada' } })).toMatchObject({
      state: 'READY',
      connected: true,
    });
    const asked = await client.connections.create({ integrationKey: 'close' });
    expect(asked).toMatchObject({
      state: 'CLIENT_ACTION_REQUIRED',
      clientAction: { type: 'connect', uiUrl: expect.stringMatching(/^http/) },
    });
    expect(await rejected(client.connections.create({ integrationKey: 'hubspot' }))).toMatchObject({ data: { key: 'not_found' } });
  });

  it('are refreshed, tested, disconnected and archived', async () => {
    await using door = await openDoor();
    const connection = door.client().connection(door.connection);
    expect(await connection.refreshCredentials()).toBe('');
    expect((await door.fetch('POST', `/connections/${door.connection}/test`)).body).toEqual({ success: true });
    expect((await door.fetch('POST', `/connections/${door.connection}/disconnect`)).status).toBe(204);
    expect((await door.fetch('POST', `/connections/${door.connection}/test`)).body).toEqual({ success: false });
    expect(await rejected(connection.refreshCredentials())).toMatchObject({ data: { type: 'connection', key: 'connection_is_defunct' } });
    await connection.archive();
    expect((await door.client().connections.find()).items).toEqual([]);
  });

  it('are waited for while they are being built', async () => {
    await using door = await openDoor();
    door.sandbox.change('membrane', door.connection, { status: 'pending', detail: 'BUILDING' });
    const waiting = door.fetch('GET', `/connections/${door.connection}?wait=true&timeout=20`);
    door.sandbox.change('membrane', door.connection, { status: 'active', detail: null });
    expect((await waiting).body.state).toBe('READY');
  });

  it('are ensured by the address of the app: the one that is there, or a new one', async () => {
    await using door = await openDoor();
    const ensure = (tenant: string, appUrl: string) => door.client(tenant).post('/connections/ensure', { appUrl });
    for (const url of ['close.com', 'https://app.close.com/x', 'www.close.com'])
      expect(await ensure('ada', url)).toMatchObject({ id: door.connection, state: 'READY' });
    const made = await ensure('carol', 'close.com');
    expect(made).toMatchObject({ state: 'CLIENT_ACTION_REQUIRED' });
    expect(await ensure('carol', 'close.com')).toMatchObject({ id: made.id });
    // What the SDK's own schema of the request refuses is refused here too.
    for (const url of ['', 'close', '127.0.0.1', 'http://10.0.0.1/']) {
      expect(sdk.EnsureConnectionRequest.safeParse({ appUrl: url }).success).toBe(false);
      expect(await rejected(ensure('ada', url))).toMatchObject({ data: { type: 'bad_request' } });
    }
    expect(await rejected(ensure('ada', 'notclose.com'))).toMatchObject({ data: { type: 'configuration' } });
  });
});

describe('a request for a connection', () => {
  it('gives a link, and tells what became of it', async () => {
    await using door = await openDoor();
    const client = door.client('carol');
    const made = await client.post('/connection-requests', { integrationKey: 'close', name: 'Mine' });
    expect(schemaOf.request.safeParse(made).error).toBeUndefined();
    expect(made).toMatchObject({ status: 'pending', integrationKey: 'close', name: 'Mine' });
    door.sandbox.complete(made.url);
    const finished = await client.get(`/connection-requests/${made.requestId}`);
    expect(finished).toMatchObject({ status: 'success', resultConnectionId: (await client.connections.find()).items[0]?.id });
    expect(await rejected(door.client('ada').get(`/connection-requests/${made.requestId}`))).toMatchObject({ data: { key: 'not_found' } });
  });

  it('that the user declines is an error', async () => {
    await using door = await openDoor();
    const made = await door.client('carol').post('/connection-requests', { connectorKey: 'close' });
    door.sandbox.complete(made.url, 'decline');
    expect(await door.client('carol').get(`/connection-requests/${made.requestId}`)).toMatchObject({
      status: 'error',
      resultError: { message: expect.any(String) },
    });
  });

  it('authorises a connection anew', async () => {
    await using door = await openDoor();
    door.sandbox.change('membrane', door.connection, { status: 'expired' });
    const made = await door.client().post('/connection-requests', { connectionId: door.connection });
    door.sandbox.complete(made.url);
    expect(await door.client().connection(door.connection).get()).toMatchObject({ state: 'READY', connected: true });
  });

  it.each([
    [{}, undefined],
    [{ integrationKey: 'hubspot' }, 'not_found'],
    [{ connectionId: 'nobody' }, 'not_found'],
  ])('of %j is refused', async (body, key) => {
    await using door = await openDoor();
    const error = await rejected(door.client().post('/connection-requests', body));
    expect(error).toMatchObject({ data: { type: 'bad_request', ...(key === undefined ? {} : { key }) } });
  });
});

describe('the workspace', () => {
  it('has one integration, by its id and its key', async () => {
    await using door = await openDoor();
    const { items } = await door.client().integrations.find();
    expect(items).toMatchObject([{ key: 'close', name: 'Close' }]);
    expect(schemaOf.integration.safeParse(items[0]).error).toBeUndefined();
    expect(
      await door
        .client()
        .integration(items[0]?.id ?? '')
        .get(),
    ).toMatchObject({ key: 'close' });
    expect(await door.client().integrations.findAll()).toHaveLength(1);
    expect(await rejected(door.client().integration('hubspot').get())).toMatchObject({ data: { key: 'not_found' } });
  });

  it('is searched by words, as the public skill begins', async () => {
    await using door = await openDoor();
    const { body } = await door.fetch('GET', '/search?q=close&elementType=connector');
    expect(body.items).toMatchObject([{ elementType: 'connector', element: { key: 'close', id: expect.any(String) } }]);
    expect(sdk.createPaginationResponseSchema(sdk.WorkspaceElementSearchResult).safeParse(body).success).toBe(true);
    expect((await door.fetch('GET', '/search?q=create+lead&elementType=action')).body.items).toMatchObject([
      { element: { key: 'create-lead' } },
    ]);
  });

  it('is searched by meaning too, and answers a bare list, best first', async () => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('GET', '/semantic-search?q=please+create+a+new+lead&elementType=action&limit=3');
    expect([status, body.length]).toEqual([200, 3]);
    expect(body[0]).toMatchObject({ elementType: 'action', element: { key: 'create-lead' } });
    for (const one of body) expect(sdk.WorkspaceElementSearchResult.safeParse(one).success).toBe(true);
    expect((await door.fetch('GET', '/semantic-search?q=zzzz')).body).toEqual([]);
  });

  it.each(['/search', '/semantic-search'])('%s takes 1 to 200 characters and at most 100 results', async (path) => {
    await using door = await openDoor();
    for (const query of ['', '?q=', `?q=${'x'.repeat(201)}`, '?q=lead&limit=101', '?q=lead&limit=0', '?q=lead&cursor=x'])
      expect(await door.fetch('GET', `${path}${query}`)).toMatchObject({ status: 400, body: { type: 'bad_request' } });
  });

  it('has no other paths, and says so as Membrane does', async () => {
    await using door = await openDoor();
    for (const path of ['/flows', '/org-workspaces', '/connections/x/flows'])
      expect(await door.fetch('GET', path)).toMatchObject({ status: 404, body: { type: 'bad_request', key: 'not_found' } });
    expect((await door.fetch('POST', '/connection-options', {})).body).toEqual([{ key: 'default', type: 'membrane-token' }]);
    expect((await door.fetch('PATCH', '/self', { credentials: {} })).status).toBe(200);
  });

  it.each(['{', '[]', '"x"', 'null'])('takes no body like %j', async (body) => {
    await using door = await openDoor();
    expect(await door.fetch('POST', '/act', body)).toMatchObject({ status: 400, body: { type: 'bad_request' } });
  });
});
