import { setTimeout as sleep } from 'node:timers/promises';
import { type CompiledQuery, CompiledQuery as compiled, Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { statementsOn } from './compile.ts';
import { migrate } from './dialect.ts';
import { LATEST } from './migrations.ts';
import { isLost, SQLSTATE, StoreDown, stateOf } from './postgres-failure.ts';
import type { QueryName } from './queries.ts';
import type { Fields, Store } from './store.ts';
import type { Tables } from './tables.ts';

const CONNECT_MS = 3_000;
const QUERY_MS = 10_000;
/** After a failed connection calls do not wait for another one at once. */
const DOWN_MS = 500;
const MOST_CONNECTIONS = 10;
/** The first pause lets the pool notice which of its connections are gone. */
const AGAIN_MS: readonly number[] = [20, 200];

/** Opens the journal on a PostgreSQL server and brings its tables up to date. */
export async function openPostgres(url: string): Promise<Store> {
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    allowExitOnIdle: true,
    application_name: 'skillrouter',
  });
  // A connection that breaks is replaced with the next use; its error, which no listener heard, would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await upgrade(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storeOn(db);
}

function storeOn(db: Kysely<Tables>): Store {
  const statements = statementsOn(db);
  const query = (name: QueryName, fields: Fields): CompiledQuery => {
    const { sql, fields: order } = statements[name];
    return compiled.raw(
      sql,
      order.map((field) => fields[field] ?? null),
    );
  };
  const steady = steadily();
  return {
    rows: async <Row>(name: QueryName, fields: Fields) =>
      (await steady(() => db.executeQuery(query(name, fields)))).rows as readonly unknown[] as readonly Row[],
    run: async (name, fields) => Number((await steady(() => db.executeQuery(query(name, fields)))).numAffectedRows ?? 0),
    write: async (writes) =>
      void (await steady(() => db.executeQuery(together(writes.map(({ query: name, fields }) => query(name, fields)))))),
    // Forgets nothing, but a server that only reads refuses it.
    prove: async () => void (await steady(() => db.executeQuery(query('forgetKeys', { before: '' })))),
    close: () => db.destroy(),
  };
}

/** Several writes as one statement: all or nothing, in one round trip. Parts of a `with` that write are carried out in any case. */
function together(queries: readonly CompiledQuery[]): CompiledQuery {
  const parameters: unknown[] = [];
  const texts = queries.map((one) => {
    const text = one.sql.replaceAll(/\$(\d+)/g, (_, at: string) => `$${Number(at) + parameters.length}`);
    parameters.push(...one.parameters);
    return text;
  });
  const last = texts.pop() ?? 'select 1';
  const before = texts.map((text, at) => `w${at} as (${text})`).join(', ');
  return compiled.raw(before === '' ? last : `with ${before} ${last}`, parameters);
}

/**
 * Repeats what was lost with its connection, as when the server restarts: every query of the journal can be repeated without
 * harm. While nothing can be reached, calls hear so at once.
 */
function steadily(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let downUntil = Number.NEGATIVE_INFINITY;
  return async (work) => {
    if (performance.now() < downUntil) throw new StoreDown();
    for (const pauseMs of [...AGAIN_MS, undefined]) {
      try {
        return await work();
      } catch (error) {
        if (!isLost(error)) throw error;
        if (pauseMs === undefined) {
          downUntil = performance.now() + DOWN_MS;
          throw error;
        }
        await sleep(pauseMs);
      }
    }
    throw new StoreDown();
  };
}

/** Several processes may come upon old tables at once; Kysely's lock lets one of them do the work, and the others find it done. */
async function upgrade(db: Kysely<Tables>): Promise<void> {
  if (await isCurrent(db)) return;
  try {
    await migrate(db, await schemaOf(db));
  } catch (error) {
    if (!(await isCurrent(db))) throw error;
  }
}

async function isCurrent(db: Kysely<Tables>): Promise<boolean> {
  try {
    const { rows } = await db.executeQuery(compiled.raw('select 1 from kysely_migration where name = $1', [LATEST]));
    return rows.length > 0;
  } catch (error) {
    if (stateOf(error) === SQLSTATE.undefinedTable) return false;
    throw error;
  }
}

/** Kysely looks for its own table in every schema unless it is told one. Rejects as the server would when there is none to make tables in. */
async function schemaOf(db: Kysely<Tables>): Promise<string> {
  const { rows } = await db.executeQuery<{ readonly name: string | null }>(compiled.raw('select current_schema() as name'));
  const name = rows[0]?.name ?? undefined;
  if (name === undefined) throw Object.assign(new Error('no schema has been selected to create in'), { code: SQLSTATE.noSchema });
  return name;
}
