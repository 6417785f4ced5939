import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMembraneAdapter } from '../../adapters/membrane/adapter.ts';
import { MEMBRANE_ERRORS, readRefusal, writeRefusal } from '../../adapters/membrane/errors.ts';
import { openWire } from '../../adapters/membrane/wire.ts';
import type { HttpCall } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { type Answer, json } from '../support/scripted-http.ts';
import { startScripted } from '../support/scripted-server.ts';
import {
  ADA,
  afterReading,
  connection,
  failureOf,
  HTTP,
  membraneError,
  NOW,
  type Scripted,
  scripted,
  soon,
  TOOL,
} from './membrane-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('Membrane refuses a run', () => {
  /** type, key, HTTP status → what it means for us, and whether the action may have run. */
  const ROWS = [
    ['bad_request', 'not_authenticated', 401, 'unauthenticated', 'not-sent', 'backend'],
    ['bad_request', 'access_denied', 403, 'permission_denied', 'not-sent', 'backend'],
    ['bad_request', 'not_found', 404, 'unsupported_operation', 'not-sent', 'backend'],
    ['bad_request', 'already_exists', 409, 'conflict', 'not-sent', 'backend'],
    ['bad_request', 'rate_limit_exceeded', 429, 'rate_limited', 'answered', 'backend'],
    ['bad_request', undefined, 400, 'unsupported_fields', 'not-sent', 'backend'],
    ['connection', 'connection_is_defunct', 400, 'connection_required', 'not-sent', 'backend'],
    ['connection', 'access_token_expired', 400, 'unauthenticated', 'answered', 'app'],
    ['connection', 'rate_limit_exceeded', 429, 'rate_limited', 'answered', 'app'],
    ['connection', undefined, 400, 'backend_unavailable', 'unknown', 'backend'],
    ['configuration', undefined, 400, 'unsupported_operation', 'not-sent', 'backend'],
    ['dependency_error', undefined, 400, 'unsupported_operation', 'not-sent', 'backend'],
    ['action_instance_setup', undefined, 400, 'unsupported_operation', 'not-sent', 'backend'],
    ['flow_instance_setup', undefined, 400, 'unsupported_operation', 'not-sent', 'backend'],
    ['insufficient_credit', undefined, 402, 'backend_unavailable', 'not-sent', 'backend'],
    ['openrouter_not_configured', undefined, 400, 'unsupported_operation', 'not-sent', 'backend'],
    ['action_run', undefined, 400, 'backend_unavailable', 'unknown', 'backend'],
    ['flow_run', undefined, 400, 'backend_unavailable', 'unknown', 'backend'],
    ['unit_run', undefined, 400, 'backend_unavailable', 'unknown', 'backend'],
    ['custom_code', undefined, 400, 'backend_unavailable', 'unknown', 'backend'],
    ['concurrency', 'lock_timeout', 409, 'backend_unavailable', 'unknown', 'backend'],
    ['concurrency', undefined, 409, 'backend_unavailable', 'unknown', 'backend'],
    ['internal', undefined, 500, 'backend_unavailable', 'unknown', 'backend'],
  ] as const;

  it.each(ROWS)('with %s/%s and %i: %s, delivery %s, origin %s, after one run', async (type, key, status, code, delivery, origin) => {
    await using membrane = await scripted(afterReading(json(membraneError(type, key), status)));
    expect(failureOf(await membrane.adapter().invoke(TOOL, soon()))).toMatchObject({ code, delivery, origin, status });
    // A token that was used before and is refused is made anew, once.
    expect(membrane.posts()).toBe(code === 'unauthenticated' && origin === 'backend' ? 2 : 1);
  });

  it('by rows that are all tried here', () => {
    expect(MEMBRANE_ERRORS.map(({ type, key }) => [type, key])).toEqual(ROWS.map(([type, key]) => [type, key]));
  });

  it.each([
    ['bad_request', 'not_found', 500],
    ['bad_request', undefined, 502],
    ['configuration', undefined, 503],
  ])('and is not believed when it says %s/%s with %i', async (type, key, status) => {
    await using membrane = await scripted(afterReading(json(membraneError(type, key), status)));
    expect(failureOf(await membrane.adapter().invoke(TOOL, soon()))).toMatchObject({ code: 'backend_unavailable', delivery: 'unknown' });
  });

  const nested = (type: string, key?: string) =>
    membraneError('action_run', undefined, {
      causedByError: membraneError('unit_run', undefined, { causedByError: membraneError(type, key) }),
    });

  it.each([
    [nested('connection', 'access_token_expired'), 'unauthenticated', 'answered'],
    [nested('connection', 'connection_is_defunct'), 'connection_required', 'not-sent'],
    [nested('connection', 'rate_limit_exceeded'), 'rate_limited', 'answered'],
    // Inside a run that had begun, a refusal proves nothing about what was done before it.
    [nested('bad_request', 'not_found'), 'backend_unavailable', 'unknown'],
    [nested('bad_request'), 'backend_unavailable', 'unknown'],
    [nested('internal'), 'backend_unavailable', 'unknown'],
    [nested('nobody_knows'), 'backend_unavailable', 'unknown'],
  ] as const)('and the cause inside counts: %j', async (body, code, delivery) => {
    await using membrane = await scripted(afterReading(json(body, 400)));
    expect(failureOf(await membrane.adapter().invoke(TOOL, soon()))).toMatchObject({ code, delivery });
  });

  it.each([
    [
      'data.response',
      { response: { status: 422, data: { error: 'x' }, headers: { 'Retry-After': 3 } } },
      { status: 422, body: { error: 'x' }, headers: { 'retry-after': '3' } },
    ],
    ['data.status', { status: 404 }, { status: 404, body: undefined }],
    ['data.statusCode', { statusCode: 429 }, { status: 429 }],
  ])('with what the app answered in %s, which is then the answer', async (_, data, answer) => {
    for (const body of [
      membraneError('action_run', undefined, { data }),
      membraneError('action_run', undefined, { causedByError: membraneError('connection', undefined, { data }) }),
    ]) {
      await using membrane = await scripted(afterReading(json(body, 400)));
      expect(await membrane.adapter().invoke(TOOL, soon())).toMatchObject({ kind: 'http', ...answer });
    }
  });

  it('by its own word that the app asked to wait, where what the app answered is not passed on', async () => {
    const cause = membraneError('connection', 'rate_limit_exceeded', { data: { statusCode: 429 } });
    await using membrane = await scripted(afterReading(json(membraneError('action_run', undefined, { causedByError: cause }), 400)));
    expect(failureOf(await membrane.adapter().invoke(TOOL, soon()))).toMatchObject({
      code: 'rate_limited',
      delivery: 'answered',
      origin: 'app',
    });
  });

  it('with a status inside that is no refusal, and nothing is concluded from it', async () => {
    await using membrane = await scripted(
      afterReading(json(membraneError('action_run', undefined, { data: { response: { status: 200 } } }), 400)),
    );
    expect(failureOf(await membrane.adapter().invoke(TOOL, soon()))).toMatchObject({ delivery: 'unknown' });
  });

  it.each([
    ['<html>Forbidden</html>', 403, 'reply_unexpected', 'unknown'],
    ['<html>Bad Gateway</html>', 502, 'backend_unavailable', 'unknown'],
    ['<html>Slow down</html>', 429, 'rate_limited', 'unknown'],
    ['', 429, 'rate_limited', 'unknown'],
    ['{"message":"Too many requests"}', 429, 'rate_limited', 'unknown'],
    ['', 502, 'backend_unavailable', 'unknown'],
    ['', 504, 'timeout', 'unknown'],
    ['', 400, 'invalid_input', 'unknown'],
    ['', 401, 'unauthenticated', 'unknown'],
    ['', 402, 'backend_unavailable', 'unknown'],
    ['', 408, 'timeout', 'unknown'],
    ['', 409, 'conflict', 'unknown'],
    ['', 413, 'invalid_input', 'unknown'],
    ['', 500, 'backend_unavailable', 'unknown'],
    ['', 403, 'permission_denied', 'unknown'],
    ['', 404, 'unsupported_operation', 'unknown'],
    ['{"message":"No route"}', 404, 'unsupported_operation', 'unknown'],
    ['{"type":"nobody_knows","message":"x"}', 403, 'permission_denied', 'unknown'],
    ['{"type":"bad_request"}', 400, 'invalid_input', 'unknown'],
    ['{"type":"bad_request"}', 418, 'reply_unexpected', 'unknown'],
    ['{"output":', 200, 'reply_unexpected', 'unknown'],
    ['"text"', 200, 'reply_unexpected', 'unknown'],
    ['', 200, 'reply_unexpected', 'unknown'],
    ['{}', 200, 'reply_unexpected', 'unknown'],
    ['null', 200, 'reply_unexpected', 'unknown'],
    ['', 302, 'reply_unexpected', 'unknown'],
  ])('or answers %j with %i: %s, delivery %s', async (body, status, code, delivery) => {
    await using membrane = await scripted(afterReading(json(body, status)));
    expect(failureOf(await membrane.adapter().invoke(TOOL, soon()))).toMatchObject({ code, delivery });
    expect(membrane.posts()).toBe(1);
  });

  it('and never copies its words into what we say', async () => {
    const body = { ...membraneError('action_run'), message: 'ada@example.com said eyJhbGciOi', data: { note: 'secret' } };
    await using membrane = await scripted(afterReading(json(body, 400)));
    expect(JSON.stringify(await membrane.adapter().invoke(TOOL, soon()))).not.toMatch(/example\.com|eyJ|secret/);
  });
});

