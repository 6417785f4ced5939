import { connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Host, Mount } from '../../src/contract/host.ts';
import { type ServeOptions, serve } from '../../src/server/host.ts';
import { MAX_BODY_BYTES } from '../../src/server/listener.ts';

const open: Host[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()));
});

async function start(mounts: readonly Mount[], options: Omit<ServeOptions, 'mounts'> = {}): Promise<Host> {
  const host = await serve({ mounts, ...options });
  open.push(host);
  return host;
}

/** Answers what it was asked. */
const mirror = (prefix: string): Mount => ({
  prefix,
  fetch: async (request) => {
    const url = new URL(request.url);
    const body = await request.text();
    return Response.json({ mount: prefix, method: request.method, path: url.pathname, query: url.search, length: body.length });
  },
});

/** Writes raw bytes and reads until the server ends the connection. */
async function raw(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = await connected(port);
  for (const part of parts) {
    await new Promise<void>((resolve) => socket.write(part, () => setImmediate(resolve)));
  }
  return text(socket);
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

describe('a port with several mounts', () => {
  it('shows each mount the path below its prefix', async () => {
    const host = await start([mirror('/close'), mirror('/composio')]);
    const reply = await fetch(`${host.url}/close/api/v1/lead/?_limit=2`);
    expect(await reply.json()).toMatchObject({ mount: '/close', path: '/api/v1/lead/', query: '?_limit=2' });
    expect(await (await fetch(`${host.url}/composio?x=1`)).json()).toMatchObject({ mount: '/composio', path: '/', query: '?x=1' });
  });

  it('names what it serves when nothing is there, and takes no prefix for another', async () => {
    const host = await start([mirror('/close')]);
    const reply = await fetch(`${host.url}/closeness/api`);
    expect(reply.status).toBe(404);
    expect(await reply.text()).toContain('/close');
  });

  it('passes a body of several megabytes whole', async () => {
    const host = await start([mirror('/close')]);
    const reply = await fetch(`${host.url}/close/`, { method: 'POST', body: 'x'.repeat(5_000_000) });
    expect(await reply.json()).toMatchObject({ length: 5_000_000 });
  });

  it('refuses a body over the limit with 413, announced or not, and never shows it to the mount', async () => {
    let calls = 0;
    const mount: Mount = { prefix: '/a', fetch: async () => Response.json({ calls: ++calls }) };
    const host = await start([mount]);
    const body = 'x'.repeat(MAX_BODY_BYTES + 1);
    const announced = await fetch(`${host.url}/a`, { method: 'POST', body });
    const streamed = await fetch(`${host.url}/a`, { method: 'POST', body: new Blob([body]).stream(), duplex: 'half' } as RequestInit);
    expect([announced.status, streamed.status, calls]).toEqual([413, 413, 0]);
    expect(await (await fetch(`${host.url}/a`)).json()).toEqual({ calls: 1 });
  });

  it('answers 500 without the reason when a mount breaks', async () => {
    const mount: Mount = { prefix: '/a', fetch: () => Promise.reject(new Error('api_secret')) };
    const host = await start([mount]);
    const reply = await fetch(`${host.url}/a`);
    expect([reply.status, await reply.text()]).toEqual([500, '{"error":"internal error"}']);
  });

  it('tells a mount that its client has gone', async () => {
    const gone = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const mount: Mount = {
      prefix: '/a',
      fetch: async (request) => {
        request.signal.addEventListener('abort', () => gone.resolve());
        arrived.resolve();
        await gone.promise;
        return new Response();
      },
    };
    const host = await start([mount]);
    const abort = new AbortController();
    const call = fetch(`${host.url}/a`, { signal: abort.signal });
    await arrived.promise;
    abort.abort();
    await expect(call).rejects.toThrow();
    await gone.promise;
  });
});

describe('both protocols on one port', () => {
  it('takes HTTP/2 with prior knowledge and HTTP/1.1 side by side', async () => {
    const host = await start([mirror('/a')]);
    const session = connectHttp2(host.url);
    const stream = session.request({ ':method': 'POST', ':path': '/a/two' });
    stream.end('12345');
    expect(JSON.parse(await text(stream))).toMatchObject({ method: 'POST', path: '/two', length: 5 });
    expect(await (await fetch(`${host.url}/a/one`)).json()).toMatchObject({ path: '/one' });
    session.close();
  });

  it('hands HTTP/2 to its own handler when there is one', async () => {
    const host = await start([mirror('/a')], {
      http2: (incoming, outgoing) => {
        outgoing.stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        outgoing.stream.end(incoming.url);
      },
    });
    const session = connectHttp2(host.url);
    expect(await text(session.request({ ':path': '/svc/Method' }))).toBe('/svc/Method');
    session.close();
  });

  it('is not confused by first bytes that come one at a time', async () => {
    const host = await start([mirror('/a')]);
    const reply = await raw(
      host.port,
      'P',
      'O',
      `ST /a/x HTTP/1.1\r\nhost: 127.0.0.1:${host.port}\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi`,
    );
    expect(reply).toMatch(/^HTTP\/1\.1 200 /);
    expect(reply).toContain('"length":2');
  });

  it('survives clients that say nothing, half a request, or nonsense', async () => {
    const host = await start([mirror('/a')]);
    (await connected(host.port)).end();
    (await connected(host.port)).end('GET /a HT');
    expect(await raw(host.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${host.url}/a`)).status).toBe(200);
  });
});

describe('a mount for this machine only', () => {
  const local: Mount = { ...mirror('/ctl'), local: true };
  const ask = (port: number, ...headers: readonly string[]): Promise<string> =>
    raw(port, `GET /ctl/ HTTP/1.1\r\n${headers.join('\r\n')}\r\nconnection: close\r\n\r\n`);

  it('answers programs here, and pages of its own', async () => {
    const host = await start([local]);
    const own = `127.0.0.1:${host.port}`;
    expect(await ask(host.port, `host: ${own}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(host.port, `host: ${own}`, `origin: http://${own}`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['a name that was made to point here', ['host: evil.example']],
    ['a page of another origin', ['host: 127.0.0.1', 'origin: https://evil.example']],
  ])('refuses %s', async (_, headers) => {
    const host = await start([local]);
    expect(await ask(host.port, ...headers)).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('opening and closing', () => {
  it('says which port is taken and what to do', async () => {
    const first = await start([mirror('/a')]);
    await expect(serve({ mounts: [], port: first.port })).rejects.toMatchObject({
      code: 'configuration',
      exitCode: 2,
      message: expect.stringMatching(new RegExp(`port ${first.port} .*in use.*another port`)),
    });
  });

  it('frees the port while clients keep their connections open', async () => {
    const host = await start([mirror('/a')]);
    await fetch(`${host.url}/a`); // fetch keeps this connection
    const silent = await connected(host.port);
    const session = connectHttp2(host.url);
    await text(session.request({ ':path': '/a' }));
    const ended = new Promise((resolve) => silent.once('close', resolve));
    silent.resume();
    await host.close();
    await ended;
    const again = await start([mirror('/a')], { port: host.port });
    expect(again.port).toBe(host.port);
  });

  it('lets an answer in flight finish', async () => {
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Response>();
    const host = await start([
      {
        prefix: '/a',
        fetch: () => {
          arrived.resolve();
          return answer.promise;
        },
      },
    ]);
    const call = fetch(`${host.url}/a`);
    await arrived.promise;
    const closed = host.close();
    answer.resolve(Response.json({ done: true }));
    expect(await (await call).json()).toEqual({ done: true });
    await closed;
  });
});

describe('the line under an answer', () => {
  const whole = 'abcdefghij';
  const playing = (play: 'reset' | 'half'): Mount => ({
    prefix: '/a',
    fetch: async () => new Response(whole),
    intercept: async (_, answer, line) => {
      if (play === 'reset') line.reset();
      else await line.half(await answer());
      return 'taken';
    },
  });

  it('resets HTTP/1.1 connections and HTTP/2 streams', async () => {
    const host = await start([playing('reset')]);
    const cause = await fetch(`${host.url}/a`).catch((error: Error) => error.cause);
    expect(cause).toMatchObject({ code: 'ECONNRESET' });
    const session = connectHttp2(host.url);
    const stream = session.request({ ':path': '/a' });
    await expect(text(stream)).rejects.toThrow();
    expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    session.close();
  });

  it('drops the connection after half of the announced body', async () => {
    const host = await start([playing('half')]);
    const reply = await raw(host.port, `GET /a HTTP/1.1\r\nhost: 127.0.0.1:${host.port}\r\n\r\n`);
    expect(reply).toContain('content-length: 10');
    expect(reply.endsWith('\r\n\r\nabcde')).toBe(true);
    await expect(fetch(`${host.url}/a`).then((answer) => answer.text())).rejects.toThrow();
  });
});
