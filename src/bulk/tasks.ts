import type { BulkRun, Job, Jobs } from '../contract/bulk.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Crew, Task } from './crew.ts';
import type { Lines } from './lines.ts';
import type { Row } from './rows.ts';

const AGAIN_MS = 500;
const RECOVER_MS = 2000;
const BATCH = 500;
/** So many rows of others are remembered before it is looked which are done. */
const MOST_HELD = 1000;

/** The rows of a file that need work, in its order; those that another process holds come again at the end. */
export async function* fileTasks(
  rows: AsyncGenerator<Row, void, undefined>,
  finished: Lines,
  crew: Crew,
): AsyncGenerator<Task, void, undefined> {
  const held = new Map<number, JsonObject>();
  const taskOf = (line: number, input: JsonObject): Task => ({
    line,
    input,
    ended: async (how) => {
      if (how === 'held') held.set(line, input);
      else held.delete(line);
      if (held.size > MOST_HELD) prune(held, finished);
    },
  });
  for await (const row of rows) if (row.problem === undefined && !finished.has(row.line)) yield taskOf(row.line, row.input);
  while (held.size > 0 || crew.busy.size > 0) {
    await crew.pause(AGAIN_MS);
    if (crew.halted) return;
    prune(held, finished);
    for (const [line, input] of [...held]) yield taskOf(line, input);
  }
}

function prune(held: Map<number, JsonObject>, finished: Lines): void {
  for (const line of held.keys()) if (finished.has(line)) held.delete(line);
}

/** Puts a file's rows that need work into the queue. False: the run halted before the last. */
export async function enqueue(
  rows: AsyncGenerator<Row, void, undefined>,
  { jobs, run, finished, crew }: { readonly jobs: Jobs; readonly run: BulkRun; readonly finished: Lines; readonly crew: Crew },
): Promise<boolean> {
  let batch: { readonly line: number; readonly input: JsonObject }[] = [];
  for await (const row of rows) {
    if (row.problem === undefined && !finished.has(row.line)) batch.push({ line: row.line, input: row.input });
    if (batch.length < BATCH) continue;
    await jobs.add(run.id, batch);
    batch = [];
    if (crew.halted) return false;
  }
  if (batch.length > 0) await jobs.add(run.id, batch);
  return true;
}

/**
 * Rows from the queue, until `isOver` says that there will be no more. One at a time: what a process fetched and did not begin
 * would be kept from the others for as long as a call may take, if it died.
 */
export async function* queueTasks(
  {
    jobs,
    run,
    crew,
    elapsed,
  }: {
    readonly jobs: Jobs;
    readonly run: BulkRun;
    readonly crew: Crew;
    readonly elapsed: () => number;
  },
  { isOver, held }: { readonly isOver: () => Promise<boolean>; readonly held: () => Promise<ReadonlySet<number>> },
): AsyncGenerator<Task, void, undefined> {
  let recovered = elapsed();
  while (!crew.halted) {
    const job = await jobs.fetch(run.id);
    if (job) yield taskFor(jobs, run, job);
    else if (await isOver()) return;
    if (job) continue;
    if (elapsed() - recovered > RECOVER_MS) {
      recovered = elapsed();
      await jobs.recover(run.id, await held());
    }
    await crew.pause(AGAIN_MS);
  }
}

function taskFor(jobs: Jobs, run: BulkRun, { id, line, input }: Job): Task {
  return { line, input, ended: (how) => (how === 'settled' ? jobs.done(run.id, id) : jobs.back(run.id, id)) };
}
