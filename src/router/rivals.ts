/** The equal writes that this process has under way, so that one call does not take another's work for its own. */
export class Rivals {
  readonly #underWay = new Map<string, Map<string, 'sending' | 'doubting'>>();

  enter(hash: string, call: string): void {
    const calls = this.#underWay.get(hash) ?? new Map<string, 'sending' | 'doubting'>();
    this.#underWay.set(hash, calls.set(call, 'sending'));
  }

  /** The answer of `call` was lost. */
  doubt(hash: string, call: string): void {
    this.#underWay.get(hash)?.set(call, 'doubting');
  }

  leave(hash: string, call: string): void {
    const calls = this.#underWay.get(hash);
    calls?.delete(call);
    if (calls?.size === 0) this.#underWay.delete(hash);
  }

  /** Equal calls beside `call`: those whose answer may still come, and those whose answer was lost too. */
  of(hash: string, call: string): { readonly sending: number; readonly doubting: number } {
    const others = [...(this.#underWay.get(hash) ?? [])].filter(([id]) => id !== call).map(([, state]) => state);
    const doubting = others.filter((state) => state === 'doubting').length;
    return { sending: others.length - doubting, doubting };
  }
}
