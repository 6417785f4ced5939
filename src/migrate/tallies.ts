import { randomUUID } from 'node:crypto';
import { isRouterError } from '../contract/errors.ts';
import type { Switchboard, Tally } from '../contract/switchboard.ts';

export interface TalliesParts {
  readonly board: Switchboard | undefined;
  readonly elapsed: () => number;
}

/** How often the others are told. */
const TELL_MS = 500;
/** How many measures one operation may have: the fields that differ are many when everything does. */
const MOST_MEASURES = 60;

/** What this process counts for a migration, told to the store now and then. A store that fails loses nothing: it is told again. */
export class Tallies {
  readonly #parts: TalliesParts;
  readonly #counter = randomUUID();
  readonly #counts = new Map<string, Tally>();
  readonly #untold = new Set<string>();
  #subject = '';
  #toldAt = Number.NEGATIVE_INFINITY;
  #telling: Promise<void> = Promise.resolve();

  constructor(parts: TalliesParts) {
    this.#parts = parts;
  }

  /** Adds one, and to the sum of the measure's values. Of an older subject nothing is counted any more. */
  add(subject: string, operation: string, measure: string, value = 0): void {
    if (subject !== this.#subject) this.#begin(subject);
    const name = this.#isKnown(operation, measure) ? measure : `${measure.split(':', 1)[0]}:further ones`;
    const id = JSON.stringify([operation, name]);
    const { count, total } = this.#counts.get(id) ?? { count: 0, total: 0 };
    this.#counts.set(id, {
      subject,
      counter: this.#counter,
      operation,
      measure: name,
      count: count + 1,
      total: Math.round((total + value) * 100) / 100,
    });
    this.#untold.add(id);
    if (this.#parts.elapsed() - this.#toldAt >= TELL_MS) void this.tell();
  }

  /** Tells what is new. Resolves when the store has it, or does not answer. */
  tell(): Promise<void> {
    this.#toldAt = this.#parts.elapsed();
    this.#telling = this.#telling.then(() => this.#send());
    return this.#telling;
  }

  async #send(): Promise<void> {
    const { board } = this.#parts;
    const ids = [...this.#untold];
    const news = ids.flatMap((id) => this.#counts.get(id) ?? []);
    if (!board || news.length === 0) return;
    this.#untold.clear();
    try {
      await board.tell(news);
    } catch (error) {
      for (const id of ids) if (this.#counts.has(id)) this.#untold.add(id);
      if (!isRouterError(error)) throw error;
    }
  }

  #begin(subject: string): void {
    this.#subject = subject;
    this.#counts.clear();
    this.#untold.clear();
  }

  #isKnown(operation: string, measure: string): boolean {
    if (!measure.includes('(') || this.#counts.has(JSON.stringify([operation, measure]))) return true;
    return [...this.#counts.values()].filter((one) => one.operation === operation).length < MOST_MEASURES;
  }
}
