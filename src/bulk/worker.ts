import type { BulkEffort, BulkRun, Jobs } from '../contract/bulk.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import { Crew } from './crew.ts';
import type { BulkParts } from './parts.ts';
import { close, tallyOf } from './report.ts';
import { heldLines, workOn } from './row.ts';
import { queueTasks } from './tasks.ts';

const LOOK_MS = 500;
const MOST_RUNS = 100;
/** A server that restarts is back in a moment. */
const DOWN_MS = 2000;

/** Works on every run of the store, each with its own crew; runs come and go meanwhile. */
export async function lookAfter(parts: BulkParts, effort: BulkEffort, { untilIdle }: { readonly untilIdle: boolean }): Promise<void> {
  const jobs = await parts.jobs?.();
  if (jobs === undefined) throw oneMachine();
  const working = new Map<string, Working>();
  try {
    while (!effort.stop.aborted) {
      const runs = await running(parts, effort);
      // Somebody stopped it, or brought it to its end.
      for (const [id, { crew }] of working) if (!runs.some((run) => run.id === id)) crew.halt({ kind: 'interrupted' });
      for (const run of runs.filter(({ id }) => !working.has(id))) {
        const crew = new Crew(parts, effort);
        const ended = workOnRun(parts, jobs, run, { crew, effort }).finally(() => working.delete(run.id));
        ended.catch(() => undefined); // heard below, when all have ended
        working.set(run.id, { crew, ended });
      }
      if (untilIdle && runs.length === 0 && working.size === 0) return;
      await parts.pause(LOOK_MS, effort.stop).catch(() => undefined);
    }
  } finally {
    for (const { crew } of working.values()) crew.halt({ kind: 'interrupted' });
    await Promise.allSettled([...working.values()].map(({ ended }) => ended));
    await jobs.close();
  }
}

interface Working {
  readonly crew: Crew;
  readonly ended: Promise<void>;
}

interface Hands {
  readonly crew: Crew;
  readonly effort: BulkEffort;
}

/** Runs that somebody wants done. Without the store there is nothing to do but wait for it. */
async function running({ book, pause }: BulkParts, { stop, listener }: BulkEffort): Promise<readonly BulkRun[]> {
  for (;;) {
    try {
      return (await book.runs(MOST_RUNS)).filter(({ state }) => state === 'running');
    } catch (error) {
      if (!isRouterError(error) || error.code !== 'backend_unavailable' || stop.aborted) throw error;
      listener.onNote(error.details.what);
      await pause(DOWN_MS, stop).catch(() => undefined);
    }
  }
}

async function workOnRun(parts: BulkParts, jobs: Jobs, run: BulkRun, { crew, effort }: Hands): Promise<void> {
  effort.listener.onNote(`${run.id}: working on ${run.operation}`);
  const isOverHere = async (): Promise<boolean> => crew.busy.size === 0 && (await isOver(parts, run));
  const tasks = queueTasks({ jobs, run, crew, elapsed: parts.elapsed }, { isOver: isOverHere, held: () => heldLines(parts, run) });
  try {
    await crew.work(tasks, (task) => workOn(parts, run, crew, task));
  } catch (error) {
    if (!isRouterError(error)) throw error;
    effort.listener.onNote(`${run.id}: ${error.message}`);
    return;
  }
  await end(parts, jobs, run, { crew, effort });
}

/** A worker that is stopped leaves the run to the others; one that hears why no row can go stops it for all. */
async function end(parts: BulkParts, jobs: Jobs, run: BulkRun, { crew, effort }: Hands): Promise<void> {
  const { halted } = crew;
  if (halted?.kind === 'error') {
    await parts.book.move(run.id, 'stopped', halted.error.code);
    effort.listener.onNote(`${run.id}: stopped: ${halted.error.message}`);
  } else if (!halted && (await isSettled(parts, run))) {
    const { state } = await close(parts, run, undefined);
    if (state === 'done') await jobs.drop(run.id);
    effort.listener.onNote(`${run.id}: ${state}`);
  }
}

/** Somebody stopped it or brought it to its end, or the last row is settled. */
async function isOver(parts: BulkParts, run: BulkRun): Promise<boolean> {
  const now = await parts.book.run(run.id);
  return now?.state !== 'running' || isSettled(parts, run);
}

async function isSettled({ book }: BulkParts, { id, rows }: BulkRun): Promise<boolean> {
  const { done, failed, unknown } = tallyOf(await book.counts(id));
  return done + failed + unknown >= rows;
}

function oneMachine(): RouterError {
  return new RouterError('configuration', {
    what: 'workers need a store that machines share, and this one is a file',
    next: 'Set `store: postgres://…` or SKILLROUTER_STORE; on one machine "skillrouter bulk --resume <run>" does the work, in several terminals too.',
  });
}
