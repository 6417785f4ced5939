import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { Kysely, Migrator, SqliteDialect, type SqliteStatement } from 'kysely';
import { MIGRATIONS } from './migrations.ts';
import type { Tables } from './tables.ts';

/** Kysely over Node's own SQLite. Its dialect expects better-sqlite3, whose statements know whether they return rows. */
export function kyselyOver(database: DatabaseSync): Kysely<Tables> {
  const prepare = (sql: string): SqliteStatement => adapt(database.prepare(sql));
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: { prepare, close: () => undefined } }) });
}

function adapt(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bindable(parameters)),
    run: (parameters) => statement.run(...bindable(parameters)),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  };
}

/** Kysely types parameters as unknown; SQLite itself refuses what it cannot bind. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}

/** Brings the tables up to date, in one schema where a database has several. SQLite has no lock for this: there the caller holds the write lock. */
export async function migrate(db: Kysely<Tables>, schema?: string): Promise<void> {
  const provider = { getMigrations: async () => ({ ...MIGRATIONS }) };
  const migrator = new Migrator({ db, provider, ...(schema === undefined ? {} : { migrationTableSchema: schema }) });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
