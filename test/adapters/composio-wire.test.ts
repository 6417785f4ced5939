import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createComposioAdapter } from '../../adapters/composio/adapter.ts';
import { COMPOSIO_ERRORS, readRefusal, writeRefusal } from '../../adapters/composio/errors.ts';
import type { Reply } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { type Answer, afterOwnership, HTTP, json, NOW, type Scripted, scripted, TOOL } from './composio-server.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);
const calls = ({ seen }: Scripted) => seen.filter(({ method }) => method === 'POST');
const failureOf = (reply: Reply) => (reply.kind === 'failed' ? reply.failure : undefined);
const refused = (status: number, code = status): Answer =>
  json({ error: { message: 'No', code, slug: 'S', status, request_id: 'r' } }, status);

describe('Composio refuses', () => {
  const ROWS = [
    [400, 1803, 'connection_required', 'not-sent'],
    [400, 400, 'invalid_input', 'not-sent'],
    [401, 401, 'unauthenticated', 'not-sent'],
    [403, 403, 'permission_denied', 'not-sent'],
    [404, 404, 'unsupported_operation', 'not-sent'],
    [404, 1803, 'connection_required', 'not-sent'],
    [405, 405, 'unsupported_operation', 'not-sent'],
    [408, 408, 'timeout', 'unknown'],
    [409, 409, 'conflict', 'not-sent'],
    [410, 410, 'unsupported_operation', 'not-sent'],
    [413, 413, 'invalid_input', 'unknown'],
    [415, 415, 'invalid_input', 'not-sent'],
    [422, 422, 'connection_required', 'not-sent'],
    [429, 429, 'rate_limited', 'answered'],
    [500, 500, 'backend_unavailable', 'unknown'],
    [501, 501, 'unsupported_operation', 'not-sent'],
    [502, 502, 'backend_unavailable', 'unknown'],
    [503, 503, 'backend_unavailable', 'unknown'],
    [504, 504, 'timeout', 'unknown'],
    [418, 418, 'reply_unexpected', 'unknown'],
    [520, 520, 'backend_unavailable', 'unknown'],
  ] as const;

  it.each(ROWS)('with %i, code %i: %s, delivery %s, after one request', async (status, code, ours, delivery) => {
    await using composio = await scripted(afterOwnership(refused(status, code)));
    const adapter = composio.adapter();
    const failures = [await adapter.invoke(TOOL, soon()), await adapter.request(HTTP, soon())].map(failureOf);
    expect(failures).toMatchObject([
      { code: ours, delivery, status, origin: 'backend' },
      { code: ours, delivery, status, origin: 'backend' },
    ]);
    expect(calls(composio)).toHaveLength(2);
  });

  it('by rows that are all tried here', () => {
    const tried = ROWS.map(([status, code]) => `${status}/${code}`);
    expect(COMPOSIO_ERRORS.map(({ status, code }) => `${status}/${code ?? status}`).filter((row) => !tried.includes(row))).toEqual([]);
  });

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('and asks to wait by %j', async (headers, wait) => {
    await using composio = await scripted(afterOwnership(json({ error: {} }, 429, headers)));
    expect(failureOf(await composio.adapter().invoke(TOOL, soon()))?.retryAfterMs).toBe(wait);
  });

  it.each([
    '<html>Slow down</html>',
    '',
    '{"error":{}}',
    '{"error":"Too many requests"}',
    '{"message":"Too many requests"}',
  ])('and asks to wait in the body %j, which nobody signs: what asks may have handed the write on before', async (body) => {
    await using composio = await scripted(afterOwnership(json(body, 429, { 'retry-after': '7' })));
    const adapter = composio.adapter();
    const failures = [await adapter.invoke(TOOL, soon()), await adapter.request(HTTP, soon())].map(failureOf);
    const asked = { code: 'rate_limited', delivery: 'unknown', retryAfterMs: 7000 };
    expect(failures).toMatchObject([asked, asked]);
  });

  it.each([
    '<html>Forbidden</html>',
    '',
    '{"error":',
    '"text"',
    '{"error":"text"}',
    'null',
    '{"error":{}}',
    '{"error":{"message":"Forbidden"}}',
    '{"error":{"code":403,"slug":"S"}}',
    '{"message":"Forbidden","code":403}',
  ])('in the body %j, which nobody signs: the status still tells, but not that nothing was done', async (body) => {
    await using composio = await scripted(afterOwnership(json(body, 403)));
    expect(failureOf(await composio.adapter().invoke(TOOL, soon()))).toMatchObject({ code: 'permission_denied', delivery: 'unknown' });
  });

  it('with a redirect, which nobody follows with the key', async () => {
    await using elsewhere = await scripted(json({ data: {}, error: null, successful: true }));
    await using composio = await scripted(afterOwnership(json('', 307, { location: `${elsewhere.url}/stolen` })));
    expect(failureOf(await composio.adapter().invoke(TOOL, soon()))).toMatchObject({ code: 'reply_unexpected', delivery: 'unknown' });
    expect(elsewhere.seen).toEqual([]);
  });

  it('and no text of its answer is passed on', async () => {
    await using composio = await scripted(
      afterOwnership(json({ error: { message: 'api_secret of ingrid', code: 1, slug: 's', status: 400 } }, 400)),
    );
    expect(JSON.stringify(await composio.adapter().invoke(TOOL, soon()))).not.toContain('ingrid');
  });
});

