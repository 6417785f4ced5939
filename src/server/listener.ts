import { Http2ServerResponse } from 'node:http2';
import { getRequestListener, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Exchange, Mount } from '../contract/host.ts';
import { trailersOf } from '../wire/trailers.ts';
import { type Incoming, lineOf, type Outgoing } from './line.ts';
import { asWritten, readTarget } from './target.ts';

/** No door's protocol carries more in one request; the sources' own limits are lower. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** A body this much over the limit is not even read to its end. */
const DRAIN_FACTOR = 4;

export type Listener = (incoming: Incoming, outgoing: Outgoing, release: () => void) => void;

/** Finds the mount of a request and carries the request to it. */
export function createListener(mounts: readonly Mount[]): Listener {
  const carriers = mounts.map((mount) => ({ mount, carry: carrierOf(mount) }));
  return (incoming, outgoing, release) => {
    const { path, host } = readTarget(incoming.url ?? '');
    incoming.url = path;
    if (host !== undefined) incoming.headers.host = host;
    const found = carriers.find(({ mount }) => isBelow(mount.prefix, path));
    if (!found) refuse(outgoing, 404, `nothing is served here; known: ${mounts.map(({ prefix }) => prefix).join(', ')}`);
    else if (found.mount.local && !isLocal(incoming)) refuse(outgoing, 403, 'this path answers programs on this machine only');
    else if (Number(incoming.headers['content-length'] ?? 0) > MAX_BODY_BYTES) refuseBody(incoming, outgoing);
    else found.carry(incoming, outgoing, release);
  };
}

function carrierOf(mount: Mount): Listener {
  const releases = new WeakMap<object, () => void>();
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const whole = await withBody(request, incoming);
      if (!whole) return Response.json(tooLarge, { status: 413 });
      if (!mount.intercept) return withItsTrailers(await mount.fetch(whole), outgoing);
      const line = lineOf(outgoing, releases.get(outgoing) ?? (() => undefined));
      const answer = await mount.intercept(exchangeOf(incoming), () => mount.fetch(whole), line);
      return answer === 'taken' ? RESPONSE_ALREADY_SENT : withItsTrailers(answer, outgoing);
    },
    { overrideGlobalObjects: false, errorHandler: refusalOf },
  );
  return (incoming, outgoing, release) => {
    releases.set(outgoing, release);
    const below = (incoming.url ?? '').slice(mount.prefix.length);
    incoming.url = asWritten(below.startsWith('/') ? below : `/${below}`);
    void listener(incoming, outgoing);
  };
}

/** What is no request at all is its sender's mistake. */
function refusalOf(error: unknown): Response {
  if (error instanceof RequestError) return Response.json({ error: 'the address of the request is malformed' }, { status: 400 });
  return Response.json({ error: 'internal error' }, { status: 500 });
}

/** Only HTTP/2 has trailers that a client can rely on, and only gRPC asks for them. */
function withItsTrailers(response: Response, outgoing: Outgoing): Response {
  const trailers = trailersOf(response);
  if (trailers && outgoing instanceof Http2ServerResponse) outgoing.addTrailers(Object.fromEntries(trailers));
  return response;
}

/** A body without announced length is read here, up to the limit. undefined: it was larger. */
async function withBody(request: Request, incoming: Incoming): Promise<Request | undefined> {
  if (incoming.headers['content-length'] !== undefined || !request.body) return request;
  const body = await readUpTo(request.body, MAX_BODY_BYTES);
  return body && new Request(request.url, { method: request.method, headers: request.headers, body, signal: request.signal });
}

async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function exchangeOf(incoming: Incoming): Exchange {
  return { method: incoming.method ?? 'GET', path: (incoming.url ?? '/').split('?')[0] ?? '/' };
}

function isBelow(prefix: string, url: string): boolean {
  const next = url[prefix.length];
  return url.startsWith(prefix) && (next === undefined || next === '/' || next === '?');
}

/** The Host check keeps out pages that a name of their own has led here; the Origin check, all other pages. */
function isLocal(incoming: Incoming): boolean {
  const host = incoming.headers[':authority'] ?? incoming.headers.host;
  const origin = incoming.headers.origin;
  return isLoopback(incoming.socket.remoteAddress) && isLoopbackHost(host) && (origin === undefined || origin === `http://${host}`);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

function isLoopbackHost(host: string | readonly string[] | undefined): boolean {
  return typeof host === 'string' && /^(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

const tooLarge = { error: `the request body is larger than ${MAX_BODY_BYTES} bytes` };

function refuse(outgoing: Outgoing, status: number, error: string): void {
  const body = JSON.stringify({ error });
  send(outgoing, status, body);
}

/** Reads on for a while, because a client that is still writing would see a broken connection instead of the answer. */
function refuseBody(incoming: Incoming, outgoing: Outgoing): void {
  if (Number(incoming.headers['content-length']) <= DRAIN_FACTOR * MAX_BODY_BYTES) incoming.resume();
  else outgoing.once('finish', () => incoming.destroy());
  send(outgoing, 413, JSON.stringify(tooLarge));
}

function send(outgoing: Outgoing, status: number, body: string): void {
  outgoing.statusCode = status;
  outgoing.setHeader('content-type', 'application/json');
  outgoing.end(body);
}
