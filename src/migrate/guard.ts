import type { BackendId } from '../contract/backend.ts';
import { isRouterError } from '../contract/errors.ts';
import type { Counted, Ending, Switchboard } from '../contract/switchboard.ts';
import { migrationName, migrationOf, type RuledMigration, subjectOf } from './state.ts';
import type { Watch } from './watch.ts';

/** Of this many requests or comparisons on, a share is believed. */
const LEAST = 10;
/** How far back the guard looks, and at how many calls. */
const WINDOW_MS = 300_000;
export const MOST_CALLS = 2000;
/** How often a process looks while it has calls. */
const LOOK_MS = 1000;
/** 95 % one-sided. */
const Z = 1.645;

export interface Share {
  readonly of: number;
  readonly bad: number;
}

/** What the guard goes by. */
export interface Sight {
  readonly source: Share;
  readonly target: Share;
  readonly compared: Share;
}

/** Why a cutover should stop, or undefined. A bad share counts only as far as it is no accident of few calls. */
export function judge({ from, to, cutover }: RuledMigration, { source, target, compared }: Sight): string | undefined {
  if (!cutover) return undefined;
  const { limits, baseline } = cutover;
  const before = source.of >= LEAST ? source : { of: baseline.requests, bad: baseline.errors };
  const usual = before.of === 0 ? 0 : before.bad / before.of;
  if (target.of >= LEAST && atLeast(target) > usual + limits.errors)
    return `${target.bad} of ${target.of} requests through ${to} failed; through ${from} it was ${percent(usual)}`;
  if (compared.of >= LEAST && atLeast(compared) > limits.differences)
    return `${compared.bad} of ${compared.of} compared reads differ between ${from} and ${to}`;
  return undefined;
}

/** The share that is at least bad, with what is known (Wilson's lower bound). */
export function atLeast({ of, bad }: Share): number {
  if (of === 0) return 0;
  const share = bad / of;
  const square = Z * Z;
  const margin = Z * Math.sqrt((share * (1 - share)) / of + square / (4 * of * of));
  return Math.max(0, (share + square / (2 * of) - margin) / (1 + square / of));
}

/** What there is to be seen of a migration now. */
export async function sightOf(board: Switchboard, migration: RuledMigration, now: Date): Promise<Sight> {
  const earliest = new Date(now.getTime() - WINDOW_MS).toISOString();
  const since = migration.cutover && migration.cutover.since > earliest ? migration.cutover.since : earliest;
  const [endings, counted] = await Promise.all([board.endings(since, MOST_CALLS), board.counted(subjectOf(migration))]);
  return { source: shareOf(endings, migration.from), target: shareOf(endings, migration.to), compared: comparedIn(counted) };
}

/** How the requests through one backend ended. What failed for reasons of the caller does so on both sides. */
export function shareOf(endings: readonly Ending[], backend: BackendId): Share {
  const own = endings.filter((ending) => ending.backend === backend);
  const sum = (some: readonly Ending[]): number => some.reduce((total, { requests }) => total + requests, 0);
  return { of: sum(own), bad: sum(own.filter(({ code }) => code !== undefined)) };
}

function comparedIn(counted: readonly Counted[]): Share {
  const sum = (measure: string): number => counted.filter((one) => one.measure === measure).reduce((total, { count }) => total + count, 0);
  const bad = sum('different');
  return { of: sum('equal') + bad, bad };
}

export interface GuardParts {
  readonly board: Switchboard | undefined;
  readonly watch: Watch;
  readonly now: () => Date;
  readonly elapsed: () => number;
}

/** Looks, in passing, whether a cutover does harm, and stops it: everybody is on the source again. */
export class Guard {
  readonly #parts: GuardParts;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** A call was made; nobody waits for what follows. */
  glance(app: string): void {
    const { board, watch, elapsed } = this.#parts;
    if (!board || elapsed() - this.#lookedAt < LOOK_MS || migrationOf(watch.known, app)?.state !== 'cutover') return;
    this.#lookedAt = elapsed();
    this.#looking = this.#looking.then(() => this.look(app));
  }

  /** Looks once. Of all processes that see the same only one needs to say so. */
  async look(app: string): Promise<void> {
    const { board, watch, now } = this.#parts;
    if (!board) return;
    try {
      const migration = migrationOf(await watch.refresh(), app);
      if (migration?.state !== 'cutover') return;
      const reason = judge(migration, await sightOf(board, migration, now()));
      if (reason === undefined) return;
      await board.rule({
        name: migrationName(app),
        revision: migration.revision + 1,
        by: 'the guard',
        at: now().toISOString(),
        value: stoppedValue(migration, reason),
      });
      await watch.refresh();
    } catch (error) {
      if (!isRouterError(error)) throw error;
    }
  }

  settled(): Promise<void> {
    return this.#looking;
  }
}

/** The percentage stays on record; in this state nobody is moved. */
function stoppedValue({ revision: _revision, by: _by, at: _at, ...migration }: RuledMigration, reason: string) {
  return { ...migration, state: 'stopped', reason };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
