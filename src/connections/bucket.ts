import type { RateLimit } from '../contract/executor.ts';

/** Requests that may be under way before the first answer has told anything of a limit. */
const COLD_FLIGHT = 8;
/** An answer that does not come must not hold up the others. */
const COLD_WAIT_MS = 1000;
/** A window is never taken for shorter: an app that refills all the time tells only what is missing. */
const SHORTEST_WINDOW_MS = 1000;
/** After this long the app is asked again, whatever time it has named: it may have changed its mind. */
export const LONGEST_BLOCK_MS = 300_000;
/** How a guessed limit grows with every window in which it was kept. */
const GROWTH = 1.25;
/** The part of a limit that bulk work leaves to people. */
const RESERVE = 0.2;

/** What is left of one limit of one account, as far as is known. All times are milliseconds of one clock that only goes forward. */
export class Bucket {
  #capacity = Number.POSITIVE_INFINITY;
  #remaining = Number.POSITIVE_INFINITY;
  #resetsAt = Number.POSITIVE_INFINITY;
  #windowMs = SHORTEST_WINDOW_MS;
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #inFlight = 0;
  #coldSince: number | undefined;
  #isCold = true;
  /** The app tells nothing: the limit is what it took until it refused, and a little more with every window. */
  #isGuessed = false;
  #served = 0;
  #servedSince = Number.NEGATIVE_INFINITY;

  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  /** Little is left: others who share the account have to be asked. */
  get isScarce(): boolean {
    return this.#remaining < this.#capacity / 2;
  }

  /** What bulk work has to leave. */
  floor(bulk: boolean): number {
    if (!bulk || this.#capacity === Number.POSITIVE_INFINITY) return 0;
    return Math.min(Math.ceil(this.#capacity * RESERVE), this.#capacity - 1);
  }

  isFree(now: number, bulk: boolean): boolean {
    this.#roll(now);
    if (now < this.#blockedUntil) return false;
    if (this.#isCold && this.#inFlight >= COLD_FLIGHT && now - (this.#coldSince ?? now) < COLD_WAIT_MS) return false;
    return this.#remaining > this.floor(bulk);
  }

  /** One request begins. False: not now. */
  take(now: number, bulk: boolean): boolean {
    if (!this.isFree(now, bulk)) return false;
    this.#coldSince ??= now;
    this.#remaining -= 1;
    this.#inFlight += 1;
    return true;
  }

  /** One request never left. */
  giveBack(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.#remaining += 1;
  }

  /** One request is over. */
  finish(now: number, served: boolean): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.#isCold = false;
    if (now - this.#servedSince >= this.#windowMs) {
      this.#servedSince = now;
      this.#served = 0;
    }
    if (served) this.#served += 1;
  }

  /** How long it may take until `ahead` others and then this one can go. */
  waitMs(now: number, ahead: number): number {
    const isKnown = this.#capacity !== Number.POSITIVE_INFINITY;
    const unknownMs = this.#isCold ? COLD_WAIT_MS : SHORTEST_WINDOW_MS;
    const firstMs = now < this.#blockedUntil ? this.#blockedUntil - now : isKnown ? this.#resetsAt - now : unknownMs;
    return Math.max(1, firstMs) + (isKnown ? Math.floor(ahead / this.#capacity) * this.#windowMs : 0);
  }

  /** What the app has told with an answer. What is still under way comes off it. */
  learn({ limit, remaining, resetSeconds }: RateLimit, now: number): void {
    if (limit <= 0) return;
    this.#capacity = limit;
    this.#isGuessed = false;
    this.#remaining = Math.max(0, Math.min(remaining, limit) - this.#inFlight);
    this.#resetsAt = now + resetSeconds * 1000;
    this.#windowMs = Math.max(SHORTEST_WINDOW_MS, resetSeconds * 1000);
    this.#isCold = false;
  }

  /** What others on the same account have left. */
  hear(
    { capacity, remaining, resetsInMs }: { readonly capacity: number; readonly remaining: number; readonly resetsInMs: number },
    now: number,
  ): void {
    if (capacity > 0 && this.#capacity === Number.POSITIVE_INFINITY) this.#capacity = capacity;
    this.#isCold = false;
    if (capacity === 0) {
      this.block(resetsInMs, now);
      return;
    }
    this.#remaining = Math.min(this.#remaining, remaining);
    this.#resetsAt = now + resetsInMs;
  }

  /** The app has refused a request without telling its limit: it is about as much as went until then. */
  guess(): void {
    if (this.#capacity !== Number.POSITIVE_INFINITY && !this.#isGuessed) return;
    this.#isGuessed = true;
    this.#capacity = Math.max(1, Math.min(this.#capacity, this.#served));
    this.#remaining = 0;
    this.#resetsAt = this.#blockedUntil;
  }

  /** The app has refused a request and named a time. */
  block(ms: number, now: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, now + Math.min(ms, LONGEST_BLOCK_MS));
    this.#isCold = false;
  }

  /** For the others; capacity 0: only that nothing goes until then. */
  told(now: number): { readonly capacity: number; readonly remaining: number; readonly resetsInMs: number } {
    const blockedMs = this.#blockedUntil - now;
    if (this.#capacity === Number.POSITIVE_INFINITY) return { capacity: 0, remaining: 0, resetsInMs: Math.max(0, blockedMs) };
    if (blockedMs > 0) return { capacity: this.#capacity, remaining: 0, resetsInMs: blockedMs };
    return { capacity: this.#capacity, remaining: Math.floor(this.#remaining), resetsInMs: Math.max(0, this.#resetsAt - now) };
  }

  #roll(now: number): void {
    if (now < this.#resetsAt) return;
    if (this.#isGuessed) this.#capacity = Math.ceil(this.#capacity * GROWTH);
    this.#remaining = Math.max(0, this.#capacity - this.#inFlight);
    this.#resetsAt = now + this.#windowMs;
  }
}
