import type { BulkRun, RowResult, RowStanding } from '../contract/bulk.ts';
import { type ErrorJson, errorFromJson, isRouterError, RouterError } from '../contract/errors.ts';
import { stringAt } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import { isAlive, ownerName } from '../router/owner.ts';
import { afterFailure } from './after.ts';
import type { Crew, Ended, Task } from './crew.ts';
import type { BulkParts } from './parts.ts';

/** How much longer than its call a worker may be silent before it counts as dead. */
const GRACE_MS = 15_000;
const DAY_MS = 86_400_000;
const KEEP_KEYS_DAYS = 7;

/** How long a queue leaves a row to one worker. */
export function holdMs({ timeoutMs }: BulkRun): number {
  return timeoutMs + GRACE_MS;
}

/**
 * Works on one row: takes it, runs it under an idempotency key of its own, and notes what became of it. Two processes never
 * both get it; what a dead one may have sent is confirmed first, by the key.
 */
export async function workOn(parts: BulkParts, run: BulkRun, crew: Crew, task: Task): Promise<Ended> {
  const { line } = task;
  if (crew.busy.has(line)) return 'held';
  crew.busy.add(line);
  try {
    const taken = await take(parts, run, line);
    if (typeof taken === 'string') return taken;
    const work = { parts, run, crew, task, owner: ownerName(`${run.id}:${line}`) };
    if (isForgotten(parts, taken)) return await settle(work, { state: 'unknown', code: 'outcome_unknown' });
    return await play(work);
  } finally {
    crew.busy.delete(line);
  }
}

interface Work {
  readonly parts: BulkParts;
  readonly run: BulkRun;
  readonly crew: Crew;
  readonly task: Task;
  readonly owner: string;
}

type Fresh = 'fresh';

async function take({ book, now }: BulkParts, run: BulkRun, line: number): Promise<RowStanding | { readonly state: Fresh } | Ended> {
  const owner = ownerName(`${run.id}:${line}`);
  const at = now().toISOString();
  const until = untilFrom(now(), run);
  const standing = await book.take(run.id, line, owner, at, until);
  if (standing === 'mine') return { state: 'fresh' };
  if (standing.state === 'done' || standing.state === 'failed') return 'settled';
  if (isHeld(standing, now())) return 'held';
  return (await book.takeOver(run.id, standing, owner, until)) ? standing : 'held';
}

/** Lines that somebody alive works on. */
export async function heldLines({ book, now }: Pick<BulkParts, 'book' | 'now'>, { id }: BulkRun): Promise<ReadonlySet<number>> {
  return new Set((await book.taken(id)).filter((standing) => isHeld(standing, now())).map(({ line }) => line));
}

/** A worker is dead when it was of this machine and is gone, or was silent for too long. */
function isHeld({ state, owner, until }: RowStanding, now: Date): boolean {
  return state === 'taken' && isAlive(owner) && now.getTime() <= Date.parse(until);
}

function untilFrom(now: Date, run: BulkRun): string {
  return new Date(now.getTime() + holdMs(run)).toISOString();
}

/** Its worker died so long ago that a result kept under its key is forgotten: nobody could tell any more that it was sent. */
function isForgotten({ policy, now }: BulkParts, taken: RowStanding | { readonly state: Fresh }): boolean {
  if (taken.state !== 'taken') return false;
  return now().getTime() - Date.parse(taken.begun) > (policy.keepKeysDays ?? KEEP_KEYS_DAYS) * DAY_MS;
}

async function play(work: Work): Promise<Ended> {
  const { parts, run, crew, task, owner } = work;
  for (let tries = 1; ; tries += 1) {
    if (!(await crew.ready())) return leave(work);
    if (!(await parts.book.renew(run.id, task.line, owner, untilFrom(parts.now(), run)))) return 'held';
    const report = await call(work);
    if (report.ok) return settle(work, { state: 'done', object: stringAt(report.data, 'id') });
    const after = afterFailure(report.error, tries);
    if (after.kind === 'settle') return refused(work, after.state, report.error);
    if (after.kind === 'halt') {
      crew.halt({ kind: 'error', error: errorFromJson(report.error) });
      return leave(work);
    }
    if (after.kind === 'wait') tries -= 1;
    crew.hold(report.error.code, after.ms);
  }
}

/** A call that cannot even be begun, for want of a journal, is told like any other. */
async function call({ parts, run, crew, task }: Work): Promise<RunReport> {
  const { operation, user, via, timeoutMs, approved, undoable } = run;
  try {
    return await parts.run(operation, task.input, {
      user,
      timeoutMs,
      approved,
      run: run.id,
      bulk: true,
      idempotencyKey: keyOf(run, task.line),
      onWait: (why, ms) => crew.note(why, ms),
      ...(via === undefined ? {} : { via }),
      ...(undoable === undefined ? {} : { undoable }),
    });
  } catch (error) {
    if (!isRouterError(error)) throw error;
    return { ok: false, operation, error: error.toJSON() };
  }
}

async function refused(work: Work, state: 'failed' | 'unknown', error: ErrorJson): Promise<Ended> {
  const fields = fieldsOf(error);
  const ended = await settle(work, { state, code: error.code, ...(fields.length > 0 ? { fields } : {}) });
  if (work.run.onError === 'stop') work.crew.halt({ kind: 'error', error: atLine(errorFromJson(error), work.task.line) });
  return ended;
}

async function settle(
  { parts, run, task, owner }: Work,
  result: Pick<RowResult, 'state' | 'code' | 'fields'> & { readonly object?: string | undefined },
): Promise<Ended> {
  const { object, ...rest } = result;
  const row: RowResult = { line: task.line, ...rest, ...(object === undefined ? {} : { object }), at: parts.now().toISOString() };
  await parts.book.settle(run.id, owner, row, { user: run.user, key: keyOf(run, task.line) });
  return 'settled';
}

async function leave({ parts, run, task, owner }: Work): Promise<Ended> {
  await parts.book.leave(run.id, task.line, owner);
  return 'left';
}

/** The same for whoever works on the row, whenever. */
function keyOf({ id }: BulkRun, line: number): string {
  return `${id}:${line}`;
}

/** Names only: `fields` of an error holds no values. */
function fieldsOf({ details }: ErrorJson): readonly string[] {
  const { fields } = details;
  return Array.isArray(fields) ? fields.flatMap((field: unknown) => stringAt(field, 'path') ?? []) : [];
}

function atLine({ code, details }: RouterError, line: number): RouterError {
  return new RouterError(code, { ...details, what: `line ${line}: ${details.what}` });
}
