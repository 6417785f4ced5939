/** Mirrored work that one process does at a time, and begins in one second. */
const AT_A_TIME = 2;
const PER_SECOND = 10;

/** Lets in no more than a little extra work: what comes when it is busy is dropped, never queued. */
export class Load {
  readonly #elapsed: () => number;
  #running = 0;
  #second = Number.NEGATIVE_INFINITY;
  #begun = 0;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Runs the work, if there is room for it now. False: it was dropped. */
  admit(work: () => Promise<void>): boolean {
    const now = this.#elapsed();
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.#begun = 0;
    }
    if (this.#running >= AT_A_TIME || this.#begun >= PER_SECOND) return false;
    this.#running += 1;
    this.#begun += 1;
    void work().finally(() => {
      this.#running -= 1;
    });
    return true;
  }
}
