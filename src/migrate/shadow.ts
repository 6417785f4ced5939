import type { BackendId } from '../contract/backend.ts';
import { isRouterError } from '../contract/errors.ts';
import type { Verdict } from '../contract/receipt.ts';
import { bind } from '../router/bind.ts';
import { nameOf } from '../router/call.ts';
import type { Performed } from '../router/performed.ts';
import type { Route } from '../router/resolve.ts';
import { type Difference, differences } from './compare.ts';
import { Load } from './load.ts';
import { type MirrorParts, otherRoute, readThrough } from './mirror.ts';
import { isShadowing, migrationOf, type RuledMigration, subjectOf } from './state.ts';
import type { Tallies } from './tallies.ts';
import type { Watch } from './watch.ts';

export interface ShadowParts extends MirrorParts {
  readonly watch: Watch;
  readonly tallies: Tallies;
  readonly now: () => Date;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Looks at what callers did as it would have gone on the other backend: reads are done again there and compared, writes are only
 * planned. It begins when the caller has the answer, holds nobody up, and whatever goes wrong in it is counted and no more.
 */
export class Shadow {
  readonly #parts: ShadowParts;
  readonly #load: Load;
  readonly #working = new Set<Promise<void>>();
  readonly #end = new AbortController();

  constructor(parts: ShadowParts) {
    this.#parts = parts;
    this.#load = new Load(parts.elapsed);
  }

  see(performed: Performed): void {
    const { watch, now, random, tallies } = this.#parts;
    const migration = migrationOf(watch.known, performed.app.id);
    if (!migration || !isShadowing(migration, now()) || this.#end.signal.aborted) return;
    const other = otherOf(migration, performed.route.connection.backend);
    if (other === undefined || random() >= (migration.shadowing?.sample ?? 0)) return;
    const count: Count = (measure, value) => tallies.add(subjectOf(migration), nameOf(performed.operation), measure, value);
    const work = performed.operation.effect === 'read' ? this.#compare(performed, migration, count) : this.#plan(performed, other, count);
    if (work && !this.#load.admit(() => this.#quietly(work, count))) count('dropped');
  }

  /** Lets go of what is under way. */
  async close(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#working);
    await this.#parts.tallies.tell();
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
    await this.#parts.tallies.tell();
  }

  /** A failed read says nothing of how the other would have answered. */
  #compare(performed: Performed, migration: RuledMigration, count: Count): (() => Promise<void>) | undefined {
    return performed.ok ? () => compare(this.#parts, performed, { migration, count, signal: this.#end.signal }) : undefined;
  }

  #plan(performed: Performed, other: BackendId, count: Count): () => Promise<void> {
    return () => plan(this.#parts, performed, other, count);
  }

  #quietly(work: () => Promise<void>, count: Count): Promise<void> {
    const done = work()
      // A bug in here must not end the process of those who only wanted their call done.
      .catch((error: unknown) => count(`failed:${isRouterError(error) ? error.code : 'internal'}`))
      .finally(() => this.#working.delete(done));
    this.#working.add(done);
    return done;
  }
}

type Count = (measure: string, value?: number) => void;

/** The side that did not carry the call. undefined: the call has nothing to do with the migration. */
function otherOf({ from, to }: RuledMigration, backend: BackendId): BackendId | undefined {
  if (backend === from) return to;
  return backend === to ? from : undefined;
}

interface Comparing {
  readonly migration: RuledMigration;
  readonly count: Count;
  readonly signal: AbortSignal;
}

async function compare(parts: ShadowParts, performed: Performed, comparing: Comparing): Promise<void> {
  const { migration, count, signal } = comparing;
  const other = otherOf(migration, performed.route.connection.backend) ?? migration.to;
  const { route, verdicts } = await otherRoute(parts, performed, other);
  if (!route) return count(`cannot:${whyNot(verdicts)}`);
  const mirrored = await readThrough(parts, performed, route, signal);
  if (!mirrored.ok) return count(mirrored.dropped ? 'dropped' : `failed:${mirrored.failure.code}`);
  const found = await lasting(parts, performed, mirrored.data, comparing);
  if (found === 'unsettled') return count('unsettled');
  count(timed(performed.route), performed.ms);
  count(timed(route), mirrored.ms);
  count(found.length === 0 ? 'equal' : 'different');
  for (const { path, kind } of found) count(`field:${path} (${kind})`);
}

function timed({ connection }: Route): string {
  return `ms:${connection.backend}`;
}

/**
 * The differences that are still there when the first side is read again: somebody may have changed the object between the two
 * reads. Seen from the source, whichever side went first.
 */
async function lasting(
  parts: ShadowParts,
  performed: Performed,
  mirrored: unknown,
  { migration, signal }: Comparing,
): Promise<readonly Difference[] | 'unsettled'> {
  const ordered = performed.input['order_by'] !== undefined;
  const isSource = performed.route.connection.backend === migration.from;
  const between = (own: unknown, other: unknown): readonly Difference[] =>
    isSource ? differences(own, other, { ordered }) : differences(other, own, { ordered });
  const first = between(performed.data, mirrored);
  if (first.length === 0) return first;
  const again = await readThrough(parts, performed, performed.route, signal);
  if (!again.ok) return 'unsettled';
  const moved = new Set(between(performed.data, again.data).map(({ path }) => path));
  const second = new Set(between(again.data, mirrored).map(({ path }) => path));
  const stayed = first.filter(({ path }) => second.has(path) && !moved.has(path));
  return stayed.length > 0 ? stayed : 'unsettled';
}

/** How a write would have gone: nothing is sent. */
async function plan(parts: ShadowParts, performed: Performed, other: BackendId, count: Count): Promise<void> {
  const { route, verdicts } = await otherRoute(parts, performed, other);
  if (!route) return count(`cannot:${whyNot(verdicts)}`);
  bind(performed.operation, performed.input, route);
  const [was, is] = [performed.route.transport, route.transport];
  if (was === is) return count('plan:same');
  const fields = verdicts.find(({ transport, detail }) => transport === 'tool' && detail !== undefined)?.detail;
  count(`plan:${was} becomes ${is}${fields === undefined ? '' : ` (${fields})`}`);
}

/** The verdict that says most: of a transport rather than of a connection. */
function whyNot(verdicts: readonly Verdict[]): string {
  const told = verdicts.find(({ transport }) => transport !== undefined) ?? verdicts[0];
  if (!told) return 'no route';
  return told.detail === undefined ? told.reason : `${told.reason} (${told.detail})`;
}
