import { hash } from 'node:crypto';

const FIRST_SLOTS = 1 << 12;
/** Fuller than this, and looking gets slow. */
const FULLEST = 0.6;

/**
 * Remembers on which line a text was first seen, in 12 bytes each: a million rows and their marks must fit in memory. Texts are
 * told apart by 64 bits of SHA-1, so that two different ones among ten millions are confused once in a million files.
 */
export class Seen {
  #slots = new Uint32Array(FIRST_SLOTS * 3);
  #count = 0;

  /** The line on which the text stood before; undefined when this is the first time. Lines count from 1. */
  first(text: string, line: number): number | undefined {
    if (this.#count > (this.#slots.length / 3) * FULLEST) this.#grow();
    const digest = hash('sha1', text, 'buffer');
    const before = place(this.#slots, digest.readUInt32LE(0), digest.readUInt32LE(4), line);
    if (before === undefined) this.#count += 1;
    return before;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 3) {
      const [low = 0, high = 0, line = 0] = old.subarray(at, at + 3);
      if (line !== 0) place(this.#slots, low, high, line);
    }
  }
}

/** Open addressing; line 0 is a free slot. */
function place(slots: Uint32Array, low: number, high: number, line: number): number | undefined {
  const size = slots.length / 3;
  for (let slot = low % size; ; slot = (slot + 1) % size) {
    const at = slot * 3;
    const before = slots[at + 2];
    if (before === 0) {
      slots.set([low, high, line], at);
      return undefined;
    }
    if (slots[at] === low && slots[at + 1] === high) return before;
  }
}
