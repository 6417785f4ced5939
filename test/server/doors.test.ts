import { Composio } from '@composio/core';
import { MembraneClient } from '@membranehq/sdk';
import { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import { CLOSE_TOOLKIT_VERSION } from '../../adapters/composio/adapter.ts';
import { serve } from '../../src/server/host.ts';
import { startServing } from '../../src/server/serving.ts';
import { ADA_KEY, ANY_KEY, openDoors } from './stage.ts';

const composioAt = (baseURL: string, apiKey = ANY_KEY): Composio =>
  new Composio({ apiKey, baseURL, allowTracking: false, disableVersionCheck: true });
const execute = (composio: Composio, name: string, more: { readonly userId?: string; readonly connectedAccountId?: string } = {}) =>
  composio.tools.execute('CLOSE_CREATE_LEAD', { userId: 'ada', arguments: { name }, version: CLOSE_TOOLKIT_VERSION, ...more });
const meOver = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/me/`, { headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` } });

describe('a key', () => {
  it.each(['a wrong key', '', 'door-key-of-ada-012345678', `${ADA_KEY}x`])('that is wrong opens no door: %j', async (key) => {
    const { at, world } = await openDoors(['rest']);
    expect((await meOver(at('rest'), key)).status).toBe(401);
    expect((await fetch(`${at('composio')}/api/v3.1/connected_accounts`, { headers: { 'x-api-key': key } })).status).toBe(401);
    const membrane = new MembraneClient({ workspaceKey: 'any', workspaceSecret: key || 'none', tenantKey: 'ada', apiUri: at('membrane') });
    await expect(membrane.connections.find({})).rejects.toMatchObject({ data: { key: 'not_authenticated' } });
    const token = await fetch(`${at('scalekit')}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'any', client_secret: key }),
    });
    expect(token.status).toBe(401);
    expect(world.ledger()).toEqual([]);
  });

  it('of one user acts for nobody else', async () => {
    const { at, sandbox } = await openDoors(['composio']);
    sandbox.connect('composio', 'bob');
    const own = composioAt(at('composio'), ADA_KEY);
    expect(await execute(own, 'Hers')).toMatchObject({ successful: true });
    await expect(execute(own, 'His', { userId: 'bob' })).rejects.toMatchObject({ statusCode: 404 });
    expect((await own.connectedAccounts.list({ userIds: ['bob'] })).items).toEqual([]);
    const membrane = new MembraneClient({ workspaceKey: 'any', workspaceSecret: ADA_KEY, tenantKey: 'bob', apiUri: at('membrane') });
    await expect(membrane.connections.find({})).rejects.toMatchObject({ data: { key: 'not_authenticated' } });
    const scalekit = new ScalekitClient(at('scalekit'), 'any', ADA_KEY);
    await expect(
      scalekit.actions.executeTool({ toolName: 'close_lead_create', toolInput: { name: 'His' }, identifier: 'bob', connector: 'close' }),
    ).rejects.toMatchObject({ httpStatus: expect.any(Number) });
  });

  it('of the project acts for the user that the request names, and cannot open the app’s own API, which names none', async () => {
    const { at, sandbox, world } = await openDoors(['composio']);
    sandbox.connect('composio', 'bob');
    const any = composioAt(at('composio'));
    expect(await execute(any, 'Hers')).toMatchObject({ successful: true });
    expect(await execute(any, 'His', { userId: 'bob' })).toMatchObject({ successful: true });
    expect(world.ledger()).toHaveLength(2);
    expect((await meOver(at('rest'), ANY_KEY)).status).toBe(401);
    expect((await meOver(at('rest'), ADA_KEY)).status).toBe(200);
  });

  it('is made for the run when none is configured, and only then shown', async () => {
    const made = await openDoors(['rest'], { keys: {} });
    const { rest, composio } = made.serving.ready.backends;
    expect((await meOver(made.at('rest'), rest?.['apiKey'] ?? '')).status).toBe(200);
    expect(await execute(composioAt(made.at('composio'), composio?.['apiKey']), 'Made')).toMatchObject({ successful: true });
    const configured = await openDoors(['rest']);
    expect(JSON.stringify(configured.serving.ready)).not.toMatch(/door-key/);
  });

  it('is needed before anybody else can reach the doors, and tells two users apart', async () => {
    const parts = { doors: {}, serve, port: 0, app: 'close', linking: [], user: 'ada', users: [], now: () => new Date() };
    const nobody = {
      executor: { run: () => Promise.reject(new Error('asked')) },
      connections: { recent: async () => [], refresh: async () => [], connect: () => Promise.reject(new Error('asked')) },
    };
    await expect(startServing({ ...parts, ...nobody, keys: {}, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'configuration' });
    await expect(startServing({ ...parts, ...nobody, keys: { ada: [ADA_KEY], bob: [ADA_KEY] } })).rejects.toMatchObject({
      code: 'configuration',
      message: expect.not.stringContaining(ADA_KEY),
    });
  });
});

describe('the connections behind a door', () => {
  it('are those of every backend, under ids that the door’s own protocol takes', async () => {
    const { at } = await openDoors(['rest', 'membrane', 'scalekit', 'composio']);
    const list = async () => (await composioAt(at('composio')).connectedAccounts.list({ userIds: ['ada'] })).items;
    const [once, again] = [await list(), await list()];
    expect(once.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect(again.map(({ id }) => id)).toEqual(once.map(({ id }) => id));
    for (const { id } of once) expect(id).toMatch(/^ca_\w{1,29}$/);
    const scalekit = new ScalekitClient(at('scalekit'), 'any', ANY_KEY);
    const { connectedAccounts } = await scalekit.actions.listConnectedAccounts({ connectionName: 'close', identifier: 'ada' });
    expect(connectedAccounts).toHaveLength(4);
  });

  it('are used when they are named, and nothing else is', async () => {
    const { at, core, world, sandbox } = await openDoors(['rest', 'membrane']);
    const composio = composioAt(at('composio'));
    const accounts = (await composio.connectedAccounts.list({ userIds: ['ada'] })).items;
    const routes: (string | undefined)[] = [];
    for (const { id } of accounts) {
      await execute(composio, 'Named', { connectedAccountId: id });
      const [entry] = await core.journal.list({ limit: 1 });
      routes.push(entry?.receipt.route?.backend);
    }
    expect(routes.toSorted()).toEqual(['membrane', 'rest']);
    const [dead] = await sandbox.connections('membrane');
    sandbox.change('membrane', dead?.id ?? '', { status: 'expired' });
    await core.router.connections.list({ app: 'close', user: 'ada' });
    const written = world.ledger().length;
    for (const id of [accounts[routes.indexOf('membrane')]?.id ?? '', 'ca_nobodyhasthisone']) {
      await expect(execute(composio, 'Nowhere', { connectedAccountId: id })).rejects.toMatchObject({ statusCode: 404 });
    }
    expect(world.ledger()).toHaveLength(written);
  });

  it.each([
    'composio',
    'membrane',
    'scalekit',
  ] as const)('are made by a link of %s, waited for and used, all by Composio’s own client', async (backend) => {
    const { at, sandbox, core } = await openDoors([backend]);
    const composio = composioAt(at('composio'));
    const request = await composio.connectedAccounts.link('carol', 'ac_close');
    expect(request.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect((await composio.connectedAccounts.get(request.id)).status).toBe('INITIATED');
    await expect(execute(composio, 'Too early', { userId: 'carol' })).rejects.toMatchObject({ statusCode: 404 });
    sandbox.complete(request.redirectUrl ?? '');
    expect(await request.waitForConnection(15_000)).toMatchObject({ id: request.id, status: 'ACTIVE' });
    expect(await execute(composio, 'In time', { userId: 'carol', connectedAccountId: request.id })).toMatchObject({ successful: true });
    const [entry] = await core.journal.list({ limit: 1 });
    expect(entry?.receipt).toMatchObject({ user: 'carol', route: { backend } });
  });

  it('are switched and deleted where they live, not here', async () => {
    const { at, sandbox } = await openDoors(['composio']);
    const composio = composioAt(at('composio'));
    const [first] = (await composio.connectedAccounts.list({ userIds: ['ada'] })).items;
    await expect(composio.connectedAccounts.delete(first?.id ?? '')).rejects.toMatchObject({ status: 501 });
    expect(await sandbox.connections('composio')).toMatchObject([{ status: 'active' }]);
  });
});
