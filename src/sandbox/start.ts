import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import type { Door, DoorAddress, DoorHost, SideDoor } from '../contract/door.ts';
import { RouterError } from '../contract/errors.ts';
import type { Host, Mount, Serve } from '../contract/host.ts';
import { type AppWorld, type Override, SandboxBackend } from './backends.ts';
import { CONTROL_PREFIX, createControl } from './control.ts';
import { createCredentials } from './credentials.ts';
import { type Fault, type SeenRequest, type SetFault, Wire } from './faults.ts';

/** The app that the sandbox plays, with the controls that it needs. */
export interface SandboxWorld extends AppWorld {
  /** Milliseconds or anything else that makes a Date. */
  now(): number | string | Date;
  advance(ms: number): void;
  /** Its whole state as JSON. */
  snapshot(): unknown;
}

export interface SandboxOptions<World extends SandboxWorld> {
  readonly world: World;
  /** The doors to open, by backend. They arrive as an argument because they are adapters' business. */
  readonly doors: Readonly<Record<string, (host: DoorHost) => Door>>;
  /** Further doors of these backends, by the name of their path. */
  readonly sideDoors?: Readonly<Record<string, SideDoor>>;
  /** Opens the port; see src/server/host.ts. */
  readonly serve: Serve;
  /** Default any free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Ids and credentials follow from it. */
  readonly seed?: string;
  /** Who is connected on every backend from the start; default `ada`. */
  readonly user?: string;
  /** The app's key behind a user's connections; default the world's first. */
  readonly keyFor?: (user: string) => string;
}

/** What `sandbox --json` prints when it is ready. */
export interface Ready {
  readonly user: string;
  readonly backends: Readonly<Record<string, DoorAddress>>;
  /** Where Rube's MCP endpoint is, for `user`, where that door was opened. */
  readonly rube?: DoorAddress;
}

export interface Sandbox<World extends SandboxWorld> extends AsyncDisposable {
  /** The origin of the port. */
  readonly url: string;
  readonly ready: Ready;
  readonly world: World;
  /** All connections of a backend, oldest first. */
  connections(backend: BackendId): Promise<readonly Connection[]>;
  /** Adds an active connection. `key`: another account of the app. */
  connect(backend: BackendId, user: string, key?: string): Connection;
  /** Flips a connection, as time, a user or the backend would. */
  change(backend: BackendId, id: string, override: Override): Connection;
  /** Does what the user does behind a connect link. */
  complete(link: string, decision?: 'approve' | 'decline', key?: string): Connection;
  fault(fault: Fault): SetFault;
  /** What reached the wire, oldest first. */
  requests(backend?: BackendId): readonly SeenRequest[];
  /** How many requests reached the wire, by backend and method. */
  counts(): Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Forgets all requests and faults. */
  reset(): void;
  close(): Promise<void>;
}

const APP = 'close';

