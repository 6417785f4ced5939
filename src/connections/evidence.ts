import type { Failure } from '../contract/adapter.ts';
import type { Connection } from '../contract/connection.ts';
import type { Bulletin } from './bulletin.ts';

/** What calls have shown about a connection since its status was last read. */
export interface Evidence {
  /** The app refused the credential: not usable until a probe succeeds. */
  readonly demoted: boolean;
  /** Failures of the road (not of the caller) since the last success. */
  readonly failures: number;
  /** Milliseconds of the clock given, when it was demoted. */
  readonly at: number;
  /** Only another process has seen it: it may have been repaired since. */
  readonly hearsay: boolean;
}

const CLEAN: Evidence = { demoted: false, failures: 0, at: 0, hearsay: false };

/** A demotion ends with a probe that succeeds; this is for connections that nobody uses any more. */
const DEMOTED_MS = 600_000;
/** After this long without a call, old failures say nothing of the road as it is. */
const FAILURES_MS = 300_000;

/** Remembers, per connection, what the last calls have shown, and tells the other processes. Truth over status. */
export class EvidenceBook {
  readonly #bulletin: Bulletin;

  constructor(bulletin: Bulletin) {
    this.#bulletin = bulletin;
  }

  of(connection: Connection): Evidence {
    const demoted = this.#bulletin.of('demoted', key(connection));
    const failures = this.#bulletin.of('failures', key(connection));
    if (!demoted && !failures) return CLEAN;
    const { at, hearsay } = demoted ?? failures ?? CLEAN;
    return { demoted: demoted !== undefined, failures: failures?.count ?? 0, at, hearsay };
  }

  succeeded(connection: Connection): void {
    this.#bulletin.withdraw('demoted', key(connection));
    this.#bulletin.withdraw('failures', key(connection));
  }

  /** True when the connection's own state is in doubt, so that a fresh look at the backend is due. */
  failed(connection: Connection, failure: Failure): boolean {
    const demoted = failure.code === 'unauthenticated' && failure.origin === 'app';
    const ofTheRoad = demoted || failure.origin !== 'app' || failure.delivery === 'unknown';
    if (ofTheRoad) {
      const { failures, demoted: already } = this.of(connection);
      this.#bulletin.post('failures', key(connection), { count: failures + 1, holdsMs: FAILURES_MS });
      if (demoted || already) this.#bulletin.post('demoted', key(connection), { holdsMs: DEMOTED_MS });
    }
    return demoted || failure.code === 'connection_required';
  }
}

function key({ backend, id }: Connection): string {
  return `${backend}:${id}`;
}
