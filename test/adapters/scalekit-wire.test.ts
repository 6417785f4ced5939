import { constants } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { createScalekitAdapter } from '../../adapters/scalekit/adapter.ts';
import { closedPort } from '../support/scripted-server.ts';
import { ADA, HTTP, NOW, refusal, type Script, scripted, TOOL } from './scalekit-server.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

/** Answers the tool's RPC by a plain HTTP status, as a load balancer does. */
const http =
  (status: number, headers: Readonly<Record<string, string>> = {}): NonNullable<Script['rpc']> =>
  (request, response) => {
    if (!request.url.endsWith('/ExecuteTool')) return false;
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end('<html>token=secret</html>');
    return true;
  };

describe('a tool call whose answer is not Scalekit’s', () => {
  it.each([
    [401, 'unauthenticated', 'unknown'],
    [403, 'permission_denied', 'unknown'],
    [404, 'unsupported_operation', 'unknown'],
    [413, 'invalid_input', 'unknown'],
    [429, 'rate_limited', 'unknown'],
    [500, 'backend_unavailable', 'unknown'],
    [502, 'backend_unavailable', 'unknown'],
    [503, 'backend_unavailable', 'unknown'],
    [504, 'backend_unavailable', 'unknown'],
    [418, 'reply_unexpected', 'unknown'],
  ])('but HTTP %i of a load balancer is %s, after one request', async (status, code, delivery) => {
    await using scalekit = await scripted({ rpc: http(status) });
    const reply = await scalekit.adapter().invoke(TOOL, soon());
    expect(reply).toMatchObject({ kind: 'failed', failure: { code, delivery, status, origin: 'backend' } });
    expect(scalekit.rpcs).toHaveLength(1);
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  it('tells how long a load balancer asks to wait', async () => {
    await using scalekit = await scripted({ rpc: http(429, { 'retry-after': '7' }) });
    expect(await scalekit.adapter().invoke(TOOL, soon())).toMatchObject({ failure: { code: 'rate_limited', retryAfterMs: 7000 } });
  });

  it('but a page with status 200 is unreadable, and may have run', async () => {
    await using scalekit = await scripted({ rpc: http(200) });
    expect(await scalekit.adapter().invoke(TOOL, soon())).toMatchObject({ failure: { code: 'reply_unexpected', delivery: 'unknown' } });
    expect(scalekit.rpcs).toHaveLength(1);
  });

  it.each([
    ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
    ['CANCEL', constants.NGHTTP2_CANCEL],
    ['REFUSED_STREAM', constants.NGHTTP2_REFUSED_STREAM],
    ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM],
    ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
  ])('but a reset stream (%s) leaves the outcome open', async (_, code) => {
    await using scalekit = await scripted({
      rpc: (request, response) => {
        request.resume();
        request.on('end', () => response.stream.close(code));
        return true;
      },
    });
    const failure = { delivery: 'unknown', origin: 'network', what: expect.not.stringContaining('deadline') };
    expect(await scalekit.adapter().invoke(TOOL, soon())).toMatchObject({ kind: 'failed', failure });
    expect(scalekit.rpcs).toHaveLength(1);
  });

  it('but a reset connection leaves the outcome open, and the next call finds a new one', async () => {
    let broken = false;
    await using scalekit = await scripted({
      rpc: (request) => {
        if (broken) return false;
        broken = true;
        request.stream.session?.socket.resetAndDestroy?.();
        request.stream.session?.destroy();
        return true;
      },
    });
    const adapter = scalekit.adapter();
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ failure: { delivery: 'unknown', origin: 'network' } });
    expect(scalekit.rpcs).toHaveLength(1);
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ kind: 'tool' });
  });

  it('is answered although a GOAWAY comes in the middle, and the next call connects again', async () => {
    const sessions = new Set<unknown>();
    await using scalekit = await scripted({
      rpc: (request) => {
        sessions.add(request.stream.session);
        request.stream.session?.goaway(constants.NGHTTP2_NO_ERROR, request.stream.id);
        return false;
      },
    });
    const adapter = scalekit.adapter();
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ kind: 'tool' });
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ kind: 'tool' });
    expect(scalekit.rpcs).toHaveLength(2);
    expect(sessions.size).toBe(2);
  });

  it.each([
    ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
    ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM],
    ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
  ])('that a GOAWAY (%s) cuts off in the middle is of unknown outcome, and was sent once', async (_, code) => {
    await using scalekit = await scripted({
      rpc: (request) => {
        const { session } = request.stream;
        // What was before the last stream is promised to be done; this call is not among it, and yet has reached the server.
        session?.goaway(code, 0);
        session?.destroy();
        return true;
      },
    });
    const adapter = scalekit.adapter();
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ kind: 'failed', failure: { delivery: 'unknown', origin: 'network' } });
    expect(scalekit.rpcs).toHaveLength(1);
  });

  it('is given up at the deadline when nobody answers, and was sent once', async () => {
    await using scalekit = await scripted({ rpc: () => true });
    const reply = await scalekit.adapter().invoke(TOOL, AbortSignal.timeout(300));
    expect(reply).toMatchObject({
      failure: { code: 'timeout', delivery: 'unknown', what: expect.stringContaining('the deadline passed') },
    });
    expect(scalekit.rpcs).toHaveLength(1);
  });

  it('is not sent after the deadline', async () => {
    await using scalekit = await scripted();
    expect(await scalekit.adapter().invoke(TOOL, AbortSignal.abort())).toMatchObject({
      failure: { code: 'timeout', delivery: 'not-sent' },
    });
    expect(scalekit.rpcs).toHaveLength(0);
  });

  it('carries the deadline that the SDK would set, the connector and the account', async () => {
    const seen: unknown[] = [];
    await using scalekit = await scripted({
      tools: {
        executeTool: ({ toolName, identifier, connector, connectedAccountId, params }) => {
          seen.push({ toolName, identifier, connector, connectedAccountId, params });
          return { data: { id: 'lead_1' }, executionId: 'e' };
        },
      },
    });
    const adapter = scalekit.adapter({ connector: 'close-eu' });
    expect(await adapter.invoke(TOOL, soon())).toEqual({ kind: 'tool', data: { id: 'lead_1' } });
    expect(seen).toEqual([
      {
        toolName: 'close_lead_create',
        identifier: 'ada',
        connector: 'close-eu',
        connectedAccountId: 'ca_1',
        params: { name: 'Northpine' },
      },
    ]);
    expect(scalekit.rpcs[0]?.headers).toMatchObject({
      'grpc-timeout': '60000m',
      'x-api-version': '20260727',
      authorization: 'Bearer token_1',
    });
  });

  it('that reports success with an error as its result is not believed', async () => {
    await using scalekit = await scripted({ tools: { executeTool: () => ({ data: { error: 'Not found' }, executionId: 'e' }) } });
    expect(await scalekit.adapter().invoke(TOOL, soon())).toMatchObject({ failure: { code: 'reply_unexpected', delivery: 'unknown' } });
  });
});