/** Opens the doors of every backend in front of one world, on one loopback port. */
export async function startSandbox<World extends SandboxWorld>(options: SandboxOptions<World>): Promise<Sandbox<World>> {
  const { world, seed = 'sandbox', user = 'ada' } = options;
  const now = (): Date => new Date(world.now());
  const keyFor = options.keyFor ?? (() => firstKey(world));
  const wire = new Wire(now);
  let url = '';
  const shared = { app: APP, seed, world, now, keyFor, linkUrl: (token: string) => `${url}${CONTROL_PREFIX}/connect/${token}` };
  const stages = Object.entries(options.doors).map(([id, open]) => {
    const backend = new SandboxBackend({ ...shared, backend: id, credentials: createCredentials(id, seed) });
    backend.add(user);
    return { id, backend, mount: mountOf(backend, prefixOf(id), open, { wire, now, url: (prefix) => `${url}${prefix}` }) };
  });
  const backends = new Map(stages.map(({ id, backend }) => [id, backend]));

  const sides = Object.entries(options.sideDoors ?? {}).flatMap(([name, { backend: id, path, open }]) => {
    const backend = backends.get(id);
    if (!backend) return [];
    const mount = mountOf(backend, `/${name}`, open, { wire, now, url: (prefix) => `${url}${prefix}` });
    return [{ name, id, mount, below: `${path}?user_id=${encodeURIComponent(user)}` }];
  });

  const control = createControl({
    wire,
    backends,
    keys: () => world.keys(),
    keyFor,
    advance: (ms) => world.advance(ms),
    now: () => now().toISOString(),
    state: () => stateOf({ user, world, backends, wire, now }),
  });
  const { port, host } = options;
  const opened = await options.serve({
    mounts: [...[...stages, ...sides].map(({ mount }) => mount), control],
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  url = opened.url;
  const shown = (id: BackendId) => (id === 'rest' ? { apiKey: keyFor(user) } : createCredentials(id, seed).shown);
  const addresses = stages.map(({ id, mount }) => [id, { url: `${url}${mount.prefix}${id === 'rest' ? '/api/v1' : ''}`, ...shown(id) }]);
  const further = sides.map(({ name, id, mount, below }) => [
    name,
    { url: `${url}${mount.prefix}${below}`, apiKey: shown(id)['apiKey'] ?? '' },
  ]);
  const ready: Ready = { user, backends: Object.fromEntries(addresses), ...Object.fromEntries(further) };
  return sandboxOf({ opened, ready, world, backends, wire });
}

function prefixOf(backend: BackendId): string {
  return backend === 'rest' ? `/${APP}` : `/${backend}`;
}

function mountOf(
  backend: SandboxBackend,
  prefix: string,
  open: (host: DoorHost) => Door,
  { wire, now, url }: { readonly wire: Wire; readonly now: () => Date; readonly url: (prefix: string) => string },
): Mount {
  const authenticate = (credential: string) => backend.authenticate(credential);
  const door = open({ executor: backend, directory: backend, authenticate, now, url: () => url(prefix) });
  return { prefix, fetch: (request) => door.fetch(request), intercept: wire.interceptor(backend.backend) };
}

interface Running<World extends SandboxWorld> {
  readonly opened: Host;
  readonly ready: Ready;
  readonly world: World;
  readonly backends: ReadonlyMap<string, SandboxBackend>;
  readonly wire: Wire;
}

function sandboxOf<World extends SandboxWorld>({ opened, ready, world, backends, wire }: Running<World>): Sandbox<World> {
  const at = (backend: BackendId): SandboxBackend => backends.get(backend) ?? unknownBackend(backend, [...backends.keys()]);
  return {
    url: opened.url,
    ready,
    world,
    connections: (backend) => at(backend).list({}),
    connect: (backend, user, key) => at(backend).add(user, key),
    change: (backend, id, override) => at(backend).override(id, override) ?? unknownConnection(`${backend} has no connection ${id}`),
    complete: (link, decision = 'approve', key) => {
      const token = link.split('/').at(-1) ?? '';
      const found = [...backends.values()].find((backend) => backend.pending(token));
      return found?.finish(token, decision, key) ?? unknownConnection('the link is not pending, or is too old');
    },
    fault: (fault) => wire.set(fault),
    requests: (backend) => wire.requests(backend),
    counts: () => wire.counts(),
    reset: () => {
      wire.forget();
      wire.clear();
    },
    close: () => opened.close(),
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

async function stateOf(
  parts: Omit<Running<SandboxWorld>, 'opened' | 'ready'> & { readonly user: string; readonly now: () => Date },
): Promise<object> {
  const { user, world, backends, wire, now } = parts;
  const connections = await Promise.all([...backends.values()].map((backend) => backend.list({})));
  return {
    user,
    now: now().toISOString(),
    connections: connections.flat(),
    counts: wire.counts(),
    faults: wire.pending().length,
    world: world.snapshot(),
  };
}

function firstKey(world: SandboxWorld): string {
  const [first] = world.keys();
  if (first) return first.key;
  throw new RouterError('configuration', {
    what: 'the world has no key that a connection could use',
    next: 'Give it data with at least one.',
  });
}

function unknownBackend(backend: BackendId, known: readonly string[]): never {
  throw new RouterError('configuration', { what: `the sandbox has no backend ${backend}`, next: `It has ${known.join(', ')}.` });
}

function unknownConnection(what: string): never {
  throw new RouterError('not_found', { what, next: 'List the connections of the backend.' });
}
