import { createServer, type Server, type Socket } from 'node:net';

/** How HTTP/2 by prior knowledge begins (RFC 9113 §3.4); no HTTP/1 method does. */
const PREFACE = Buffer.from('PRI');

/** Takes a connection whose first bytes are still unread. */
type Taker = (socket: Socket) => void;

/**
 * One cleartext port for both protocols: gRPC clients need HTTP/2, everybody else speaks HTTP/1.1, and neither of Node's
 * servers takes the other's clients. Neither of them listens; the entrance reads the first bytes, puts them back, and hands
 * the connection over.
 */
export function createEntrance(takers: { readonly http1: Taker; readonly http2: Taker }): Server {
  // Both of Node's servers set these two on their own listeners.
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    sniff(socket, Buffer.alloc(0), takers);
  });
}

function sniff(socket: Socket, start: Buffer, takers: { readonly http1: Taker; readonly http2: Taker }): void {
  socket.once('readable', () => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      socket.destroy(); // ended before it said anything
      return;
    }
    const seen = Buffer.concat([start, chunk]);
    if (seen.length < PREFACE.length && PREFACE.subarray(0, seen.length).equals(seen)) {
      sniff(socket, seen, takers);
      return;
    }
    socket.unshift(seen);
    if (seen.subarray(0, PREFACE.length).equals(PREFACE)) takers.http2(socket);
    else takers.http1(socket);
  });
}
