import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { RouterError } from '../contract/errors.ts';
import type { Host, HostOptions } from '../contract/host.ts';
import { createEntrance } from './entrance.ts';
import { createListener } from './listener.ts';
import { Traffic } from './traffic.ts';

/** Longer than clients keep a connection, so that they and not we end it: a request sent into a closing socket looks lost. */
const KEEP_ALIVE_MS = 65_000;

/** How long a client may take to say what it wants; who says it byte by byte holds a connection that others need. */
interface Patience {
  /** Until the end of the headers. */
  readonly headMs: number;
  /** Until the end of the body. */
  readonly wholeMs: number;
  /** How often all connections are looked through. */
  readonly everyMs: number;
}

const PATIENCE: Patience = { headMs: 20_000, wholeMs: 60_000, everyMs: 5000 };

export interface ServeOptions extends HostOptions {
  readonly patience?: Patience;
  /** Serves what arrives by HTTP/2, such as gRPC; left out, HTTP/2 reaches the mounts too. */
  readonly http2?: (incoming: Http2ServerRequest, outgoing: Http2ServerResponse) => void;
}

/** Opens one cleartext port, HTTP/1.1 and HTTP/2, on loopback unless told otherwise. */
export async function serve(options: ServeOptions): Promise<Host> {
  const hostname = options.host ?? '127.0.0.1';
  const listener = createListener(options.mounts);
  const traffic = new Traffic();
  const { headMs, wholeMs, everyMs } = options.patience ?? PATIENCE;
  const timeouts = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headMs,
    requestTimeout: wholeMs,
    connectionsCheckingInterval: everyMs,
  };
  const http1 = createHttp1(timeouts, (incoming, outgoing) => {
    const release = traffic.waits(incoming.socket);
    outgoing.once('close', release);
    listener(incoming, outgoing, release);
  });
  // Node begins to look after slow clients when its server listens, and this one never does: the entrance listens.
  http1.emit('listening');
  const http2 = createHttp2(options.http2 ?? ((incoming, outgoing) => listener(incoming, outgoing, () => undefined)));
  const entrance = createEntrance({
    http1: (socket) => http1.emit('connection', socket),
    http2: (socket) => {
      // The session is made while the event is being emitted.
      http2.once('session', (session) => traffic.session(socket, session));
      http2.emit('connection', socket);
    },
  });
  entrance.on('connection', (socket) => traffic.connected(socket));

  const { port } = await listen(entrance, options.port ?? 0, hostname);
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  const close = async (): Promise<void> => {
    await traffic.close(entrance);
    http1.close(() => undefined);
  };
  return { url: `http://${name}:${port}`, port, close };
}

function listen(server: Server, port: number, hostname: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(portError(cause, port, hostname)));
    // A TCP server that listens has this kind of address.
    server.listen(port, hostname, () => resolve(server.address() as AddressInfo));
  });
}

function portError(cause: NodeJS.ErrnoException, port: number, hostname: string): RouterError {
  const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${cause.code ?? 'unknown error'})`;
  const next = 'Stop the other program, or choose another port; port 0 takes any free one.';
  return new RouterError('configuration', { what: `port ${port} on ${hostname} ${why}`, next }, { cause });
}
