import type { RateLimit } from '../../contract/executor.ts';

/** One token bucket, refilled all the time. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** JSON of all buckets by name. */
export type Buckets = Readonly<Record<string, Bucket>>;

export interface Taken {
  readonly rateLimit: RateLimit;
  /** Present: refused, and how long to wait. */
  readonly waitMs?: number;
}

/** Token buckets that start full and hold one second's worth. Source: close-rest.md §7, an illustration there, not a promise. */
export class Limits {
  readonly #buckets: Map<string, Bucket>;

  constructor(buckets: Buckets = {}) {
    this.#buckets = new Map(Object.entries(buckets));
  }

  /** Takes one token from every named bucket, or from none. The first name is the one that the headers speak of. */
  take(wanted: readonly (readonly [name: string, perSecond: number])[], now: number): Taken {
    const levels = wanted.map(([name, perSecond]) => ({ name, perSecond, tokens: this.#level(name, perSecond, now) }));
    const short = levels.find(({ tokens }) => tokens < 1);
    if (!short) for (const { name, tokens } of levels) this.#buckets.set(name, { tokens: tokens - 1, at: now });
    const shown = short ?? levels[0];
    const left = shown ? (short ? 0 : Math.floor(shown.tokens - 1)) : 0;
    const limit = shown?.perSecond ?? 0;
    const missing = limit - (short ? (shown?.tokens ?? 0) : (shown?.tokens ?? 0) - 1);
    const rateLimit = { limit, remaining: left, resetSeconds: limit > 0 ? Math.round((missing / limit) * 1000) / 1000 : 0 };
    return short ? { rateLimit, waitMs: Math.ceil(((1 - short.tokens) / short.perSecond) * 1000) } : { rateLimit };
  }

  dump(): Buckets {
    return Object.fromEntries(this.#buckets);
  }

  #level(name: string, perSecond: number, now: number): number {
    const held = this.#buckets.get(name);
    if (!held) return perSecond;
    return Math.min(perSecond, held.tokens + (Math.max(0, now - held.at) / 1000) * perSecond);
  }
}
