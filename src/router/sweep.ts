import { isRouterError } from '../contract/errors.ts';
import type { Journal } from '../contract/journal.ts';

export interface SweepParts {
  readonly journal: Journal;
  readonly now: () => Date;
  readonly elapsed: () => number;
  /** How long the results of keyed writes are kept; default 7. */
  readonly keepKeysDays?: number;
  /** How long it is kept how a write can be taken back; default 7. */
  readonly keepUndoDays?: number;
}

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** Makes the broom that writes use in passing: now and then it forgets what was settled long ago. Keys in doubt stay. */
export function sweeper({ journal, now, elapsed, keepKeysDays = 7, keepUndoDays = 7 }: SweepParts): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (elapsed() - last < EVERY_MS) return;
    last = elapsed();
    const at = now().getTime();
    try {
      await journal.keys.forget(new Date(at - keepKeysDays * DAY_MS).toISOString());
      await journal.inverses?.forget(new Date(at - keepUndoDays * DAY_MS).toISOString());
      await journal.shared?.forget(new Date(at - DAY_MS).toISOString());
    } catch (error) {
      if (!isRouterError(error)) throw error;
    }
  };
}
