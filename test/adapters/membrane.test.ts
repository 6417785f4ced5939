import { afterEach, describe, expect, it, vi } from 'vitest';
import { json, type Seen } from '../support/scripted-http.ts';
import { action, connection, membraneError, scripted, soon } from './membrane-server.ts';

const ASK = { app: 'close', user: 'ada' };
const claimsOf = ({ headers }: Seen) => JSON.parse(Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString());

afterEach(() => {
  vi.useRealTimers();
});

describe('the connections of a user', () => {
  it('are asked for with a token that names the tenant and holds an hour', async () => {
    await using membrane = await scripted(json({ items: [connection()] }));
    expect(await membrane.adapter().connections(ASK, soon())).toEqual([
      {
        id: 'con_1',
        backend: 'membrane',
        app: 'close',
        user: 'ada',
        status: 'active',
        detail: 'READY',
        createdAt: '2026-03-01T00:00:00.000Z',
        checkedAt: '2026-03-02T09:00:00.000Z',
      },
    ]);
    const [seen] = membrane.seen;
    expect(seen && claimsOf(seen)).toMatchObject({ id: 'ada', iss: 'wk', exp: expect.any(Number) });
    expect([...(seen?.query ?? [])]).toEqual([
      ['integrationKey', 'close'],
      ['limit', '1000'],
    ]);
    expect(seen?.headers['membrane-api-version']).toBe('2025-10-21');
  });

  it('keep one token per tenant, and mint another before it ends', async () => {
    await using membrane = await scripted(json({ items: [] }));
    const adapter = membrane.adapter();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (const user of ['ada', 'bob', 'ada']) await adapter.connections({ app: 'close', user }, soon());
    vi.setSystemTime(Date.now() + 3550_000);
    await adapter.connections(ASK, soon());
    const tokens = membrane.seen.map(({ headers }) => headers.authorization);
    expect(tokens[2]).toBe(tokens[0]);
    expect(new Set(tokens).size).toBe(3);
  });

  it('are all found, 10,000 on ten pages', async () => {
    await using membrane = await scripted((response, seen) => {
      const start = Number(seen.query.get('cursor') ?? 0);
      const items = Array.from({ length: 1000 }, (_, at) => connection({ id: `con_${start + at}` }));
      json({ items, ...(start + 1000 < 10_000 ? { cursor: String(start + 1000) } : {}) })(response, seen);
    });
    const found = await membrane.adapter().connections(ASK, soon());
    expect(new Set(found.map(({ id }) => id)).size).toBe(10_000);
    expect(membrane.seen).toHaveLength(10);
  });

  it.each([
    ['repeats its cursor', () => 'same', 2],
    ['never ends', ({ query }: Seen) => String(Number(query.get('cursor') ?? 0) + 1), 100],
  ])('are not read for ever from a list that %s', async (_, next, requests) => {
    await using membrane = await scripted((response, seen) => json({ items: [connection()], cursor: next(seen) })(response, seen));
    await expect(membrane.adapter().connections(ASK, soon())).rejects.toMatchObject({ code: 'reply_unexpected' });
    expect(membrane.seen).toHaveLength(requests);
  });

  it('leave out those of another tenant or integration, and what has no id', async () => {
    const foreign = [
      connection({ id: 'con_2', user: { id: 'u_2', internalId: 'bob' } }),
      connection({ id: 'con_3', integration: { key: 'hubspot' } }),
      connection({ id: '' }),
      connection({ id: 7 }),
      null,
      'con_4',
    ];
    await using membrane = await scripted(json({ items: [...foreign, connection()] }));
    expect((await membrane.adapter().connections(ASK, soon())).map(({ id }) => id)).toEqual(['con_1']);
  });

  it('say where the user has to go, and why, in text that moves no cursor', async () => {
    const clientAction = { type: 'connect', description: 'Log in\u001b[2J\r\nagain', uiUrl: 'https://ui.example/1' };
    await using membrane = await scripted(
      json({ items: [connection({ state: 'CLIENT_ACTION_REQUIRED', connected: false, clientAction })] }),
    );
    expect(await membrane.adapter().connections(ASK, soon())).toMatchObject([
      { status: 'pending', connectUrl: 'https://ui.example/1', detail: 'CLIENT_ACTION_REQUIRED: Log in [2J again' },
    ]);
  });

  it('never give an address that is no page', async () => {
    const clientAction = { type: 'connect', description: '', uiUrl: 'javascript:alert(1)' };
    await using membrane = await scripted(json({ items: [connection({ state: 'CLIENT_ACTION_REQUIRED', clientAction })] }));
    expect((await membrane.adapter().connections(ASK, soon()))[0]).not.toHaveProperty('connectUrl');
  });

  it('give a reason when setting up failed', async () => {
    await using membrane = await scripted(json({ items: [connection({ state: 'SETUP_FAILED', errors: [{ message: 'No such app' }] })] }));
    expect(await membrane.adapter().connections(ASK, soon())).toMatchObject([{ status: 'failed', detail: 'SETUP_FAILED: No such app' }]);
  });

  it('are those of the integration that the configuration names', async () => {
    await using membrane = await scripted(json({ items: [connection({ integration: { key: 'close-eu' } })] }));
    const adapter = membrane.adapter({ integrations: { close: 'close-eu' } });
    expect(await adapter.connections(ASK, soon())).toHaveLength(1);
    expect(membrane.seen[0]?.query.get('integrationKey')).toBe('close-eu');
  });

  it.each([
    ['a page of a load balancer', json('<html>502</html>', 502), 'backend_unavailable'],
    ['a page with 200', json('<html>hello</html>', 200), 'reply_unexpected'],
    ['broken JSON', json('{"items":[', 200), 'reply_unexpected'],
    ['null', json('null', 200), 'reply_unexpected'],
    ['no items', json({}), 'reply_unexpected'],
    ['a wrong secret', json(membraneError('bad_request', 'not_authenticated'), 401), 'unauthenticated'],
    ['no right', json(membraneError('bad_request', 'access_denied'), 403), 'permission_denied'],
    ['a limit', json(membraneError('bad_request', 'rate_limit_exceeded'), 429, { 'retry-after': '7' }), 'rate_limited'],
  ])('are not guessed from %s', async (_, answer, code) => {
    await using membrane = await scripted(answer);
    const error = await membrane
      .adapter()
      .connections(ASK, soon())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, ...(code === 'rate_limited' ? { details: { retryAfterMs: 7000 } } : {}) });
    expect(JSON.stringify(error)).not.toMatch(/eyJ|ws_secret/);
    expect(error).not.toHaveProperty('cause');
  });
});

