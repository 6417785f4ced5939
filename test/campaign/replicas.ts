import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { openCore } from '../../src/core.ts';
import type { RunOptions } from '../../src/router/router.ts';

export interface Order {
  readonly operation: string;
  readonly input: JsonObject;
  readonly options: Pick<RunOptions, 'user' | 'timeoutMs' | 'idempotencyKey' | 'approved'>;
}

/** One router on the shared store. */
export interface Replica {
  /** undefined: the process died before it answered. */
  run(order: Order): Promise<RunReport | undefined>;
  /** kill -9, where it is a process of its own. */
  kill(): void;
  close(): Promise<void>;
}

export interface ReplicaSettings {
  readonly config: Config;
  readonly settleMs: number;
}

export async function inProcess({ config, settleMs }: ReplicaSettings): Promise<Replica> {
  const core = await openCore(config, { settleMs });
  return {
    run: ({ operation, input, options }) => core.router.run(operation, input, options),
    kill: () => undefined,
    close: () => core.close(),
  };
}

interface Running {
  readonly child: ChildProcess;
  /** Who waits for the answer to which order. */
  readonly waiting: Map<number, (report: RunReport | undefined) => void>;
}

function start(settings: ReplicaSettings, onExit: (running: Running) => void): Running {
  const child = fork(fileURLToPath(new URL('./replica-process.ts', import.meta.url)), [JSON.stringify(settings)]);
  const running: Running = { child, waiting: new Map() };
  child.on('message', (message) => {
    const { id, report } = message as { readonly id: number; readonly report: RunReport }; // what replica-process.ts sends
    running.waiting.get(id)?.(report);
    running.waiting.delete(id);
  });
  child.once('exit', () => {
    for (const answer of running.waiting.values()) answer(undefined);
    onExit(running);
  });
  return running;
}

/** A router in a process of its own, started again when it is needed after it was killed. */
export function ownProcess(settings: ReplicaSettings): Replica {
  let running: Running | undefined;
  let orders = 0;
  const forget = (gone: Running): void => {
    if (running === gone) running = undefined;
  };
  return {
    run: (order) =>
      new Promise((resolve) => {
        running ??= start(settings, forget);
        const id = ++orders;
        running.waiting.set(id, resolve);
        // One that is just dying takes nothing any more; its exit answers.
        running.child.send({ id, order }, () => undefined);
      }),
    kill: () => {
      running?.child.kill('SIGKILL');
      running = undefined;
    },
    close: async () => {
      const last = running?.child;
      if (!last) return;
      const exit = once(last, 'exit');
      last.disconnect();
      await exit;
    },
  };
}
