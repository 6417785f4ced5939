import type { Kysely } from 'kysely';

/** What operators decide for every process on the store, and what the processes count of it. */
export async function createSwitches(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rulings')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('tallies')
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('measure', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('total', 'real', (column) => column.notNull())
    .addPrimaryKeyConstraint('tallies_key', ['subject', 'counter', 'operation', 'measure'])
    .execute();
}
