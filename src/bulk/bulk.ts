import { randomUUID } from 'node:crypto';
import type { App } from '../contract/app.ts';
import type { BulkEffort, BulkReport, BulkRequest, BulkRun, RowProblem } from '../contract/bulk.ts';
import { errorFromJson, RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { find } from '../router/find.ts';
import { type Checked, checkRows } from './check.ts';
import { duplicatesOf } from './duplicates.ts';
import { go } from './go.ts';
import { dropSpooled, type Input, openInput } from './input.ts';
import type { BulkParts } from './parts.ts';
import { MOST_PROBLEMS, reportOf, resumeCommand, unbegun } from './report.ts';
import { rowsOf } from './rows.ts';
import { openText, type TextFile } from './text.ts';
import { lookAfter } from './worker.ts';

const TIMEOUT_MS = 120_000;
const MOST_RUNS = 100;

/** Many calls of one operation, from a file. */
export interface Bulk {
  /** Checks all rows and runs them, unless there is something to correct first. */
  begin(request: BulkRequest, effort: BulkEffort): Promise<BulkReport>;
  /** Goes on where a run stopped. */
  resume(id: string, effort: BulkEffort): Promise<BulkReport>;
  runs(): Promise<readonly BulkReport[]>;
  show(id: string): Promise<BulkReport>;
  /** Works on the rows of all runs on a shared store, until it is stopped, or with `untilIdle` until there are none. */
  work(effort: BulkEffort, options: { readonly untilIdle: boolean }): Promise<void>;
}

export function createBulk(parts: BulkParts): Bulk {
  return {
    begin: (request, effort) => begin(parts, request, effort),
    resume: (id, effort) => resume(parts, id, effort),
    runs: async () => Promise.all((await parts.book.runs(MOST_RUNS)).map((run) => reportOf(parts, run, { begun: parts.elapsed() }))),
    show: async (id) => reportOf(parts, await runNamed(parts, id), { begun: parts.elapsed() }),
    work: (effort, options) => lookAfter(parts, effort, options),
  };
}

async function begin(parts: BulkParts, request: BulkRequest, effort: BulkEffort): Promise<BulkReport> {
  const begun = parts.elapsed();
  const { entry } = await writing(parts.apps, request.operation);
  const input = await openInput(request, parts);
  const id = `bulk_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  let going = false;
  try {
    const hash = await input.file.hash();
    if (!request.again && !request.dryRun) await refuseRepetition(parts, { hash, operation: request.operation, user: request.user });
    const checked = await checkAll(parts, { request, entry, input, id }, effort);
    if (request.dryRun || checked.rows === 0 || (checked.count > 0 && request.onError === 'stop')) {
      return await unsent(parts, request, checked, begun);
    }
    const run = runOf(parts, request, { id, hash, rows: checked.rows, input });
    await parts.book.begin(run);
    going = true;
    return { ...(await go(parts, { run, entry, file: input.file }, effort)), problems: checked.problems, problem_count: checked.count };
  } finally {
    if (!going && input.spooled) await dropSpooled(input.file.path);
  }
}

async function resume(parts: BulkParts, id: string, effort: BulkEffort): Promise<BulkReport> {
  const run = await runNamed(parts, id);
  if (run.state === 'done') return reportOf(parts, run, { begun: parts.elapsed() });
  const { entry } = await writing(parts.apps, run.operation);
  const file = await sameFile(run, parts.jobs !== undefined);
  await parts.book.move(id, 'running');
  return go(parts, { run: { ...run, state: 'running' }, entry, file }, effort);
}

/** The file that the run began with. undefined: it is elsewhere, and all its rows are in the queue. */
async function sameFile(run: BulkRun, queued: boolean): Promise<TextFile | undefined> {
  try {
    const file = await openText(run.file);
    if ((await file.hash()) === run.hash) return file;
  } catch (error) {
    if (queued && run.loaded) return undefined;
    throw error;
  }
  if (queued && run.loaded) return undefined;
  throw new RouterError('invalid_input', {
    operation: run.operation,
    what: `${run.file} is not the file that ${run.id} began with: its content has changed`,
    next: 'Put the old file back to go on with this run, or begin a new run with the rows that are still to be done; nothing was sent.',
  });
}

interface Found extends Omit<Checked, 'problems'> {
  readonly problems: readonly RowProblem[];
  readonly count: number;
}

/** Rows that are not fit to be sent are put on record when the others are run without them. */
async function checkAll(
  parts: BulkParts,
  {
    request,
    entry,
    input,
    id,
  }: { readonly request: BulkRequest; readonly entry: Operation | Intent; readonly input: Input; readonly id: string },
  { concurrency, stop, listener }: BulkEffort,
): Promise<Found> {
  const problems: RowProblem[] = [];
  const skipping = request.onError === 'skip' && !request.dryRun;
  const begun = parts.elapsed();
  const checked = await checkRows(parts, rowsOf(input.file, input.format, entry), request, {
    entry,
    duplicates: duplicatesOf(parts, entry, request, stop),
    // Only a look into the app takes time that others can use.
    concurrency: request.duplicates === 'app' ? concurrency : 1,
    signal: stop,
    onProblem: async (problem) => {
      if (problems.length < MOST_PROBLEMS) problems.push(problem);
      listener.onProblem(problem);
      const { line, code, fields } = problem;
      if (skipping) await parts.book.refuse(id, { line, state: 'failed', code, fields, at: parts.now().toISOString() });
    },
    onRow: (rows) => {
      if (rows % 100 === 0)
        listener.onProgress({ stage: 'checking', done: rows, failed: 0, rate: rows / Math.max(0.001, (parts.elapsed() - begun) / 1000) });
    },
  });
  const { problems: count, ...rest } = checked;
  return { ...rest, problems, count };
}

/** Nothing was sent: because that was the wish, or because rows have to be corrected first. */
async function unsent(
  parts: BulkParts,
  request: BulkRequest,
  { rows, problems, count, sample }: Found,
  begun: number,
): Promise<BulkReport> {
  const { operation, dryRun } = request;
  const error = rows === 0 ? noRows(operation) : count > 0 ? unfit(operation, problems, count) : await routeError(parts, request, sample);
  const found = { rows, problems, count, ms: parts.elapsed() - begun, ...(error === undefined ? {} : { error }) };
  return unbegun(operation, dryRun ? 'checked' : 'refused', found);
}

/** Whether a row could be sent now: the first one is bound, and not sent. */
async function routeError(
  { run }: BulkParts,
  { operation, user, via, approved }: BulkRequest,
  sample: JsonObject | undefined,
): Promise<RouterError | undefined> {
  if (sample === undefined) return undefined;
  const report = await run(operation, sample, { user, approved, dryRun: true, ...(via === undefined ? {} : { via }) });
  return report.ok ? undefined : errorFromJson(report.error);
}

function runOf(
  { now }: BulkParts,
  { operation, user, via, onError, timeoutMs = TIMEOUT_MS, approved, undoable }: BulkRequest,
  { id, hash, rows, input }: { readonly id: string; readonly hash: string; readonly rows: number; readonly input: Input },
): BulkRun {
  return {
    id,
    operation,
    user,
    ...(via === undefined ? {} : { via }),
    file: input.file.path,
    format: input.format,
    hash,
    rows,
    onError,
    timeoutMs,
    approved,
    ...(undoable === undefined ? {} : { undoable }),
    spooled: input.spooled,
    state: 'running',
    loaded: false,
    at: now().toISOString(),
  };
}

/** Whoever repeats the command in place of resuming would do everything a second time. */
async function refuseRepetition({ book }: BulkParts, wanted: Pick<BulkRun, 'hash' | 'operation' | 'user'>): Promise<void> {
  const [last] = await book.alike(wanted);
  if (last === undefined) return;
  const open = last.state !== 'done';
  throw new RouterError('conflict', {
    operation: wanted.operation,
    what: `this file was ${open ? 'begun' : 'run'} already, as ${last.id} on ${last.at.slice(0, 10)}`,
    next: `${open ? `Go on with it: ${resumeCommand(last.id)}. ` : ''}Add --again to do all of it a second time; nothing was sent.`,
  });
}

async function runNamed({ book }: BulkParts, id: string): Promise<BulkRun> {
  const run = await book.run(id);
  if (run) return run;
  throw new RouterError('not_found', {
    what: 'the journal has no bulk run with that id',
    next: 'See "skillrouter bulk list" for the ids.',
  });
}

/** Reads have nothing to show for themselves in bulk: results hold ids only. */
async function writing(apps: readonly App[], operation: string): Promise<{ readonly entry: Operation | Intent }> {
  const { entry } = await find(apps, operation);
  if (entry.effect !== 'read') return { entry };
  throw new RouterError('invalid_input', {
    operation,
    what: 'a bulk run writes, and this operation reads',
    next: 'Use "skillrouter run" for it; nothing was sent.',
  });
}

function noRows(operation: string): RouterError {
  return new RouterError('invalid_input', { operation, what: 'the input has no rows', next: 'Check the file; nothing was sent.' });
}

function unfit(operation: string, problems: readonly RowProblem[], count: number): RouterError {
  const duplicates = problems.every(({ code }) => code === 'conflict');
  const [first] = problems;
  return new RouterError(duplicates ? 'conflict' : 'invalid_input', {
    operation,
    what: `${count} ${count === 1 ? 'row is' : 'rows are'} not fit to be sent; the first: line ${first?.line}: ${first?.what}`,
    next: `Correct the file${duplicates ? ', or add --check-duplicates off if they are meant' : ''}, or run the others with --on-error skip; nothing was sent.`,
  });
}
