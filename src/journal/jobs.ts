import { createHash } from 'node:crypto';
import { PgBoss } from 'pg-boss';
import type { Job, Jobs } from '../contract/bulk.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import { postgresFailure } from './postgres-failure.ts';

/** The queue's tables, beside the journal's and whatever else the database holds. Queues are named after runs, which are unique. */
const SCHEMA = 'skillrouter_jobs';
const MOST_CONNECTIONS = 4;
/** A job comes back as often as its worker dies; how often a row is tried is not the queue's to say. */
const ALWAYS = 10_000;
const AGAIN_SECONDS = 1;
const TAKING_MS = 3000;

/** Jobs on the journal's PostgreSQL server. Makes its tables with its first use. */
export function jobsOn(url: string, name: string): Jobs {
  const boss = starter(url);
  const use = async <Result>(work: (queue: PgBoss) => Promise<Result>): Promise<Result> => {
    try {
      return await work(await boss.get());
    } catch (error) {
      throw postgresFailure(name, error);
    }
  };
  return {
    open: (run, holdMs) =>
      use((queue) => queue.createQueue(run, { expireInSeconds: Math.ceil(holdMs / 1000), retryLimit: ALWAYS, retryDelay: AGAIN_SECONDS })),
    add: (run, rows) =>
      use(
        async (queue) =>
          void (await queue.insert(
            run,
            rows.map(({ line, input }) => ({ id: jobId(run, line), data: { line, input } })),
          )),
      ),
    fetch: (run) =>
      use((queue) =>
        inQueue(queue, run, async () => {
          const [job] = await queue.fetch(run);
          return job && jobOf(job);
        }),
      ),
    done: (run, job) => use((queue) => inQueue(queue, run, async () => void (await queue.deleteJob(run, job)))),
    back: (run, job) => use((queue) => inQueue(queue, run, async () => void (await queue.fail(run, job)))),
    recover: (run, held) =>
      use((queue) =>
        inQueue(queue, run, async () => {
          await queue.supervise(run);
          const jobs = await queue.findJobs(run);
          const left = jobs.filter(({ state, startedOn, data }) => state === 'active' && isOld(startedOn) && !held.has(lineOf(data)));
          if (left.length > 0)
            await queue.fail(
              run,
              left.map(({ id }) => id),
            );
        }),
      ),
    drop: (run) => use((queue) => inQueue(queue, run, () => queue.deleteQueue(run))),
    close: boss.close,
  };
}

/** A run that somebody else has finished has no queue any more. */
async function inQueue<Result>(queue: PgBoss, run: string, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if ((await queue.getQueue(run)) === null) return undefined;
    throw error;
  }
}

function starter(url: string): { readonly get: () => Promise<PgBoss>; readonly close: () => Promise<void> } {
  let started: Promise<PgBoss> | undefined;
  const get = async (): Promise<PgBoss> => {
    try {
      started ??= start(url);
      return await started;
    } catch (error) {
      started = undefined;
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    const queue = await started?.catch(() => undefined);
    started = undefined;
    await queue?.stop({ graceful: false });
  };
  return { get, close };
}

/** Workers look after the queues they work on (`recover`), so that no timer keeps an idle process alive. */
async function start(url: string): Promise<PgBoss> {
  const queue = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: MOST_CONNECTIONS,
    application_name: 'skillrouter jobs',
    supervise: false,
    schedule: false,
    monitorIntervalSeconds: 1,
  });
  // What goes wrong comes back with the call that it concerns; unheard, it would end the process.
  queue.on('error', () => undefined);
  return queue.start();
}

/** The same row is the same job, whoever adds it. */
function jobId(run: string, line: number): string {
  const hex = createHash('sha256').update(`${run}:${line}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Old enough for its worker to have taken the row; being wrong costs a fetch, and no row is worked on twice. */
function isOld(startedOn: Date): boolean {
  return Date.now() - startedOn.getTime() > TAKING_MS;
}

function lineOf(data: unknown): number {
  return isObject(data) && typeof data['line'] === 'number' ? data['line'] : 0;
}

function jobOf({ id, data }: { readonly id: string; readonly data: unknown }): Job {
  if (!isObject(data) || typeof data['line'] !== 'number' || !isObject(data['input']))
    throw new TypeError('the queue holds a job that is no row');
  return { id, line: data['line'], input: data['input'] satisfies JsonObject };
}
