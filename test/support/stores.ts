import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openJournal, type SharedJournal } from '../../src/journal/journal.ts';

/** A place for one test's journals, gone when the test ends. */
export interface Place extends AsyncDisposable {
  readonly path: string;
  /** A journal that is closed with the place. */
  open(path?: string): SharedJournal;
  /** Runs SQL there, past the journal. */
  sql(text: string): Promise<void>;
}

export interface StoreKind {
  readonly store: string;
  /** Why it cannot be tested here. */
  readonly missing?: string;
  place(): Promise<Place>;
}

/** Where the server of these tests listens; trust authentication, the database `test`. */
const SERVER = { host: '127.0.0.1', port: 5432, database: 'test', user: userInfo().username };

export const SQLITE: StoreKind = {
  store: 'SQLite',
  place: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skillrouter-store-'));
    const path = join(folder, 'journal.db');
    return placeAt(
      path,
      async (text) => {
        const { DatabaseSync } = await import('node:sqlite');
        using database = closing(new DatabaseSync(path));
        database.exec(text);
      },
      async () => rmSync(folder, { recursive: true, force: true }),
    );
  },
};

const unreachable = await reason();

export const POSTGRES: StoreKind = {
  store: `PostgreSQL${unreachable === undefined ? '' : ` (skipped: ${unreachable})`}`,
  ...(unreachable === undefined ? {} : { missing: unreachable }),
  place: async () => {
    const schema = `test_${randomUUID().replaceAll('-', '')}`;
    const client = new Client(SERVER);
    await client.connect();
    await client.query(`create schema ${schema}; set search_path to ${schema}`);
    return placeAt(
      urlOf(SERVER.port, schema),
      async (text) => void (await client.query(text)),
      async () => {
        await client.query(`drop schema ${schema} cascade`);
        await client.end();
      },
    );
  },
};

export const STORES: readonly StoreKind[] = [SQLITE, POSTGRES];

/** The same place by another port. */
export function through({ path }: Place, port: number): string {
  return path.replace(`:${SERVER.port}/`, `:${port}/`);
}

/** A way to the server that can be cut and opened again, as when it restarts. */
export interface Road extends AsyncDisposable {
  readonly port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function openRoad(): Promise<Road> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = createConnection({ host: SERVER.host, port: SERVER.port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, SERVER.host, resolve));
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port, cut, mend: () => listen(port), [Symbol.asyncDispose]: async () => void (server.listening && (await cut())) };
}

function placeAt(path: string, sql: Place['sql'], remove: () => Promise<void>): Place {
  const journals: SharedJournal[] = [];
  return {
    path,
    sql,
    open: (other = path) => {
      const journal = openJournal({ path: other });
      journals.push(journal);
      return journal;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(journals.map((journal) => journal.close()));
      await remove();
    },
  };
}

function urlOf(port: number, schema: string): string {
  return `postgres://${SERVER.user}@${SERVER.host}:${port}/${SERVER.database}?options=-csearch_path%3D${schema}`;
}

async function reason(): Promise<string | undefined> {
  const client = new Client({ ...SERVER, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    return `no server with a database "${SERVER.database}" answers at ${SERVER.host}:${SERVER.port}: ${error instanceof Error ? error.message : ''}`;
  }
}

function closing<Closable extends { close(): void }>(closable: Closable): Closable & Disposable {
  return Object.assign(closable, { [Symbol.dispose]: () => closable.close() });
}
