import { randomBytes } from 'node:crypto';
import type { BackendId } from '../contract/backend.ts';
import type { Connection, ConnectLink } from '../contract/connection.ts';

/** A link that names no connection: at some backends it comes into being only when the user has finished. */
interface Wait {
  readonly id: string;
  readonly app: string;
  readonly user: string;
  readonly backend: BackendId;
  /** What the user had there before. */
  readonly known: ReadonlySet<string>;
  readonly link: ConnectLink;
  readonly since: string;
  readonly untilMs: number;
  /** The connection that it became. */
  became?: string;
}

/** Unfinished links are forgotten after this, where the backend does not say when they expire. */
const PATIENCE_MS = 3_600_000;
/** Bounds what callers can make us remember. */
const MOST = 1000;

/** Connections that callers were promised, each under the id that they were given. */
export class Awaited {
  readonly #waits = new Map<string, Wait>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  add(
    request: { readonly app: string; readonly user: string; readonly backend: BackendId },
    before: readonly Connection[],
    link: ConnectLink,
  ): string {
    const id = `ca_${randomBytes(12).toString('hex')}`;
    const now = this.#now();
    const untilMs = link.expiresAt === undefined ? now.getTime() + PATIENCE_MS : Date.parse(link.expiresAt);
    const known = new Set(before.filter(({ backend }) => backend === request.backend).map((one) => one.id));
    this.#waits.set(id, { ...request, id, known, link, since: now.toISOString(), untilMs });
    const [oldest] = this.#waits.keys();
    if (this.#waits.size > MOST && oldest !== undefined) this.#waits.delete(oldest);
    return id;
  }

  isWaiting(user: string): boolean {
    return this.#open(user).length > 0;
  }

  /** Looks whether somebody has finished. */
  settle(user: string, found: readonly Connection[]): void {
    for (const wait of this.#open(user)) {
      const made = found.find(
        ({ backend, id }) => backend === wait.backend && !wait.known.has(id) && this.nameOf({ backend, id }) === undefined,
      );
      if (made) wait.became = made.id;
    }
  }

  /** The id under which a connection was promised. */
  nameOf({ backend, id }: Pick<Connection, 'backend' | 'id'>): string | undefined {
    return [...this.#waits.values()].find((wait) => wait.backend === backend && wait.became === id)?.id;
  }

  /** What is promised and not there yet, as a connection that the user has to finish. */
  pending(user: string): readonly Connection[] {
    return this.#open(user).map(({ id, app, backend, link, since }) => {
      const url = link.url === undefined ? {} : { connectUrl: link.url };
      return { id, app, backend, user, status: 'pending', createdAt: since, checkedAt: this.#now().toISOString(), ...url };
    });
  }

  #open(user: string): readonly Wait[] {
    const now = this.#now().getTime();
    return [...this.#waits.values()].filter((wait) => wait.user === user && wait.became === undefined && wait.untilMs > now);
  }
}
