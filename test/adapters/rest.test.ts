import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createRestAdapter } from '../../adapters/rest/adapter.ts';
import type { Adapter, HttpCall, Reply } from '../../src/contract/adapter.ts';
import { NETWORK_ERRORS, networkFailure } from '../../src/wire/network.ts';
import { answer, closedPort, type Script, startScripted } from '../support/scripted-server.ts';

const KEY = 'api_1secretOfAda.2rest';
const now = () => new Date('2026-03-02T14:05:11Z');
const adapters: Adapter[] = [];

afterEach(async () => {
  await Promise.all(adapters.splice(0).map((adapter) => adapter.close()));
});

function adapterAt(baseUrl: string, keys = { users: { ada: KEY } }): Adapter {
  const adapter = createRestAdapter({ baseUrl, keys, now });
  adapters.push(adapter);
  return adapter;
}

async function callOf(adapter: Adapter, call: Partial<HttpCall> = {}): Promise<HttpCall> {
  const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, AbortSignal.timeout(5000));
  if (!connection) throw new Error('ada has a key');
  return { connection, method: 'POST', path: '/lead/', query: [], body: { name: 'Northpine' }, read: false, ...call };
}

async function sendTo(baseUrl: string, call: Partial<HttpCall> = {}, signal: AbortSignal = AbortSignal.timeout(5000)): Promise<Reply> {
  const adapter = adapterAt(baseUrl);
  return adapter.request(await callOf(adapter, call), signal);
}

describe('a request', () => {
  it('carries the key as Basic user name, JSON both ways, and the query in order', async () => {
    await using server = await startScripted({
      onRequest: (socket) => socket.write(answer(200, '{"id":"lead_1"}', { RateLimit: 'limit=1, remaining=1, reset=1' })),
    });
    const query = [['_limit', '5'], ['_fields', 'id,name']] as const; // biome-ignore format: one row
    const reply = await sendTo(`${server.url}/api/v1`, { query });
    expect(reply).toEqual({
      kind: 'http',
      status: 200,
      headers: expect.objectContaining({ ratelimit: 'limit=1, remaining=1, reset=1' }),
      body: { id: 'lead_1' },
    });
    const [request = ''] = server.requests;
    expect(request.split('\r\n')[0]).toBe('POST /api/v1/lead/?_limit=5&_fields=id%2Cname HTTP/1.1');
    expect(request).toContain(`authorization: Basic ${Buffer.from(`${KEY}:`).toString('base64')}`);
    expect(request).toMatch(/content-type: application\/json[\s\S]*\{"name":"Northpine"\}$/);
  });

  it('carries an OAuth token as Bearer', async () => {
    await using server = await startScripted({ onRequest: (socket) => socket.write(answer(200, '{}')) });
    const adapter = adapterAt(server.url, { users: { ada: 'oauth-token' } });
    await adapter.request(await callOf(adapter), AbortSignal.timeout(5000));
    expect(server.requests[0]).toContain('authorization: Bearer oauth-token');
  });

  it('shares one connection with those before it', async () => {
    await using server = await startScripted({ onRequest: (socket) => socket.write(answer(200, '{}')) });
    const adapter = adapterAt(server.url);
    for (let count = 0; count < 3; count += 1) await adapter.request(await callOf(adapter), AbortSignal.timeout(5000));
    expect([server.requests.length, server.connections()]).toEqual([3, 1]);
  });

  it.each([
    '/lead/../user/',
    '/lead/%2e%2e/user/',
    '//evil.example/',
    '/lead/?_limit=1',
    '/lead/#x',
    '/lead/a b/',
    '/le\r\nad/',
    'lead/',
    '/\\evil.example/',
  ])('to %j is refused before anything is sent', async (path) => {
    await using server = await startScripted({ onRequest: (socket) => socket.write(answer(200, '{}')) });
    expect(await sendTo(`${server.url}/api/v1`, { path })).toMatchObject({
      kind: 'failed',
      failure: { code: 'invalid_input', delivery: 'not-sent' },
    });
    expect(server.connections()).toBe(0);
  });

  it('for a connection whose key is no longer configured is refused before anything is sent', async () => {
    await using server = await startScripted({});
    const adapter = adapterAt(server.url);
    const call = await callOf(adapter);
    const stale = { ...call, connection: { ...call.connection, id: 'key_000000000000' } };
    expect(await adapter.request(stale, AbortSignal.timeout(5000))).toMatchObject({
      failure: { code: 'connection_required', delivery: 'not-sent' },
    });
    expect(server.connections()).toBe(0);
  });
});

