import type { JsonObject } from '../../src/contract/guards.ts';

/** What a caller wrote on a connection; nothing of it reaches the app. */
export interface Note {
  readonly name?: string;
  readonly key?: string;
  readonly meta?: JsonObject;
}

export interface ConnectionRequest {
  readonly requestId: string;
  readonly user: string;
  readonly connection: string;
  readonly url: string;
  readonly createdAt: string;
  /** What was asked for, as it was asked. */
  readonly asked: JsonObject;
}

/** One run of an action. Input and output are not kept: they are people's data. */
export interface Run {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly action: string;
  readonly connection: string;
  readonly status: 'success' | 'error';
  readonly createdAt: string;
  readonly completedAt: string;
  /** Names of properties that were not passed on. */
  readonly ignored?: readonly string[];
  readonly error?: object;
}

/** What exists in this protocol and nowhere behind it. */
export interface Memory {
  readonly notes: Bounded<Note>;
  readonly requests: Bounded<ConnectionRequest>;
  readonly runs: Bounded<Run>;
}

export function createMemory(): Memory {
  return { notes: new Bounded(), requests: new Bounded(), runs: new Bounded() };
}

const MOST = 10_000;

/** Forgets what is oldest when there is too much. */
export class Bounded<Value> {
  readonly #held = new Map<string, Value>();

  get(id: string): Value | undefined {
    return this.#held.get(id);
  }

  /** Newest first. */
  all(): readonly Value[] {
    return [...this.#held.values()].toReversed();
  }

  set(id: string, value: Value): Value {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= MOST && oldest !== undefined && !this.#held.has(id)) this.#held.delete(oldest);
    this.#held.set(id, value);
    return value;
  }
}
