import type { BackendId, Transport } from '../contract/backend.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import type { Router } from '../router/router.ts';

export interface CallerParts {
  readonly router: Pick<Router, 'run'>;
  readonly app: string;
  readonly user: string;
  readonly signal: AbortSignal;
  readonly maxRequests: number;
  /** Somebody else works with the account: leave them a reserve of its limit. */
  readonly considerate: boolean;
  /** Hears which operation goes over which backend next, before anything is sent. */
  readonly onCall?: (operation: string, backend: BackendId) => void;
}

/** The run has to end early. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly because: 'interrupted' | 'requests_used_up';
  constructor(because: Ended['because']) {
    super(because);
    this.because = because;
  }
}

/** Calls through one backend at a time, and counts. */
export class Caller {
  requests = 0;
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** Throws Ended. */
  async call(backend: BackendId, operation: string, input: JsonObject): Promise<RunReport> {
    const { signal, maxRequests } = this.#parts;
    if (signal.aborted) throw new Ended('interrupted');
    if (this.requests >= maxRequests) throw new Ended('requests_used_up');
    const report = await this.#send(backend, operation, input, signal);
    if (signal.aborted && !report.ok) throw new Ended('interrupted');
    return report;
  }

  /** Goes on when everything else has to end: what was made is taken away again. */
  async tidy(backend: BackendId, operation: string, input: JsonObject): Promise<RunReport> {
    return this.#send(backend, operation, input, undefined);
  }

  async #send(backend: BackendId, operation: string, input: JsonObject, signal: AbortSignal | undefined): Promise<RunReport> {
    const { router, app, user, considerate, onCall } = this.#parts;
    onCall?.(operation, backend);
    const report = await router.run(`${app}.${operation}`, input, {
      user,
      via: backend,
      approved: true,
      timeoutMs: TIMEOUT_MS,
      bulk: considerate,
      ...(signal ? { signal } : {}),
    });
    this.requests += report.receipt?.attempts.length ?? 0;
    return report;
  }
}

const TIMEOUT_MS = 60_000;

export function transportOf(report: RunReport): Transport | undefined {
  return report.receipt?.route?.transport ?? report.receipt?.attempts.at(-1)?.transport;
}