describe('an answer', () => {
  it.each([
    [
      'a refusal',
      answer(400, '{"errors":[],"field-errors":{"name":"bad"}}'),
      { kind: 'http', status: 400, body: { errors: [], 'field-errors': { name: 'bad' } } },
    ],
    [
      'an HTML error',
      answer(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' }),
      { kind: 'http', status: 502, body: '<h1>Bad gateway</h1>' },
    ],
    ['a 429 with Retry-After', answer(429, '{}', { 'Retry-After': '2' }), { kind: 'http', status: 429, headers: { 'retry-after': '2' } }],
    [
      'a 429 with a RateLimit header',
      answer(429, '{}', { RateLimit: 'limit=1, remaining=0, reset=2' }),
      { kind: 'http', status: 429, headers: { ratelimit: 'limit=1, remaining=0, reset=2' } },
    ],
    ['a 429 in text', answer(429, 'slow down', { 'content-type': 'text/plain' }), { kind: 'http', status: 429, body: 'slow down' }],
    ['a 503', answer(503, ''), { kind: 'http', status: 503 }],
    ['a 204', 'HTTP/1.1 204 No Content\r\n\r\n', { kind: 'http', status: 204, body: undefined }],
    [
      'a chunked answer',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n',
      { kind: 'http', status: 200, body: { a: 1 } },
    ],
    [
      'an early hint before the answer',
      `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${answer(200, '{"a":1}')}`,
      { kind: 'http', status: 200, body: { a: 1 } },
    ],
  ])('%s reaches the router as it is', async (_, bytes, expected) => {
    await using server = await startScripted({ onRequest: (socket) => socket.write(bytes) });
    expect(await sendTo(server.url)).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });
});

const hangUp = (socket: Socket): unknown => socket.resetAndDestroy();
const partly =
  (bytes: string) =>
  (socket: Socket): unknown =>
    socket.write(bytes, () => socket.resetAndDestroy());

const UNKNOWN: readonly (readonly [string, Script, string])[] = [
  ['resets after the request', { onRequest: hangUp }, 'backend_unavailable'],
  ['closes after the request', { onRequest: (socket) => socket.end() }, 'backend_unavailable'],
  ['resets in the middle of the headers', { onRequest: partly('HTTP/1.1 200 OK\r\ncontent-le') }, 'backend_unavailable'],
  ['resets in the middle of the body', { onRequest: partly('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id":') }, 'backend_unavailable'],
  [
    'closes in the middle of a chunk',
    { onRequest: (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{"id":') },
    'backend_unavailable',
  ],
  [
    'says HTML with 200',
    { onRequest: (socket) => socket.write(answer(200, '<html></html>', { 'content-type': 'text/html' })) },
    'reply_unexpected',
  ],
  ['says JSON that stops short', { onRequest: (socket) => socket.write(answer(200, '{"id":"lead_')) }, 'reply_unexpected'],
  ['redirects', { onRequest: (socket) => socket.write(answer(302, '', { location: 'http://127.0.0.1:9/' })) }, 'reply_unexpected'],
  ['does not speak HTTP', { onRequest: (socket) => socket.write('220 mail.example ESMTP\r\n\r\n') }, 'reply_unexpected'],
];

describe('what happened to a write is unknown when the far side', () => {
  it.each(UNKNOWN)('%s', async (_, script, code) => {
    await using server = await startScripted(script);
    expect(await sendTo(server.url)).toMatchObject({ kind: 'failed', failure: { code, delivery: 'unknown' } });
    expect(server.requests).toHaveLength(1);
  });

  it('hangs until the deadline', async () => {
    await using server = await startScripted({});
    const reply = await sendTo(server.url, {}, AbortSignal.timeout(150));
    expect(reply).toMatchObject({ kind: 'failed', failure: { code: 'timeout', delivery: 'unknown' } });
    expect(server.requests).toHaveLength(1);
  });

  it('hangs in the middle of the body until the deadline', async () => {
    await using server = await startScripted({ onRequest: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{') });
    expect(await sendTo(server.url, {}, AbortSignal.timeout(150))).toMatchObject({ failure: { code: 'timeout', delivery: 'unknown' } });
  });

  it('answers more than anybody can hold', async () => {
    const huge = (socket: Socket): unknown => socket.write(answer(200, ' '.repeat(31 * 1024 * 1024)));
    await using server = await startScripted({ onRequest: huge });
    expect(await sendTo(server.url)).toMatchObject({ failure: { code: 'reply_unexpected', delivery: 'unknown' } });
  });
});

describe('a write was provably not sent when', () => {
  it('the connection is refused', async () => {
    const reply = await sendTo(`http://127.0.0.1:${await closedPort()}`);
    expect(reply).toMatchObject({ failure: { code: 'backend_unavailable', delivery: 'not-sent', origin: 'network' } });
  });

  it('the host name is unknown', async () => {
    expect(await sendTo(`http://${'x'.repeat(64)}.invalid`)).toMatchObject({
      failure: { code: 'backend_unavailable', delivery: 'not-sent' },
    });
  });

  it('no TLS connection comes about', async () => {
    await using server = await startScripted({ onConnect: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') });
    const reply = await sendTo(server.url.replace('http:', 'https:'));
    expect(reply).toMatchObject({ failure: { code: 'backend_unavailable', delivery: 'not-sent' } });
    expect(server.requests).toHaveLength(0);
  });

  it('the deadline passes while the connection is being made', async () => {
    await using server = await startScripted({});
    const reply = await sendTo(server.url.replace('http:', 'https:'), {}, AbortSignal.timeout(100)); // a TLS hello that nobody answers
    expect(reply).toMatchObject({ failure: { code: 'timeout', delivery: 'not-sent' } });
    expect(server.requests).toHaveLength(0);
  });

  it('the caller had given up already', async () => {
    await using server = await startScripted({});
    expect(await sendTo(server.url, {}, AbortSignal.abort())).toMatchObject({ failure: { code: 'timeout', delivery: 'not-sent' } });
    expect(server.connections()).toBe(0);
  });
});

describe('the table of network errors', () => {
  it.each(Object.entries(NETWORK_ERRORS))('%s', (code, row) => {
    const error = Object.assign(new Error('with details nobody should see'), { code });
    for (const [sent, delivery] of [[true, 'unknown'], [false, 'not-sent']] as const) // biome-ignore format: two cases
      expect(networkFailure(error, sent)).toEqual({ ...row, delivery, origin: 'network' });
  });

  it('looks into the errors of several addresses', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED' });
    expect(networkFailure(new AggregateError([inner]), false).what).toBe('the connection was refused');
  });

  it('has an answer for what it does not list', () => {
    expect(networkFailure(Object.assign(new Error('x'), { code: 'ENEW' }), true)).toMatchObject({
      code: 'backend_unavailable',
      what: 'the connection failed (ENEW)',
    });
    expect(networkFailure('not even an error', false)).toMatchObject({ delivery: 'not-sent', what: 'the connection failed' });
  });
});

describe('connections', () => {
  const signal = AbortSignal.timeout(5000);

  it('are the configured keys, active until proven otherwise, under an id that tells nothing of the key', async () => {
    const [connection] = await adapterAt('http://127.0.0.1:9').connections({ app: 'close', user: 'ada' }, signal);
    expect(connection).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{12}$/),
      backend: 'rest',
      app: 'close',
      user: 'ada',
      status: 'active',
      detail: 'configured',
      checkedAt: '2026-03-02T14:05:11.000Z',
    });
    expect(KEY).not.toContain(connection?.id.slice(4));
  });

  it('change their id with the key, so that nothing known of one account is believed of another', async () => {
    const idOf = async (key: string) =>
      (await adapterAt('http://127.0.0.1:9', { users: { ada: key } }).connections({ app: 'close', user: 'ada' }, signal))[0]?.id;
    expect(await idOf(KEY)).not.toBe(await idOf('api_another'));
  });

  it.each([
    ['a user without key', { app: 'close', user: 'bob' }],
    ['a name of the language', { app: 'close', user: 'constructor' }],
    ['another app', { app: 'other', user: 'ada' }],
  ])('are none for %s', async (_, query) => {
    expect(await adapterAt('http://127.0.0.1:9').connections(query, signal)).toEqual([]);
  });

  it('are made by configuring a key, and the answer says where', async () => {
    const link = await adapterAt('http://127.0.0.1:9').connect({ app: 'close', user: 'bob' }, signal);
    expect(link.how).toContain('users.bob.rest.api_key');
  });
});
