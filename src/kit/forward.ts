import { type ClientHttp2Session, connect } from 'node:http2';
import { withTrailers } from '../wire/trailers.ts';

/** Hands requests on to where the backend is. */
export interface Forwarder {
  send(request: Request, path: string, body: Buffer): Promise<Response>;
  close(): void;
}

/** Headers that belong to one connection (RFC 9110 §7.6.1), or that the next sender says for itself. */
const OWN = /^(?:connection|keep-alive|transfer-encoding|content-length|content-encoding|host|upgrade|expect|te|:.*)$/i;

/** HTTP/1.1 for everything but gRPC, which is HTTP/2 with trailers. */
export function createForwarder(origin: string): Forwarder {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(origin);
      // Whoever waits on a stream of it hears of it there.
      session.on('error', () => undefined);
    }
    return session;
  };
  return {
    send: async (request, path, body) => {
      const headers = kept(request.headers);
      const isRpc = request.headers.get('content-type')?.startsWith('application/grpc');
      if (isRpc) return rpc(open(), { ':method': request.method, ':path': path, te: 'trailers', ...headers }, body);
      const { method } = request;
      const sent = { method, headers, redirect: 'manual', signal: request.signal } as const;
      const answer = await fetch(`${origin}${path}`, method === 'GET' || method === 'HEAD' ? sent : { ...sent, body });
      return new Response(answer.body, { status: answer.status, headers: kept(answer.headers) });
    },
    close: () => session?.destroy(),
  };
}

function kept(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !OWN.test(name)));
}

/** One unary call: messages are small, so that it is read whole. */
function rpc(session: ClientHttp2Session, headers: Record<string, string>, body: Buffer): Promise<Response> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    const chunks: Buffer[] = [];
    let status = 200;
    let [head, after] = [new Headers(), new Headers()];
    stream.on('response', (received) => {
      status = Number(received[':status']);
      head = plain(received);
    });
    stream.on('trailers', (received) => {
      after = plain(received);
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve(withTrailers(new Response(Buffer.concat(chunks), { status, headers: head }), after)));
    stream.end(body);
  });
}

function plain(headers: Readonly<Record<string, unknown>>): Headers {
  const pairs = Object.entries(headers).filter(([name]) => !OWN.test(name));
  return new Headers(pairs.map(([name, value]): [string, string] => [name, String(value)]));
}