describe('an error of ours, written by the door and read by the adapter', () => {
  it.each([
    'connection_required',
    'invalid_input',
    'unauthenticated',
    'permission_denied',
    'rate_limited',
    'unsupported_operation',
    'conflict',
  ] as const)('is %s again, and was not executed', (code) => {
    const { status, headers, body } = writeRefusal(
      new RouterError(code, { what: 'it failed', next: 'Look.', retryAfterMs: 1500 }),
      'req_1',
    );
    const failure = readRefusal({ status, body, header: (name) => headers[name] ?? null });
    expect(failure.code).toBe(code);
    expect(failure.delivery).not.toBe('unknown');
    if (code === 'rate_limited') expect(failure.retryAfterMs).toBe(2000);
  });

  it('of unknown outcome stays unknown', () => {
    const { status, body } = writeRefusal(new RouterError('outcome_unknown', { what: 'it broke', next: 'Look.' }), 'req_1');
    expect(readRefusal({ status, body, header: () => null }).delivery).toBe('unknown');
  });
});

describe('the wire fails', () => {
  const UNKNOWN: Readonly<Record<string, readonly [Answer, string]>> = {
    'a reset before the answer': [(response) => response.socket?.resetAndDestroy(), 'backend_unavailable'],
    'a closed socket before the answer': [(response) => response.socket?.destroy(), 'backend_unavailable'],
    'a reset within the answer': [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"data":{', () => response.socket?.resetAndDestroy());
      },
      'backend_unavailable',
    ],
    'truncated JSON': [json('{"data":{"id":"lead_1"'), 'reply_unexpected'],
    'a page of HTML with status 200': [json('<html>Sign in</html>', 200, { 'content-type': 'text/html' }), 'reply_unexpected'],
    'an empty answer': [json('', 200, { 'content-length': '0' }), 'reply_unexpected'],
    'data that is null': [json({ data: null, error: null, successful: true }), 'reply_unexpected'],
  };

  it.each(Object.entries(UNKNOWN))('by %s: the call may have run, and is not sent twice', async (_, [answer, code]) => {
    await using composio = await scripted(afterOwnership(answer));
    const adapter = composio.adapter();
    expect(failureOf(await adapter.invoke(TOOL, soon()))).toMatchObject({ code, delivery: 'unknown' });
    expect(failureOf(await adapter.request(HTTP, soon()))).toMatchObject({ code, delivery: 'unknown' });
    expect(calls(composio)).toHaveLength(2);
  });

  it.each(['before the head', 'within the body'])('by silence %s: the deadline ends it, outcome unknown', async (when) => {
    const deadline = new AbortController();
    await using composio = await scripted(
      afterOwnership((response) => {
        if (when === 'within the body') response.writeHead(200, { 'content-type': 'application/json' }).write('{');
        setTimeout(() => deadline.abort(), 20);
      }),
    );
    expect(failureOf(await composio.adapter().invoke(TOOL, deadline.signal))).toMatchObject({ code: 'timeout', delivery: 'unknown' });
    expect(calls(composio)).toHaveLength(1);
  });

  it('not at all when the deadline has passed: nothing is sent', async () => {
    await using composio = await scripted(json({}));
    const reply = await composio.adapter().invoke(TOOL, AbortSignal.abort());
    expect(failureOf(reply)).toMatchObject({ code: 'timeout', delivery: 'not-sent' });
    expect(composio.seen).toEqual([]);
  });

  it('because nobody listens: nothing was sent', async () => {
    const port = await freePort();
    const adapter = createComposioAdapter({ apiKey: 'ak_test', baseUrl: `http://127.0.0.1:${port}`, now: () => NOW });
    expect(failureOf(await adapter.invoke(TOOL, soon()))).toMatchObject({ code: 'backend_unavailable', delivery: 'not-sent' });
  });

  it('because nobody listens any more, after ownership was proved: nothing was sent', async () => {
    const composio = await scripted(afterOwnership(json({})));
    const adapter = composio.adapter();
    await adapter.connections({ app: 'close', user: 'ada' }, soon());
    await composio[Symbol.asyncDispose]();
    const failure = failureOf(await adapter.invoke(TOOL, soon()));
    expect(failure).toMatchObject({ code: 'backend_unavailable', delivery: 'not-sent', origin: 'network' });
    expect(failure?.what).toContain('ECONNREFUSED');
  });

  it('because the name does not resolve: nothing was sent', async () => {
    const adapter = createComposioAdapter({ apiKey: 'ak_test', baseUrl: 'http://composio.invalid', now: () => NOW });
    expect(failureOf(await adapter.invoke(TOOL, soon()))).toMatchObject({ code: 'backend_unavailable', delivery: 'not-sent' });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
