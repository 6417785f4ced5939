/** `kill -9` between any two steps of a write under an idempotency key, and a second process with the same key. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { stringAt } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { openCore } from '../../src/core.ts';
import { USER } from '../contract/clients.ts';
import { configFor, type Name } from '../contract/rig.ts';
import { useScratch } from '../support/scratch.ts';
import { effectsOf, KNOWN, openStage, SETTLE_MS, type Stage, strike, WRITE_LIST } from './stage.ts';
import type { Job, Step } from './worker.ts';

const TASK = { lead_id: KNOWN['lead'], text: 'Call back after the crash' };
const KEY = 'order-4711';
const BACKENDS: readonly Name[] = ['rest', 'composio'];
const scratch = useScratch();

const CRASHES: readonly { readonly when: string; readonly dieAt: Step; readonly lose?: 'after'; readonly done: boolean }[] = [
  { when: 'the key was taken', dieAt: 'taken', done: false },
  { when: 'it was noted that something is about to be sent', dieAt: 'marked', done: false },
  { when: 'the app had answered', dieAt: 'answered', done: true },
  { when: 'the object was noted as its work', dieAt: 'claimed', done: true },
  { when: 'the result was kept', dieAt: 'settled', done: true },
  { when: 'the call was recorded', dieAt: 'recorded', done: true },
  { when: 'the object of a lost answer was found', dieAt: 'found', lose: 'after', done: true },
  { when: 'the object of a lost answer was noted as its work', dieAt: 'claimed', lose: 'after', done: true },
];

const WIRE = { reset: { kind: 'reset' }, hang: { kind: 'hang' } } as const;

describe.each(BACKENDS)('a process that writes over %s', (backend) => {
  it.each(CRASHES)('is killed after $when: a second one with the same key gives the one result', async ({ dieAt, lose, done }) => {
    await using stage = await openStage(backend);
    if (lose) strike(stage, taskCreate(), { wire: { when: lose, ...WIRE.reset } });
    const config = configOf(stage);
    const first = start({ ...job(config), dieAt });
    const [, signal]: unknown[] = await once(first, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(tasksOf(stage)).toHaveLength(done ? 1 : 0);
    expect(await second(config)).toMatchObject({ ok: true, data: { id: expect.stringMatching(/^task_/) } });
    expect(tasksOf(stage)).toHaveLength(1);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('is killed while it waits for the answer, %s the app did it: a second one with the same key finds out', async (when, effects) => {
    await using stage = await openStage(backend);
    strike(stage, taskCreate(), { wire: { when, ...WIRE.hang } });
    const config = configOf(stage);
    const first = start(job(config));
    const exit = once(first, 'exit');
    while (!stage.sandbox.requests().some(({ fault }) => fault === `${when} hang`)) await sleep(5);
    first.kill('SIGKILL');
    await exit;
    expect(tasksOf(stage)).toHaveLength(effects);
    const report = await second(config);
    expect(report).toMatchObject({ ok: true, ...(when === 'after' ? { receipt: { confirmed: 'present' } } : {}) });
    const [task] = tasksOf(stage);
    expect(task?.ids).toContain(report.ok && stringAt(report.data, 'id'));
    expect(tasksOf(stage)).toHaveLength(1);
  });
});

it('two processes with the same key at the same time share one write', async () => {
  await using stage = await openStage('rest');
  const config = configOf(stage);
  const reports = await Promise.all([1, 2, 3].map(() => printed(start(job(config)))));
  const ids = reports.map((report) => (report.ok ? stringAt(report.data, 'id') : report.error.message));
  expect(tasksOf(stage)).toHaveLength(1);
  expect(new Set(ids)).toEqual(new Set([tasksOf(stage)[0]?.ids[0]]));
});

function taskCreate() {
  const found = WRITE_LIST.find(({ operation }) => operation.id === 'task.create');
  if (!found) throw new Error('no task.create');
  return found.operation;
}

function configOf({ backend, sandbox }: Stage): Config {
  return { ...configFor(backend, sandbox.ready.backends[backend] ?? { url: '' }), store: join(scratch(), 'journal.db') };
}

function job(config: Config): Job {
  return { config, settleMs: SETTLE_MS, operation: 'close.task.create', input: TASK, key: KEY, user: USER, timeoutMs: 20_000 };
}

function start(work: Job) {
  const script = join(import.meta.dirname, 'worker.ts');
  return spawn(process.execPath, [script, JSON.stringify(work)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function printed(child: ReturnType<typeof start>): Promise<RunReport> {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return JSON.parse(Buffer.concat(chunks).toString()) as RunReport; // what the worker prints
}

async function second(config: Config): Promise<RunReport> {
  await using core = await openCore(config, { settleMs: SETTLE_MS });
  return await core.router.run('close.task.create', TASK, { user: USER, idempotencyKey: KEY, timeoutMs: 20_000 });
}

function tasksOf({ world }: Stage) {
  return effectsOf(world).filter(({ operation }) => operation === 'close.task.create');
}