describe('an environment that cannot be reached', () => {
  it('is told as not sent', async () => {
    const adapter = createScalekitAdapter({
      envUrl: `http://127.0.0.1:${await closedPort()}`,
      clientId: 'skc_1',
      clientSecret: 'test_1',
      now: () => NOW,
    });
    const failure = { code: 'backend_unavailable', delivery: 'not-sent', origin: 'network' };
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ failure });
    expect(await adapter.request(HTTP, soon())).toMatchObject({ failure: { ...failure, origin: 'backend' } });
    await expect(adapter.connections(ADA, soon())).rejects.toMatchObject({ code: 'backend_unavailable' });
  });

  it('is told as not sent when it went away after the token was had', async () => {
    await using scalekit = await scripted();
    const adapter = scalekit.adapter();
    await adapter.invoke(TOOL, soon());
    await scalekit[Symbol.asyncDispose]();
    expect(await adapter.invoke(TOOL, soon())).toMatchObject({ failure: { delivery: 'not-sent' } });
  });

  it.each([
    ['env_url', { envUrl: 'scalekit' }],
    ['env_url', { envUrl: 'ftp://scalekit.example' }],
    ['client_id', { clientId: ' ' }],
    ['client_secret', { clientSecret: '' }],
  ])('because %s is not configured is an error of the configuration', async (key, options) => {
    await using scalekit = await scripted();
    await expect(scalekit.adapter(options).connections(ADA, soon())).rejects.toMatchObject({
      code: 'configuration',
      details: { what: expect.stringContaining(key) },
    });
  });
});

