import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../src/contract/connection.ts';
import type { DoorHost } from '../../src/contract/door.ts';
import { startTiny, tinyDoor, tinyWorld } from './tiny-sandbox.ts';

const READ = { user: 'ada', operation: 'close.note.list' };
const WRITE = { user: 'ada', operation: 'close.note.create' };
const BACKENDS = ['rest', 'composio', 'membrane', 'scalekit'];

/** A sandbox with one door, and the host that the door was given. */
async function startHosted(backend: string) {
  const hosts: DoorHost[] = [];
  const doors = {
    [backend]: (host: DoorHost) => {
      hosts.push(host);
      return tinyDoor(backend)(host);
    },
  };
  const sandbox = await startTiny({ doors });
  const [host] = hosts;
  if (!host) throw new Error('the door was not opened');
  return { sandbox, host, [Symbol.asyncDispose]: () => sandbox.close() };
}

describe('a sandbox that has just started', () => {
  it('has one active connection of ada on every backend, in its form of id, all of one account', async () => {
    await using sandbox = await startTiny();
    const ids: Record<string, RegExp> = {
      rest: /^rest_[0-9a-f]{16}$/,
      composio: /^ca_[0-9A-Za-z]{12}$/,
      membrane: /^[0-9a-f]{24}$/,
      scalekit: /^ca_[0-9A-Za-z]{12}$/,
    };
    for (const backend of BACKENDS) {
      expect(await sandbox.connections(backend)).toMatchObject([
        { backend, app: 'close', user: 'ada', status: 'active', id: expect.stringMatching(ids[backend] ?? /^$/) },
      ]);
    }
    for (const backend of ['rest', 'composio', 'scalekit']) await sandbox.run(backend, WRITE);
    expect(sandbox.world.notes.map(({ by }) => by)).toEqual(['user_ada', 'user_ada', 'user_ada']);
  });

  it('tells where each backend is and how to get in', async () => {
    await using sandbox = await startTiny();
    expect(sandbox.ready).toEqual({
      user: 'ada',
      backends: {
        rest: { url: `${sandbox.url}/close/api/v1`, apiKey: 'api_ada_secret' },
        composio: { url: `${sandbox.url}/composio`, apiKey: expect.stringMatching(/^ak_/), authConfig: 'ac_close' },
        membrane: { url: `${sandbox.url}/membrane`, workspaceKey: expect.any(String), workspaceSecret: expect.any(String) },
        scalekit: {
          url: `${sandbox.url}/scalekit`,
          clientId: expect.stringMatching(/^skc_/),
          clientSecret: expect.any(String),
          connector: 'close',
        },
      },
    });
  });

  it('has the same ids and credentials for the same seed, and others for another', async () => {
    await using one = await startTiny({ seed: 'a' });
    await using two = await startTiny({ seed: 'a' });
    await using three = await startTiny({ seed: 'b' });
    const shape = async (sandbox: typeof one) => [
      (await sandbox.connections('composio'))[0]?.id,
      sandbox.ready.backends['composio']?.['apiKey'],
    ];
    expect(await shape(one)).toEqual(await shape(two));
    expect(await shape(one)).not.toEqual(await shape(three));
  });

  it('opens only the doors it was given, and says so', async () => {
    await using hosted = await startHosted('composio');
    expect(Object.keys(hosted.sandbox.ready.backends)).toEqual(['composio']);
    expect(() => hosted.sandbox.connections('rest')).toThrow(/no backend rest.*composio/);
  });

  it('refuses a world in which nobody could act', async () => {
    const world = { ...tinyWorld(), keys: () => [] };
    await expect(startTiny({ world })).rejects.toMatchObject({ code: 'configuration' });
  });
});

