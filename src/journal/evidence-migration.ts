import type { Kysely } from 'kysely';

interface Before {
  readonly attempts: { readonly call_id: string; readonly at: string | null; readonly shows: string | null; readonly code: string | null };
  readonly calls: { readonly id: string; readonly at: string };
}

/** What `connections list` asks of attempts. Those of before tell when they worked; why others failed is not judged afterwards. */
export async function createEvidence(untyped: Kysely<unknown>): Promise<void> {
  // As the migrations up to here have left these tables, and this one is about to.
  const db = untyped as Kysely<Before>;
  await db.schema.alterTable('attempts').addColumn('at', 'text').execute();
  await db.schema.alterTable('attempts').addColumn('shows', 'text').execute();
  await db.schema.createIndex('attempts_connection').on('attempts').columns(['backend', 'connection', 'shows', 'at']).execute();
  await db
    .updateTable('attempts')
    .set(({ selectFrom, val }) => ({
      at: selectFrom('calls').select('calls.at').whereRef('calls.id', '=', 'attempts.call_id'),
      shows: val('works'),
    }))
    .where('code', 'is', null)
    .execute();
}
