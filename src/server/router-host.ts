import type { Door, DoorHost } from '../contract/door.ts';
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

/** The doors of all backends in front of the router, under the paths that the sandbox has too. */
export function routerMounts(doors: Doors, parts: RouterHostParts): readonly (Mount & { readonly backend: string })[] {
  return Object.entries(doors).map(([backend, open]) => {
    const prefix = backend === 'rest' ? `/${parts.app}` : `/${backend}`;
    const directory = createRouterDirectory({ ...parts, backend });
    const door = open({
      executor: viaDirectory(parts.executor, directory),
      directory,
      authenticate: authenticator(backend, parts.keys),
      now: parts.now,
      url: () => `${parts.origin()}${prefix}`,
    });
    return { backend, prefix, fetch: (request: Request) => door.fetch(request) };
  });
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
