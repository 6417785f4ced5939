/** The sandbox, put together: a Close in memory behind the door of every backend. Public as `skillrouter/sandbox`. */
import { BACKENDS, SIDE_DOORS } from '../adapters/index.ts';
import { closeApp } from './catalog/close/index.ts';
import type { Door, DoorHost, SideDoor } from './contract/door.ts';
import { RouterError } from './contract/errors.ts';
import type { Ready, Sandbox as Started } from './sandbox/start.ts';
import type { Switches } from './sandbox/world/switches.ts';
import type { World } from './sandbox/world.ts';

export type { Fault, SeenRequest } from './sandbox/faults.ts';
export type { Ready } from './sandbox/start.ts';
export type { Switches } from './sandbox/world/switches.ts';
export type { World } from './sandbox/world.ts';

export type Sandbox = Started<World>;

export interface SandboxSettings {
  /** Default any free one. */
  readonly port?: number;
  readonly data?: 'demo' | 'empty';
  /** A world that was saved before, instead of `data`. */
  readonly snapshot?: unknown;
  /** `real`: the world's time goes on by itself, as in a sandbox that runs for long. Default `virtual`: each call takes 50 ms of it. */
  readonly clock?: 'virtual' | 'real';
  /** Who is connected on every backend from the start; default `ada`. */
  readonly user?: string;
  /** What differs between one Close and another, or is not known of it. */
  readonly switches?: Partial<Switches>;
  /** Older, newer or changed tools of a backend: `composio` 6 or 14, `scalekit` 81 or 103, `membrane` 20, renamed or changed. */
  readonly toolSets?: Readonly<Record<string, string>>;
  /** How Close's own API tells its rate limit; default `comma`, the documented form. Others were seen, or none at all. */
  readonly rateLimitHeaders?: 'comma' | 'semicolon' | 'discrete' | 'none';
}

/** Opens the doors of all backends on one loopback port. Nothing leaves the machine. Throws `configuration` when the port is taken. */
export async function startSandbox({
  port = 0,
  data = 'demo',
  user = 'ada',
  clock = 'virtual',
  snapshot,
  switches = {},
  rateLimitHeaders,
  toolSets,
}: SandboxSettings = {}): Promise<Sandbox> {
  const [{ createWorld }, { startSandbox: start }, { serve }, { withIntents }, doors, sideDoors] = await Promise.all([
    import('./sandbox/world.ts'),
    import('./sandbox/start.ts'),
    import('./server/host.ts'),
    import('./sandbox/intents.ts'),
    allDoors(rateLimitHeaders, toolSets),
    allSideDoors(),
  ]);
  const world = createWorld({ data, clock: { kind: clock }, switches, ...(snapshot === undefined ? {} : { snapshot: snapshot as never }) });
  const playing = Object.entries(sideDoors).map(([name, door]): readonly [string, SideDoor] => [
    name,
    { ...door, open: (host) => door.open({ ...host, executor: withIntents(closeApp, host.executor) }) },
  ]);
  return start({ world, doors, sideDoors: Object.fromEntries(playing), serve, port, user });
}

/** Every backend's door, still in front of nothing. */
export async function allDoors(
  dialect: SandboxSettings['rateLimitHeaders'] = 'comma',
  toolSets: SandboxSettings['toolSets'] = {},
): Promise<Readonly<Record<string, (host: DoorHost) => Door>>> {
  const stranger = Object.keys(toolSets).find((id) => !Object.hasOwn(BACKENDS, id));
  if (stranger !== undefined) throw noSuchSet(stranger, 'backend', Object.keys(BACKENDS));
  const opened = Object.entries(BACKENDS).map(async ([id, backend]) => {
    const set = toolSets[id];
    if (set !== undefined && !backend.toolSets.includes(set)) throw noSuchSet(id, 'tool set', backend.toolSets);
    return [id, await backend.door({ app: closeApp, ...(set === undefined ? {} : { toolSet: set }) })] as const;
  });
  return { ...Object.fromEntries(await Promise.all(opened)), rest: await BACKENDS.rest.door({ app: closeApp, dialect }) };
}

function noSuchSet(backend: string, what: string, known: readonly string[]): RouterError {
  const next = known.length > 0 ? `There are ${known.join(', ')}.` : 'It has one set of tools only, or none.';
  return new RouterError('configuration', { what: `the sandbox has no such ${what}`, next, backend });
}

/** Every further door, still in front of nothing. */
export async function allSideDoors(): Promise<Readonly<Record<string, SideDoor>>> {
  const opened = Object.entries(SIDE_DOORS).map(async ([name, door]) => [name, await door({ app: closeApp })] as const);
  return Object.fromEntries(await Promise.all(opened));
}

/** The backends and users of a router configuration that leads into the sandbox. */
export function sandboxBackends({ user, backends }: Ready): {
  readonly backends: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly users: Readonly<Record<string, { readonly rest: { readonly api_key: string } }>>;
  readonly default_user: string;
} {
  const { composio, membrane, rest, scalekit } = backends;
  return {
    backends: {
      ...(composio ? { composio: { api_key: composio['apiKey'] ?? '', base_url: composio.url } } : {}),
      ...(membrane
        ? {
            membrane: {
              workspace_key: membrane['workspaceKey'] ?? '',
              workspace_secret: membrane['workspaceSecret'] ?? '',
              base_url: membrane.url,
            },
          }
        : {}),
      ...(scalekit
        ? {
            scalekit: {
              env_url: scalekit.url,
              client_id: scalekit['clientId'] ?? '',
              client_secret: scalekit['clientSecret'] ?? '',
              connector: scalekit['connector'] ?? '',
            },
          }
        : {}),
      ...(rest ? { rest: { base_url: rest.url } } : {}),
    },
    users: { [user]: { rest: { api_key: rest?.['apiKey'] ?? '' } } },
    default_user: user,
  };
}
