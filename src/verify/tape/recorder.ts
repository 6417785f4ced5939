import type { Adapter, Reply } from '../../contract/adapter.ts';
import type { Connection } from '../../contract/connection.ts';
import type { Exchange, Tape, TapeIndex } from './cassette.ts';
import type { Redactor, TapedRequest } from './redact.ts';

/**
 * Stands before adapters and keeps, redacted, what went through them. Below it are credentials, headers and the vendors' wires, which it
 * never sees; above it is everything that a recording is made for.
 */
export class Recorder {
  #operation: string;
  readonly #redactor: Redactor;
  readonly #exchanges: Exchange[] = [];
  readonly #connections = new Map<string, Connection>();

  constructor(redactor: Redactor, operation: string) {
    this.#redactor = redactor;
    this.#operation = operation;
  }

  /** Under which operation the next exchanges are kept. */
  turnTo(operation: string): void {
    this.#operation = operation;
  }

  before(adapter: Adapter): Adapter {
    const { backend } = adapter;
    return {
      backend,
      can: adapter.can,
      connections: async (query, signal) => {
        const found = await adapter.connections(query, signal);
        for (const connection of found) this.#connections.set(`${backend} ${connection.id}`, this.#redactor.connection(connection));
        return found;
      },
      invoke: async (call, signal) => this.#keep(backend, this.#redactor.toolCall(call), await adapter.invoke(call, signal)),
      request: async (call, signal) => this.#keep(backend, this.#redactor.httpCall(call), await adapter.request(call, signal)),
      connect: (query, signal) => adapter.connect(query, signal),
      close: () => adapter.close(),
    };
  }

  tape(index: Omit<TapeIndex, 'connections'>): Tape {
    return { index: { ...index, connections: [...this.#connections.values()] }, exchanges: this.#exchanges };
  }

  #keep(backend: string, request: TapedRequest, reply: Reply): Reply {
    this.#exchanges.push({ backend, operation: this.#operation, request, reply: this.#redactor.reply(reply) });
    return reply;
  }
}
