import type { Kysely } from 'kysely';

export async function createBulk(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('bulk_runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('rows', 'integer', (column) => column.notNull())
    .addColumn('options', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('loaded', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('bulk_runs_hash').on('bulk_runs').columns(['hash']).execute();
  await db.schema
    .createTable('bulk_rows')
    .addColumn('run', 'text', (column) => column.notNull())
    .addColumn('line', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('begun', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('object', 'text')
    .addColumn('fields', 'text')
    .addPrimaryKeyConstraint('bulk_rows_key', ['run', 'line'])
    .execute();
  await db.schema.createIndex('bulk_rows_at').on('bulk_rows').columns(['run', 'at', 'line']).execute();
}
