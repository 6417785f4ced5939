import * as sdk from '@membranehq/sdk';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, type ErrorDetails, RouterError } from '../../src/contract/errors.ts';
import { done, openDoor } from './membrane-stage.ts';

async function rejected(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'resolved',
    (error: unknown) => error,
  );
}

const refusing = (code: ErrorCode, details: Partial<ErrorDetails> = {}) => ({
  ok: false as const,
  error: new RouterError(code, { what: 'it was refused', next: 'Change it.', ...details }),
});

describe('actions, seen by the real SDK', () => {
  it('are the 20 published ones, each with a schema, and pages of them end', async () => {
    await using door = await openDoor();
    const all = await door.client().actions.findAll();
    expect(all.map(({ key }) => key)).toHaveLength(20);
    for (const one of all) {
      expect(sdk.ActionApiResponse.safeParse(one).error).toBeUndefined();
      expect(one).toMatchObject({ state: 'READY', inputSchema: { type: 'object', properties: expect.any(Object) } });
    }
    const { items, cursor } = await door.client().actions.find({ limit: 15 });
    expect([items.length, cursor]).toEqual([15, '15']);
  });

  it('are found by what one wants to do', async () => {
    await using door = await openDoor();
    const { items } = await door.client().actions.find({ connectionId: door.connection, intent: 'create a new lead' });
    expect(items[0]?.key).toBe('create-lead');
    expect(items.length).toBeLessThanOrEqual(10);
    // The SDK's type has one array too many.
    const listed: { readonly items: readonly unknown[] } = await door
      .client()
      .connection(door.connection)
      .actions.list({ intent: 'list opportunities' });
    expect(listed.items[0]).toMatchObject({ key: 'list-opportunities' });
    expect(await rejected(door.client().actions.find({ intent: 'x'.repeat(201) }))).toMatchObject({ data: { type: 'bad_request' } });
    expect(await rejected(door.client().actions.find({ connectionId: 'nobody' }))).toMatchObject({ data: { key: 'not_found' } });
    expect((await door.client().actions.find({ integrationKey: 'hubspot' })).items).toEqual([]);
  });

  it('answer to id and key, by every path that the SDK has', async () => {
    await using door = await openDoor();
    const client = door.client();
    const { id } = await client.action('get-lead').get();
    const ways = [
      client.action(id).get(),
      client.action({ key: 'get-lead', integrationKey: 'close' }).get(),
      client.connection(door.connection).action('get-lead').get(),
    ];
    for (const found of await Promise.all(ways)) expect(found).toMatchObject({ id, key: 'get-lead', inputSchema: { required: ['id'] } });
    expect(await rejected(client.action('fly-to-moon').get())).toMatchObject({ data: { key: 'not_found' } });
  });
});

