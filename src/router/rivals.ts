import { isRouterError } from '../contract/errors.ts';
import type { Shared } from '../contract/journal.ts';

/** A call in doubt is settled by then, or looked into by a person. */
const HOLDS_MS = 600_000;
const KIND = 'doubt';

export interface RivalsParts {
  /** Absent: other processes are not heard. */
  readonly shared: Shared | undefined;
  readonly now: () => Date;
}

/** The equal writes that are under way, so that one call does not take another's work for its own. Those of other processes are known as soon as they are in doubt. */
export class Rivals {
  readonly #parts: RivalsParts;
  readonly #underWay = new Map<string, Map<string, 'sending' | 'doubting'>>();

  constructor(parts: RivalsParts) {
    this.#parts = parts;
  }

  enter(hash: string, claimant: string): void {
    const calls = this.#underWay.get(hash) ?? new Map<string, 'sending' | 'doubting'>();
    this.#underWay.set(hash, calls.set(claimant, 'sending'));
  }

  /** The answer was lost. Others hear of it before it is looked for: two that look at the same time count on each other. */
  async doubt(hash: string, claimant: string): Promise<void> {
    const calls = this.#underWay.get(hash);
    if (calls?.get(claimant) !== 'sending') return;
    calls.set(claimant, 'doubting');
    const at = this.#parts.now();
    const until = new Date(at.getTime() + HOLDS_MS).toISOString();
    await ifHeard(this.#parts.shared?.note({ kind: KIND, subject: subjectOf(hash, claimant), count: 1, at: at.toISOString(), until }));
  }

  /** `open`: it ended in doubt, so that its work may still be found by others. */
  async leave(hash: string, claimant: string, { open }: { readonly open: boolean }): Promise<void> {
    const calls = this.#underWay.get(hash);
    const told = calls?.get(claimant) === 'doubting';
    calls?.delete(claimant);
    if (calls?.size === 0) this.#underWay.delete(hash);
    if (told && !open) await ifHeard(this.#parts.shared?.withdraw(KIND, subjectOf(hash, claimant)));
  }

  /** Equal calls of this process beside `claimant`: those whose answer may still come, and those whose answer was lost too. */
  of(hash: string, claimant: string): { readonly sending: number; readonly doubting: number } {
    const others = [...(this.#underWay.get(hash) ?? [])].filter(([id]) => id !== claimant).map(([, state]) => state);
    const doubting = others.filter((state) => state === 'doubting').length;
    return { sending: others.length - doubting, doubting };
  }

  /** How many equal calls that are not under way here are in doubt. */
  async elsewhere(hash: string): Promise<number> {
    const here = new Set([...(this.#underWay.get(hash)?.keys() ?? [])].map((claimant) => subjectOf(hash, claimant)));
    const notes = (await ifHeard(this.#parts.shared?.notes(this.#parts.now().toISOString()))) ?? [];
    return notes.filter(({ kind, subject }) => kind === KIND && subject.startsWith(`${hash} `) && !here.has(subject)).length;
  }
}

function subjectOf(hash: string, claimant: string): string {
  return `${hash} ${claimant}`;
}

/** Without the store nobody is heard; then what is found is nobody's for sure, and is not claimed. */
async function ifHeard<Value>(asked: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRouterError(error)) return undefined;
    throw error;
  }
}
