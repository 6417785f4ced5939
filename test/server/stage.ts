import { afterEach } from 'vitest';
import { BACKENDS, SIDE_DOORS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Config } from '../../src/config/config.ts';
import { type Core, openCore } from '../../src/core.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { type Serving, startServing } from '../../src/server/serving.ts';
import { configFor, NAMES, type Name } from '../contract/rig.ts';

export const ADA_KEY = 'door-key-of-ada-0123456789';
export const ANY_KEY = 'door-key-of-the-project-0123456789';

export interface Opened {
  readonly world: World;
  readonly sandbox: Sandbox<World>;
  readonly core: Core;
  readonly serving: Serving;
  at(door: Name): string;
}

const open: Opened[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.serving.close();
    await one.core.close();
    await one.sandbox.close();
  }
});

async function doorsOf(names: readonly Name[]) {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await BACKENDS[name].door({ app: closeApp })] as const)));
}

/** All doors in front of a router that has these backends, in order of preference. */
export async function openDoors(
  backends: readonly Name[],
  options: { readonly keys?: Readonly<Record<string, readonly string[]>>; readonly policy?: Partial<Config['policy']> } = {},
): Promise<Opened> {
  const { keys = { ada: [ADA_KEY], '*': [ANY_KEY] }, policy = {} } = options;
  const world = createWorld({ switches: { rateLimits: false } });
  const sandbox = await startSandbox({ world, doors: await doorsOf(backends), serve });
  const configs = backends.map((name) => configFor(name, sandbox.ready.backends[name] ?? { url: '' }));
  const [first] = configs;
  if (!first) throw new Error('at least one backend');
  const config: Config = {
    ...first,
    backends: Object.assign({}, ...configs.map((one) => one.backends)),
    users: { ada: Object.assign({}, ...configs.map(({ users }) => users['ada'])) },
    policy: { ...first.policy, prefer: backends, ...policy },
  };
  const core = await openCore(config);
  const { behind, router } = core;
  const serving = await startServing({
    doors: await doorsOf(NAMES),
    sideDoors: { rube: await SIDE_DOORS.rube({ app: closeApp }) },
    serve,
    port: 0,
    app: 'close',
    executor: behind.executor,
    connections: {
      recent: behind.recent,
      refresh: (query) => router.connections.list(query),
      connect: (query) => router.connections.connect(query),
    },
    linking: behind.linking,
    keys,
    user: 'ada',
    users: ['ada'],
    now: () => new Date(),
  });
  const opened = { world, sandbox, core, serving, at: (door: Name) => serving.ready.backends[door]?.url ?? '' };
  open.push(opened);
  return opened;
}