describe('an action', () => {
  it('runs by every form that the SDK has', async () => {
    await using door = await openDoor();
    const client = door.client();
    const input = { name: 'Northpine' };
    const runs = [
      () => client.action('create-lead').run(input, { connectionId: door.connection }),
      () => client.action('create-lead').run(input, { integrationKey: 'close' }),
      () => client.action('create-lead').run(input),
      () => client.action({ key: 'create-lead', integrationKey: 'close' }).run(input, { connectionId: door.connection }),
      () => client.connection(door.connection).action('create-lead').run(input),
      () => client.post('/act', { key: 'create-lead', connectionId: door.connection, input }),
    ];
    for (const [at, run] of runs.entries()) {
      const ran: unknown = await run();
      expect(sdk.ActionRunResponse.safeParse(ran).success).toBe(true);
      expect(ran).toEqual({ output: { id: 'lead_1', 'custom.cf_one': 'x' }, actionRunId: expect.any(String) });
      expect(door.stage.calls).toHaveLength(at + 1);
      expect(door.stage.calls.at(-1)).toEqual({ operation: 'close.lead.create', input });
    }
  });

  it('takes the published names, and canonical ones too', async () => {
    await using door = await openDoor();
    door.stage.answer = () => done({ data: [], has_more: false });
    await door.client().action('list-leads').run({ _limit: 5, _skip: 10, _fields: 'id,name' }, { connectionId: door.connection });
    await door.client().action('list-leads').run({ limit: 5 }, { connectionId: door.connection });
    expect(door.stage.calls.map(({ input }) => input)).toEqual([{ limit: 5, skip: 10, fields: ['id', 'name'] }, { limit: 5 }]);
  });

  it('ignores a property that nobody knows, as Membrane does, and its record names it', async () => {
    await using door = await openDoor();
    const input = { name: 'N', colour: 'vermilion', custom: { cf_one: 'x' } };
    const ran = await door.client().action('create-lead').run(input, { connectionId: door.connection });
    expect(door.stage.calls).toEqual([{ operation: 'close.lead.create', input: { name: 'N', custom: { cf_one: 'x' } } }]);
    const log = await door.fetch('GET', `/action-run-logs/${ran.actionRunId}/details`);
    expect(log.body).toMatchObject({ status: 'success', meta: { ignoredProperties: ['colour'] } });
    expect(JSON.stringify(log.body)).not.toContain('vermilion');
  });

  it('tells what the router found wrong with a field, by name', async () => {
    await using door = await openDoor();
    door.stage.answer = () => refusing('invalid_input', { fields: [{ path: 'url', problem: 'is no URL' }] });
    const error = await rejected(door.client().action('create-lead').run({ name: 'N', url: '?' }, { connectionId: door.connection }));
    expect(error).toMatchObject({ isMembraneError: true, data: { type: 'bad_request', data: { details: [{ path: 'url' }] } } });
  });

  it.each([
    ['lacks what its schema requires', 'get-lead', {}, 'id is required'],
    ['has a value of another type', 'get-lead', { id: 5 }, 'id must be of type string'],
    ['has text for a number', 'list-leads', { _limit: '5' }, '_limit must be of type integer'],
    ['is no object', 'get-lead', [], 'input must be an object'],
  ])('whose input %s is refused before it reaches the app', async (_, key, input, message) => {
    await using door = await openDoor();
    const reply = await door.fetch('POST', `/actions/${key}/run?connectionId=${door.connection}`, { input });
    expect(reply).toMatchObject({ status: 400, body: { type: 'bad_request', message: expect.stringContaining(message) } });
    expect(reply.body).not.toHaveProperty('actionRunId');
    expect(door.stage.calls).toEqual([]);
  });

  it.each([
    ['rejected', { status: 400, fields: [{ path: 'name', problem: 'Required.' }] }, 400],
    ['not_found', { status: 404 }, 404],
    ['permission_denied', { status: 403 }, 403],
    ['rate_limited', { status: 429, retryAfterMs: 3000 }, 429],
    ['unauthenticated', { status: 401 }, 401],
    ['backend_unavailable', { status: 502 }, 503],
  ] as const)('that the app refuses as %s fails with the app’s answer inside, which our adapter reads', async (code, details, status) => {
    await using door = await openDoor();
    door.stage.answer = () => refusing(code, details);
    const error = await rejected(door.client().action('create-lead').run({ name: 'N' }, { connectionId: door.connection }));
    expect(error).toMatchObject({
      data: { type: 'action_run', actionRunId: expect.any(String), causedByError: { type: 'connection', data: { response: { status } } } },
    });
    const adapter = door.adapter();
    const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, AbortSignal.timeout(20_000));
    if (!connection) throw new Error('the door shows no connection');
    const reply = await adapter.invoke(
      { connection, tool: 'create-lead', arguments: { name: 'N' }, read: false },
      AbortSignal.timeout(20_000),
    );
    expect(reply).toMatchObject({ kind: 'http', status });
  });

  it('whose outcome nobody knows is Membrane’s own failure', async () => {
    await using door = await openDoor();
    door.stage.answer = () => refusing('outcome_unknown');
    expect(await rejected(door.client().action('create-lead').run({ name: 'N' }, { connectionId: door.connection }))).toMatchObject({
      data: { type: 'internal' },
    });
  });

  it('leaves a record without anybody’s data', async () => {
    await using door = await openDoor();
    const { actionRunId } = await door.client().action('create-lead').run({ name: 'Northpine' }, { connectionId: door.connection });
    const record = await door.client().get(`/action-run-logs/${actionRunId}`);
    expect(record).toMatchObject({ id: actionRunId, name: 'create-lead', status: 'success', connectionId: door.connection });
    expect(JSON.stringify(record)).not.toContain('Northpine');
    expect((await door.fetch('GET', `/action-run-logs?connectionId=${door.connection}&status=error`)).body.items).toEqual([]);
    expect((await door.fetch('GET', `/action-run-logs?connectionId=${door.connection}`)).body.items).toHaveLength(1);
    expect(await rejected(door.client('bob').get(`/action-run-logs/${actionRunId}`))).toMatchObject({ data: { key: 'not_found' } });
  });

  it('does not run without a connection that works', async () => {
    await using door = await openDoor();
    expect(await rejected(door.client('carol').action('create-lead').run({ name: 'N' }))).toMatchObject({ data: { key: 'not_found' } });
    door.sandbox.change('membrane', door.connection, { status: 'expired' });
    const error = await rejected(door.client().action('create-lead').run({ name: 'N' }, { connectionId: door.connection }));
    expect(error).toMatchObject({ data: { type: 'connection', key: 'connection_is_defunct' } });
    expect(door.stage.calls).toEqual([]);
  });
});

