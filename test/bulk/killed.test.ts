/** Bulk runs whose processes are killed, doubled and resumed: by the app's own ledger, every row exactly once. */
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/journal.ts';
import { type Place, POSTGRES, STORES } from '../support/stores.ts';
import type { BulkJob, Step } from './bulk-process.ts';
import { csvOf, ended, namesOf, openStage, SETTLE_MS, type Stage, start } from './stage.ts';

const ROWS = 30;
const STEPS: readonly [Step, ...Step[]] = ['taken', 'marked', 'answered', 'settled'];
/** Several processes after each other, on a machine that may have other things to do. */
const PATIENCE_MS = 120_000;

describe.each(STORES)('on $store', { concurrent: true, timeout: PATIENCE_MS }, ({ missing, place }) => {
  it.skipIf(missing)(
    'a process is killed when a row is taken, the next when one is marked, answered, settled: two more share the rest, and no row is repeated or left out',
    async () => {
      await using where = await place();
      await using stage = await openStage({ store: where.path, only: 'rest' });
      const [first, ...others] = STEPS;
      await expectKilled(stage, { ...begin(stage), dieAt: { step: first, nth: 6 } });
      const id = await onlyRun(where);
      for (const step of others) await expectKilled(stage, { ...resume(stage, id), dieAt: { step, nth: 4 } });
      const both = await Promise.all([1, 2].map(() => ended(start(resume(stage, id)))));
      for (const { report } of both)
        expect(report).toMatchObject({ ok: true, state: 'done', rows: ROWS, done: ROWS, failed: 0, unknown: 0, left: 0 });
      expect(stage.leads()).toEqual(namesOf(ROWS));
    },
  );
});

describe(`workers on ${POSTGRES.store}`, { concurrent: true, timeout: PATIENCE_MS }, () => {
  it.skipIf(POSTGRES.missing)(
    'take the rows of a run whose process was killed; one is killed holding a row, the others finish it',
    async () => {
      await using where = await POSTGRES.place();
      await using stage = await openStage({ store: where.path, only: 'rest' });
      await expectKilled(stage, { ...begin(stage), dieAt: { step: 'answered', nth: 3 } });
      const id = await onlyRun(where);
      await expectKilled(stage, { ...work(stage), dieAt: { step: 'marked', nth: 4 } });
      const others = await Promise.all([1, 2].map(() => ended(start(work(stage)))));
      expect(others.map(({ signal }) => signal)).toEqual([null, null]);
      expect(stage.leads()).toEqual(namesOf(ROWS));
      await using journal = closing(openJournal({ path: where.path }));
      expect(await journal.bulk.run(id)).toMatchObject({ state: 'done' });
    },
  );
});

/** It died in the middle of the run, and up to then nothing was done twice. */
async function expectKilled(stage: Stage, job: BulkJob): Promise<void> {
  expect((await ended(start(job))).signal).toBe('SIGKILL');
  const made = stage.leads();
  expect(made.length).toBeLessThan(ROWS);
  expect(new Set(made).size).toBe(made.length);
}

function begin(stage: Stage): BulkJob {
  // A queue leaves a row to a dead worker for as long as a call may take, and then some: here that has to be short.
  return { ...common(stage), task: { input: stage.file('leads.csv', csvOf(ROWS)), timeoutMs: 3000 } };
}

function resume(stage: Stage, id: string): BulkJob {
  return { ...common(stage), task: { resume: id } };
}

function work(stage: Stage): BulkJob {
  return { ...common(stage), task: 'work' };
}

function common({ config, folder }: Stage): Pick<BulkJob, 'config' | 'folder' | 'settleMs' | 'concurrency'> {
  return { config, folder, settleMs: SETTLE_MS, concurrency: 3 };
}

async function onlyRun({ path }: Place): Promise<string> {
  await using journal = closing(openJournal({ path }));
  const runs = await journal.bulk.runs(10);
  expect(runs).toHaveLength(1);
  return runs[0]?.id ?? '';
}

function closing<Closable extends { close(): Promise<void> }>(closable: Closable): Closable & AsyncDisposable {
  return Object.assign(closable, { [Symbol.asyncDispose]: () => closable.close() });
}
