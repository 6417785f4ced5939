import { createServer, type Server, type Socket } from 'node:net';

/** What reached the wire: each request's head and body as text. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly string[];
  readonly connections: () => number;
}

/** Says what to do with the socket once a whole request has arrived, or as soon as it is connected. */
export interface Script {
  readonly onConnect?: (socket: Socket) => void;
  readonly onRequest?: (socket: Socket, request: string) => void;
}

/** A TCP server that answers by script, byte for byte. */
export async function startScripted({ onConnect, onRequest }: Script): Promise<ScriptedServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    onConnect?.(socket);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      if (!isWhole(received)) return;
      requests.push(received);
      const request = received;
      received = '';
      onRequest?.(socket, request);
    });
  });
  const port = await listen(server);
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, requests, connections: () => connections, [Symbol.asyncDispose]: stop };
}

/** A whole HTTP/1.1 answer. */
export function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}`, ...headers };
  return [`HTTP/1.1 ${status} Scripted`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isWhole(request: string): boolean {
  const [head = '', ...rest] = request.split('\r\n\r\n');
  if (rest.length === 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return Buffer.byteLength(rest.join('\r\n\r\n')) >= length;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
