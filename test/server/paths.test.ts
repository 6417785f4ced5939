import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';
import { asWritten, readTarget } from '../../src/server/target.ts';
import { inAnHour, sign } from '../doors/membrane-stage.ts';

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** One door's proxy, or what the door has instead of one, and whose words its own refusals are in. */
interface Way {
  readonly root: string;
  readonly headers: readonly string[];
  readonly own: object;
}

/** What Close answers where it has nothing. */
const APP = { error: 'Not found' };

let sandbox: Sandbox;
let ways: Readonly<Record<string, Way>>;

/** Bytes as they are: an HTTP client would tidy the path up first. */
async function raw(target: string, headers: readonly string[], host = new URL(sandbox.url).host): Promise<Answer> {
  const { port } = new URL(sandbox.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write([`GET ${target} HTTP/1.1`, `host: ${host}`, 'connection: close', ...headers, '', ''].join('\r\n'));
  const answer = await text(socket);
  const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4).replace(/^[\da-f]+\r\n|\r\n0\r\n\r\n$/g, ''));
  return { status: Number(answer.split(' ', 2)[1]), body: isObject(body) ? body : {} };
}

async function scalekitToken(): Promise<string> {
  const { url = '', clientId = '', clientSecret = '' }: Readonly<Record<string, string>> = sandbox.ready.backends['scalekit'] ?? {};
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  return stringAt(await (await fetch(`${url}/oauth/token`, { method: 'POST', body: form })).json(), 'access_token') ?? '';
}

beforeAll(async () => {
  sandbox = await startSandbox();
  const { composio, membrane, rest } = sandbox.ready.backends;
  const { workspaceKey = '', workspaceSecret = '' }: Readonly<Record<string, string>> = membrane ?? {};
  const tenant = sign({ workspaceKey, tenantKey: 'ada', exp: inAnHour() }, 'HS256', workspaceSecret);
  const [connection] = await sandbox.connections('membrane');
  ways = {
    rest: {
      root: '/close',
      headers: [`authorization: Basic ${Buffer.from(`${rest?.['apiKey']}:`).toString('base64')}`],
      own: APP,
    },
    composio: {
      root: '/composio',
      headers: [`x-api-key: ${composio?.['apiKey']}`],
      own: { error: { slug: 'HTTP_NotFound', status: 404 } },
    },
    membrane: {
      root: `/membrane/connections/${connection?.id}/proxy`,
      headers: [`authorization: Bearer ${tenant}`],
      own: { type: 'bad_request', message: expect.any(String) },
    },
    scalekit: {
      root: '/scalekit/proxy',
      headers: [`authorization: Bearer ${await scalekitToken()}`, 'connection_name: close', 'identifier: ada'],
      own: { code: 3, message: expect.any(String), details: expect.any(Array) },
    },
  };
});
afterAll(() => sandbox.close());

const LEADING_AWAY = [
  '/\\..\\x',
  '/..\\..\\x',
  '/%5c..%5cx',
  '/%2e%2e/x',
  '/.%2E/x',
  '/../oauth/token',
  '/../../../__sandbox/state',
  '/api/v1/../../x',
  '/api/v1/%2e%2e/%2e%2e/x',
  '/api/v1/me/%2f..',
  '/%252e%252e/x',
  '/..;/x',
  '/a%00b',
];

describe.each(['rest', 'composio', 'membrane', 'scalekit'])('the %s door', (door) => {
  const ask = (tail: string): Promise<Answer> => {
    const { root = '', headers = [] } = ways[door] ?? {};
    return raw(`${root}${tail}`, headers);
  };

  it.each(LEADING_AWAY)('refuses %s in its vendor’s words, as the sender’s mistake', async (tail) => {
    const { status, body } = await ask(tail);
    expect([400, 404]).toContain(status);
    expect(body).toMatchObject(ways[door]?.own ?? {});
  });

  it.each(['//evil.example/x', '//', '/api/v1//me/', '/%', '/%zz'])('has nothing at %s', async (tail) => {
    const { status, body } = await ask(tail);
    expect(status).toBe(404);
    expect(body).toMatchObject(door === 'composio' ? (ways[door]?.own ?? {}) : APP);
  });

  it('takes its whole address for its path, and no other one', async () => {
    const { root = '', headers = [] } = ways[door] ?? {};
    const whole = await raw(`${sandbox.url}${root}/api/v1/me/`, headers);
    const { error: _names, ...same } = (await ask('/api/v1/me/')).body; // an error of Composio names its request
    expect(whole).toMatchObject({ status: door === 'composio' ? 404 : 200, body: same });
    expect((await raw(`${sandbox.url}${root}/..\\x`, headers)).body).toMatchObject(ways[door]?.own ?? {});
    expect(await raw('http://evil.example/', headers)).toMatchObject({ status: 404 });
  });

  it('reached nobody but itself with all of this', () => {
    const seen = sandbox.requests().filter(({ backend }) => backend === door);
    expect(seen.length).toBeGreaterThan(LEADING_AWAY.length);
    expect(sandbox.requests().filter(({ path }) => path === '/x' || path.startsWith('/__sandbox'))).toEqual([]);
  });
});

describe('the port', () => {
  it('believes a whole address more than the Host header', async () => {
    const { host } = new URL(sandbox.url);
    expect(await raw('http://evil.example/__sandbox/state', [], host)).toMatchObject({ status: 403 });
    expect(await raw(`${sandbox.url}/__sandbox/state`, [], 'evil.example')).toMatchObject({ status: 200 });
  });

  it.each(['a b', '127.0.0.1:99999', 'evil.example/x', '[::'])('says 400 to the host %s', async (host) => {
    const { root = '', headers = [] } = ways['rest'] ?? {};
    expect(await raw(`${root}/api/v1/me/`, headers, host)).toMatchObject({ status: 400 });
  });
});

describe('a target', () => {
  it.each([
    ['/a?b=/../c', { path: '/a?b=/../c' }],
    ['http://h:1/a/b?c', { path: '/a/b?c', host: 'h:1' }],
    ['HTTPS://h', { path: '/', host: 'h' }],
    ['http://h?c', { path: '/?c', host: 'h' }],
    ['http:///a', { path: 'http:///a' }],
    ['*', { path: '*' }],
  ])('%s is read as its path and host', (written, read) => {
    expect(readTarget(written)).toEqual(read);
  });

  it.each([
    ['/lead/lead_1/?query=a/../b\\c', '/lead/lead_1/?query=a/../b\\c'],
    ['/a/../b/./c', '/a/%252E%252E/b/%252E/c'],
    ['/a/%2e%2E/b', '/a/%252E%252E/b'],
    ['/a\\..\\b', '/a%5C..%5Cb'],
    ['/...//.a', '/...//.a'],
  ])('%s keeps its segments through a URL parser', (written, kept) => {
    expect(asWritten(written)).toBe(kept);
    expect(new URL(kept, 'http://h').pathname).toBe(kept.split('?')[0]);
  });
});
