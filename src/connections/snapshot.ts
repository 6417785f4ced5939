import type { Adapter } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import { within } from './within.ts';

export interface Snapshot {
  readonly connections: readonly Connection[];
  readonly unreachable: readonly { readonly backend: BackendId; readonly code: string; readonly message: string }[];
}

export interface SnapshotParts {
  readonly adapters: readonly Adapter[];
  readonly identity: (user: string, backend: BackendId) => string;
  readonly elapsed: () => number;
  /** How long a snapshot holds; default 60,000. */
  readonly freshMs?: number;
  /** How long one backend may take to answer; default 10,000. */
  readonly patienceMs?: number;
}

/** What one backend said, or that it could not be asked. */
type Answer = { readonly connections: readonly Connection[] } | { readonly unreachable: Snapshot['unreachable'][number] };

/** How long a call waits for a backend to list its connections, as long as it has no deadline that is nearer. */
const LATE_MS = 5000;

/** How soon a backend that could not be asked is asked again: it must not slow down every call in between. */
const UNREACHABLE_MS = 5000;

/**
 * A user's connections to an app on every backend: read once, held for a while, read again at once when a call shows that it is
 * stale. Callers at the same time share one reading, and one backend's failure never hides another's connections.
 */
export class Snapshots {
  readonly #parts: SnapshotParts;
  readonly #held = new Map<string, { readonly until: number; readonly answer: Promise<Answer> }>();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /**
   * `only`: the one backend that matters, so that no other one, nor its SDK, is troubled. `withinMs`: who has not answered by then
   * counts as unreachable for this caller; its answer is kept for the next one.
   */
  async get(
    app: string,
    user: string,
    { only, withinMs = LATE_MS }: { readonly only?: BackendId | undefined; readonly withinMs?: number } = {},
  ): Promise<Snapshot> {
    const asked = this.#parts.adapters.filter(({ backend }) => only === undefined || backend === only);
    const answers = await Promise.all(asked.map((adapter) => within(withinMs, this.#answer(adapter, app, user), late(adapter.backend))));
    return {
      connections: answers.flatMap((answer) => ('connections' in answer ? answer.connections : [])),
      unreachable: answers.flatMap((answer) => ('unreachable' in answer ? [answer.unreachable] : [])),
    };
  }

  forget(app: string, user: string): void {
    for (const { backend } of this.#parts.adapters) this.#held.delete(key(app, user, backend));
  }

  #answer(adapter: Adapter, app: string, user: string): Promise<Answer> {
    const id = key(app, user, adapter.backend);
    const { elapsed, freshMs = 60_000 } = this.#parts;
    const held = this.#held.get(id);
    if (held && elapsed() < held.until) return held.answer;
    const answer = this.#read(adapter, app, user);
    this.#held.set(id, { until: elapsed() + freshMs, answer });
    const shorten = (untilMs: number): void => {
      if (this.#held.get(id)?.answer === answer) this.#held.set(id, { until: elapsed() + untilMs, answer });
    };
    answer.then(
      (said) => 'unreachable' in said && shorten(UNREACHABLE_MS),
      () => shorten(0),
    );
    return answer;
  }

  async #read(adapter: Adapter, app: string, user: string): Promise<Answer> {
    const { backend } = adapter;
    const { identity, patienceMs = 10_000 } = this.#parts;
    try {
      const theirs = await adapter.connections({ app, user: identity(user, backend) }, AbortSignal.timeout(patienceMs));
      return { connections: theirs.map((connection) => ({ ...connection, user })) };
    } catch (error) {
      if (!isRouterError(error)) throw error;
      return { unreachable: { backend, code: error.code, message: error.message } };
    }
  }
}

function late(backend: BackendId): Answer {
  return { unreachable: { backend, code: 'timeout', message: `${backend}: its connections did not come in time. Repeat the call later.` } };
}

function key(app: string, user: string, backend: BackendId): string {
  return JSON.stringify([app, user, backend]);
}
