import type { ServerHttp2Session } from 'node:http2';
import type { Server, Socket } from 'node:net';

/** How long answers in flight may still take when the port closes. */
const GRACE_MS = 2000;

/** Who is connected, and which of them still wait for an answer: what a port must know to close well. */
export class Traffic {
  readonly #sockets = new Set<Socket>();
  /** Connections whose end is their session's business. */
  readonly #sessions = new Map<Socket, ServerHttp2Session>();
  readonly #waiting = new Map<Socket, number>();
  #closing: Promise<void> | undefined;

  connected(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#sessions.delete(socket);
    });
  }

  session(socket: Socket, session: ServerHttp2Session): void {
    this.#sessions.set(socket, session);
  }

  /** An HTTP/1 request came in. Call what is returned when its answer is out, or will never be. */
  waits(socket: Socket): () => void {
    this.#waiting.set(socket, (this.#waiting.get(socket) ?? 0) + 1);
    let done = false;
    return () => {
      if (!done) this.#answered(socket);
      done = true;
    };
  }

  /** Ends whoever waits for nothing, gives the others a moment, and frees the port. */
  close(server: Server): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      const timer = setTimeout(() => destroy(this.#sockets), GRACE_MS);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      for (const session of this.#sessions.values()) session.close();
      destroy([...this.#sockets].filter((socket) => !this.#waiting.has(socket) && !this.#sessions.has(socket)));
    });
    return this.#closing;
  }

  #answered(socket: Socket): void {
    const left = (this.#waiting.get(socket) ?? 1) - 1;
    if (left > 0) this.#waiting.set(socket, left);
    else this.#waiting.delete(socket);
    if (this.#closing && left <= 0) socket.destroy();
  }
}

function destroy(sockets: Iterable<Socket>): void {
  for (const socket of sockets) socket.destroy();
}
