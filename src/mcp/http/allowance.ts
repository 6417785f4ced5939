export interface Rate {
  /** On average, in a minute. */
  readonly perMinute: number;
  /** Callers that are remembered; who was not heard of for longest is forgotten first. */
  readonly most?: number;
}

interface Purse {
  left: number;
  at: number;
}

/** How many requests each caller has left: a purse that fills evenly, so that a burst of some seconds' worth is no offence. */
export class Allowance {
  readonly #purses = new Map<string, Purse>();
  readonly #rate: Required<Rate>;
  readonly #elapsed: () => number;

  constructor({ perMinute, most = 10_000 }: Rate, elapsed: () => number) {
    this.#rate = { perMinute, most };
    this.#elapsed = elapsed;
  }

  /** Takes so many from the caller's purse. A number: it holds too few, and that many seconds have to pass. */
  take(caller: string, count = 1): number | undefined {
    const { perMinute, most } = this.#rate;
    const now = this.#elapsed();
    const purse = this.#purses.get(caller) ?? { left: perMinute, at: now };
    const left = Math.min(perMinute, purse.left + ((now - purse.at) * perMinute) / 60_000);
    this.#purses.delete(caller);
    this.#purses.set(caller, { left: left < count ? left : left - count, at: now });
    const [oldest] = this.#purses.keys();
    if (this.#purses.size > most && oldest !== undefined) this.#purses.delete(oldest);
    return left < count ? Math.max(1, Math.ceil(((count - left) * 60) / perMinute)) : undefined;
  }
}
