import type { Adapter } from '../contract/adapter.ts';
import type { BackendId, Transport } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import type { ExposedConnection, Exposure, ExposureReport } from '../contract/migration.ts';
import { coverage } from '../router/coverage.ts';
import { forEachOf, knownUsers, type SwitchingParts } from './parts.ts';
import { type Stop, stopsOf } from './stops.ts';

/** How long a backend may take to list one user's connections. */
const LISTING_MS = 15_000;
/** From the beginning of the journal on. */
const EVER = '';

/** What each backend could reach today: asked past a stop, because that is when it matters most. */
export async function exposure(parts: SwitchingParts): Promise<ExposureReport> {
  const users = (await knownUsers(parts, EVER)).map(({ user }) => user);
  const stops = stopsOf(await parts.board.rulings());
  const backends = await forEachOf([...parts.adapters.values()], (adapter) => exposureOf(parts, adapter, { users, stops }));
  return {
    app: parts.app.id,
    backends,
    note: `${users.length === 1 ? 'one user' : `${users.length} users`}, known from the configuration and the journal; a backend may hold connections of others, which only it can list`,
  };
}

async function exposureOf(
  parts: SwitchingParts,
  adapter: Adapter,
  { users, stops }: { readonly users: readonly string[]; readonly stops: readonly Stop[] },
): Promise<Exposure> {
  const { backend } = adapter;
  const stop = stops.find((one) => one.backend === backend);
  const { held, unread } = await heldBy(parts, adapter, users);
  const connections = await forEachOf(held, ({ user, connection }) => exposed(parts, user, connection));
  const usable = connections.filter(({ status }) => status === 'active');
  const accounts = new Set(usable.flatMap(({ account }) => account ?? []));
  const used = connections.flatMap(({ last_used }) => last_used ?? []).toSorted();
  return {
    backend,
    ...(stop ? { stopped: { by: stop.by, at: stop.at } } : {}),
    connections,
    usable: usable.length,
    accounts: [...accounts].toSorted(),
    operations: usable.length === 0 ? NONE : await operationsOf(parts, adapter),
    reach: reachOf(adapter, usable.length),
    last_used: used.at(-1) ?? null,
    unread,
  };
}

const NONE: Exposure['operations'] = { tool: 0, proxy: 0, direct: 0 };

export interface Held {
  readonly held: readonly { readonly user: string; readonly connection: Connection }[];
  readonly unread: readonly { readonly user: string; readonly code: string }[];
}

/** Every connection that a backend has of these users, and those whom it could not be asked about. */
export async function heldBy({ app, identity }: SwitchingParts, adapter: Adapter, users: readonly string[]): Promise<Held> {
  const read = await forEachOf(users, async (user) => {
    try {
      const query = { app: app.id, user: identity(user, adapter.backend) };
      const found = await adapter.connections(query, AbortSignal.timeout(LISTING_MS));
      return { held: found.map((connection) => ({ user, connection })), unread: [] };
    } catch (error) {
      if (!isRouterError(error)) throw error;
      return { held: [], unread: [{ user, code: error.code }] };
    }
  });
  return { held: read.flatMap(({ held }) => held), unread: read.flatMap(({ unread }) => unread) };
}

async function exposed({ journal }: SwitchingParts, user: string, connection: Connection): Promise<ExposedConnection> {
  const { backend, id, status, createdAt } = connection;
  const [uses, remembered] = await Promise.all([journal.lastUses(backend, id), journal.account(backend, id)]);
  const account = remembered?.account ?? connection.account;
  const last = [uses.succeededAt, uses.failed?.at].filter((at) => at !== undefined).toSorted();
  return {
    user,
    connection: id,
    status,
    ...(account ? { account: account.label ?? account.organization } : {}),
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
    last_used: last.at(-1) ?? null,
  };
}

async function operationsOf({ app, bindings }: SwitchingParts, { backend, can }: Adapter): Promise<Exposure['operations']> {
  const { operations } = await coverage(app, bindings);
  const ways = operations.flatMap(({ backends }) => wayOf(backends[backend]?.transport, can.http));
  const count = (way: Transport): number => ways.filter((one) => one === way).length;
  return { tool: count('tool'), proxy: count('proxy'), direct: count('direct') };
}

function wayOf(transport: Transport | 'none' | undefined, http: Adapter['can']['http']): readonly Transport[] {
  if (transport === undefined || transport === 'none') return [];
  if (transport === 'tool') return ['tool'];
  return http === 'none' ? [] : [http];
}

/** What the operations do not show: whoever holds a credential of the app is not held to our catalogue. */
function reachOf({ backend, can }: Adapter, usable: number): string {
  if (usable === 0) return 'nothing: no connection works today';
  if (can.http === 'none') return 'its tools only';
  return can.http === 'direct'
    ? 'everything that the keys may do in the app: they are in this configuration'
    : `everything that the accounts may do in the app: ${backendName(backend)} holds their credentials`;
}

function backendName(backend: BackendId): string {
  return backend.charAt(0).toUpperCase() + backend.slice(1);
}
