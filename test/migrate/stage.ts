import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../src/config/config.ts';
import { type Core, openCore } from '../../src/core.ts';
import type { Switching } from '../../src/migrate/switching.ts';
import { type Sandbox, type SandboxSettings, sandboxBackends, startSandbox } from '../../src/sandbox.ts';
import { openSwitching } from '../../src/switching.ts';

export const PAIR = { from: 'composio', to: 'scalekit' } as const;
export const LIMITS = { errors: 0.05, differences: 0.02 };

/** How old may be what a process knows of the rulings, with some room for a busy machine. */
export const FOLLOWS_MS = 1000;

export interface Stage extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** Routers that share one store, each as a process of its own would be. */
  readonly replicas: readonly Core[];
  readonly users: readonly string[];
  readonly operator: (name?: string) => Switching;
  /** Runs one call of a user through a replica. */
  run(user: string, operation: string, input: object, replica?: number): ReturnType<Core['router']['run']>;
}

export interface StageOptions {
  readonly store: string;
  readonly users: readonly string[];
  /** Those without a connection on the target. */
  readonly stay?: readonly string[];
  readonly replicas?: number;
  readonly config?: Partial<Config>;
  readonly sandbox?: SandboxSettings;
}

/**
 * Users who are connected over Composio and Scalekit to one account of a Close in memory, and routers that prefer Composio. Its clock
 * is the real one: the virtual one goes 50 ms ahead with every call, so that with many at a time what was just written looks old, and
 * a write whose answer was lost is not found again.
 */
export async function openStage({
  store,
  users,
  stay = [],
  replicas = 1,
  config = {},
  sandbox: settings = {},
}: StageOptions): Promise<Stage> {
  const sandbox = await startSandbox({ user: 'nobody-in-particular', clock: 'real', switches: { rateLimits: false }, ...settings });
  for (const user of users) {
    sandbox.connect(PAIR.from, user);
    if (!stay.includes(user)) sandbox.connect(PAIR.to, user);
  }
  const { composio, scalekit } = sandboxBackends(sandbox.ready).backends;
  const whole: Config = {
    backends: { composio: composio ?? {}, scalekit: scalekit ?? {} },
    users: Object.fromEntries(users.map((user) => [user, {}])),
    defaultUser: users[0] ?? 'ada',
    policy: { prefer: ['composio', 'scalekit'], pin: {}, deny: [], ask: [], account: 'user' },
    store,
    ...config,
  };
  const cores = await Promise.all(Array.from({ length: replicas }, () => openCore(whole, { settleMs: 200 })));
  const [first] = cores;
  if (!first) throw new Error('at least one replica');
  return {
    sandbox,
    replicas: cores,
    users,
    operator: (name = 'ada') => openSwitching(first, { app: 'close', operator: name }),
    run: (user, operation, input, replica = 0) => (cores[replica] ?? first).router.run(operation, { ...input }, { user }),
    [Symbol.asyncDispose]: async () => {
      for (const core of cores) await core.close();
      await sandbox.close();
    },
  };
}

/** The backend that carried a call; an error otherwise. */
export function carrierOf(report: Awaited<ReturnType<Stage['run']>>): string {
  if (!report.ok) return report.error.code;
  return report.receipt.route?.backend ?? 'none';
}

/** Lets every process hear of what was ruled. */
export function followed(): Promise<void> {
  return sleep(FOLLOWS_MS);
}
