import type { Failure } from '../contract/adapter.ts';
import type { Operation } from '../contract/operation.ts';

/** How often one call may be tried over all its routes. */
export const MOST_ROUNDS = 4;

/** What to do after a round that failed. */
export type Step = { readonly kind: 'stop' } | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'confirm' };

/** The wait that Close itself advises when a 429 names none. Source: backends/close-rest.md §7. */
const UNTOLD_WAIT_MS = 2000;
const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 5000;

/**
 * The one retry rule. A call that was not executed may be repeated, after the wait that was asked for or a backoff; so may a
 * read whose answer was lost. A write whose answer was lost has to be confirmed first. All else is an answer.
 */
export function stepAfter(
  failure: Failure,
  operation: Operation,
  { round, leftMs, random }: { readonly round: number; readonly leftMs: number; readonly random: () => number },
): Step {
  const lost = failure.delivery === 'unknown';
  if (lost && operation.effect !== 'read') return { kind: 'confirm' };
  if (round >= MOST_ROUNDS) return { kind: 'stop' };
  const ms = lost || mayPass(failure) ? waitOf(failure, round, random) : undefined;
  return ms === undefined || ms >= leftMs ? { kind: 'stop' } : { kind: 'wait', ms };
}

/** Full jitter, so that callers who failed together do not come back together. */
export function backoffMs(round: number, random: () => number): number {
  return random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (round - 1));
}

function mayPass({ code, delivery }: Failure): boolean {
  return code === 'rate_limited' || (delivery === 'not-sent' && (code === 'backend_unavailable' || code === 'timeout'));
}

function waitOf({ code, retryAfterMs }: Failure, round: number, random: () => number): number {
  return retryAfterMs ?? (code === 'rate_limited' ? UNTOLD_WAIT_MS : backoffMs(round, random));
}

/**
 * Keeps retries from becoming a flood when a backend is down: each costs a token, ten successes earn one.
 * Shared by all calls of a router.
 */
export class RetryBudget {
  readonly #most: number;
  #tokens: number;

  constructor(most = 20) {
    this.#most = most;
    this.#tokens = most;
  }

  /** False: no retry now. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  earn(): void {
    this.#tokens = Math.min(this.#most, this.#tokens + 0.1);
  }
}
