import type { BackendId } from '../contract/backend.ts';
import type { Door, DoorHost, SideDoor } from '../contract/door.ts';
import { RouterError } from '../contract/errors.ts';
import type { CallContext, CanonicalCall, Executor } from '../contract/executor.ts';
import type { Mount } from '../contract/host.ts';
import { authenticator, type DoorKey } from './door-keys.ts';
import { createRouterDirectory, type RouterDirectory, type RouterDirectoryParts } from './router-directory.ts';

export interface RouterHostParts extends Omit<RouterDirectoryParts, 'backend'> {
  readonly executor: Executor;
  readonly keys: readonly DoorKey[];
  /** The origin at which the port is reached. */
  readonly origin: () => string;
}

export type Doors = Readonly<Record<string, (host: DoorHost) => Door>>;
export type SideDoors = Readonly<Record<string, SideDoor>>;

/** The doors of all backends in front of the router, under the paths that the sandbox has too. */
export function routerMounts(doors: Doors, parts: RouterHostParts): readonly (Mount & { readonly backend: string })[] {
  return Object.entries(doors).map(([backend, open]) => {
    const prefix = backend === 'rest' ? `/${parts.app}` : `/${backend}`;
    return { backend, ...mountOf(parts, { backend, prefix, open, keyedAs: backend }) };
  });
}

/** Further doors, each under its name. Their keys are plain ones, whatever the backend's own wire makes of a key. */
export function sideMounts(
  doors: SideDoors,
  parts: RouterHostParts,
): readonly (Mount & { readonly name: string; readonly path: string })[] {
  return Object.entries(doors).map(([name, { backend, path, open }]) => {
    return { name, path, ...mountOf(parts, { backend, prefix: `/${name}`, open, keyedAs: name }) };
  });
}

interface Opening {
  readonly backend: BackendId;
  readonly prefix: string;
  readonly open: (host: DoorHost) => Door;
  /** Whose way of carrying a key the door has. */
  readonly keyedAs: string;
}

function mountOf(parts: RouterHostParts, { backend, prefix, open, keyedAs }: Opening): Mount {
  const directory = createRouterDirectory({ ...parts, backend });
  const door = open({
    executor: viaDirectory(parts.executor, directory),
    directory,
    authenticate: authenticator(keyedAs, parts.keys),
    now: parts.now,
    url: () => `${parts.origin()}${prefix}`,
  });
  return { prefix, fetch: (request: Request) => door.fetch(request) };
}

/** A connection that the caller named is the one that the call goes through, whichever backend holds it; or it goes nowhere. */
function viaDirectory(executor: Executor, directory: RouterDirectory): Executor {
  return {
    run: async (call, context) => {
      if (context.connection === undefined) return executor.run(call, context);
      const connection = await directory.routed(context.user, context.connection);
      if (connection === undefined) return { ok: false, error: unknownConnection(call, context) };
      return executor.run(call, { ...context, connection });
    },
  };
}

function unknownConnection({ operation }: CanonicalCall, { user }: CallContext): RouterError {
  return new RouterError('connection_required', {
    operation,
    what: `${user} has no connection of that id`,
    next: 'List the connections, or leave the id out and let the router choose.',
  });
}
