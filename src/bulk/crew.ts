import type { BulkEffort } from '../contract/bulk.ts';
import { isRouterError, type RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { BulkParts } from './parts.ts';

/** Why a run ends before its last row. */
export type Halt = { readonly kind: 'interrupted' } | { readonly kind: 'error'; readonly error: RouterError };

/** A row to be worked on, and whoever wants to know what came of it. */
export interface Task {
  readonly line: number;
  readonly input: JsonObject;
  ended(how: Ended): Promise<void>;
}

/** `held`: somebody else works on it. `left`: the run halts, and nothing was executed. */
export type Ended = 'settled' | 'held' | 'left';

const NOTE_MS = 5000;

/** The workers of one process on one run: they stop together, and wait together. */
export class Crew {
  /** Lines that are being worked on here. */
  readonly busy = new Set<number>();
  readonly #parts: Pick<BulkParts, 'elapsed' | 'pause'>;
  readonly #effort: BulkEffort;
  readonly #halting = new AbortController();
  #halt: Halt | undefined;
  #heldUntil = 0;
  #noted: { readonly why: string; readonly at: number } | undefined;

  constructor(parts: Pick<BulkParts, 'elapsed' | 'pause'>, effort: BulkEffort) {
    this.#parts = parts;
    this.#effort = effort;
    if (effort.stop.aborted) this.halt({ kind: 'interrupted' });
    else effort.stop.addEventListener('abort', () => this.halt({ kind: 'interrupted' }), { once: true });
  }

  /** The first reason counts. Rows that were begun are finished. */
  halt(why: Halt): void {
    this.#halt ??= why;
    this.#halting.abort();
  }

  get halted(): Halt | undefined {
    return this.#halt;
  }

  /** Nobody of the crew begins anything for so long: the limit that was hit is everybody's. */
  hold(why: string, ms: number): void {
    const until = this.#parts.elapsed() + ms;
    if (until <= this.#heldUntil) return;
    this.#heldUntil = until;
    this.note(why, ms);
  }

  /** Rows that wait for the same do not all say so. */
  note(why: string, ms: number): void {
    const now = this.#parts.elapsed();
    if (this.#noted?.why === why && now - this.#noted.at < NOTE_MS) return;
    this.#noted = { why, at: now };
    this.#effort.listener.onNote(`waiting ${(ms / 1000).toFixed(1)} s: ${why}`);
  }

  /** False: the run halts. */
  async ready(): Promise<boolean> {
    for (;;) {
      const ms = this.#heldUntil - this.#parts.elapsed();
      if (ms <= 0 || this.#halt) return !this.#halt;
      await this.pause(ms);
    }
  }

  /** Ends early when the run halts. */
  async pause(ms: number): Promise<void> {
    if (this.#halt) return;
    await this.#parts.pause(ms, this.#halting.signal).catch((error: unknown) => {
      if (!isRouterError(error)) throw error;
    });
  }

  /** Works on tasks, several at a time, until there are none or the run halts. Rejects with what nobody foresaw. */
  async work(tasks: AsyncGenerator<Task, void, undefined>, doTask: (task: Task) => Promise<Ended>): Promise<void> {
    const worker = async (): Promise<void> => {
      while (!this.#halt) {
        const { value: task, done } = await tasks.next();
        if (done) return;
        await task.ended(await doTask(task));
      }
    };
    const failed = async (error: unknown): Promise<never> => {
      this.halt({ kind: 'interrupted' });
      throw error;
    };
    const workers = Array.from({ length: this.#effort.concurrency }, () => worker().catch(failed));
    const ends = await Promise.allSettled(workers);
    await tasks.return();
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
  }
}
