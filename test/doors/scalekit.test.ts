import {
  isToolException,
  ScalekitBadRequestException,
  ScalekitConflictException,
  ScalekitForbiddenException,
  ScalekitNotFoundException,
  ScalekitServerException,
} from '@scalekit-sdk/node/lib/errors/index.js';
import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import { openDoor } from './scalekit-stage.ts';

const ADA = { connectionName: 'close', identifier: 'ada' };
const BOB = { connectionName: 'close', identifier: 'bob' };
const run = { identifier: 'ada', connector: 'close' };

describe('the SDK’s token', () => {
  it('is fetched after the first refusal, and once', async () => {
    await using door = await openDoor();
    await door.scalekit.actions.listConnectedAccounts(ADA);
    await door.scalekit.actions.listConnectedAccounts(ADA);
    expect(door.sandbox.requests('scalekit').map(({ path }) => path.split('/').at(-1))).toEqual([
      'ListConnectedAccounts',
      'token',
      'ListConnectedAccounts',
      'ListConnectedAccounts',
    ]);
  });

  it('is refreshed when it has ended by the sandbox’s clock', async () => {
    await using door = await openDoor();
    await door.scalekit.actions.listConnectedAccounts(ADA);
    door.stage.advance(3_600_000);
    await door.scalekit.actions.listConnectedAccounts(ADA);
    expect(door.sandbox.requests('scalekit').filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });

  it.each([
    ['a wrong secret', { grant_type: 'client_credentials', client_id: 'skc_x', client_secret: 'no' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('is not given for %s', async (_, form, status, error) => {
    await using door = await openDoor();
    const reply = await fetch(`${door.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });

  it.each(['', 'Bearer nonsense', 'Basic x'])('is demanded everywhere: %j is none', async (authorization) => {
    await using door = await openDoor();
    const proxied = await door.fetch('GET', '/proxy/api/v1/me/', undefined, { authorization });
    const listed = await door.fetch('GET', '/api/v1/connected_accounts', undefined, { authorization });
    expect([proxied, listed]).toMatchObject([
      { status: 401, body: { code: 16 } },
      { status: 401, body: { code: 16 } },
    ]);
    expect(door.stage.calls).toEqual([]);
  });
});

describe('connected accounts', () => {
  it('are listed with a status that is a number, and without credentials', async () => {
    await using door = await openDoor();
    const { connectedAccounts, totalSize, nextPageToken } = await door.scalekit.actions.listConnectedAccounts(ADA);
    expect([totalSize, nextPageToken]).toEqual([1, '']);
    expect(connectedAccounts).toMatchObject([
      { id: door.account, identifier: 'ada', connector: 'close', provider: 'CLOSE', status: 1, authorizationType: 1 },
    ]);
    expect(connectedAccounts[0]).not.toHaveProperty('authorizationDetails');
  });

  it.each([
    [{ connectionName: 'close', identifier: 'ada' }, 1],
    [{ connectionName: 'Close', identifier: 'ada' }, 0],
    [{ connectionNames: ['other', 'close'] }, 1],
    [{ connectionNames: ['other'] }, 0],
    [{ provider: 'CLOSE' }, 1],
    [{ provider: 'close' }, 0],
    [{ identifier: 'bob' }, 0],
    [{ query: 'ad' }, 1],
  ])('are filtered by %j', async (filter, count) => {
    await using door = await openDoor();
    expect((await door.scalekit.actions.listConnectedAccounts(filter)).connectedAccounts).toHaveLength(count);
  });

  it('come in pages of ten unless asked otherwise', async () => {
    await using door = await openDoor();
    for (let at = 0; at < 24; at += 1) door.sandbox.connect('scalekit', `user${at}`);
    const seen = new Set<string>();
    let pageToken = '';
    const sizes: number[] = [];
    do {
      const page = await door.scalekit.actions.listConnectedAccounts({ connectionName: 'close', ...(pageToken ? { pageToken } : {}) });
      sizes.push(page.connectedAccounts.length);
      for (const { id } of page.connectedAccounts) seen.add(id);
      pageToken = page.nextPageToken;
      expect(pageToken.length).toBeLessThanOrEqual(32);
    } while (pageToken !== '');
    expect([sizes, seen.size]).toEqual([[10, 10, 5], 25]);
  });

  it.each([
    ['active', 1],
    ['expired', 2],
    ['pending', 3],
    ['revoked', 5],
    ['failed', 2],
    ['disabled', 5],
    ['unknown', 0],
  ] as const)('that are %s are shown as %i', async (status, number) => {
    await using door = await openDoor();
    door.sandbox.change('scalekit', door.account, { status });
    expect((await door.scalekit.actions.listConnectedAccounts(ADA)).connectedAccounts[0]?.status).toBe(number);
  });

  it.each([
    ['PENDING_VERIFICATION', 'pending', 4],
    ['42', 'unknown', 42],
    ['DISCONNECTED', 'active', 1],
  ] as const)('can be in the very state %s', async (detail, status, number) => {
    await using door = await openDoor();
    door.sandbox.change('scalekit', door.account, { status, detail });
    expect((await door.scalekit.actions.listConnectedAccounts(ADA)).connectedAccounts[0]?.status).toBe(number);
  });

  it('are made once by getOrCreate, and then found', async () => {
    await using door = await openDoor();
    const made = await door.scalekit.actions.getOrCreateConnectedAccount(BOB);
    const again = await door.scalekit.actions.getOrCreateConnectedAccount(BOB);
    expect(made.connectedAccount).toMatchObject({ identifier: 'bob', status: 3 });
    expect(again.connectedAccount?.id).toBe(made.connectedAccount?.id);
    const tail = door.sandbox.requests('scalekit').map(({ path }) => path.split('/').at(-1));
    expect(tail.slice(2)).toEqual(['GetConnectedAccountAuth', 'CreateConnectedAccount', 'GetConnectedAccountAuth']);
  });

  it('are authorised by the link, verified, and then work', async () => {
    await using door = await openDoor();
    const { actions } = door.scalekit;
    const { link, expiry } = await actions.getAuthorizationLink(BOB);
    expect(Number(expiry?.seconds)).toBe(Date.parse('2026-03-02T09:10:00Z') / 1000);
    await expect(actions.executeTool({ toolName: 'close_me_get', ...run, identifier: 'bob', toolInput: {} })).rejects.toBeInstanceOf(
      ScalekitBadRequestException,
    );
    door.sandbox.complete(link);
    const { connectedAccount } = await actions.getConnectedAccount(BOB);
    expect(connectedAccount?.status).toBe(1);
    const authRequestId = connectedAccount?.id ?? '';
    const verified = await actions.verifyConnectedAccountUser({ authRequestId, identifier: 'bob' });
    expect((await fetch(verified.postUserVerifyRedirectUrl)).status).toBe(200);
    await expect(actions.verifyConnectedAccountUser({ authRequestId, identifier: 'eve' })).rejects.toBeInstanceOf(
      ScalekitForbiddenException,
    );
    expect(await actions.executeTool({ toolName: 'close_me_get', ...run, identifier: 'bob', toolInput: {} })).toMatchObject({
      data: { id: 'lead_1' },
    });
  });

  it('that expired get a new link, and an ACTIVE one stays ACTIVE', async () => {
    await using door = await openDoor();
    door.sandbox.change('scalekit', door.account, { status: 'expired' });
    const { link } = await door.scalekit.actions.getAuthorizationLink(ADA);
    door.sandbox.complete(link);
    const done = await door.scalekit.actions.getAuthorizationLink(ADA);
    expect((await fetch(done.link)).status).toBe(200);
    expect((await door.sandbox.connections('scalekit')).map(({ status }) => status)).toEqual(['active']);
  });

  it('take a new credential in an update, and are gone when deleted', async () => {
    await using door = await openDoor();
    const { actions } = door.scalekit;
    const authorizationDetails = { details: { case: 'oauthToken' as const, value: { accessToken: 'api_ada' } } };
    door.sandbox.change('scalekit', door.account, { status: 'expired' });
    expect((await actions.updateConnectedAccount({ ...ADA })).connectedAccount?.status).toBe(2);
    // biome-ignore lint/suspicious/noExplicitAny: the SDK's type asks for the fields of a created message
    const updated = await actions.updateConnectedAccount({ ...ADA, authorizationDetails: authorizationDetails as any });
    expect(updated.connectedAccount?.status).toBe(1);
    await actions.deleteConnectedAccount(ADA);
    await expect(actions.getConnectedAccount(ADA)).rejects.toBeInstanceOf(ScalekitNotFoundException);
  });

  it('are refused when they exist already, and when the connection does not', async () => {
    await using door = await openDoor();
    const details = { authorizationDetails: { details: { case: 'oauthToken' as const, value: {} } } };
    // biome-ignore lint/suspicious/noExplicitAny: the SDK's type asks for the fields of a created message
    const create = (names: typeof ADA) => door.scalekit.actions.createConnectedAccount({ ...names, ...details } as any);
    await expect(create(ADA)).rejects.toBeInstanceOf(ScalekitConflictException);
    await expect(create({ ...BOB, connectionName: 'gmail' })).rejects.toBeInstanceOf(ScalekitNotFoundException);
  });

  it('hang under one connection of the environment', async () => {
    await using door = await openDoor();
    const { connections, totalSize } = await door.scalekit.actions.listConnections({ pageSize: 1 });
    expect(totalSize).toBe(1);
    expect(connections).toMatchObject([{ connectionName: 'close', provider: 'CLOSE', type: 'OAUTH', status: 'COMPLETED', enabled: true }]);
  });
});

describe('the field rules of the descriptors', () => {
  it.each([
    [{ connectionName: 'cl@se' }],
    [{ identifier: 'a'.repeat(101) }],
    [{ pageSize: 100 }],
    [{ pageToken: 'x'.repeat(101) }],
    [{ pageToken: 'not one of ours' }],
    [{ query: 'q'.repeat(101) }],
    [{ provider: 'P'.repeat(51) }],
    [{ connectionNames: Array.from({ length: 21 }, (_, at) => `c${at}`) }],
  ])('refuse a list with %j', async (filter) => {
    await using door = await openDoor();
    await expect(door.scalekit.actions.listConnectedAccounts(filter)).rejects.toBeInstanceOf(ScalekitBadRequestException);
  });

  it.each([
    [{ userVerifyUrl: 'ftp://x.example' }],
    [{ state: 's'.repeat(513) }],
    [{ connectedAccountId: 'conn_1' }],
  ])('refuse a link with %j', async (more) => {
    await using door = await openDoor();
    await expect(door.scalekit.actions.getAuthorizationLink({ ...ADA, ...more })).rejects.toBeInstanceOf(ScalekitBadRequestException);
  });

  it('name the fields that are wrong', async () => {
    await using door = await openDoor();
    const thrown: unknown = await door.scalekit.actions
      .listConnectedAccounts({ pageSize: 100, query: 'q'.repeat(101) })
      .catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(ScalekitServerException);
    expect(JSON.stringify(thrown instanceof ScalekitServerException ? thrown.unpackedDetails : [])).toMatch(
      /page_size.*query|query.*page_size/,
    );
  });
});

describe('tools', () => {
  it('are listed ten a page, all 81 of them', async () => {
    await using door = await openDoor();
    const names = new Set<string>();
    let pageToken = '';
    let pages = 0;
    do {
      const page = await door.scalekit.tools.listTools({ filter: { provider: 'CLOSE' }, ...(pageToken ? { pageToken } : {}) });
      for (const { definition } of page.tools) names.add(String(definition?.['name']));
      expect(page.totalSize).toBe(81);
      pageToken = page.nextPageToken;
      pages += 1;
    } while (pageToken !== '');
    expect([names.size, pages]).toEqual([81, 9]);
  });

  it('say what they take', async () => {
    await using door = await openDoor();
    const { tools } = await door.scalekit.tools.listTools({ filter: { toolName: ['close_call_create'] } });
    expect(tools[0]).toMatchObject({
      provider: 'CLOSE',
      definition: {
        name: 'close_call_create',
        description: expect.any(String),
        input_schema: { type: 'object', required: ['lead_id', 'status'], properties: { duration: { type: 'integer' } } },
      },
    });
  });

  it('of one user name the account, and need a connection that is there', async () => {
    await using door = await openDoor();
    const options = { filter: { connectionNames: ['close'], toolNames: ['close_me_get'] } };
    // biome-ignore lint/suspicious/noExplicitAny: the SDK's type asks for every list of the filter
    const scoped = await door.scalekit.tools.listScopedTools('ada', options as any);
    expect(scoped.tools).toMatchObject([{ identifier: 'ada', connectedAccountId: door.account, tool: { provider: 'CLOSE' } }]);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    expect((await door.scalekit.tools.listScopedTools('bob', options as any)).tools).toEqual([]);
    expect((await door.scalekit.tools.listAvailableTools('ada', { pageSize: 99 })).tools).toHaveLength(81);
  });

  it('hand the app’s raw answer out in data', async () => {
    await using door = await openDoor();
    const { data, executionId } = await door.scalekit.actions.executeTool({
      toolName: 'close_lead_create',
      ...run,
      toolInput: { name: 'Northpine' },
    });
    expect(data).toEqual({ id: 'lead_1', 'custom.cf_one': 'x' });
    expect(executionId).not.toBe('');
    expect(door.stage.calls).toEqual([{ operation: 'close.lead.create', input: { name: 'Northpine' } }]);
  });

  it('run on the user’s only account when the page’s connectionName got lost', async () => {
    await using door = await openDoor();
    const opts = { connectionName: 'close', identifier: 'ada' };
    await door.scalekit.actions.executeTool({ toolName: 'close_me_get', ...opts, toolInput: {} });
    door.sandbox.connect('scalekit', 'ada');
    await expect(door.scalekit.actions.executeTool({ toolName: 'close_me_get', ...opts, toolInput: {} })).rejects.toBeInstanceOf(
      ScalekitBadRequestException,
    );
    const connectedAccountId = door.account;
    await door.scalekit.actions.executeTool({ toolName: 'close_me_get', connectedAccountId, toolInput: {} });
    expect(door.stage.calls).toHaveLength(2);
  });

  it.each([
    ['an unknown tool', { toolName: 'close_lead_forget', ...run }, ScalekitNotFoundException],
    ['an unknown user', { toolName: 'close_me_get', ...run, identifier: 'eve' }, ScalekitNotFoundException],
    ['a connector in other letters', { toolName: 'close_me_get', ...run, connector: 'Close' }, ScalekitNotFoundException],
    ['another user’s account', { toolName: 'close_me_get', connectedAccountId: 'ca_nobody', identifier: 'ada' }, ScalekitNotFoundException],
    ['nobody named', { toolName: 'close_me_get' }, ScalekitBadRequestException],
  ])('are refused for %s, without a word of the app', async (_, call, kind) => {
    await using door = await openDoor();
    const thrown: unknown = await door.scalekit.actions.executeTool({ ...call, toolInput: {} }).catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(kind);
    expect(isToolException(thrown)).toBe(false);
    expect(door.stage.calls).toEqual([]);
  });

  it.each([
    ['undefined, which arrives as null, for a required field', 'close_note_create', { lead_id: undefined, note: 'x' }, 'lead_id'],
    ['a field that the tool does not have', 'close_lead_create', { name: 'N', custom: 'x' }, 'custom'],
    ['a number for text', 'close_lead_create', { name: 7 }, 'name'],
    ['half a number', 'close_opportunity_create', { lead_id: 'l', status_id: 's', value: 0.5 }, 'value'],
    ['a status of nobody', 'close_email_create', { lead_id: 'l', status: 'posted' }, 'status'],
    ['a currency that is none', 'close_opportunity_create', { lead_id: 'l', status_id: 's', value_currency: 'dollars' }, 'value_currency'],
  ])('refuse %s', async (_, toolName, toolInput, field) => {
    await using door = await openDoor();
    const thrown: unknown = await door.scalekit.actions
      .executeTool({ toolName, ...run, toolInput: { ...toolInput } as Record<string, string> })
      .catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(ScalekitBadRequestException);
    expect(thrown instanceof Error ? thrown.message : '').toContain(field);
    expect(door.stage.calls).toEqual([]);
  });

  it.each([
    [
      new RouterError('rejected', { what: 'w', next: 'n.', status: 400, fields: [{ path: 'name', problem: 'is wrong' }] }),
      400,
      'TOOL_EXEC_FAILED',
    ],
    [new RouterError('unauthenticated', { what: 'w', next: 'n.', status: 401 }), 401, 'UNAUTHORIZED'],
    [new RouterError('permission_denied', { what: 'w', next: 'n.', status: 403 }), 403, 'FORBIDDEN'],
    [new RouterError('not_found', { what: 'w', next: 'n.', status: 404 }), 404, 'TOOL_EXEC_FAILED'],
    [new RouterError('rate_limited', { what: 'w', next: 'n.', status: 429, retryAfterMs: 2000 }), 429, 'RATE_LIMITED'],
    [new RouterError('backend_unavailable', { what: 'w', next: 'n.', status: 503 }), 503, 'TOOL_EXEC_FAILED'],
  ])('tell what the app refused as a tool error, and the SDK does not try again', async (error, httpStatus, toolErrorCode) => {
    await using door = await openDoor();
    door.stage.answer = () => ({ ok: false, error });
    const thrown: unknown = await door.scalekit.actions
      .executeTool({ toolName: 'close_lead_create', ...run, toolInput: { name: 'N' } })
      .catch((e: unknown) => e);
    expect(isToolException(thrown)).toBe(true);
    expect(thrown).toMatchObject({ httpStatus, toolErrorCode, toolErrorMessage: expect.stringContaining('{') });
    expect(door.stage.calls).toHaveLength(1);
  });

  it('never let the SDK repeat a write whose outcome is unknown', async () => {
    await using door = await openDoor();
    door.stage.answer = () => ({ ok: false, error: new RouterError('outcome_unknown', { what: 'w', next: 'n.' }) });
    const call = door.scalekit.actions.executeTool({ toolName: 'close_lead_create', ...run, toolInput: { name: 'N' } });
    await expect(call).rejects.toMatchObject({ httpStatus: 500 });
    expect(door.stage.calls).toHaveLength(1);
  });
});

describe('what the connector’s page passes', () => {
  it.each([
    [
      'close_contact_create',
      { lead_id: 'lead_a', emails: '[{"email":"jane@acme.com","type":"office"}]' },
      'contact.create',
      { lead_id: 'lead_a', emails: [{ email: 'jane@acme.com', type: 'office' }] },
    ],
    [
      'close_contact_create',
      { lead_id: 'lead_a', emails: [{ email: 'jane@acme.com' }] },
      'contact.create',
      { lead_id: 'lead_a', emails: [{ email: 'jane@acme.com' }] },
    ],
    [
      'close_email_create',
      { lead_id: 'lead_a', status: 'draft', to: '[{"email":"jane@acme.com"}]' },
      'email.create',
      { lead_id: 'lead_a', status: 'draft', to: ['jane@acme.com'] },
    ],
    [
      'close_webhook_create',
      { url: 'https://a.example', events: '[{"object_type":"lead","action":"created"}]' },
      'webhook.create',
      { url: 'https://a.example', events: [{ object_type: 'lead', action: 'created' }] },
    ],
    ['close_comment_update', { comment_id: 'comm_a', comment: 'new' }, 'comment.update', { comment_id: 'comm_a', body: 'new' }],
    [
      'close_sequence_subscription_update',
      { subscription_id: 'sub_a', pause: true },
      'sequence_subscription.update',
      { subscription_id: 'sub_a', status: 'paused' },
    ],
    [
      'close_sequence_subscription_update',
      { subscription_id: 'sub_a', pause: false },
      'sequence_subscription.update',
      { subscription_id: 'sub_a', status: 'active' },
    ],
    ['close_call_create', { lead_id: 'lead_a', status: 'no_answer' }, 'call.create', { lead_id: 'lead_a', status: 'no-answer' }],
    ['close_call_create', { lead_id: 'lead_a', status: 'left_voicemail' }, 'call.create', { lead_id: 'lead_a', disposition: 'vm-left' }],
    // Not guessed at: the catalogue refuses it, and names what there is.
    ['close_call_create', { lead_id: 'lead_a', status: 'wrong_number' }, 'call.create', { lead_id: 'lead_a', status: 'wrong_number' }],
    ['close_call_update', { call_id: 'acti_a', status: 'left_voicemail' }, 'call.update', { call_id: 'acti_a', status: 'left_voicemail' }],
    ['close_call_update', { call_id: 'acti_a', status: 'busy' }, 'call.update', { call_id: 'acti_a', status: 'busy' }],
    ['close_activities_list', { lead_id: 'lead_a', _type: 'Sms' }, 'activity.list', { lead_id: 'lead_a', _type: 'SMS' }],
    [
      'close_leads_list',
      { query: 'acme', _order_by: '-date_created', _limit: 1 },
      'lead.list',
      { query: 'acme sort:-date_created', limit: 1 },
    ],
    ['close_leads_list', { _fields: 'id, name' }, 'lead.list', { fields: ['id', 'name'] }],
    [
      'close_opportunity_update',
      { opportunity_id: 'oppo_a', expected_date: '2026-05-01' },
      'opportunity.update',
      { opportunity_id: 'oppo_a', date_won: '2026-05-01' },
    ],
  ])('%s %j is understood', async (toolName, toolInput, operation, input) => {
    await using door = await openDoor();
    await door.scalekit.actions.executeTool({ toolName, ...run, toolInput });
    expect(door.stage.calls).toEqual([{ operation: `close.${operation}`, input }]);
  });

  it('cuts a page from a list that Close gives whole', async () => {
    await using door = await openDoor();
    door.stage.answer = () => ({ ok: true, data: { data: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], has_more: false } });
    const { data } = await door.scalekit.actions.executeTool({
      toolName: 'close_pipelines_list',
      ...run,
      toolInput: { _limit: 1, _skip: 1 },
    });
    expect(data).toEqual({ data: [{ id: 'b' }], has_more: true });
    expect(door.stage.calls).toEqual([{ operation: 'close.pipeline.list', input: {} }]);
  });
});

describe('the proxy', () => {
  it('carries the app’s own request and answer', async () => {
    await using door = await openDoor();
    const { actions } = door.scalekit;
    await actions.listConnections({ pageSize: 1 });
    const reply = await actions.request({ ...ADA, path: '/api/v1/lead/', method: 'POST', body: { name: 'N', 'custom.cf_a': 1 } });
    expect([reply.status, reply.data]).toEqual([200, { id: 'lead_1', 'custom.cf_one': 'x' }]);
    expect(reply.headers).toMatchObject({ ratelimit: 'limit=100, remaining=99, reset=1' });
    expect(door.stage.calls).toEqual([{ operation: 'close.lead.create', input: { name: 'N', custom: { cf_a: 1 } } }]);
  });

  it.each([
    ['the API’s prefix is missing', '/lead/', {}, 404, { error: 'Not found' }],
    ['nothing is there', '/api/v1/nothing/', {}, 404, { error: 'Not found' }],
    ['the body is no JSON', '/api/v1/lead/', { body: '{', method: 'POST' }, 400, { error: expect.any(String) }],
    ['nobody is named', '/api/v1/me/', { headers: { identifier: '' } }, 400, { code: 3 }],
    ['the connector is another', '/api/v1/me/', { headers: { connection_name: 'gmail' } }, 404, { code: 5 }],
    ['the identifier is too long', '/api/v1/me/', { headers: { identifier: 'a'.repeat(101) } }, 400, { code: 3 }],
  ])('refuses when %s', async (_, path, {
    method = 'GET',
    body,
    headers = {},
  }: { method?: string; body?: string; headers?: object }, status, answer) => {
    await using door = await openDoor();
    const reply = await door.fetch(method, `/proxy${path}`, body, { connection_name: 'close', identifier: 'ada', ...headers });
    expect(reply).toMatchObject({ status, body: answer });
    expect(door.stage.calls).toEqual([]);
  });

  it('is not left by dots, however the SDK sends them', async () => {
    await using door = await openDoor();
    await door.scalekit.actions.listConnections({ pageSize: 1 });
    for (const path of ['/../oauth/token', '/a/../../keys', '/%2e%2e/api/v1/connected_accounts', '/api/v1/../../..;/x']) {
      await door.scalekit.actions.request({ ...ADA, path, method: 'DELETE' }).catch(() => undefined);
    }
    expect(door.stage.calls).toEqual([]);
    expect(await door.sandbox.connections('scalekit')).toHaveLength(1);
  });
});

describe('the REST twins', () => {
  it('run a tool', async () => {
    await using door = await openDoor();
    const reply = await door.fetch('POST', '/api/v1/execute_tool', {
      tool_name: 'close_lead_get',
      identifier: 'ada',
      connector: 'close',
      params: { lead_id: 'lead_a' },
    });
    expect(reply).toMatchObject({ status: 200, body: { data: { id: 'lead_1' }, execution_id: expect.any(String) } });
  });

  it('list tools and accounts by query', async () => {
    await using door = await openDoor();
    const tools = await door.fetch(
      'GET',
      '/api/v1/tools?filter.provider=CLOSE&filter.tool_name=close_me_get&filter.summary=true&page_size=5',
    );
    expect(tools).toMatchObject({ status: 200, body: { tool_names: ['close_me_get'], total_size: 1, next_page_token: '' } });
    const accounts = await door.fetch('GET', '/api/v1/connected_accounts?connector=close&identifier=ada');
    expect(accounts.body.connected_accounts).toMatchObject([{ id: door.account, status: 'ACTIVE', authorization_type: 'OAUTH' }]);
    expect(await door.fetch('GET', `/api/v1/connected_accounts/${door.account}`)).toMatchObject({
      body: { connected_account: { id: door.account } },
    });
  });

  it('disconnect, and refuse in the gateway’s words', async () => {
    await using door = await openDoor();
    expect(await door.fetch('POST', `/api/v1/connected_accounts/${door.account}:disconnect`, {})).toMatchObject({
      body: { connected_account: { status: 'DISCONNECTED' } },
    });
    expect(await door.fetch('POST', '/api/v1/execute_tool', { tool_name: 'close_me_get', tool_input: {} })).toMatchObject({
      status: 400,
      body: { code: 3 },
    });
    expect(await door.fetch('GET', '/api/v1/nothing')).toMatchObject({ status: 404, body: { code: 5 } });
    expect(await door.fetch('POST', '/api/v1/execute_tool', 'no json')).toMatchObject({ status: 400, body: { code: 3 } });
  });
});
