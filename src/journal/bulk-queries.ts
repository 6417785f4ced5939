import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { BULK_COLUMNS, type BulkRowRow, type BulkRunRow, type BulkTables } from './bulk-tables.ts';
import type { KeyRow } from './tables.ts';

type Database = Kysely<BulkTables & { readonly keys: KeyRow }>;

type Row = Pick<BulkRowRow, 'run' | 'line'>;
type Held = Row & Pick<BulkRowRow, 'owner'>;

const RESULTS = ['done', 'failed', 'unknown'] as const;

/** Every question about bulk runs; each has one fixed text (see `queries.ts`), and can be repeated without harm. */
export const BULK_QUERIES = {
  insertBulkRun: (db: Database, row: BulkRunRow): CompiledQuery =>
    db
      .insertInto('bulk_runs')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  bulkRunOf: (db: Database, { id }: { readonly id: string }): CompiledQuery =>
    db.selectFrom('bulk_runs').selectAll().where('id', '=', id).compile(),

  listBulkRuns: (db: Database, { limit }: { readonly limit: number }): CompiledQuery =>
    db.selectFrom('bulk_runs').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).compile(),

  bulkRunsAlike: (db: Database, { hash, operation, user }: Pick<BulkRunRow, 'hash' | 'operation' | 'user'>): CompiledQuery =>
    db
      .selectFrom('bulk_runs')
      .selectAll()
      .where('hash', '=', hash)
      .where('operation', '=', operation)
      .where('user', '=', user)
      .orderBy('at', 'desc')
      .compile(),

  moveBulkRun: (db: Database, { id, state, reason }: Pick<BulkRunRow, 'id' | 'state' | 'reason'>): CompiledQuery =>
    db.updateTable('bulk_runs').set({ state, reason }).where('id', '=', id).compile(),

  bulkRunLoaded: (db: Database, { id }: { readonly id: string }): CompiledQuery =>
    db
      .updateTable('bulk_runs')
      .set(({ lit }) => ({ loaded: lit(1) }))
      .where('id', '=', id)
      .compile(),

  insertBulkRow: (db: Database, row: BulkRowRow): CompiledQuery =>
    db
      .insertInto('bulk_rows')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  bulkRowOf: (db: Database, { run, line }: Row): CompiledQuery =>
    db.selectFrom('bulk_rows').selectAll().where('run', '=', run).where('line', '=', line).compile(),

  takenBulkRows: (db: Database, { run }: Pick<BulkRowRow, 'run'>): CompiledQuery =>
    db.selectFrom('bulk_rows').selectAll().where('run', '=', run).where('state', '=', sql.lit('taken')).compile(),

  passBulkRow: (
    db: Database,
    { run, line, was, from, owner, until }: Held & Pick<BulkRowRow, 'until'> & { readonly was: string; readonly from: string },
  ): CompiledQuery =>
    db
      .updateTable('bulk_rows')
      .set({ state: sql.lit('taken'), owner, until })
      .where('run', '=', run)
      .where('line', '=', line)
      .where('state', '=', was)
      .where('owner', '=', from)
      .compile(),

  renewBulkRow: (db: Database, { run, line, owner, until }: Held & Pick<BulkRowRow, 'until'>): CompiledQuery =>
    db
      .updateTable('bulk_rows')
      .set({ until })
      .where('run', '=', run)
      .where('line', '=', line)
      .where('owner', '=', owner)
      .where('state', '=', sql.lit('taken'))
      .compile(),

  leaveBulkRow: (db: Database, { run, line, owner }: Held): CompiledQuery =>
    db
      .updateTable('bulk_rows')
      .set({ state: sql.lit('open'), owner: sql.lit('') })
      .where('run', '=', run)
      .where('line', '=', line)
      .where('owner', '=', owner)
      .where('state', '=', sql.lit('taken'))
      .compile(),

  settleBulkRow: (
    db: Database,
    { run, line, owner, state, at, code, object, fields }: Held & Pick<BulkRowRow, 'state' | 'at' | 'code' | 'object' | 'fields'>,
  ): CompiledQuery =>
    db
      .updateTable('bulk_rows')
      .set({ state, at, code, object, fields, owner: sql.lit('') })
      .where('run', '=', run)
      .where('line', '=', line)
      .where('owner', '=', owner)
      .where('state', '=', sql.lit('taken'))
      .compile(),

  // The row holds the result now. The key itself stays: it still stops whoever was suspended before taking it.
  emptyKey: (db: Database, { user, key }: Pick<KeyRow, 'user' | 'key'>): CompiledQuery =>
    db
      .updateTable('keys')
      .set({ data: sql.lit(null) })
      .where('user', '=', user)
      .where('key', '=', key)
      .where('state', '=', sql.lit('done'))
      .compile(),

  // `at >=` says nothing new, but lets a server's index begin where the last look ended: a run may have a million rows.
  bulkResults: (db: Database, { run, at, line, limit }: Row & Pick<BulkRowRow, 'at'> & { readonly limit: number }): CompiledQuery =>
    db
      .selectFrom('bulk_rows')
      .selectAll()
      .where('run', '=', run)
      .where(
        'state',
        'in',
        RESULTS.map((state) => sql.lit(state)),
      )
      .where('at', '>=', at)
      .where(({ and, eb, or }) => or([eb('at', '>', at), and([eb('at', '=', at), eb('line', '>', line)])]))
      .orderBy('at')
      .orderBy('line')
      .limit(limit)
      .compile(),

  countBulkRows: (db: Database, { run }: Pick<BulkRowRow, 'run'>): CompiledQuery =>
    db
      .selectFrom('bulk_rows')
      .select(({ fn }) => ['state', 'code', fn.countAll<number | string>().as('rows')])
      .where('run', '=', run)
      .groupBy(['state', 'code'])
      .compile(),
};

type BulkQueryName = keyof typeof BULK_QUERIES;

export const BULK_FIELDS: Readonly<Record<BulkQueryName, readonly string[]>> = {
  insertBulkRun: BULK_COLUMNS.bulk_runs,
  bulkRunOf: ['id'],
  listBulkRuns: ['limit'],
  bulkRunsAlike: ['hash', 'operation', 'user'],
  moveBulkRun: ['id', 'state', 'reason'],
  bulkRunLoaded: ['id'],
  insertBulkRow: BULK_COLUMNS.bulk_rows,
  bulkRowOf: ['run', 'line'],
  takenBulkRows: ['run'],
  passBulkRow: ['run', 'line', 'was', 'from', 'owner', 'until'],
  renewBulkRow: ['run', 'line', 'owner', 'until'],
  leaveBulkRow: ['run', 'line', 'owner'],
  settleBulkRow: ['run', 'line', 'owner', 'state', 'at', 'code', 'object', 'fields'],
  emptyKey: ['user', 'key'],
  bulkResults: ['run', 'at', 'line', 'limit'],
  countBulkRows: ['run'],
};