describe('a tenant', () => {
  it.each([
    'ada\r\nx-admin: 1',
    'Åda 🦊 /../ "x"',
    'a'.repeat(300),
    '../../org',
    'a,b',
  ])('called %j is that tenant and nobody else', async (user) => {
    await using membrane = await scripted(json({ items: [] }));
    await membrane.adapter().connections({ app: 'close', user }, soon());
    expect(membrane.seen.map((seen) => [seen.path, claimsOf(seen).id])).toEqual([['/connections', user]]);
  });

  it.each(['', '\ud800'])('called %j is refused before anything is sent', async (user) => {
    await using membrane = await scripted(json({ items: [] }));
    await expect(membrane.adapter().connections({ app: 'close', user }, soon())).rejects.toMatchObject({ code: 'invalid_input' });
    expect(membrane.seen).toHaveLength(0);
  });

  it.each([{ workspaceKey: '' }, { workspaceSecret: ' ' }])('needs %j to be configured', async (options) => {
    await using membrane = await scripted(json({ items: [] }));
    await expect(membrane.adapter(options).connections(ASK, soon())).rejects.toMatchObject({ code: 'configuration' });
    expect(membrane.seen).toHaveLength(0);
  });
});

describe('a link for the user', () => {
  const url = 'https://ui.example/screens/connections?connectionRequestId=r1';
  const request = { requestId: 'r1', tenantId: 'u_1', status: 'pending', url, createdAt: '2026-03-02T09:00:00.000Z' };

  it('is asked for once, by connection-requests', async () => {
    await using membrane = await scripted(json(request));
    expect(await membrane.adapter().connect(ASK, soon())).toEqual({ url, how: 'Open the link and connect close.' });
    expect(membrane.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/connection-requests', { integrationKey: 'close' }],
    ]);
  });

  it.each([
    [
      'with a page to open',
      connection({ state: 'CLIENT_ACTION_REQUIRED', clientAction: { type: 'connect', uiUrl: url } }),
      { connection: 'con_1', url },
    ],
    ['that is there already', connection(), { connection: 'con_1', how: 'close is connected already.' }],
    ['that is being built', connection({ state: 'BUILDING' }), { connection: 'con_1', how: expect.stringContaining('wait') }],
  ])('is made by connections/ensure where the first is not known: a connection %s', async (_, ensured, link) => {
    await using membrane = await scripted((response, seen) =>
      seen.path === '/connections/ensure'
        ? json(ensured)(response, seen)
        : json(membraneError('bad_request', 'not_found'), 404)(response, seen),
    );
    expect(await membrane.adapter().connect(ASK, soon())).toMatchObject(link);
    expect(membrane.seen.map(({ path, body }) => [path, body])).toEqual([
      ['/connection-requests', { integrationKey: 'close' }],
      ['/connections/ensure', { appUrl: 'close.com' }],
    ]);
  });

  it.each([400, 401, 403, 429, 500, 502])('is not asked for twice after a %i', async (status) => {
    await using membrane = await scripted(json('', status));
    await expect(membrane.adapter().connect(ASK, soon())).rejects.toMatchObject({ name: 'RouterError' });
    expect(membrane.seen).toHaveLength(1);
  });

  it.each([{}, { url: 7 }, { url: 'javascript:alert(1)' }])('is not made of %j', async (body) => {
    await using membrane = await scripted(json(body));
    await expect(membrane.adapter().connect(ASK, soon())).rejects.toMatchObject({ code: 'reply_unexpected' });
  });
});

