import { createRandom, seedNumber } from '../../src/sandbox/world/random.ts';

/** Dice that fall the same way for the same seed. */
export interface Chance {
  /** 0 to 1. */
  readonly share: () => number;
  readonly below: (limit: number) => number;
  readonly oneOf: <T>(items: readonly [T, ...T[]]) => T;
  /** An item by its weight. */
  readonly weighted: <T>(items: readonly (readonly [weight: number, item: T])[]) => T;
}

export function chanceOf(seed: string): Chance {
  const random = createRandom(seedNumber(seed));
  const share = (): number => random.next() / 2 ** 32;
  const below = (limit: number): number => Math.floor(share() * limit);
  return {
    share,
    below,
    oneOf: (items) => items[below(items.length)] ?? items[0],
    weighted: (items) => {
      let left = share() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      throw new Error('nothing to choose from');
    },
  };
}
