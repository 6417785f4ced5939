import type { BackendId } from '../contract/backend.ts';
import type { BulkBook, Jobs } from '../contract/bulk.ts';
import { type ErrorCode, RouterError } from '../contract/errors.ts';
import type { Inverse, Journal, JournalEntry, JournalQuery, LastUses } from '../contract/journal.ts';
import { type Address, addressOf } from './address.ts';
import { bulkOn } from './bulk.ts';
import { journalFailure } from './failure.ts';
import { inversesOn } from './inverses.ts';
import { keysOn, type Use } from './keys.ts';
import { accountOf, attemptRows, callRow, entryOf, inverseRows } from './rows.ts';
import { sharedOn } from './shared.ts';
import { openDatabase } from './sqlite.ts';
import { type Store, sqliteStore } from './store.ts';
import { switchboardOn } from './switchboard.ts';
import type { AccountRow, AttemptRow, CallRow, ObjectRow } from './tables.ts';

const DEFAULT_LIMIT = 50;

/** A journal that several processes may share. */
export interface SharedJournal extends Journal {
  /** Where it is kept, without credentials. */
  readonly path: string;
  /** Opens it and proves that it can be written, so that a call need not find out after it was sent. */
  open(): Promise<void>;
  readonly bulk: BulkBook;
  /** Rows that wait for workers of any machine; a store of one machine has no such queue. Close it after use. */
  readonly jobs?: () => Promise<Jobs>;
}

/**
 * The journal in the file at `path`, in memory with `:memory:`, or on a server with `postgres://…`. Touches nothing before its
 * first use. Rejects with `configuration` when it cannot be made, read, written or understood, and with `backend_unavailable`
 * when the server does not answer; then the next use tries again.
 */
export function openJournal({ path }: { readonly path: string }): SharedJournal {
  const address = addressOf(path);
  const { use, close } = access(address);
  return {
    path: address.name,
    open: () => use((store) => store.prove()),
    record: (entry, inverses) => use((store) => insert(store, entry, inverses)),
    list: (query) => use((store) => list(store, query)),
    show: (id) => use(async (store) => (await read(store, await store.rows<CallRow>('showCall', { id })))[0]),
    account: (backend, connection) =>
      use(async (store) => {
        const [row] = await store.rows<AccountRow>('accountOf', { backend, connection });
        return row === undefined ? undefined : { account: accountOf(row), at: row.at };
      }),
    rememberAccount: (backend, connection, { organization, user, label }, at) =>
      use(async (store) => void (await store.run('insertAccount', { backend, connection, organization, user, label: label ?? null, at }))),
    lastUses: (backend, connection) => use((store) => lastUses(store, backend, connection)),
    claimed: (app, objects) => use((store) => claimed(store, app, objects)),
    claim: (app, object, call) => use((store) => claim(store, { app, object, call_id: call })),
    keys: keysOn(use),
    shared: sharedOn(use),
    inverses: inversesOn(use),
    bulk: bulkOn(use),
    switchboard: switchboardOn(use),
    ...jobsAt(address),
    close,
  };
}

/** Opens the database with its first use, and again when that failed. */
function access(address: Address): { readonly use: Use; readonly close: () => Promise<void> } {
  let opened: Promise<Store> | undefined;
  const store = async (): Promise<Store> => {
    try {
      opened ??= openStore(address);
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return {
    use: async (work) => {
      try {
        return await work(await store());
      } catch (error) {
        throw await failureOf(address, error);
      }
    },
    close: async () => {
      const closing = await opened?.catch(() => undefined);
      opened = undefined;
      await closing?.close();
    },
  };
}

/** A file needs neither Kysely nor the driver of a server: those load when a server is asked for. */
async function openStore(address: Address): Promise<Store> {
  if (address.kind === 'file') return sqliteStore(await openDatabase(address.path));
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(address.url);
}

/** The queue has connections of its own, and is loaded only when there is bulk work. */
function jobsAt(address: Address): Pick<SharedJournal, 'jobs'> {
  if (address.kind === 'file') return {};
  return { jobs: async () => (await import('./jobs.ts')).jobsOn(address.url, address.name) };
}

async function failureOf(address: Address, error: unknown): Promise<unknown> {
  if (address.kind === 'file') return journalFailure(address.name, error);
  const { postgresFailure } = await import('./postgres-failure.ts');
  return postgresFailure(address.name, error);
}

function insert(store: Store, entry: JournalEntry, inverses: readonly Inverse[] = []): Promise<void> {
  return store.write([
    { query: 'insertCall', fields: { ...callRow(entry) } },
    ...attemptRows(entry.receipt).map((row) => ({ query: 'insertAttempt' as const, fields: { ...row } })),
    ...inverseRows(entry.receipt, inverses).map((row) => ({ query: 'insertInverse' as const, fields: { ...row } })),
  ]);
}

async function list(store: Store, { limit = DEFAULT_LIMIT, operation, user, outcome, since }: JournalQuery) {
  const filter = { limit, operation: operation ?? null, user: user ?? null, outcome: outcome ?? null, since: instantOf(since) };
  return read(store, await store.rows<CallRow>('listCalls', filter));
}

/** One look-up per call: lists are short, and read by people. */
function read(store: Store, calls: readonly CallRow[]): Promise<readonly JournalEntry[]> {
  return Promise.all(calls.map(async (call) => entryOf(call, await store.rows<AttemptRow>('attemptsOf', { id: call.id }))));
}

async function lastUses(store: Store, backend: BackendId, connection: string): Promise<LastUses> {
  const last = async (shows: string) => (await store.rows<AttemptRow>('lastAttempt', { backend, connection, shows }))[0];
  const [worked, failed] = await Promise.all([last('works'), last('fails')]);
  return {
    ...(worked?.at ? { succeededAt: worked.at } : {}),
    // Only attempts with a code are kept as failures.
    ...(failed?.at && failed.code ? { failed: { at: failed.at, code: failed.code as ErrorCode } } : {}),
  };
}

async function claimed(store: Store, app: string, objects: readonly string[]): Promise<ReadonlySet<string>> {
  const known = await Promise.all(objects.map((object) => store.rows<ObjectRow>('objectOf', { app, object })));
  return new Set(known.flat().map(({ object }) => object));
}

/** What a call has claimed already is still its own. */
async function claim(store: Store, row: ObjectRow): Promise<boolean> {
  if ((await store.run('insertObject', { ...row })) > 0) return true;
  const [found] = await store.rows<ObjectRow>('objectOf', { app: row.app, object: row.object });
  return found?.call_id === row.call_id;
}

/** Instants are kept in UTC and compared as text, so that a day or an offset has to be spelled out first. */
function instantOf(since: string | undefined): string | null {
  if (since === undefined) return null;
  const instant = new Date(since);
  if (!Number.isNaN(instant.getTime())) return instant.toISOString();
  throw new RouterError('invalid_input', { what: '`since` is not an instant', next: 'Write it as 2026-01-31 or 2026-01-31T12:00:00Z.' });
}
