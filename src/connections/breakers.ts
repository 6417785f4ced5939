import type { CircuitBreakerPolicy } from 'cockatiel';
import type { Failure } from '../contract/adapter.ts';
import type { Transport } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import type { Bulletin } from './bulletin.ts';

/** A breaker opens when more than half of the last calls failed, of which there must have been some. */
const SAMPLE = { threshold: 0.5, size: 20, minimumNumberOfCalls: 5 };
/** How long an open route is tried last, before one call may try it again. */
const OPEN_MS = 10_000;
/** A trial that was never heard of again does not keep the route open. */
const TRIAL_MS = 30_000;
/** From here on routes that work are forgotten, so that many users do not fill the memory. */
const MOST_ROUTES = 2000;

interface Breaker {
  /** Successes before the first failure. Most routes never need more than this. */
  successes: number;
  policy: CircuitBreakerPolicy | undefined;
  openUntil: number | undefined;
  trialSince: number | undefined;
}

export interface BreakersParts {
  readonly bulletin: Bulletin;
  readonly elapsed: () => number;
}

/**
 * Knows which routes have failed so often lately that others should be tried before them. Counting and states are cockatiel's,
 * which is loaded with the first failure. Nothing is forbidden here: without an alternative an open route is used all the same.
 */
export class Breakers {
  readonly #parts: BreakersParts;
  readonly #breakers = new Map<string, Breaker>();
  #counting: Promise<void> = Promise.resolve();

  constructor(parts: BreakersParts) {
    this.#parts = parts;
  }

  isOpen(connection: Connection, transport: Transport): boolean {
    const id = key(connection, transport);
    const { bulletin, elapsed } = this.#parts;
    const { openUntil, trialSince } = this.#breakers.get(id) ?? {};
    if (openUntil === undefined) return bulletin.of('open', id) !== undefined;
    if (elapsed() < openUntil) return true;
    return trialSince !== undefined && elapsed() - trialSince < TRIAL_MS;
  }

  /** A request is about to be sent: on a route that has been open for long enough, it is the trial. */
  began(connection: Connection, transport: Transport): void {
    const breaker = this.#breakers.get(key(connection, transport));
    if (breaker?.openUntil !== undefined && this.#parts.elapsed() >= breaker.openUntil) breaker.trialSince ??= this.#parts.elapsed();
  }

  succeeded(connection: Connection, transport: Transport): void {
    const id = key(connection, transport);
    const breaker = this.#breakerOf(id);
    if (breaker.policy === undefined) breaker.successes = Math.min(breaker.successes + 1, SAMPLE.size);
    else this.#count(id, true);
    this.#parts.bulletin.withdraw('open', id);
  }

  failed(connection: Connection, transport: Transport, failure: Failure): void {
    if (isOfTheRoad(failure)) this.#count(key(connection, transport), false);
    else if (failure.origin === 'app' && failure.delivery === 'answered') this.succeeded(connection, transport);
  }

  /** Resolves when every outcome is counted. */
  settled(): Promise<void> {
    return this.#counting;
  }

  #count(id: string, ok: boolean): void {
    this.#counting = this.#counting.then(async () => {
      const breaker = this.#breakerOf(id);
      breaker.policy ??= await this.#policyFor(id, breaker);
      await outcome(breaker.policy, ok);
      breaker.trialSince = undefined;
    });
  }

  async #policyFor(id: string, breaker: Breaker): Promise<CircuitBreakerPolicy> {
    const { circuitBreaker, CountBreaker, handleAll } = await import('cockatiel');
    const { bulletin, elapsed } = this.#parts;
    const policy = circuitBreaker(handleAll, { halfOpenAfter: OPEN_MS, breaker: new CountBreaker(SAMPLE) });
    for (let at = 0; at < breaker.successes; at += 1) await outcome(policy, true);
    policy.onBreak(() => {
      breaker.openUntil = elapsed() + OPEN_MS;
      bulletin.post('open', id, { holdsMs: OPEN_MS });
    });
    policy.onReset(() => {
      breaker.openUntil = undefined;
      bulletin.withdraw('open', id);
    });
    return policy;
  }

  #forgetClosed(): void {
    for (const [id, { openUntil }] of this.#breakers) if (openUntil === undefined) this.#breakers.delete(id);
  }

  #breakerOf(id: string): Breaker {
    const known = this.#breakers.get(id);
    if (known) return known;
    if (this.#breakers.size >= MOST_ROUTES) this.#forgetClosed();
    const breaker: Breaker = { successes: 0, policy: undefined, openUntil: undefined, trialSince: undefined };
    this.#breakers.set(id, breaker);
    return breaker;
  }
}

/** The road failed, not the caller, the credential or the limit. */
function isOfTheRoad({ code, delivery, origin }: Failure): boolean {
  const ours = code === 'backend_unavailable' || code === 'timeout' || code === 'reply_unexpected';
  return ours && (origin !== 'app' || delivery === 'unknown');
}

/** Tells the policy what became of a call that was made beside it; while it is open it does not listen. */
async function outcome(policy: CircuitBreakerPolicy, ok: boolean): Promise<void> {
  await policy.execute(() => (ok ? undefined : Promise.reject(new Error('the route failed')))).catch(() => undefined);
}

function key({ backend, id }: Connection, transport: Transport): string {
  return `${backend}:${id}/${transport}`;
}
