import type { BulkReport, BulkRun, RowProblem } from '../contract/bulk.ts';
import type { ErrorCode, RouterError } from '../contract/errors.ts';
import type { Halt } from './crew.ts';
import type { BulkParts } from './parts.ts';

/** So many problems are told one by one. */
export const MOST_PROBLEMS = 20;

export const resumeCommand = (id: string): string => `skillrouter bulk --resume ${id}`;

type Tally = Pick<BulkReport, 'done' | 'failed' | 'unknown' | 'codes'>;

/** How a run stands, by what is on record. */
export async function reportOf(
  { book, elapsed }: Pick<BulkParts, 'book' | 'elapsed'>,
  run: BulkRun,
  { begun, error }: { readonly begun: number; readonly error?: RouterError },
): Promise<BulkReport> {
  const tally = tallyOf(await book.counts(run.id));
  const left = run.rows - tally.done - tally.failed - tally.unknown;
  return {
    ok: run.state === 'done' && tally.failed === 0,
    operation: run.operation,
    run: run.id,
    state: run.state,
    rows: run.rows,
    ...tally,
    left,
    problems: [],
    problem_count: 0,
    ...(error === undefined ? {} : { error: error.toJSON() }),
    ...(run.state === 'done' ? {} : { resume: resumeCommand(run.id) }),
    ms: Math.round(elapsed() - begun),
  };
}

/** A run that was not begun. */
export function unbegun(
  operation: string,
  state: 'checked' | 'refused',
  found: {
    readonly rows: number;
    readonly problems: readonly RowProblem[];
    readonly count: number;
    readonly ms: number;
    readonly error?: RouterError;
  },
): BulkReport {
  const { rows, problems, count, ms, error } = found;
  return {
    ok: state === 'checked' && count === 0 && error === undefined,
    operation,
    state,
    rows,
    done: 0,
    failed: 0,
    unknown: 0,
    left: rows,
    codes: {},
    problems,
    problem_count: count,
    ...(error === undefined ? {} : { error: error.toJSON() }),
    ms: Math.round(ms),
  };
}

export function tallyOf(counts: Awaited<ReturnType<BulkParts['book']['counts']>>): Tally {
  const of = (wanted: string): number => counts.reduce((sum, { state, rows }) => (state === wanted ? sum + rows : sum), 0);
  const codes: Partial<Record<ErrorCode, number>> = {};
  for (const { code, rows } of counts) if (code !== undefined) codes[code] = (codes[code] ?? 0) + rows;
  return { done: of('done'), failed: of('failed'), unknown: of('unknown'), codes };
}

/** Notes how a run ended for now. A row in doubt keeps it open: to resume it is to look once more. */
export async function close(
  { book }: Pick<BulkParts, 'book'>,
  run: BulkRun,
  halted: Halt | undefined,
): Promise<{ readonly state: 'stopped' | 'done'; readonly reason?: string }> {
  const { done, failed, unknown } = tallyOf(await book.counts(run.id));
  const settled = done + failed + unknown >= run.rows;
  const end = settled ? (unknown > 0 ? stopped('outcome_unknown') : { state: 'done' as const }) : stopped(reasonOf(halted));
  await book.move(run.id, end.state, 'reason' in end ? end.reason : undefined);
  return end;
}

function stopped(reason: string): { readonly state: 'stopped'; readonly reason: string } {
  return { state: 'stopped', reason };
}

function reasonOf(halted: Halt | undefined): string {
  return halted?.kind === 'error' ? halted.error.code : 'interrupted';
}
