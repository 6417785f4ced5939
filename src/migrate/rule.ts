import { RouterError } from '../contract/errors.ts';
import type { Ruling } from '../contract/switchboard.ts';
import type { SwitchingParts } from './parts.ts';
import { type Migration, migrationName, migrationOf, type RuledMigration } from './state.ts';

/** What stands now, read from the store. */
export async function standingMigration({ board, app }: SwitchingParts): Promise<RuledMigration | undefined> {
  return migrationOf(await board.rulings(), app.id);
}

/** Puts a migration in the place of what stood when it was decided. Throws `conflict` when somebody else has decided meanwhile. */
export async function ruleMigration(
  parts: SwitchingParts,
  next: Migration,
  before: Pick<RuledMigration, 'revision'> | undefined,
): Promise<RuledMigration> {
  const ruling: Ruling = {
    name: migrationName(parts.app.id),
    revision: (before?.revision ?? 0) + 1,
    by: parts.operator,
    at: parts.now().toISOString(),
    value: { ...next },
  };
  if (await parts.board.rule(ruling)) return { ...next, revision: ruling.revision, by: ruling.by, at: ruling.at };
  throw overtaken(await standingMigration(parts));
}

/** Throws `conflict` when the operator has seen another revision than the one that stands. */
export function expectRevision(standing: RuledMigration | undefined, expected: number | undefined): void {
  if (expected !== undefined && expected !== (standing?.revision ?? 0)) throw overtaken(standing);
}

function overtaken(standing: RuledMigration | undefined): RouterError {
  const what = standing
    ? `${standing.by} has decided meanwhile: revision ${standing.revision} (${wordsOf(standing)}), at ${standing.at}`
    : 'no migration stands there';
  return new RouterError('conflict', { what, next: 'Look at "skillrouter migrate status" and decide again; nothing was changed.' });
}

/** `cutover 10 %, composio to scalekit` */
export function wordsOf({ state, from, to, cutover }: Migration): string {
  return `${state}${state === 'cutover' ? ` ${cutover?.percent ?? 0} %` : ''}, ${from} to ${to}`;
}