describe('credentials', () => {
  it.each(BACKENDS)('%s refuses a wrong one', async (backend) => {
    await using sandbox = await startTiny();
    expect((await sandbox.run(backend, READ, 'wrong')).status).toBe(401);
    expect((await sandbox.run(backend, READ, '')).status).toBe(401);
  });

  it('lets every key of the app in at its own REST API, as its own user, and none into another backend', async () => {
    await using sandbox = await startTiny();
    expect((await sandbox.run('rest', { operation: WRITE.operation }, 'api_bob_secret')).status).toBe(200);
    expect(sandbox.world.notes).toEqual([{ id: 1, by: 'user_bob' }]);
    expect((await sandbox.run('composio', READ, 'api_bob_secret')).status).toBe(401);
  });

  it('refuses a REST key whose connection is not active, and one that the app has revoked', async () => {
    await using sandbox = await startTiny();
    const [connection] = await sandbox.connections('rest');
    sandbox.change('rest', connection?.id ?? '', { status: 'revoked' });
    expect((await sandbox.run('rest', READ)).status).toBe(401);
    sandbox.world.revoke('api_bob_secret');
    expect((await sandbox.run('rest', READ, 'api_bob_secret')).status).toBe(401);
  });

  const sign = (claims: object, secret: string, alg = 'HS256'): string => {
    const parts = [{ alg, typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${parts}.${createHmac(alg === 'HS512' ? 'sha512' : 'sha256', secret)
      .update(parts)
      .digest('base64url')}`;
  };

  it('reads the tenant from each generation of Membrane tokens, and only from a signed one', async () => {
    await using hosted = await startHosted('membrane');
    const shown = hosted.sandbox.ready.backends['membrane'];
    const [workspaceKey, workspaceSecret = ''] = [shown?.['workspaceKey'], shown?.['workspaceSecret']];
    const caller = (claims: object, secret = workspaceSecret, alg?: string) => hosted.host.authenticate(sign(claims, secret, alg));
    expect(caller({ iss: workspaceKey, id: 'ada' }, workspaceSecret, 'HS512')).toEqual({ user: 'ada' });
    expect(caller({ workspaceKey, tenantKey: 'ada' })).toEqual({ user: 'ada' });
    expect(caller({ workspaceKey, isAdmin: true })).toEqual({});
    expect(caller({ workspaceKey, tenantKey: 'ada' }, 'other secret')).toBeUndefined();
    expect(caller({ workspaceKey: 'other', tenantKey: 'ada' })).toBeUndefined();
    expect(caller({ workspaceKey, tenantKey: 'ada' }, workspaceSecret, 'none')).toBeUndefined();
    expect(hosted.host.authenticate('a.b.c')).toBeUndefined();
  });
});

describe('a call through a connection', () => {
  it('takes the newest active one of the user when none is named', async () => {
    await using sandbox = await startTiny();
    const second = sandbox.connect('composio', 'ada', 'api_bob_secret');
    await sandbox.run('composio', WRITE);
    sandbox.change('composio', second.id, { status: 'expired' });
    await sandbox.run('composio', WRITE);
    expect(sandbox.world.notes.map(({ by }) => by)).toEqual(['user_bob', 'user_ada']);
  });

  it.each(
    STATUSES.filter((status) => status !== 'active'),
  )('refuses one that is %s, names the status, and does nothing', async (status) => {
    await using sandbox = await startTiny();
    const [connection] = await sandbox.connections('composio');
    sandbox.change('composio', connection?.id ?? '', { status });
    const reply = await sandbox.run('composio', { ...WRITE, connection: connection?.id });
    expect(reply.status).toBe(409);
    expect(await reply.json()).toMatchObject({
      code: 'connection_required',
      message: expect.stringContaining(status),
      details: { connection: connection?.id },
    });
    expect(sandbox.world.notes).toEqual([]);
  });

  it('refuses a user without connection, an unknown connection, and one of somebody else', async () => {
    await using sandbox = await startTiny();
    const [connection] = await sandbox.connections('composio');
    for (const body of [
      { ...WRITE, user: 'bob' },
      { ...WRITE, connection: 'ca_none' },
      { ...WRITE, user: 'bob', connection: connection?.id },
    ]) {
      expect(await (await sandbox.run('composio', body)).json()).toMatchObject({ code: 'connection_required' });
    }
    expect(sandbox.world.notes).toEqual([]);
  });

  it('stays active while the app has revoked its key, and shows it in the call', async () => {
    await using sandbox = await startTiny();
    sandbox.world.revoke('api_ada_secret');
    expect((await sandbox.run('composio', READ)).status).toBe(401);
    expect(await sandbox.connections('composio')).toMatchObject([{ status: 'active' }]);
  });
});

describe('a new connection', () => {
  it('waits behind its link until the user approves on the page', async () => {
    await using hosted = await startHosted('composio');
    const { sandbox, host } = hosted;
    const started = await host.directory.connect({ app: 'close', user: 'zoe' });
    expect(started.url).toMatch(new RegExp(`^${sandbox.url}/__sandbox/connect/[0-9a-f]{32}$`));
    expect(await host.directory.list({ users: ['zoe'] })).toMatchObject([
      { id: started.connection, status: 'pending', connectUrl: started.url },
    ]);

    const page = await (await fetch(started.url ?? '')).text();
    expect(page).toContain('&#60;Acme&#62; (bob)');
    expect(page).not.toContain('api_');
    expect(await host.directory.list({ users: ['zoe'], statuses: ['active'] })).toEqual([]); // looking is not approving

    const done = await fetch(started.url ?? '', { method: 'POST', body: new URLSearchParams({ account: '1', decision: 'approve' }) });
    expect(await done.text()).toContain('active');
    const [connection] = await host.directory.list({ users: ['zoe'] });
    expect(connection).toMatchObject({ status: 'active' });
    expect(connection).not.toHaveProperty('connectUrl');
    await sandbox.run('composio', { ...WRITE, user: 'zoe' });
    expect(sandbox.world.notes).toEqual([{ id: 1, by: 'user_bob' }]);
    expect((await fetch(started.url ?? '', { method: 'POST' })).status).toBe(410); // a link works once
  });

  it('brings the user back to the program that asked, and tells how it went', async () => {
    await using hosted = await startHosted('composio');
    const answer = async (decision: string, callbackUrl: string) => {
      const { url = '', connection } = await hosted.host.directory.connect({ app: 'close', user: 'zoe', callbackUrl });
      const reply = await fetch(url, { method: 'POST', body: new URLSearchParams({ account: '0', decision }), redirect: 'manual' });
      return { status: reply.status, target: reply.headers.get('location'), connection };
    };
    const approved = await answer('approve', 'https://app.example/done?tab=2');
    expect(approved).toMatchObject({
      status: 303,
      target: `https://app.example/done?tab=2&status=success&connected_account_id=${approved.connection}`,
    });
    expect((await answer('decline', 'https://app.example/done')).target).toContain('status=failed');
    expect(await answer('approve', 'javascript:alert(1)')).toMatchObject({ status: 200, target: null });
  });

  it('fails when the user declines', async () => {
    await using hosted = await startHosted('composio');
    const { url = '' } = await hosted.host.directory.connect({ app: 'close', user: 'zoe' });
    expect(hosted.sandbox.complete(url, 'decline')).toMatchObject({ user: 'zoe', status: 'failed' });
  });

  it('cannot be finished after ten minutes of the sandbox clock', async () => {
    await using hosted = await startHosted('composio');
    const { url = '', expiresAt } = await hosted.host.directory.connect({ app: 'close', user: 'zoe' });
    expect(expiresAt).toBe('2026-11-02T09:10:00.000Z');
    hosted.sandbox.world.advance(600_000);
    expect((await fetch(url)).status).toBe(410);
    expect(() => hosted.sandbox.complete(url)).toThrow(/too old/);
  });

  it('is active at once when it comes with a key, right or wrong', async () => {
    await using hosted = await startHosted('composio');
    const { sandbox, host } = hosted;
    await host.directory.connect({ app: 'close', user: 'zoe', key: 'api_wrong' });
    expect(await host.directory.list({ users: ['zoe'] })).toMatchObject([{ status: 'active' }]);
    expect((await sandbox.run('composio', { ...WRITE, user: 'zoe' })).status).toBe(401);
  });

  it('is refused for another app, and for REST without a key', async () => {
    await using hosted = await startHosted('rest');
    await expect(hosted.host.directory.connect({ app: 'gmail', user: 'ada' })).rejects.toMatchObject({ code: 'unsupported_operation' });
    await expect(hosted.host.directory.connect({ app: 'close', user: 'ada' })).rejects.toMatchObject({ code: 'unsupported_operation' });
  });
});

