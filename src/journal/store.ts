import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { QueryName } from './queries.ts';
import { STATEMENTS } from './statements.generated.ts';

export type Fields = Readonly<Record<string, string | number | null>>;

export interface Write {
  readonly query: QueryName;
  readonly fields: Fields;
}

/** The journal's queries on an open database, whichever it is. */
export interface Store {
  /** The caller knows the table that the query reads. */
  rows<Row>(query: QueryName, fields: Fields): Promise<readonly Row[]>;
  /** How many rows it changed. */
  run(query: QueryName, fields: Fields): Promise<number>;
  /** All or nothing. */
  write(writes: readonly Write[]): Promise<void>;
  /** Rejects when nothing could be written now. */
  prove(): Promise<void>;
  close(): Promise<void>;
}

/** SQLite answers at once, in this process; only the face is asynchronous. */
export function sqliteStore(database: DatabaseSync): Store {
  const prepared = new Map<QueryName, StatementSync>();
  const prepare = (query: QueryName): StatementSync => {
    const statement = prepared.get(query) ?? database.prepare(STATEMENTS[query].sql);
    prepared.set(query, statement);
    return statement;
  };
  const values = (query: QueryName, fields: Fields) => STATEMENTS[query].fields.map((field) => fields[field] ?? null);
  const write = async (writes: readonly Write[]): Promise<void> =>
    transaction(database, () => {
      for (const { query, fields } of writes) prepare(query).run(...values(query, fields));
    });
  return {
    rows: async <Row>(query: QueryName, fields: Fields) => prepare(query).all(...values(query, fields)) as unknown[] as readonly Row[],
    run: async (query, fields) => Number(prepare(query).run(...values(query, fields)).changes),
    write,
    prove: () => write([]),
    close: async () => database.close(),
  };
}

function transaction(database: DatabaseSync, work: () => void): void {
  database.exec('begin immediate');
  try {
    work();
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}