describe('act', () => {
  it('sends one request of the app’s own', async () => {
    await using door = await openDoor();
    const api = { method: 'POST', path: '/lead/', query: { _fields: 'id' }, body: { name: 'N' } };
    expect(sdk.ActRequest.safeParse({ api, connectionId: door.connection }).success).toBe(true);
    expect(await door.client().post('/act', { api, connectionId: door.connection })).toMatchObject({
      output: { id: 'lead_1' },
      actionRunId: expect.any(String),
    });
    expect(door.stage.calls).toMatchObject([{ operation: 'close.lead.create', input: { name: 'N' } }]);
  });

  it.each([
    [{}],
    [{ key: 'get-lead', id: 'x' }],
    [{ key: 'get-lead', surprise: 1 }],
    [{ api: { method: 'GET', path: '/me/' } }],
    [{ api: { method: 'BREW', path: '/me/' }, integrationKey: 'close' }],
    [{ api: { method: 'GET' }, integrationKey: 'close' }],
    [{ api: 'x', integrationKey: 'close' }],
    [{ code: 'module.exports = () => 1', integrationKey: 'close' }],
    [{ key: 'create-lead', input: 'x', integrationKey: 'close' }],
  ])('does not take %j', async (body) => {
    await using door = await openDoor();
    expect(await door.fetch('POST', '/act', body)).toMatchObject({ status: 400 });
    expect(door.stage.calls).toEqual([]);
  });
});

describe('the proxy', () => {
  it('answers as the app does, to the SDK’s own proxy', async () => {
    await using door = await openDoor();
    const { proxy } = door.client().connection(door.connection);
    expect(await proxy.get('/lead/lead_1/')).toEqual({ id: 'lead_1', 'custom.cf_one': 'x' });
    await proxy.post('/lead/', { name: 'N' });
    await proxy.put('/lead/lead_1/', { name: 'M' });
    await proxy.delete('/lead/lead_1/');
    expect(door.stage.calls.map(({ operation }) => operation)).toEqual([
      'close.lead.get',
      'close.lead.create',
      'close.lead.update',
      'close.lead.delete',
    ]);
  });

  it('keeps status, headers and body, and the query with its slash', async () => {
    await using door = await openDoor();
    door.stage.answer = () => refusing('rate_limited', { status: 429, retryAfterMs: 2000 });
    const { status, headers } = await door.fetch('GET', `/connections/${door.connection}/proxy/lead/?_limit=5`);
    expect([status, headers.get('retry-after') ?? headers.get('ratelimit')]).toEqual([429, expect.any(String)]);
    expect(door.stage.calls.at(-1)).toEqual({ operation: 'close.lead.list', input: { limit: 5 } });
  });

  it.each([
    [404, 'GET', '/nothing/'],
    [405, 'PATCH', '/lead/lead_1/'],
    [400, 'GET', '/https://evil.example/api/v1/lead/'],
    [400, 'GET', '/lead/%2e%2e%2f%2e%2e/self/'],
  ])('answers %i to %s %s, and runs nothing', async (status, method, path) => {
    await using door = await openDoor();
    expect((await door.fetch(method, `/connections/${door.connection}/proxy${path}`)).status).toBe(status);
    expect(door.stage.calls).toEqual([]);
  });

  it('takes the app’s whole address', async () => {
    await using door = await openDoor();
    await door.fetch('GET', `/connections/${door.connection}/proxy/https://api.close.com/api/v1/lead/lead_1/`);
    expect(door.stage.calls).toMatchObject([{ operation: 'close.lead.get', input: { lead_id: 'lead_1' } }]);
  });

  it('is also asked in an envelope', async () => {
    await using door = await openDoor();
    const body = {
      path: '/lead/{id}/',
      method: 'get',
      pathParameters: { id: 'lead_1' },
      query: { _fields: 'id' },
      headers: { accept: 'x' },
    };
    expect(sdk.ConnectionProxyRequest.safeParse(body).success).toBe(true);
    const answer = await door.client().post(`/connections/${door.connection}/request`, body);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body: { id: 'lead_1' } });
    expect(door.stage.calls).toEqual([{ operation: 'close.lead.get', input: { lead_id: 'lead_1', fields: ['id'] } }]);
    expect(
      await rejected(door.client().post(`/connections/${door.connection}/request`, { path: '/me/', method: 'GET', query: { a: 1 } })),
    ).toMatchObject({ data: { type: 'bad_request' } });
  });
});