describe('the token', () => {
  it('is fetched first, once, however many calls wait for it', async () => {
    await using scalekit = await scripted();
    const adapter = scalekit.adapter();
    await Promise.all(Array.from({ length: 20 }, () => adapter.invoke(TOOL, soon())));
    expect(scalekit.tokens).toHaveLength(1);
    expect(scalekit.tokens[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=skc_1&client_secret=test_1',
    });
    expect(scalekit.rpcs).toHaveLength(20);
  });

  it('is renewed before it ends, by our own clock', async () => {
    await using scalekit = await scripted();
    let now = NOW.getTime();
    const adapter = scalekit.adapter({ now: () => new Date(now) });
    await adapter.invoke(TOOL, soon());
    now += 3_500_000;
    await adapter.invoke(TOOL, soon());
    expect(scalekit.tokens).toHaveLength(1);
    now += 50_000;
    await adapter.invoke(TOOL, soon());
    expect(scalekit.tokens).toHaveLength(2);
    expect(scalekit.rpcs.map(({ headers }) => headers['authorization'])).toEqual(['Bearer token_1', 'Bearer token_1', 'Bearer token_2']);
  });

  it.each([-10, 10])('works with a clock that is %i years off', async (years) => {
    await using scalekit = await scripted();
    const adapter = scalekit.adapter({ now: () => new Date(NOW.getTime() + years * 31_536_000_000) });
    for (let call = 0; call < 3; call += 1) expect(await adapter.invoke(TOOL, soon())).toMatchObject({ kind: 'tool' });
    expect(scalekit.tokens).toHaveLength(1);
  });

  it('that ends in mid-run is replaced, and the tool runs once', async () => {
    let ran = 0;
    await using scalekit = await scripted({
      tools: {
        executeTool: (_, { requestHeader }) => {
          if (requestHeader.get('authorization') === 'Bearer token_1') throw refusal(16);
          ran += 1;
          return { data: { id: 'lead_1' }, executionId: 'e' };
        },
      },
    });
    expect(await scalekit.adapter().invoke(TOOL, soon())).toMatchObject({ kind: 'tool' });
    expect([ran, scalekit.rpcs.length, scalekit.tokens.length]).toEqual([1, 2, 2]);
  });

  it.each([
    ['a wrong secret', 401, { error: 'invalid_client' }, 'unauthenticated'],
    ['a wrong secret, told with 400', 400, { error: 'invalid_client' }, 'unauthenticated'],
    ['too many requests', 429, {}, 'rate_limited'],
    ['a broken server', 500, {}, 'backend_unavailable'],
    ['a page', 200, '<html>', 'reply_unexpected'],
    ['a token with a line break', 200, { access_token: 'a\r\nx: y' }, 'reply_unexpected'],
    ['a redirect', 302, '', 'reply_unexpected'],
  ])('that cannot be had (%s) means that nothing was sent', async (_, status, body, code) => {
    await using scalekit = await scripted({ token: () => ({ status, body, headers: { location: '/elsewhere' } }) });
    const adapter = scalekit.adapter({ clientSecret: 'test_hidden' });
    const reply = await adapter.invoke(TOOL, soon());
    expect(reply).toMatchObject({ failure: { code, delivery: 'not-sent' } });
    const thrown: unknown = await adapter.connections(ADA, soon()).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code });
    expect(JSON.stringify([reply, thrown])).not.toContain('hidden');
    expect(scalekit.rpcs).toHaveLength(0);
  });

  it.each(['reset', 'hang'] as const)('that is lost by a %s does not hold anybody past the deadline', async (how) => {
    await using scalekit = await scripted({ token: () => how });
    expect(await scalekit.adapter().invoke(TOOL, AbortSignal.timeout(300))).toMatchObject({ failure: { delivery: 'not-sent' } });
    expect(scalekit.rpcs).toHaveLength(0);
  });
});

