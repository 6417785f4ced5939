import type { BulkEffort, BulkRun, RowResult } from '../contract/bulk.ts';
import { Lines } from './lines.ts';
import type { BulkParts } from './parts.ts';

const PAGE = 5000;
/** Another process's result may be on record later than it says: its clock is another, or its transaction took a moment. */
const OVERLAP_MS = 2000;

interface Place {
  readonly at: string;
  readonly line: number;
}

const START: Place = { at: '', line: 0 };

/** Follows a run's results, whoever worked for them, and tells each once. */
export class Watch {
  /** Lines that need no more work. */
  readonly finished = new Lines();
  readonly #parts: Pick<BulkParts, 'book' | 'elapsed'>;
  readonly #run: BulkRun;
  readonly #effort: BulkEffort;
  readonly #begun: number;
  #last: Place = START;
  #done = 0;
  #before = 0;

  constructor(parts: Pick<BulkParts, 'book' | 'elapsed'>, run: BulkRun, effort: BulkEffort) {
    this.#parts = parts;
    this.#run = run;
    this.#effort = effort;
    this.#begun = parts.elapsed();
  }

  get isOver(): boolean {
    return this.finished.size >= this.#run.rows;
  }

  /** Everything that is on record from before; what was in doubt is looked at again. */
  async begin(): Promise<void> {
    await this.#read(START, ({ state }) => state !== 'unknown');
    this.#before = this.finished.size;
    this.#tell();
  }

  /** What came since. */
  async look(): Promise<void> {
    await this.#read(earlier(this.#last), () => true);
    this.#tell();
  }

  /** Everything once more: nothing may be missing at the end. */
  async end(): Promise<void> {
    await this.#read(START, () => true);
    this.#tell();
  }

  async #read(from: Place, counts: (result: RowResult) => boolean): Promise<void> {
    const { book } = this.#parts;
    for (let place = from; ; ) {
      const page = await book.results(this.#run.id, place, PAGE);
      for (const result of page) if (counts(result)) this.#hear(result);
      const last = page.at(-1);
      if (last) place = last;
      if (place.at > this.#last.at) this.#last = place;
      if (page.length < PAGE) return;
    }
  }

  #hear(result: RowResult): void {
    if (!this.finished.add(result.line)) return;
    if (result.state === 'done') this.#done += 1;
    this.#effort.listener.onResult(result);
  }

  #tell(): void {
    const rate = (this.finished.size - this.#before) / Math.max(0.001, (this.#parts.elapsed() - this.#begun) / 1000);
    this.#effort.listener.onProgress({
      stage: 'running',
      rows: this.#run.rows,
      done: this.#done,
      failed: this.finished.size - this.#done,
      rate,
      ...(rate > 0 ? { etaMs: ((this.#run.rows - this.finished.size) / rate) * 1000 } : {}),
    });
  }
}

function earlier({ at }: Place): Place {
  return at === '' ? START : { at: new Date(Date.parse(at) - OVERLAP_MS).toISOString(), line: 0 };
}
