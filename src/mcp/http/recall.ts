import { randomUUID } from 'node:crypto';
import { isObject, stringAt } from '../../contract/guards.ts';

/** Names a client's conversation, for as long as it likes to say so. It proves nothing and opens nothing. */
const SESSION = 'mcp-session-id';

/**
 * Calls that a client of an earlier revision can take back. Its word comes in a request of its own, and numbers of requests are a
 * client's own: so that nobody takes back another one's, `initialize` gives out a name for the conversation.
 */
export class Recall {
  readonly #calls = new Map<string, AbortController>();

  /** The request, ended also when its client takes it back; `done` forgets it. */
  callable(request: Request, caller: string, message: unknown): { readonly request: Request; readonly done: () => void } {
    const key = keyOf(request, caller, isObject(message) ? message['id'] : undefined);
    if (key === undefined) return { request, done: () => undefined };
    const controller = new AbortController();
    this.#calls.set(key, controller);
    const signal = AbortSignal.any([request.signal, controller.signal]);
    const { method, headers, url } = request;
    return { request: new Request(url, { method, headers, signal }), done: () => this.#calls.delete(key) };
  }

  /** Does what a notification of a client says, if it is that. */
  heed(request: Request, caller: string, message: unknown): void {
    if (stringAt(message, 'method') !== 'notifications/cancelled' || !isObject(message) || !isObject(message['params'])) return;
    const key = keyOf(request, caller, message['params']['requestId']);
    if (key !== undefined) this.#calls.get(key)?.abort(new Error('the client took the call back'));
  }
}

/** The answer to `initialize` with a name for the conversation. */
export function named(response: Response, message: unknown): Response {
  if (stringAt(message, 'method') !== 'initialize' || !response.ok) return response;
  const headers = new Headers(response.headers);
  headers.set(SESSION, randomUUID());
  return new Response(response.body, { status: response.status, headers });
}

function keyOf({ headers }: Request, caller: string, id: unknown): string | undefined {
  const session = headers.get(SESSION);
  const isName = session !== null && /^[\w-]{1,64}$/.test(session);
  return isName && (typeof id === 'string' || typeof id === 'number') ? JSON.stringify([caller, session, id]) : undefined;
}