describe('what a backend may do with a connection', () => {
  it.each([
    { from: 'active', change: 'disable', to: 'disabled' },
    { from: 'active', change: 'revoke', to: 'revoked' },
    { from: 'active', change: 'refresh', to: 'active' },
    { from: 'expired', change: 'refresh', to: 'pending' },
    { from: 'expired', change: 'enable', to: 'expired' },
    { from: 'revoked', change: 'refresh', to: 'pending' },
    { from: 'disabled', change: 'enable', to: 'active' },
  ] as const)('$change makes $from $to', async ({ from, change, to }) => {
    await using hosted = await startHosted('composio');
    const { sandbox, host } = hosted;
    const [{ id } = { id: '' }] = await sandbox.connections('composio');
    sandbox.change('composio', id, { status: from });
    expect(await host.directory.change(id, change)).toMatchObject({ id, status: to });
    expect(await sandbox.connections('composio')).toMatchObject([{ id, status: to }]);
  });

  it('enables what it was before it was disabled', async () => {
    await using hosted = await startHosted('composio');
    const [{ id } = { id: '' }] = await hosted.sandbox.connections('composio');
    hosted.sandbox.change('composio', id, { status: 'expired' });
    await hosted.host.directory.change(id, 'disable');
    expect(await hosted.host.directory.change(id, 'enable')).toMatchObject({ status: 'expired' });
  });

  it('deletes for good, and knows no other', async () => {
    await using hosted = await startHosted('composio');
    const { sandbox, host } = hosted;
    const [{ id } = { id: '' }] = await sandbox.connections('composio');
    expect(await host.directory.change(id, 'delete')).toMatchObject({ id });
    expect(await sandbox.connections('composio')).toEqual([]);
    expect(await host.directory.change(id, 'enable')).toBeUndefined();
    expect((await sandbox.run('composio', READ)).status).toBe(409);
  });

  it('lists by user, id and status, oldest first, and shows a word that nobody knows until it is taken away', async () => {
    await using hosted = await startHosted('composio');
    const { sandbox, host } = hosted;
    const [first] = await sandbox.connections('composio');
    const second = sandbox.connect('composio', 'bob');
    sandbox.change('composio', second.id, { status: 'unknown', detail: 'HIBERNATING' });
    const ids = async (query: object) => (await host.directory.list(query)).map(({ id }) => id);
    expect(await ids({})).toEqual([first?.id, second.id]);
    expect(await ids({ users: ['bob'] })).toEqual([second.id]);
    expect(await ids({ ids: [first?.id ?? ''] })).toEqual([first?.id]);
    expect(await ids({ statuses: ['unknown', 'failed'] })).toEqual([second.id]);
    expect(await ids({ app: 'gmail' })).toEqual([]);
    expect(await host.directory.list({ users: ['bob'] })).toMatchObject([{ detail: 'HIBERNATING' }]);
    expect(sandbox.change('composio', second.id, { detail: null })).not.toHaveProperty('detail');
  });
});
