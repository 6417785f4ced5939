/** A stream of 32-bit numbers whose whole state is one number, so that a snapshot can hold it. */
export interface Random {
  next(): number;
  state(): number;
}

/** Mulberry32, a public-domain generator by Tommy Ettinger: tiny, and good enough for ids that only have to differ. */
export function createRandom(initial: number): Random {
  let state = initial >>> 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return (mixed ^ (mixed >>> 14)) >>> 0;
    },
    state: () => state,
  };
}

/** FNV-1a over the text of a seed. */
export function seedNumber(seed: string | number): number {
  let hash = 0x811c9dc5;
  for (const char of String(seed)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
