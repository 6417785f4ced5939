import { randomBytes } from 'node:crypto';
import type { BackendId } from '../contract/backend.ts';
import type { DoorAddress } from '../contract/door.ts';
import { RouterError } from '../contract/errors.ts';
import type { Mount, Serve } from '../contract/host.ts';
import { type DoorKey, settingsFor } from './door-keys.ts';
import { type Doors, type RouterHostParts, routerMounts, type SideDoors, sideMounts } from './router-host.ts';

export interface ServingAddress {
  /** 0: any free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The origin under which others reach the port, when a proxy stands before it. */
  readonly url?: string;
}

/** What a guest on the port may know of it. */
export interface House {
  /** The origin at which the port is reached, once it is open. */
  readonly origin: () => string;
  /** The address that the port is bound to. */
  readonly host: string;
  /** The origin that others were told. */
  readonly url?: string;
  readonly keys: readonly DoorKey[];
}

/** Something else that is reached through the port, and finds out itself who calls. */
export interface Guest {
  readonly name: string;
  readonly mounts: readonly Mount[];
  /** Where its clients are pointed to. */
  readonly path: string;
  /** It takes the keys of the house. */
  readonly keyed: boolean;
  close(): Promise<void>;
}

export interface ServingParts extends ServingAddress, Omit<RouterHostParts, 'keys' | 'origin'> {
  readonly doors: Doors;
  readonly sideDoors?: SideDoors;
  readonly guests?: (house: House) => readonly Guest[];
  readonly serve: Serve;
  /** user → keys; `*` for whomever the request names. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Whom the app's own API acts for when no key is configured. */
  readonly user: string;
}

/** The doors, open. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  /** What `serve --json` prints: the address of every door and what its client needs. Configured keys are left out. */
  readonly ready: {
    readonly user: string;
    readonly backends: Readonly<Record<string, DoorAddress>>;
    /** Where Rube's MCP endpoint is, where that door was opened. */
    readonly rube?: DoorAddress;
    /** Where our own MCP server is, where it is served too. */
    readonly mcp?: DoorAddress;
  };
  close(): Promise<void>;
}

/** Opens the doors of all backends in front of the router. Throws `configuration`, before anything is open. */
export async function startServing(parts: ServingParts): Promise<Serving> {
  const { host = '127.0.0.1', port, user } = parts;
  const configured = Object.entries(parts.keys).flatMap(([name, keys]) => keys.map((key): DoorKey => ({ user: name, key })));
  refuseTwins(configured);
  if (configured.length === 0 && !isLoopback(host)) throw keyless(host);
  const made = configured.length === 0 ? madeFor(user) : undefined;
  const keys = made ? [made.own, made.anyone] : configured;
  let opened = '';
  const origin = (): string => parts.url?.replace(/\/+$/, '') ?? opened;
  const mounts = routerMounts(parts.doors, { ...parts, keys, origin });
  const sides = sideMounts(parts.sideDoors ?? {}, { ...parts, keys, origin });
  const guests = parts.guests?.({ origin, host, keys, ...(parts.url === undefined ? {} : { url: parts.url }) }) ?? [];
  const running = await parts.serve({ mounts: [...mounts, ...sides, ...guests.flatMap((guest) => guest.mounts)], port, host });
  opened = running.url;
  const addresses = mounts.map(({ backend, prefix }) => [
    backend,
    { url: `${origin()}${prefix}${pathBelow(backend)}`, ...settingsFor(backend, (backend === 'rest' ? made?.own : made?.anyone)?.key) },
  ]);
  const further = sides.map(({ name, prefix, path }) => [
    name,
    { url: `${origin()}${prefix}${path}`, ...settingsFor(name, made?.own.key) },
  ]);
  const visited = guests.map(({ name, path, keyed }) => [
    name,
    { url: `${origin()}${path}`, ...settingsFor(name, keyed ? made?.own.key : undefined) },
  ]);
  const close = async (): Promise<void> => {
    await running.close();
    await Promise.all(guests.map((guest) => guest.close()));
  };
  const ready = { user, backends: Object.fromEntries(addresses), ...Object.fromEntries([...further, ...visited]) };
  return { url: origin(), ready, close, [Symbol.asyncDispose]: close };
}

/** Keys for this run. The app's own API has no way to name a user, so its key is one user's. */
function madeFor(user: string): { readonly own: DoorKey; readonly anyone: DoorKey } {
  const key = (): string => randomBytes(24).toString('base64url');
  return { own: { key: key(), user }, anyone: { key: key(), user: '*' } };
}

/** Clients of the app's own API are given the version too. */
function pathBelow(backend: BackendId): string {
  return backend === 'rest' ? '/api/v1' : '';
}

function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d+){3}|localhost|::1)$/i.test(host);
}

function refuseTwins(keys: readonly DoorKey[]): void {
  const seen = new Map<string, string>();
  for (const { key, user } of keys) {
    const other = seen.get(key);
    if (other !== undefined) {
      const what = `serve.keys gives ${other} and ${user} the same key, so nobody could tell who calls`;
      throw new RouterError('configuration', { what, next: 'Give each a key of their own.' });
    }
    seen.set(key, user);
  }
}

function keyless(host: string): RouterError {
  return new RouterError('configuration', {
    what: `without keys the doors open on this machine only, not on ${host.replaceAll(/[^\w.:-]/g, '?').slice(0, 60)}`,
    next: 'Set serve.keys in the configuration, one per user and each from the environment, or leave --host out.',
  });
}