describe('a request through the proxy', () => {
  it('is the app’s own, with connector and identifier, and its answer comes whole', async () => {
    await using scalekit = await scripted({
      proxy: () => ({ status: 201, headers: { ratelimit: 'limit=10, remaining=9, reset=1' }, body: { id: 'lead_1' } }),
    });
    const reply = await scalekit.adapter().request(HTTP, soon());
    expect(reply).toMatchObject({
      kind: 'http',
      status: 201,
      headers: { ratelimit: 'limit=10, remaining=9, reset=1' },
      body: { id: 'lead_1' },
    });
    expect(scalekit.proxied).toMatchObject([
      {
        method: 'POST',
        path: '/proxy/api/v1/lead/?_fields=id%2Cname',
        headers: { connection_name: 'close', identifier: 'ada', authorization: 'Bearer token_1', 'content-type': 'application/json' },
        body: '{"name":"Northpine"}',
      },
    ]);
  });

  it.each([
    400, 401, 404, 409, 422, 429, 500, 502, 503,
  ])('keeps the app’s status %i, headers and body, after one request', async (status) => {
    const body = { error: 'no', rate_reset: 3 };
    await using scalekit = await scripted({ proxy: () => ({ status, headers: { 'retry-after': '3' }, body }) });
    const reply = await scalekit.adapter().request(HTTP, soon());
    expect(reply).toMatchObject({ kind: 'http', status, headers: { 'retry-after': '3' }, body });
    expect(scalekit.proxied).toHaveLength(1);
  });

  it.each([
    ['the gateway', { status: 401, body: { code: 16, message: 'm', details: [] } }, HTTP],
    ['an empty answer, if it is a read,', { status: 401 }, { ...HTTP, method: 'GET', read: true } as const],
  ])('whose token was refused by %s is sent again with a fresh one', async (_, refused, call) => {
    await using scalekit = await scripted({
      proxy: ({ headers }) => (headers['authorization'] === 'Bearer token_1' ? refused : { body: { id: 'lead_1' } }),
    });
    const adapter = scalekit.adapter();
    expect(await adapter.request(call, soon())).toMatchObject({ kind: 'http', status: 200 });
    expect([scalekit.proxied.length, scalekit.tokens.length]).toEqual([2, 2]);
  });

  it('that writes and meets an empty 401 is not sent again, but the next call has a fresh token', async () => {
    await using scalekit = await scripted({
      proxy: ({ headers }) => (headers['authorization'] === 'Bearer token_1' ? { status: 401 } : { body: { id: 'lead_1' } }),
    });
    const adapter = scalekit.adapter();
    expect(await adapter.request(HTTP, soon())).toMatchObject({ failure: { delivery: 'unknown' } });
    expect(scalekit.proxied).toHaveLength(1);
    expect(await adapter.request(HTTP, soon())).toMatchObject({ kind: 'http', status: 200 });
  });

  it.each([
    ['proxy not enabled', 403, { code: 7, message: 'proxy not enabled for provider', details: [] }, 'permission_denied', 'not-sent'],
    ['an account that is not ACTIVE', 400, { code: 9, message: 'm', details: [] }, 'connection_required', 'not-sent'],
    ['a load balancer’s limit', 429, 'slow down', 'rate_limited', 'unknown'],
    ['Scalekit’s own limit', 429, { code: 8, message: 'm', details: [] }, 'rate_limited', 'answered'],
    ['a page from somewhere', 404, '<html>', 'unsupported_operation', 'unknown'],
  ])('that is refused before the app (%s) says what is known', async (_, status, body, code, delivery) => {
    await using scalekit = await scripted({ proxy: () => ({ status, body }) });
    expect(await scalekit.adapter().request(HTTP, soon())).toMatchObject({
      kind: 'failed',
      failure: { code, delivery, origin: 'backend' },
    });
  });

  it.each([
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/x' } }],
    ['a page', { status: 200, body: '<html>' }],
  ])('answered by %s is unreadable, and not followed', async (_, answer) => {
    await using scalekit = await scripted({ proxy: () => answer });
    expect(await scalekit.adapter().request(HTTP, soon())).toMatchObject({ failure: { code: 'reply_unexpected', delivery: 'unknown' } });
    expect(scalekit.proxied).toHaveLength(1);
  });

  it('that breaks off leaves the outcome open, after one request', async () => {
    await using scalekit = await scripted({ proxy: () => 'reset' });
    expect(await scalekit.adapter().request(HTTP, soon())).toMatchObject({ failure: { delivery: 'unknown' } });
    expect(scalekit.proxied).toHaveLength(1);
  });

  it('that hangs ends at the deadline', async () => {
    await using scalekit = await scripted({ proxy: () => 'hang' });
    const adapter = scalekit.adapter();
    await adapter.connections(ADA, soon());
    expect(await adapter.request(HTTP, AbortSignal.timeout(300))).toMatchObject({ failure: { code: 'timeout', delivery: 'unknown' } });
  });

  it.each([
    '/../oauth/token',
    '/../../oauth/token',
    '/a/../../../keys',
    '/%2e%2e/x',
    '/.%2e/x',
    '/%2e%2e%2fx',
    '/..%2Fx',
    '/..;/x',
    String.raw`/..\..\x`,
    '/.\t./x',
    '/%5c..%5cx',
    '/%252e%252e/x',
    '//evil.example/x',
    'lead/',
    '/lead/?a=b',
    '/lead/#x',
    '/lead/\r\nx: y',
  ])('that would leave the proxy by %j is not sent', async (path) => {
    await using scalekit = await scripted();
    const reply = await scalekit.adapter().request({ ...HTTP, path }, soon());
    expect(reply).toMatchObject({ failure: { code: 'invalid_input', delivery: 'not-sent' } });
    expect(scalekit.proxied).toHaveLength(0);
  });
});
