import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import type { Outcome } from '../../src/contract/executor.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { KEY, type Stage, stage } from './rest-stage.ts';

const basic = (credential: string): string => `Basic ${Buffer.from(credential).toString('base64')}`;
const ok =
  (data: unknown): (() => Outcome) =>
  () => ({ ok: true, data });
const refused =
  (code: RouterError['code'], details: Partial<RouterError['details']> = {}): (() => Outcome) =>
  () => ({
    ok: false,
    error: new RouterError(code, { what: 'no', next: 'Stop.', ...details }),
  });

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | JsonObject;
}

function send({ door }: Stage, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Response> {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const request = {
    method,
    headers: { authorization: basic(`${KEY}:`), ...type, ...headers },
    ...(text === undefined ? {} : { body: text }),
  };
  return door.fetch(new Request(`http://door.example/api/v1${path}`, request));
}

describe('the credential', () => {
  it.each([
    ['a key as Basic user name', basic(`${KEY}:`), { user: 'ada', connection: 'key_ada' }],
    ['an OAuth token', 'Bearer oauth-token', { user: 'ada' }],
    ['a scheme in small letters', `bearer oauth-token`, { user: 'ada' }],
  ])('%s is understood', async (_, authorization, caller) => {
    const set = stage(ok({ id: 'user_1' }));
    expect((await send(set, '/me/', { headers: { authorization } })).status).toBe(200);
    expect(set.calls[0]?.context).toMatchObject(caller);
  });

  it.each([
    ['nothing', ''],
    ['a wrong key', basic('api_wrong:')],
    ['a key without the colon', basic(KEY)],
    ['a key with a password', basic(`${KEY}:x`)],
    ['a key as Bearer of nobody', 'Bearer api_wrong'],
    ['another scheme', `Digest ${KEY}`],
    ['a credential that could be anybody’s', 'Bearer project-key'],
  ])('%s is 401', async (_, authorization) => {
    const set = stage(ok({}));
    const response = await send(set, '/me/', { headers: { authorization } });
    expect([response.status, await response.json()]).toEqual([401, { error: 'Unauthorized' }]);
    expect(set.calls).toEqual([]);
  });
});

describe('a request', () => {
  it('becomes a canonical call: paging, lists and custom fields in our words', async () => {
    const set = stage(ok({ data: [], has_more: false }));
    await send(set, '/lead/?_limit=5&_skip=10&_fields=id,name&query=name%3A%22x%22');
    await send(set, '/lead/', {
      method: 'POST',
      body: { name: 'Northpine', 'custom.cf_size': 40, contacts: [{ name: 'Ingrid', 'custom.cf_role': 'boss' }] },
    });
    await send(set, '/task/?lead_id=lead_1', { method: 'PUT', body: { is_complete: true } });
    expect(set.calls.map(({ operation, input }) => [operation, input])).toEqual([
      ['close.lead.list', { limit: 5, skip: 10, fields: ['id', 'name'], query: 'name:"x"' }],
      ['close.lead.create', { name: 'Northpine', custom: { cf_size: 40 }, contacts: [{ name: 'Ingrid', custom: { cf_role: 'boss' } }] }],
      ['close.task.bulk_update', { where: { lead_id: 'lead_1' }, set: { is_complete: true } }],
    ]);
  });

  it('may put a long query into the body of a POST that stands for a GET', async () => {
    const set = stage(ok({ data: [], has_more: false }));
    const override = { method: 'POST', headers: { 'x-http-method-override': 'GET' } };
    await send(set, '/lead/?_skip=1', { ...override, body: { _params: { _limit: 5, query: 'x', _fields: ['id', 'name'] } } });
    expect(set.calls[0]).toMatchObject({ operation: 'close.lead.list', input: { skip: 1, limit: 5, query: 'x', fields: ['id', 'name'] } });
  });

  it('may put the filters of a bulk update into its body', async () => {
    const set = stage(ok({ ok: true }));
    await send(set, '/task/', { method: 'PUT', body: { is_complete: true, _params: { lead_id: 'lead_1' } } });
    expect(set.calls[0]?.input).toEqual({ where: { lead_id: 'lead_1' }, set: { is_complete: true } });
  });

  it('an override cannot turn a POST into anything but a GET', async () => {
    const set = stage(ok({}));
    expect((await send(set, '/lead/lead_1/', { method: 'POST', headers: { 'x-http-method-override': 'DELETE' } })).status).toBe(405);
    expect(set.calls).toEqual([]);
  });

  it('hands on the caller’s time zone and idempotency key', async () => {
    const set = stage(ok({}));
    await send(set, '/me/', { headers: { 'x-tz-offset': '-2.5', 'idempotency-key': 'k1' } });
    await send(set, '/me/', { headers: { 'x-tz-offset': 'Oslo' } });
    expect(set.calls[0]?.context).toMatchObject({ tzOffsetHours: -2.5, idempotencyKey: 'k1' });
    expect(set.calls[1]?.context).not.toHaveProperty('tzOffsetHours');
  });

  it('without the closing slash is redirected, query and all', async () => {
    const set = stage(ok({}));
    const response = await send(set, '/lead/lead_1?_fields=id');
    expect([response.status, response.headers.get('location')]).toEqual([301, 'http://door.example/close/api/v1/lead/lead_1/?_fields=id']);
    expect(set.calls).toEqual([]);
  });

  it.each([
    ['a path that is not there', '/leads/', {}, 404, 'Not found'],
    ['a path outside the API', '/../v2/lead/', {}, 404, 'Not found'],
    ['an id with a slash in it', '/lead/a%2fb/', {}, 404, 'Not found'],
    ['another method', '/lead/lead_1/', { method: 'PATCH' }, 405, 'Method not allowed'],
    [
      'a form',
      '/lead/',
      { method: 'POST', body: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'Unsupported media type',
    ],
    ['broken JSON', '/lead/', { method: 'POST', body: '{"name":' }, 400, 'The request contains invalid JSON.'],
    ['JSON that is no object', '/lead/', { method: 'POST', body: '[1]' }, 400, 'The request contains invalid JSON.'],
  ])('for %s is refused', async (_, path, sent, status, error) => {
    const set = stage(ok({}));
    const response = await send(set, path, sent);
    expect([response.status, await response.json()]).toEqual([status, { error }]);
    expect(set.calls).toEqual([]);
  });

  it('with another method is told which ones there are', async () => {
    const response = await send(stage(ok({})), '/lead/merge/', { method: 'GET' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('an answer', () => {
  it.each([
    ['a read', 'GET', '/lead/lead_1/', { id: 'lead_1', custom: { cf_a: 1 } }, 200, { id: 'lead_1', 'custom.cf_a': 1 }],
    ['a create', 'POST', '/lead/', { id: 'lead_1' }, 200, { id: 'lead_1' }],
    ['a create that Close answers with 201', 'POST', '/pipeline/', { id: 'pipe_1' }, 201, { id: 'pipe_1' }],
    ['a delete', 'DELETE', '/lead/lead_1/', { deleted: true }, 200, {}],
    ['a search', 'POST', '/data/search/', { data: [], cursor: null, has_more: false }, 200, { data: [], cursor: null }],
    [
      'a list',
      'GET',
      '/lead/',
      { data: [{ id: 'lead_1', custom: { cf_a: 1 } }], has_more: true },
      200,
      { data: [{ id: 'lead_1', 'custom.cf_a': 1 }], has_more: true },
    ],
  ])('to %s looks like Close’s', async (_, method, path, data, status, body) => {
    const response = await send(stage(ok(data)), path, { method, ...(method === 'POST' ? { body: {} } : {}) });
    expect([response.status, await response.json()]).toEqual([status, body]);
  });

  it('to a delete that Close answers with 204 has no body', async () => {
    const response = await send(stage(ok({ deleted: true })), '/comment/comm_1/', { method: 'DELETE' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it.each([
    ['comma', { ratelimit: 'limit=20, remaining=3, reset=0.5' }],
    [
      'semicolon',
      { ratelimit: 'limit=20; remaining=3; reset=0.5', 'ratelimit-limit': '20', 'ratelimit-remaining': '3', 'ratelimit-reset': '0.5' },
    ],
    ['discrete', { 'ratelimit-limit': '20', 'ratelimit-remaining': '3', 'ratelimit-reset': '0.5' }],
    ['none', {}],
  ] as const)('tells the rate limit in the dialect %s, on success and on refusal', async (dialect, headers) => {
    const rateLimit = { limit: 20, remaining: 3, resetSeconds: 0.5 };
    for (const outcome of [ok({ id: 'user_1' })(), refused('not_found')()]) {
      const response = await send(
        stage(() => ({ ...outcome, rateLimit }), dialect),
        '/me/',
      );
      expect(Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('ratelimit')))).toEqual(headers);
    }
  });

  it.each([
    [
      'a field error',
      refused('rejected', { status: 400, fields: [{ path: 'name', problem: 'too long' }] }),
      400,
      { errors: [], 'field-errors': { name: 'too long' } },
    ],
    ['not found', refused('not_found'), 404, { error: 'Not found' }],
    ['a revoked key', refused('unauthenticated'), 401, { error: 'Unauthorized' }],
    ['a forbidden operation', refused('permission_denied'), 403, { error: 'You do not have permission to perform this action.' }],
  ])('that says %s looks like Close’s', async (_, answer, status, body) => {
    const response = await send(stage(answer), '/lead/', { method: 'POST', body: { name: 'x' } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body);
  });

  it('that asks to wait says how long', async () => {
    const response = await send(stage(refused('rate_limited', { retryAfterMs: 1500 })), '/me/');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
  });
});

/** The calls of a public skill for plain REST, as it writes them. */
describe('a plain REST skill', () => {
  it.each<readonly [string, string, string, JsonObject | undefined, string, JsonObject]>([
    ['lists leads', 'GET', '/lead/', undefined, 'lead.list', {}],
    ['searches leads', 'GET', '/lead/?query=company_name', undefined, 'lead.list', { query: 'company_name' }],
    [
      'pages through leads',
      'GET',
      '/lead/?_skip=100&_limit=100&_fields=id,display_name',
      undefined,
      'lead.list',
      { skip: 100, limit: 100, fields: ['id', 'display_name'] },
    ],
    ['reads a contact', 'GET', '/contact/cont_1/', undefined, 'contact.get', { contact_id: 'cont_1' }],
    ['lists activities', 'GET', '/activity/?lead_id=lead_xxx', undefined, 'activity.list', { lead_id: 'lead_xxx' }],
    [
      'filters tasks',
      'GET',
      '/task/?is_complete=false&lead_id=lead_xxx&_type=lead',
      undefined,
      'task.list',
      { is_complete: false, lead_id: 'lead_xxx', _type: 'lead' },
    ],
    [
      'creates a lead',
      'POST',
      '/lead/',
      { name: 'Acme', url: 'https://acme.example', description: 'Prospect' },
      'lead.create',
      { name: 'Acme', url: 'https://acme.example', description: 'Prospect' },
    ],
    [
      'creates a task',
      'POST',
      '/task/',
      { lead_id: 'lead_xxx', text: 'Call', _type: 'lead', date: '2026-03-10' },
      'task.create',
      { lead_id: 'lead_xxx', text: 'Call', _type: 'lead', date: '2026-03-10' },
    ],
  ])('%s', async (_, method, path, body, operation, input) => {
    const set = stage(ok({ data: [], has_more: false }));
    expect((await send(set, path, { method, ...(body ? { body } : {}) })).status).toBe(200);
    expect(set.calls.map((call) => [call.operation, call.input])).toEqual([[`close.${operation}`, input]]);
    const { closeApp } = await import('../../src/catalog/close/index.ts');
    expect((await closeApp.find(operation))?.input.safeParse(input).error).toBeUndefined();
  });
});
