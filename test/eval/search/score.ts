import { closeApp } from '../../../src/catalog/close/index.ts';
import { searchOperations } from '../../../src/catalog/search.ts';
import type { Phrase } from './phrases.ts';

export interface Score {
  readonly phrases: number;
  /** How many had a right operation first, and how many among the first three. */
  readonly first: number;
  readonly three: number;
  readonly missed: readonly { readonly words: string; readonly right: string; readonly found: readonly string[] }[];
}

/** How well the search does on phrases whose right operations are known. */
export async function score(phrases: readonly Phrase[]): Promise<Score> {
  const found = await Promise.all(
    phrases.map(async ([words, ...right]) => {
      const best = (await searchOperations(closeApp, words)).slice(0, 3).map(({ id }) => id);
      return { words, right, best, first: right.includes(best[0] ?? ''), three: best.some((id) => right.includes(id)) };
    }),
  );
  return {
    phrases: phrases.length,
    first: found.filter((one) => one.first).length,
    three: found.filter((one) => one.three).length,
    missed: found.filter((one) => !one.first).map(({ words, right, best }) => ({ words, right: right.join(' | '), found: best })),
  };
}
