import type { Adapter, Reply } from '../../contract/adapter.ts';
import { RouterError } from '../../contract/errors.ts';
import type { Tape } from './cassette.ts';
import type { Redactor, TapedRequest } from './redact.ts';

/** Stands in for adapters: answers as it was recorded, in the order in which it was, and sends nothing. */
export class Player {
  /** What was asked and had not been recorded. */
  readonly misses: string[] = [];
  #operation: string;
  readonly #tape: Tape;
  readonly #redactor: Redactor;
  readonly #identity: string;
  readonly #queues = new Map<string, Reply[]>();

  constructor(tape: Tape, redactor: Redactor, identity: string) {
    this.#tape = tape;
    this.#redactor = redactor;
    this.#identity = identity;
    this.#operation = identity;
    for (const { backend, operation, request, reply } of tape.exchanges) {
      const key = keyOf(backend, operation, request);
      this.#queues.set(key, [...(this.#queues.get(key) ?? []), reply]);
    }
  }

  /** Which operation the next requests are for. */
  turnTo(operation: string): void {
    this.#operation = operation;
  }

  /** An adapter that is like `model` in what it can. */
  instead({ backend, can }: Pick<Adapter, 'backend' | 'can'>): Adapter {
    const own = this.#tape.index.connections.filter((connection) => connection.backend === backend);
    return {
      backend,
      can,
      connections: async ({ user }) => own.map((connection) => ({ ...connection, user })),
      invoke: async (call) => this.#answer(backend, this.#redactor.toolCall(call)),
      request: async (call) => this.#answer(backend, this.#redactor.httpCall(call)),
      connect: () =>
        Promise.reject(new RouterError('unsupported_operation', { backend, what: 'a recording connects nobody', next: 'Use --live.' })),
      close: async () => undefined,
    };
  }

  #answer(backend: string, request: TapedRequest): Reply {
    const queue = this.#queues.get(keyOf(backend, this.#operation, request)) ?? [];
    // Who the user is gets asked whenever the router has forgotten it.
    const reply = queue.length === 1 && this.#operation === this.#identity ? queue[0] : queue.shift();
    if (reply) return reply;
    const what = `there is no recording of ${lineOf(request)}, or not of so many; ${this.#nearest(backend, request)}`;
    this.misses.push(`${this.#operation} on ${backend}: ${what}`);
    return { kind: 'failed', failure: { code: 'reply_unexpected', delivery: 'answered', what, origin: 'backend' } };
  }

  #nearest(backend: string, request: TapedRequest): string {
    const here = this.#tape.exchanges.filter((one) => one.backend === backend);
    const own = here.filter(({ operation }) => operation === this.#operation);
    const wanted = lineOf(request);
    const ranked = (own.length > 0 ? own : here)
      .map((one) => ({ line: lineOf(one.request), operation: one.operation, common: common(lineOf(one.request), wanted) }))
      .toSorted((a, b) => b.common - a.common);
    const [best] = ranked;
    return best ? `the nearest is ${best.line} in ${backend}/${best.operation}.jsonl` : `nothing of ${backend} was recorded`;
  }
}

function keyOf(backend: string, operation: string, request: TapedRequest): string {
  return JSON.stringify([backend, operation, request]);
}

function lineOf(request: TapedRequest): string {
  if (request.kind === 'tool') return `${request.tool} ${JSON.stringify(request.arguments)}`;
  const query = request.query.length === 0 ? '' : `?${JSON.stringify(request.query)}`;
  return `${request.method} ${request.path}${query}${request.body === undefined ? '' : ` ${JSON.stringify(request.body)}`}`;
}

/** How far two lines are alike from their beginning. */
function common(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
