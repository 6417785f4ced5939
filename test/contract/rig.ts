import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { BackendSettings, Config, UserSettings } from '../../src/config/config.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Door, DoorHost } from '../../src/contract/door.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';
import type { CanonicalCall, Outcome } from '../../src/contract/executor.ts';
import type { Receipt } from '../../src/contract/receipt.ts';
import { type Core, openCore } from '../../src/core.ts';
import { type Sandbox, type SandboxWorld, startSandbox } from '../../src/sandbox/start.ts';
import type { World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { type Serving, startServing } from '../../src/server/serving.ts';
import { CLIENTS, type Client, type Ready, USER } from './clients.ts';

export type Name = keyof typeof BACKENDS;

export const NAMES: readonly Name[] = Object.keys(BACKENDS).filter((name): name is Name => name in BACKENDS);

/** A world that can be exchanged for another, and counts who asks it. */
export interface Stage extends SandboxWorld {
  current: World;
  calls: CanonicalCall[];
}

export function stageOf(world: World): Stage {
  return {
    current: world,
    calls: [],
    keys() {
      return this.current.keys();
    },
    run(call, actor): Outcome {
      this.calls.push(call);
      return this.current.run(call, actor);
    },
    now() {
      return this.current.now();
    },
    advance(ms) {
      this.current.advance(ms);
    },
    snapshot() {
      return this.current.snapshot();
    },
  };
}

/** Time in which nobody sits out a wait: it passes at once. */
function hurried(): { elapsed: () => number; pause: (ms: number) => Promise<void> } {
  let skippedMs = 0;
  return {
    elapsed: () => performance.now() + skippedMs,
    pause: async (ms) => {
      skippedMs += ms;
    },
  };
}

/** A router that has one backend: the sandbox's. */
export interface Adapted extends AsyncDisposable {
  readonly adapter: Name;
  readonly stage: Stage;
  readonly sandbox: Sandbox<Stage>;
  readonly core: Core;
  /** The connection that the user has from the start. */
  readonly connection: string;
}

export async function adapt(adapter: Name, world: World): Promise<Adapted> {
  const stage = stageOf(world);
  const sandbox = await startSandbox({ world: stage, doors: { [adapter]: await doorOf(adapter) }, serve, user: USER });
  const core = await openCore(configFor(adapter, sandbox.ready.backends[adapter] ?? { url: '' }), hurried());
  const [connection] = await sandbox.connections(adapter);
  const close = async (): Promise<void> => {
    await core.close();
    await sandbox.close();
  };
  return { adapter, stage, sandbox, core, connection: connection?.id ?? '', [Symbol.asyncDispose]: close };
}

/** Door `door` in front of a router that has only `adapter`, and the door's own client. */
export interface Pair extends Adapted {
  readonly door: Name;
  readonly serving: Serving;
  readonly client: Client;
  /** Of the door. */
  readonly binding: Binding;
  /** What the router wrote down, oldest first. */
  readonly receipts: Receipt[];
  /** How its calls ended, oldest first. */
  readonly codes: ('ok' | ErrorCode)[];
}

export async function openPair(door: Name, adapter: Name, world: World): Promise<Pair> {
  const adapted = await adapt(adapter, world);
  const { core } = adapted;
  const receipts: Receipt[] = [];
  const codes: Pair['codes'] = [];
  const { behind, router } = core;
  const serving = await startServing({
    doors: { [door]: await doorOf(door) },
    serve,
    port: 0,
    app: closeApp.id,
    executor: {
      run: async (call, context) => {
        const outcome = await behind.executor.run(call, context);
        if (outcome.receipt) receipts.push(outcome.receipt);
        codes.push(outcome.ok ? 'ok' : outcome.error.code);
        return outcome;
      },
    },
    connections: {
      recent: behind.recent,
      refresh: (query) => router.connections.list(query),
      connect: (query) => router.connections.connect(query),
    },
    linking: behind.linking,
    keys: {},
    user: USER,
    users: [USER],
    now: () => new Date(),
  });
  const open = CLIENTS[door];
  if (!open) throw new Error(`${door} has no client in test/contract/clients.ts`);
  const [client, bindings] = await Promise.all([open(serving.ready.backends[door] ?? { url: '' }), BACKENDS[door].bindings()]);
  const binding = bindings.find(({ app }) => app === closeApp.id);
  if (!binding) throw new Error(`${door} has no binding`);
  const close = async (): Promise<void> => {
    await serving.close();
    await adapted[Symbol.asyncDispose]();
  };
  return { ...adapted, door, serving, client, binding, receipts, codes, [Symbol.asyncDispose]: close };
}

function doorOf(name: Name): Promise<(host: DoorHost) => Door> {
  return BACKENDS[name].door({ app: closeApp });
}

/** The sandbox's backend as a user configures the real one. */
export function configFor(name: Name, ready: Ready): Config {
  const { backend, user } = sectionsFor(name, ready);
  return {
    backends: { [name]: backend },
    users: { [USER]: user },
    defaultUser: USER,
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    store: ':memory:',
  };
}

function sectionsFor(
  name: string,
  { url, ...shown }: Ready,
): { readonly backend: BackendSettings; readonly user: Readonly<Record<string, UserSettings>> } {
  switch (name) {
    case 'rest':
      return { backend: { base_url: url }, user: { rest: { api_key: shown['apiKey'] ?? '' } } };
    case 'composio':
      return { backend: { api_key: shown['apiKey'] ?? '', base_url: url }, user: {} };
    case 'membrane':
      return {
        backend: {
          workspace_key: shown['workspaceKey'] ?? '',
          workspace_secret: shown['workspaceSecret'] ?? '',
          integration: 'close',
          base_url: url,
        },
        user: {},
      };
    case 'scalekit':
      return {
        backend: {
          env_url: url,
          client_id: shown['clientId'] ?? '',
          client_secret: shown['clientSecret'] ?? '',
          connector: shown['connector'] ?? 'close',
        },
        user: {},
      };
    default:
      throw new Error(`test/contract/rig.ts does not know how ${name} is configured`);
  }
}
