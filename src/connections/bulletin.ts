import { isRouterError } from '../contract/errors.ts';
import type { Note, Shared } from '../contract/journal.ts';

export interface BulletinParts {
  /** Absent: nobody else is told. */
  readonly shared: Shared | undefined;
  readonly now: () => Date;
  readonly elapsed: () => number;
}

/** What is known about a subject. */
export interface Known {
  readonly count: number;
  /** When it was found out, and until when it holds, as `elapsed` tells it. */
  readonly at: number;
  readonly until: number;
  /** Another process found it out. */
  readonly hearsay: boolean;
}

/** How old may be what others have found out. */
const REREAD_MS = 2000;
/** From here on what has run out is looked for and dropped. */
const MOST_OWN = 2000;

/**
 * What this process and the others on its store have found out about the world. Read from memory: others are heard now and then,
 * and told in passing. A store that fails takes nothing away but their news.
 */
export class Bulletin {
  readonly #parts: BulletinParts;
  readonly #own = new Map<string, Known>();
  readonly #telling = new Set<Promise<unknown>>();
  #heard: ReadonlyMap<string, Known> = new Map();
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(parts: BulletinParts) {
    this.#parts = parts;
  }

  /** Hears the others when it is time. Only a process that knows nothing yet waits for it. */
  async refresh(): Promise<void> {
    const { shared, elapsed } = this.#parts;
    if (!shared || elapsed() - this.#heardAt < REREAD_MS) return;
    const isFirst = this.#heardAt === Number.NEGATIVE_INFINITY;
    this.#heardAt = elapsed();
    const hearing = this.inPassing(shared.notes(this.#parts.now().toISOString()).then((notes) => this.#hear(notes)));
    if (isFirst) await hearing;
  }

  of(kind: string, subject: string): Known | undefined {
    const id = idOf(kind, subject);
    const known = this.#own.get(id) ?? this.#heard.get(id);
    return known && known.until > this.#parts.elapsed() ? known : undefined;
  }

  post(kind: string, subject: string, { count = 1, holdsMs }: { readonly count?: number; readonly holdsMs: number }): void {
    const { shared, elapsed, now } = this.#parts;
    if (this.#own.size >= MOST_OWN) this.#forgetOld();
    this.#own.set(idOf(kind, subject), { count, at: elapsed(), until: elapsed() + holdsMs, hearsay: false });
    const at = now();
    const until = new Date(at.getTime() + holdsMs).toISOString();
    if (shared) void this.inPassing(shared.note({ kind, subject, count, at: at.toISOString(), until }));
  }

  withdraw(kind: string, subject: string): void {
    const id = idOf(kind, subject);
    const known = this.#own.delete(id) || this.#heard.has(id);
    if (!known) return;
    this.#heard = new Map([...this.#heard].filter(([other]) => other !== id));
    if (this.#parts.shared) void this.inPassing(this.#parts.shared.withdraw(kind, subject));
  }

  /** Resolves when everything that was to be told is told. */
  async settled(): Promise<void> {
    await Promise.all(this.#telling);
  }

  #forgetOld(): void {
    for (const [id, { until }] of this.#own) if (until <= this.#parts.elapsed()) this.#own.delete(id);
  }

  #hear(notes: readonly Note[]): void {
    const { elapsed, now } = this.#parts;
    const [here, there] = [elapsed(), now().getTime()];
    this.#heard = new Map(
      notes.map(({ kind, subject, count, at, until }) => {
        const [age, left] = [Math.max(0, there - Date.parse(at)), Date.parse(until) - there];
        // A clock that was set back since must not make a note hold for longer than it was meant to.
        const holds = Math.min(left, Date.parse(until) - Date.parse(at));
        return [idOf(kind, subject), { count, at: here - age, until: here + holds, hearsay: true }];
      }),
    );
  }

  /** Lets work on the store go on by itself; its failure is nobody's loss. */
  inPassing(work: Promise<unknown>): Promise<unknown> {
    const told = work
      .catch((error: unknown) => {
        if (!isRouterError(error)) throw error;
      })
      .finally(() => this.#telling.delete(told));
    this.#telling.add(told);
    return told;
  }
}

function idOf(kind: string, subject: string): string {
  return `${kind} ${subject}`;
}