describe('errors that our door writes', () => {
  it.each([
    'unauthenticated',
    'permission_denied',
    'unsupported_operation',
    'conflict',
    'invalid_input',
    'connection_required',
    'backend_unavailable',
    'rate_limited',
  ] as const)('%s, are read back as what they were', (code) => {
    const written = writeRefusal(new RouterError(code, { what: 'it failed', next: 'Wait.', retryAfterMs: 1500 }));
    expect(readRefusal({ ...written, body: written.body })).toMatchObject({ code });
  });

  it.each(['outcome_unknown', 'internal', 'timeout', 'reply_unexpected'] as const)('%s, never sound as if nothing was sent', (code) => {
    const written = writeRefusal(new RouterError(code, { what: 'it failed', next: 'Wait.' }));
    expect(readRefusal(written)).toMatchObject({ delivery: 'unknown' });
  });
});

describe('through the proxy', () => {
  it('the path keeps its slashes, the query its order, the body its shape', async () => {
    await using membrane = await scripted(json({ id: 'lead_1' }, 200, { ratelimit: 'limit=100', 'set-cookie': 'a=b' }));
    const call: HttpCall = {
      ...HTTP,
      query: [
        ['_fields', 'id,name'],
        ['q', 'a&b=c d+é'],
        ['_fields', 'x'],
        ['empty', ''],
      ],
    };
    const reply = await membrane.adapter().request(call, soon());
    expect(reply).toMatchObject({ kind: 'http', status: 200, headers: { ratelimit: 'limit=100' }, body: { id: 'lead_1' } });
    expect(membrane.seen.map(({ method, path, query, body }) => [method, path, [...query], body])).toEqual([
      [
        'POST',
        '/connections/con_1/proxy/lead/',
        [
          ['_fields', 'id,name'],
          ['q', 'a&b=c d+é'],
          ['_fields', 'x'],
          ['empty', ''],
        ],
        { name: 'Northpine' },
      ],
    ]);
  });

  it.each(['GET', 'DELETE'] as const)('a %s has no body', async (method) => {
    await using membrane = await scripted((response) => response.writeHead(204).end());
    const reply = await membrane
      .adapter()
      .request({ connection: ADA, method, path: '/lead/lead_1/', query: [], read: method === 'GET' }, soon());
    expect(reply).toMatchObject({ kind: 'http', status: 204 });
    expect(membrane.seen[0]).toMatchObject({ method, path: '/connections/con_1/proxy/lead/lead_1/', body: undefined });
  });

  it.each([
    '/../../org-workspaces/1',
    '/lead/../../../self',
    '/lead/%2e%2e/%2E%2e/x/',
    '/lead/..%2f..%2fself',
    '/lead/..;/x/',
    '/lead/\\..\\x',
    '//evil.example/lead/',
    '/lead/?admin=1',
    '/lead/#x',
    '/lead/%0d%0ax-admin:1/',
    'lead/',
    '@evil.example/',
    '',
  ])('a path that leads elsewhere is not sent: %j', async (path) => {
    await using membrane = await scripted(json({}));
    expect(failureOf(await membrane.adapter().request({ ...HTTP, path }, soon()))).toMatchObject({
      code: 'invalid_input',
      delivery: 'not-sent',
    });
    expect(membrane.seen).toHaveLength(0);
  });

  it.each(['', '.', '..', '../other', 'a/b', 'a\\b', 'con%2f1', 'con\r\n1', '\ud800'])('a connection called %j is not sent', async (id) => {
    await using membrane = await scripted(json({ items: [] }));
    const adapter = membrane.adapter();
    const failures = [
      await adapter.request({ ...HTTP, connection: { ...ADA, id } }, soon()),
      await adapter.invoke({ ...TOOL, connection: { ...ADA, id } }, soon()),
    ];
    expect(failures.map(failureOf)).toMatchObject([{ delivery: 'not-sent' }, { delivery: 'not-sent' }]);
    expect(membrane.seen).toHaveLength(0);
  });

  it.each(['con ü 🦊', 'a'.repeat(300), 'con?x=1#y&z'])('a connection called %j is encoded', async (id) => {
    await using membrane = await scripted(json({}));
    await membrane.adapter().request({ ...HTTP, connection: { ...ADA, id } }, soon());
    expect(membrane.seen.map(({ path }) => path)).toEqual([`/connections/${encodeURIComponent(id)}/proxy/lead/`]);
  });

  const IMITATIONS = [
    [401, membraneError('bad_request', 'not_authenticated')],
    [403, membraneError('bad_request', 'access_denied')],
    [404, membraneError('bad_request', 'not_found')],
    [400, membraneError('connection', 'connection_is_defunct')],
    [400, membraneError('bad_request')],
    [409, membraneError('bad_request', 'already_exists')],
    [422, membraneError('configuration')],
    [500, membraneError('bad_request', 'not_authenticated')],
    [502, membraneError('configuration')],
    [200, membraneError('internal')],
  ] as const;

  it.each(IMITATIONS)('an answer of the app with %i that imitates Membrane stays the app’s: %j', async (status, body) => {
    await using membrane = await scripted(afterReading(json(body, status)));
    expect(await membrane.adapter().request(HTTP, soon())).toMatchObject({ kind: 'http', status, body });
    expect(membrane.posts()).toBe(1);
  });

  it.each([
    [404, membraneError('bad_request', 'not_found'), json(membraneError('bad_request', 'not_found'), 404), 'connection_required'],
    [403, membraneError('bad_request', 'access_denied'), json(membraneError('bad_request', 'access_denied'), 403), 'permission_denied'],
    [
      401,
      membraneError('bad_request', 'not_authenticated'),
      json(membraneError('bad_request', 'not_authenticated'), 401),
      'unauthenticated',
    ],
    [400, membraneError('connection', 'connection_is_defunct'), json(connection({ connected: false })), 'connection_required'],
  ] as const)('a %i of Membrane itself is Membrane’s, and nothing was sent: %j', async (status, body, asked, code) => {
    await using membrane = await scripted((response, seen) =>
      seen.method === 'GET' ? asked(response, seen) : json(body, status)(response, seen),
    );
    expect(failureOf(await membrane.adapter().request(HTTP, soon()))).toMatchObject({ code, delivery: 'not-sent', origin: 'backend' });
    expect(membrane.posts()).toBe(1);
  });

  it('a limit of Membrane’s own is told from the app’s', async () => {
    const ours = json(membraneError('bad_request', 'rate_limit_exceeded'), 429, { 'retry-after': '2' });
    await using membrane = await scripted(ours);
    expect(failureOf(await membrane.adapter().request(HTTP, soon()))).toMatchObject({
      code: 'rate_limited',
      origin: 'backend',
      retryAfterMs: 2000,
    });
    await using app = await scripted(json({ error: { rate_reset: 1 } }, 429, { 'retry-after': '2' }));
    expect(await app.adapter().request(HTTP, soon())).toMatchObject({ kind: 'http', status: 429, headers: { 'retry-after': '2' } });
  });

  it.each([
    [502, '<html>Bad Gateway</html>', 'backend_unavailable'],
    [403, '<html>Forbidden</html>', 'reply_unexpected'],
    [200, '<html>Welcome</html>', 'reply_unexpected'],
    [200, '{"id":"lead', 'reply_unexpected'],
    [302, '', 'reply_unexpected'],
  ])('a %i with %j is nobody’s answer', async (status, body, code) => {
    await using membrane = await scripted(json(body, status, { location: 'http://127.0.0.1:1/' }));
    expect(failureOf(await membrane.adapter().request(HTTP, soon()))).toMatchObject({ code, delivery: 'unknown' });
    expect(membrane.posts()).toBe(1);
  });

  it('a redirect is not followed with the token', async () => {
    await using elsewhere = await scripted(json({}));
    await using membrane = await scripted(json('', 307, { location: `${elsewhere.url}/steal` }));
    await membrane.adapter().request(HTTP, soon());
    expect(elsewhere.seen).toHaveLength(0);
  });
});

