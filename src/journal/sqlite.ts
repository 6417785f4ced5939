import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './failure.ts';
import { LATEST } from './migrations.ts';

/** How long a write waits for another process. */
const BUSY_MS = 5_000;
const PAUSE_MS = 20;

/** Opens the journal's file, makes it if there is none, and brings its tables up to date. */
export async function openDatabase(path: string): Promise<DatabaseSync> {
  if (path !== ':memory:') makeFolder(dirname(path));
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    database.exec('pragma synchronous = normal');
    if (!isCurrent(database)) await upgrade(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Folder by folder: Node's own recursion never returns where a file system refuses new folders with "not found", as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another process may have made it meanwhile
  }
}

/**
 * `node:sqlite` announces itself as experimental on Node 22. The warning is raised while the module loads, which is
 * synchronous: for that moment, and for that one warning, the process keeps quiet.
 */
function loadSqlite(): typeof import('node:sqlite') {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!/SQLite is an experimental feature/.test(String(warning))) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Looks at Kysely's own table of migrations, without Kysely. */
function isCurrent(database: DatabaseSync): boolean {
  const found = database.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get();
  if (found === undefined) return false;
  return database.prepare('select 1 from kysely_migration where name = ?').get(LATEST) !== undefined;
}

/**
 * Several processes, or several journals of one process, may come upon an old file at once: the first one to get the write
 * lock does the work. Kysely lets go of the thread in between, so that the others must not block it while they wait.
 */
async function upgrade(database: DatabaseSync): Promise<void> {
  const { kyselyOver, migrate } = await import('./dialect.ts');
  database.exec('pragma busy_timeout = 0');
  await patiently(() => database.exec('pragma journal_mode = wal'));
  await patiently(() => database.exec('begin immediate'));
  try {
    if (!isCurrent(database)) await migrate(kyselyOver(database));
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
  database.exec(`pragma busy_timeout = ${BUSY_MS}`);
}

async function patiently(work: () => void): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= BUSY_MS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
