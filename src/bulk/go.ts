import type { BulkEffort, BulkReport, BulkRun, Jobs } from '../contract/bulk.ts';
import { isRouterError } from '../contract/errors.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { Crew } from './crew.ts';
import { dropSpooled } from './input.ts';
import type { BulkParts } from './parts.ts';
import { close, reportOf } from './report.ts';
import { heldLines, holdMs, workOn } from './row.ts';
import { rowsOf } from './rows.ts';
import { enqueue, fileTasks, queueTasks } from './tasks.ts';
import type { TextFile } from './text.ts';
import { Watch } from './watch.ts';

const LOOK_MS = 400;

/** A run that goes on, with the file unless nobody needs it any more. */
export interface Going {
  readonly run: BulkRun;
  readonly entry: Operation | Intent;
  readonly file: TextFile | undefined;
}

/** Works on a run until its last row is settled or it halts, and tells how far it got. */
export async function go(parts: BulkParts, going: Going, effort: BulkEffort): Promise<BulkReport> {
  const { run } = going;
  const begun = parts.elapsed();
  const watch = new Watch(parts, run, effort);
  const crew = new Crew(parts, effort);
  const jobs = await parts.jobs?.();
  try {
    await watch.begin();
    const over = new AbortController();
    const followed = follow(parts, run, { watch, crew, over: over.signal });
    await labour(parts, going, { effort, watch, crew, jobs }).finally(() => over.abort());
    await followed;
    await watch.end();
    const end = await close(parts, run, crew.halted);
    if (end.state === 'done') await tidy(run, jobs);
    const error = crew.halted?.kind === 'error' ? crew.halted.error : undefined;
    return await reportOf(parts, { ...run, ...end }, { begun, ...(error === undefined ? {} : { error }) });
  } finally {
    await jobs?.close();
  }
}

interface Means {
  readonly effort: BulkEffort;
  readonly watch: Watch;
  readonly crew: Crew;
  readonly jobs: Jobs | undefined;
}

async function labour(parts: BulkParts, going: Going, means: Means): Promise<void> {
  const { crew, jobs } = means;
  await haltingAt(crew, () => (jobs === undefined ? overFile(parts, going, means) : overQueue(parts, going, { ...means, jobs })));
}

/** What goes wrong for everybody ends the run; rows that were begun are finished. */
async function haltingAt(crew: Crew, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRouterError(error)) throw error;
    crew.halt({ kind: 'error', error });
  }
}

async function overFile(parts: BulkParts, { run, entry, file }: Going, { watch, crew }: Means): Promise<void> {
  if (file === undefined) return;
  const tasks = fileTasks(rowsOf(file, run.format, entry), watch.finished, crew);
  await crew.work(tasks, (task) => workOn(parts, run, crew, task));
}

/** The file goes into the queue while the first rows are worked on already, here and wherever workers run. */
async function overQueue(parts: BulkParts, { run, entry, file }: Going, means: Means & { readonly jobs: Jobs }): Promise<void> {
  const { watch, crew, jobs } = means;
  await jobs.open(run.id, holdMs(run));
  const load = async (): Promise<void> => {
    if (file === undefined) return;
    const rows = rowsOf(file, run.format, entry);
    if (await enqueue(rows, { jobs, run, finished: watch.finished, crew })) await parts.book.loaded(run.id);
  };
  const tasks = queueTasks(
    { jobs, run, crew, elapsed: parts.elapsed },
    { isOver: async () => watch.isOver, held: () => heldLines(parts, run) },
  );
  await Promise.all([haltingAt(crew, load), crew.work(tasks, (task) => workOn(parts, run, crew, task))]);
}

/** Tells how far the run is, and hears when somebody else stops it. */
async function follow(
  parts: BulkParts,
  run: BulkRun,
  { watch, crew, over }: { readonly watch: Watch; readonly crew: Crew; readonly over: AbortSignal },
): Promise<void> {
  while (!over.aborted) {
    await parts.pause(LOOK_MS, over).catch(() => undefined);
    await haltingAt(crew, async () => {
      await watch.look();
      const now = await parts.book.run(run.id);
      if (now?.state === 'stopped') crew.halt({ kind: 'interrupted' });
    });
  }
}

/** Nobody needs the rows' content any more. */
async function tidy(run: BulkRun, jobs: Jobs | undefined): Promise<void> {
  await jobs?.drop(run.id);
  if (run.spooled) await dropSpooled(run.file);
}