describe('a token', () => {
  const issuedAt = (token = ''): number => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).exp;

  /** Takes only tokens that were minted after `since`, as when the clock there is ahead or the secret was rotated. */
  const only =
    (since: () => number): Answer =>
    (response, seen) => {
      const expired = issuedAt(seen.headers.authorization) - 3600 < since();
      if (expired) return json(membraneError('bad_request', 'not_authenticated'), 401)(response, seen);
      return afterReading(json(seen.path.endsWith('/run') ? { output: {} } : { id: 'lead_1' }))(response, seen);
    };

  it.each([
    ['an action', (membrane: Scripted) => membrane.adapter().invoke(TOOL, soon())],
    ['the proxy', (membrane: Scripted) => membrane.adapter().request(HTTP, soon())],
  ])('that is wrong from the start is refused on %s, and nothing is written', async (_, send) => {
    await using membrane = await scripted(only(() => Number.POSITIVE_INFINITY));
    expect(failureOf(await send(membrane))).toMatchObject({ code: 'unauthenticated', delivery: 'not-sent' });
    expect(membrane.seen.length).toBeLessThanOrEqual(3);
  });

  it.each(['invoke', 'request'] as const)('that expires in the middle is made anew, and %s writes once', async (how) => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    const started = Math.floor(NOW.getTime() / 1000);
    let since = started;
    let written = 0;
    await using membrane = await scripted((response, seen) => {
      only(() => since)(response, seen);
      if (seen.method === 'POST' && response.statusCode === 200) written += 1;
    });
    const adapter = membrane.adapter();
    const send = () => (how === 'invoke' ? adapter.invoke(TOOL, soon()) : adapter.request(HTTP, soon()));
    expect((await send()).kind).not.toBe('failed');
    vi.setSystemTime(NOW.getTime() + 600_000);
    since = started + 300;
    expect((await send()).kind).not.toBe('failed');
    expect(written).toBe(2);
  });
});