describe('an action', () => {
  const invoke = (membrane: Awaited<ReturnType<typeof scripted>>, args: object, tool = 'create-lead') => {
    const call = {
      connection: { id: 'con_1', backend: 'membrane', app: 'close', user: 'ada', status: 'active', checkedAt: '' },
      tool,
      arguments: { ...args },
      read: false,
    } as const;
    return membrane.adapter().invoke(call, soon());
  };
  const serving = (actions: readonly unknown[]) =>
    scripted((response, seen) =>
      json(seen.path === '/actions' ? { items: actions } : { output: { id: 'lead_1' }, actionRunId: 'run_1' })(response, seen),
    );

  it('runs under its live id, its input wrapped, after its schema was read', async () => {
    await using membrane = await serving([action()]);
    expect(await invoke(membrane, { name: 'Northpine' })).toEqual({ kind: 'tool', data: { id: 'lead_1' } });
    expect(membrane.seen.map(({ method, path, query, body }) => [method, path, query.get('connectionId'), body])).toEqual([
      ['GET', '/actions', 'con_1', undefined],
      ['POST', '/actions/act_1/run', 'con_1', { input: { name: 'Northpine' } }],
    ]);
  });

  it.each([
    ['has a field of another name', action(), { name: 'N', status_id: 'stat_1' }, 'status_id is not there'],
    ['demands what is not given', action(), { url: 'x' }, 'name is required'],
    [
      'takes another type',
      action({ inputSchema: { properties: { name: { type: 'object' } } } }),
      { name: 'N' },
      'name is not of type object',
    ],
    ['takes other values', action({ inputSchema: { properties: { name: { enum: ['x'] } } } }), { name: 'N' }, 'name takes other values'],
    ['publishes no schema', action({ inputSchema: undefined }), { name: 'N' }, 'publishes no input schema'],
    ['publishes an empty schema', action({ inputSchema: {} }), { name: 'N' }, 'name is not there'],
    [
      'lacks a field further inside',
      action({ inputSchema: { properties: { contacts: { type: 'array', items: { properties: { name: {} } } } } } }),
      { contacts: [{ name: 'A' }, { name: 'B', title: 'C' }] },
      'contacts.1.title is not there',
    ],
  ])('that %s is not run, and says why without a value', async (_, live, args, why) => {
    await using membrane = await serving([live]);
    const reply = await invoke(membrane, args);
    expect(reply).toMatchObject({
      kind: 'failed',
      failure: { code: 'unsupported_fields', delivery: 'not-sent', what: expect.stringContaining(why) },
    });
    expect(membrane.posts()).toBe(0);
  });

  it.each([
    ['has vanished', []],
    ['was switched off', [action({ isDeactivated: true })]],
    ['is still being built', [action({ state: 'BUILDING' })]],
    ['was archived', [action({ archivedAt: '2026-01-01' })]],
    ['has no id', [action({ id: null })]],
  ])('that %s is not run', async (_, actions) => {
    await using membrane = await serving(actions);
    expect(await invoke(membrane, { name: 'N' })).toMatchObject({ failure: { code: 'unsupported_operation', delivery: 'not-sent' } });
    expect(membrane.posts()).toBe(0);
  });

  it('whose id leads elsewhere is not run', async () => {
    await using membrane = await serving([action({ id: '../../org-workspaces/1' })]);
    expect(await invoke(membrane, { name: 'N' })).toMatchObject({ failure: { code: 'unsupported_operation', delivery: 'not-sent' } });
    expect(membrane.posts()).toBe(0);
  });

  it('takes an open object, a variant that fits, and vendor words it does not know', async () => {
    const properties = {
      name: { type: 'vendor-string' },
      meta: { type: 'object' },
      value: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    };
    await using membrane = await serving([action({ inputSchema: { type: 'object', properties } })]);
    expect(await invoke(membrane, { name: 'N', meta: { any: 1 }, value: null })).toMatchObject({ kind: 'tool' });
  });

  it('is read again after ten minutes, or when Membrane no longer knows it', async () => {
    let now = new Date('2026-03-02T09:00:00.000Z');
    let gone = false;
    await using membrane = await scripted((response, seen) => {
      if (seen.path === '/actions') return json({ items: [action()] })(response, seen);
      return gone ? json(membraneError('bad_request', 'not_found'), 404)(response, seen) : json({ output: {} })(response, seen);
    });
    const adapter = membrane.adapter({ now: () => now });
    const call = {
      connection: { id: 'con_1', backend: 'membrane', app: 'close', user: 'ada', status: 'active', checkedAt: '' },
      tool: 'create-lead',
      arguments: { name: 'N' },
      read: false,
    } as const;
    const reads = () => membrane.seen.filter(({ path }) => path === '/actions').length;
    await adapter.invoke(call, soon());
    await adapter.invoke(call, soon());
    expect(reads()).toBe(1);
    now = new Date(now.getTime() + 10 * 60_000);
    await adapter.invoke(call, soon());
    expect(reads()).toBe(2);
    gone = true;
    expect(await adapter.invoke(call, soon())).toMatchObject({ failure: { code: 'unsupported_operation', delivery: 'not-sent' } });
    await adapter.invoke(call, soon());
    expect(reads()).toBe(3);
  });

  it('is not run when its schema cannot be read', async () => {
    await using membrane = await scripted(json('<html>502</html>', 502));
    expect(await invoke(membrane, { name: 'N' })).toMatchObject({ failure: { code: 'backend_unavailable', delivery: 'not-sent' } });
    expect(membrane.posts()).toBe(0);
  });
});
