import { createHash } from 'node:crypto';
import type { BackendId } from '../contract/backend.ts';
import type { Connection, ConnectLink } from '../contract/connection.ts';
import type { Directory, DirectoryQuery } from '../contract/door.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import { Awaited } from './awaited.ts';

/** What a directory over several backends asks of the router. */
export interface RoutedConnections {
  /** The user's connections on every backend, as lately read. */
  recent(query: { readonly app: string; readonly user: string }): Promise<readonly Connection[]>;
  /** Has them read again. */
  refresh(query: { readonly app: string; readonly user: string }): Promise<unknown>;
  connect(query: { readonly app: string; readonly user: string; readonly backend: BackendId }): Promise<ConnectLink>;
}

export interface RouterDirectoryParts {
  /** The backend whose wire the door speaks. */
  readonly backend: BackendId;
  readonly app: string;
  readonly connections: RoutedConnections;
  /** Those whom the configuration names. */
  readonly users: readonly string[];
  /** Backends that make links, the preferred one first. */
  readonly linking: readonly BackendId[];
  readonly now: () => Date;
}

/** A connection under the id that the door shows, and what it is to the router; nothing, while it is only promised. */
interface Shown {
  readonly shown: Connection;
  readonly real?: Connection;
}

/** A user's connections on all backends, as one backend's door shows them. */
export interface RouterDirectory extends Directory {
  /** The router's name, `backend:connection`, for an id that the door has shown. undefined: the user has no such connection. */
  routed(user: string, id: string): Promise<string | undefined>;
}

export function createRouterDirectory(parts: RouterDirectoryParts): RouterDirectory {
  const { app, connections, backend, users } = parts;
  /** Whose a connection is; a door may ask for one by its id alone. Of users that no configuration names only those are known who were here. */
  const owners = new Map<string, string>();
  const awaited = new Awaited(parts.now);

  const of = async (user: string): Promise<readonly Shown[]> => {
    if (awaited.isWaiting(user)) await connections.refresh({ app, user });
    const found = await connections.recent({ app, user });
    awaited.settle(user, found);
    const real = found.map((one) => ({ shown: { ...one, id: awaited.nameOf(one) ?? doorId(backend, one) }, real: one }));
    const all: readonly Shown[] = [...real, ...awaited.pending(user).map((shown) => ({ shown }))];
    for (const { shown } of all) owners.set(shown.id, user);
    return all;
  };
  const list = async (query: DirectoryQuery): Promise<readonly Connection[]> => {
    if (query.app !== undefined && query.app !== app) return [];
    const asked = query.users ?? whose(query.ids, owners) ?? [...new Set([...users, ...owners.values()])];
    const found = (await Promise.all(asked.map(of))).flat();
    return found
      .map(({ shown }) => shown)
      .filter(({ id, status }) => within(query.ids, id) && within(query.statuses, status))
      .toSorted((a, b) => compare(a.createdAt ?? '', b.createdAt ?? ''));
  };

  return {
    list,
    routed: async (user, id) => {
      const real = (await of(user)).find(({ shown }) => shown.id === id)?.real;
      return real && `${real.backend}:${real.id}`;
    },
    connect: async (request) => {
      const started = await start(parts, awaited, request);
      owners.set(started.connection, request.user);
      return started;
    },
    change: async (id) => {
      const [found] = await list({ ids: [id] });
      if (!found) return undefined;
      throw new RouterError('unsupported_operation', {
        what: `the router does not switch, revoke or delete connections of ${found.backend}`,
        next: `Do it at ${found.backend}.`,
        backend: found.backend,
        connection: found.id,
      });
    },
  };
}

/**
 * A connection of the door's own backend keeps its id; another's gets one that every backend's wire takes, always the same:
 * Scalekit wants `ca_` and at most 32 characters (backends/scalekit.md §2).
 */
function doorId(door: BackendId, { backend, id }: Pick<Connection, 'backend' | 'id'>): string {
  return backend === door ? id : `ca_${createHash('sha256').update(`${backend}:${id}`).digest('hex').slice(0, 24)}`;
}

/** undefined: at least one of the ids was never seen, so that everybody has to be looked at. */
function whose(ids: readonly string[] | undefined, owners: ReadonlyMap<string, string>): readonly string[] | undefined {
  const found = ids?.map((id) => owners.get(id));
  return found?.every((user) => user !== undefined) ? [...new Set(found)] : undefined;
}

/** Asks the backends that make links, in order, until one does. */
async function start(
  { backend, app, connections, linking }: RouterDirectoryParts,
  awaited: Awaited,
  request: Parameters<Directory['connect']>[0],
): Promise<ConnectLink & { readonly connection: string }> {
  if (request.key !== undefined)
    throw cannot('keys of the app are not stored through a door', 'Put the key into the configuration, or connect by link.');
  const { user } = request;
  let last: unknown;
  for (const target of linking) {
    try {
      const before = await connections.recent({ app, user });
      const link = await connections.connect({ app, user, backend: target });
      const { connection: id } = link;
      const connection =
        id === undefined ? awaited.add({ app, user, backend: target }, before, link) : doorId(backend, { backend: target, id });
      return { ...link, connection };
    } catch (error) {
      if (!isRouterError(error)) throw error;
      last = error;
    }
  }
  throw last ?? cannot('no configured backend makes links', 'Use "skillrouter connections connect".');
}

function cannot(what: string, next: string): RouterError {
  return new RouterError('unsupported_operation', { what, next });
}

function within<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || wanted.includes(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
