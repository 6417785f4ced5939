import type { BackendId } from '../contract/backend.ts';
import type { ComparedOperation, MigrationStatus } from '../contract/migration.ts';
import type { Counted } from '../contract/switchboard.ts';
import { sightOf } from './guard.ts';
import type { SwitchingParts } from './parts.ts';
import type { Pair } from './plan-users.ts';
import { isShadowing, migrationOf, type RuledMigration, subjectOf } from './state.ts';
import { stopsOf } from './stops.ts';

/** What stands, and what all processes have counted since comparing began. */
export async function status(parts: SwitchingParts): Promise<MigrationStatus> {
  const { board, app, now } = parts;
  const rulings = await board.rulings();
  const migration = migrationOf(rulings, app.id);
  const stopped = stopsOf(rulings);
  if (!migration) return { operations: [], stopped };
  const [counted, sight] = await Promise.all([
    board.counted(subjectOf(migration)),
    migration.state === 'cutover' ? sightOf(board, migration, now()) : undefined,
  ]);
  return { migration: { ...shownOf(migration, now()), ...(sight ? { sight } : {}) }, operations: comparisons(migration, counted), stopped };
}

function shownOf(migration: RuledMigration, now: Date): NonNullable<MigrationStatus['migration']> {
  const { id, app, from, to, state, revision, by, at, reason, shadowing, cutover } = migration;
  const isMoving = state === 'cutover';
  return {
    id,
    app,
    from,
    to,
    state,
    revision,
    by,
    at,
    mirroring: isShadowing(migration, now),
    percent: isMoving ? (cutover?.percent ?? 0) : 0,
    users: isMoving ? (cutover?.users ?? []) : [],
    ...(reason === undefined ? {} : { reason }),
    ...(shadowing ? { sample: shadowing.sample } : {}),
    ...(shadowing?.until === undefined ? {} : { until: shadowing.until }),
    ...(isMoving && cutover ? { limits: cutover.limits } : {}),
  };
}

/** The tallies by operation, those that differ most first. */
export function comparisons(pair: Pair, counted: readonly Counted[]): readonly ComparedOperation[] {
  const byName = Map.groupBy(counted, ({ operation }) => operation);
  const rows = [...byName].map(([operation, own]) => comparison(pair, operation, own));
  return rows.toSorted((a, b) => b.different - a.different || (a.operation < b.operation ? -1 : 1));
}

function comparison({ from, to }: Pair, operation: string, own: readonly Counted[]): ComparedOperation {
  const count = (measure: string): number => own.find((one) => one.measure === measure)?.count ?? 0;
  const under = (prefix: string) =>
    own
      .filter(({ measure }) => measure.startsWith(prefix))
      .map(({ measure, count: times }) => ({ what: measure.slice(prefix.length), count: times }))
      .toSorted((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
  const plans = under('plan:');
  const notes = [
    ...under('failed:').map(({ what, count: times }) => ({ note: `the mirrored read failed: ${what}`, count: times })),
    ...under('cannot:').map(({ what, count: times }) => ({ note: `${to} could not carry it: ${what}`, count: times })),
    ...plans.filter(({ what }) => what !== 'same').map(({ what, count: times }) => ({ note: what, count: times })),
  ];
  const latency = ratioOf(own, to, from);
  return {
    operation,
    equal: count('equal'),
    different: count('different'),
    unsettled: count('unsettled'),
    dropped: count('dropped'),
    ...(latency === undefined ? {} : { latency }),
    fields: under('field:').map(({ what, count: times }) => ({ field: what, count: times })),
    notes,
    planned: plans.reduce((sum, { count: times }) => sum + times, 0),
  };
}

function ratioOf(own: readonly Counted[], one: BackendId, other: BackendId): number | undefined {
  const total = (backend: BackendId): number => own.find(({ measure }) => measure === `ms:${backend}`)?.total ?? 0;
  return total(other) > 0 && total(one) > 0 ? Math.round((total(one) / total(other)) * 100) / 100 : undefined;
}
