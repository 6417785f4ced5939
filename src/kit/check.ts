/** One thing that is tried. `promise` says what is promised, `when` what is done to it. */
export interface Check {
  readonly promise: string;
  readonly when: string;
  /** Rejects with BrokenPromise when the promise is not kept. */
  run(): Promise<void>;
}

/** What is promised, and where somebody looks who finds it broken. */
export interface Clause {
  readonly promise: string;
  /** One or more sentences with full stop. */
  readonly look: string;
}

/** A promise that was not kept: which one, what happened, where to look. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
  readonly promise: string;
  readonly happened: string;
  readonly look: string;

  constructor({ promise, look }: Clause, happened: string) {
    super(`\n  promise        ${promise}\n  what happened  ${happened}\n  where to look  ${look}`);
    this.promise = promise;
    this.happened = happened;
    this.look = look;
  }
}

/** A check whose `judge` tells what happened instead, or nothing when the promise was kept. */
export function checkOf(clause: Clause, when: string, judge: () => Promise<string | undefined> | string | undefined): Check {
  return {
    promise: clause.promise,
    when,
    run: async () => {
      const happened = await judge();
      if (happened !== undefined) throw new BrokenPromise(clause, `${when}: ${happened}`);
    },
  };
}

/** What a runner of tests has to offer: Vitest, Jest, and node:test do. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>, timeoutMs: number): unknown;
}

/** More than the kit's own patience, of which some checks need several: what waits for ever is told as a broken promise, not as a late test. */
const TIMEOUT_MS = 120_000;

/** One test for each check, in a group for each promise. */
export function register(name: string, checks: readonly Check[], { describe, it }: Runner): void {
  describe(name, () => {
    for (const [promise, own] of Map.groupBy(checks, (check) => check.promise)) {
      describe(promise, () => {
        for (const { when, run } of own) it(when, run, TIMEOUT_MS);
      });
    }
  });
}