describe('the line', () => {
  const base = { workspaceKey: 'wk', workspaceSecret: 'secret', now: () => NOW };

  it.each([
    ['is reset after the request', { onRequest: (socket: import('node:net').Socket) => void socket.resetAndDestroy() }],
    [
      'ends in the middle of the body',
      {
        onRequest: (socket: import('node:net').Socket) =>
          void socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id"'),
      },
    ],
    ['speaks no HTTP', { onRequest: (socket: import('node:net').Socket) => void socket.end('SSH-2.0-OpenSSH\r\n\r\n') }],
  ])('that %s leaves a write unknown, sent once', async (_, script) => {
    await using server = await startScripted(script);
    const adapter = createMembraneAdapter({ ...base, baseUrl: server.url });
    expect(failureOf(await adapter.request(HTTP, soon()))).toMatchObject({ delivery: 'unknown', origin: 'network' });
    expect(server.connections()).toBe(1);
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  it('that is closed as soon as it is open carries no request', async () => {
    await using server = await startScripted({ onConnect: (socket) => void socket.resetAndDestroy() });
    const adapter = createMembraneAdapter({ ...base, baseUrl: server.url });
    expect(failureOf(await adapter.request(HTTP, soon()))).toMatchObject({ code: 'backend_unavailable', origin: 'network' });
    expect(server.requests).toHaveLength(0);
  });

  it('that hangs ends with the deadline, unknown', async () => {
    await using server = await startScripted({});
    const adapter = createMembraneAdapter({ ...base, baseUrl: server.url });
    const reply = await adapter.request(HTTP, AbortSignal.timeout(300));
    expect(failureOf(reply)).toMatchObject({ code: 'timeout', delivery: 'unknown' });
    expect(server.requests).toHaveLength(1);
    await adapter.close();
  });

  it('that nobody listens on sends nothing', async () => {
    const dead = await startScripted({});
    await dead[Symbol.asyncDispose]();
    const adapter = createMembraneAdapter({ ...base, baseUrl: dead.url });
    for (const reply of [await adapter.request(HTTP, soon()), await adapter.invoke(TOOL, soon())])
      expect(failureOf(reply)).toMatchObject({ code: 'backend_unavailable', delivery: 'not-sent', origin: 'network' });
  });

  it('is not used after the deadline has passed', async () => {
    await using membrane = await scripted(json({}));
    for (const reply of [
      await membrane.adapter().request(HTTP, AbortSignal.abort()),
      await membrane.adapter().invoke(TOOL, AbortSignal.abort()),
    ])
      expect(failureOf(reply)).toMatchObject({ code: 'timeout', delivery: 'not-sent' });
    expect(membrane.seen).toHaveLength(0);
  });

  it.each([429, 500, 502, 503, 504])('that answers %i sees a write once', async (status) => {
    await using membrane = await scripted(afterReading(json('', status, { 'retry-after': '0' })));
    await membrane.adapter().invoke(TOOL, soon());
    await membrane.adapter().request(HTTP, soon());
    expect(membrane.posts()).toBe(2);
  });

  it('leaves no token and no promise behind when it breaks', async () => {
    const lost: unknown[] = [];
    const note = (reason: unknown): void => void lost.push(reason);
    process.on('unhandledRejection', note);
    await using server = await startScripted({ onRequest: (socket) => void socket.resetAndDestroy() });
    const reply = await createMembraneAdapter({ ...base, baseUrl: server.url }).request(HTTP, soon());
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(lost).toEqual([]);
    expect(JSON.stringify(reply)).not.toMatch(/Bearer|eyJ|secret/);
  });

  it('leaves nothing of a request or answer in the SDK’s memory', async () => {
    await using membrane = await scripted(json({ id: 'lead_1' }));
    const wire = openWire({ workspaceKey: 'wk', workspaceSecret: 'secret', baseUrl: membrane.url });
    const client = await wire.client('ada');
    await wire.send(client, { method: 'POST', path: '/x', body: { name: 'N' } }, soon());
    await wire.send(client, { method: 'GET', path: '/x' }, AbortSignal.timeout(0));
    expect(client.retrieveLogs()).toEqual([]);
    wire.close();
  });
});
