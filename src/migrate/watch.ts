import { within } from '../connections/within.ts';
import { isRouterError } from '../contract/errors.ts';
import type { Ruling, Switchboard } from '../contract/switchboard.ts';

export interface WatchParts {
  /** Absent: nobody can rule anything. */
  readonly board: Switchboard | undefined;
  readonly elapsed: () => number;
}

/** From this age on the rulings are read again in passing, and from the second on a call waits for that. */
const REREAD_MS = 400;
const STALE_MS = 800;
/** A store that answers no more holds no call up for longer; the last known rulings go on holding. Only the first are waited for. */
const PATIENCE_MS = 250;

/** What operators have ruled, never more than a second old as long as the store answers. */
export class Watch {
  readonly #parts: WatchParts;
  #rulings: readonly Ruling[] = [];
  /** When the reading began that the rulings are from. */
  #readAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** As lately read; nobody waits for it. */
  get known(): readonly Ruling[] {
    return this.#rulings;
  }

  async current(): Promise<readonly Ruling[]> {
    const { board, elapsed } = this.#parts;
    if (!board) return this.#rulings;
    const age = elapsed() - this.#readAt;
    if (age < REREAD_MS) return this.#rulings;
    // A store that has just failed is not asked again by every call.
    if (!this.#reading && elapsed() - this.#triedAt < REREAD_MS) return this.#rulings;
    const reading = this.#read(board);
    if (age === Number.POSITIVE_INFINITY) await reading;
    else if (age >= STALE_MS) await within(PATIENCE_MS, reading, undefined);
    return this.#rulings;
  }

  /** Reads again now, whatever the age. Rejects when the store does not answer. */
  async refresh(): Promise<readonly Ruling[]> {
    const { board, elapsed } = this.#parts;
    if (!board) return this.#rulings;
    const begun = elapsed();
    this.#take(await board.rulings(), begun);
    return this.#rulings;
  }

  #read(board: Switchboard): Promise<void> {
    const begun = this.#parts.elapsed();
    this.#triedAt = begun;
    this.#reading ??= board
      .rulings()
      .then((rulings) => this.#take(rulings, begun))
      .catch((error: unknown) => {
        if (!isRouterError(error)) throw error;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  /** Of two readings the one that began later counts. */
  #take(rulings: readonly Ruling[], begun: number): void {
    if (begun < this.#readAt) return;
    this.#rulings = rulings;
    this.#readAt = begun;
  }
}
