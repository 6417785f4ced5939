/** Callers who wait for their turn: in the order of their arrival for each user, and the users in turn. */
export class Line<Waiter extends { readonly user: string }> {
  readonly #lines = new Map<string, Waiter[]>();

  get size(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.length, 0);
  }

  has(waiter: Waiter): boolean {
    return this.#lines.get(waiter.user)?.includes(waiter) ?? false;
  }

  /** How many will have had their turn before it, at most. */
  ahead(waiter: Waiter): number {
    const place = this.#lines.get(waiter.user)?.indexOf(waiter) ?? -1;
    if (place === -1) return 0;
    const others = [...this.#lines].filter(([user]) => user !== waiter.user);
    return place + others.reduce((sum, [, line]) => sum + Math.min(line.length, place + 1), 0);
  }

  add(waiter: Waiter): void {
    const line = this.#lines.get(waiter.user) ?? [];
    line.push(waiter);
    this.#lines.set(waiter.user, line);
  }

  /** False: it has had its turn. */
  leave(waiter: Waiter): boolean {
    const line = this.#lines.get(waiter.user) ?? [];
    const at = line.indexOf(waiter);
    if (at === -1) return false;
    line.splice(at, 1);
    if (line.length === 0) this.#lines.delete(waiter.user);
    return true;
  }

  /** The next one that may go; its user then stands behind all others. */
  next(mayGo: (waiter: Waiter) => boolean): Waiter | undefined {
    for (const [user, line] of this.#lines) {
      const found = line.find(mayGo);
      if (!found) continue;
      this.leave(found);
      if (line.length > 0) {
        this.#lines.delete(user);
        this.#lines.set(user, line);
      }
      return found;
    }
    return undefined;
  }
}
