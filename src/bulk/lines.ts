/** A set of line numbers, one bit each. */
export class Lines {
  #bits = new Uint8Array(1 << 12);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(line: number): boolean {
    return ((this.#bits[line >> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }

  /** False: it was there already. */
  add(line: number): boolean {
    if (this.has(line)) return false;
    this.#reach(line >> 3);
    this.#bits[line >> 3] = (this.#bits[line >> 3] ?? 0) | (1 << (line & 7));
    this.#size += 1;
    return true;
  }

  #reach(at: number): void {
    if (at < this.#bits.length) return;
    const wider = new Uint8Array(2 ** Math.ceil(Math.log2(at + 1)));
    wider.set(this.#bits);
    this.#bits = wider;
  }
}
