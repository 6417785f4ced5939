import type { BulkReport } from '../contract/bulk.ts';
import { ERRORS, type ErrorCode } from '../contract/errors.ts';
import { sayError } from './failure.ts';
import { printTable, type TableCell } from './table.ts';
import type { Terminal } from './terminal.ts';

/** The worst first: a write that nobody knows of, then a bug, then what stops everything, later, and never. */
const WORST = [6, 1, 3, 5, 4, 2] as const;

/** What a run ends with: the worst of its rows, or why it stopped. */
export function exitCodeOfBulk({ error, codes, state }: BulkReport): number {
  const errors = Object.keys(codes).filter((code): code is ErrorCode => code in ERRORS);
  const found = new Set<number>([...errors, ...(error ? [error.code] : [])].map((code) => ERRORS[code].exit));
  const worst = WORST.find((code) => found.has(code));
  // Somebody stopped it: the rest can be done later.
  return worst ?? (state === 'stopped' || state === 'running' ? ERRORS.timeout.exit : 0);
}

export function showBulk(terminal: Terminal, report: BulkReport): void {
  if (terminal.json) {
    terminal.result(report);
    return;
  }
  for (const { line, what } of report.problems) terminal.say(`  line ${line}: ${what}`);
  if (report.problem_count > report.problems.length) terminal.say(`  and ${report.problem_count - report.problems.length} more`);
  if (report.error) sayError(terminal, report.error);
  terminal.print(summaryOf(report));
  if (report.resume) terminal.say(`To go on: ${report.resume}`);
}

function summaryOf({ run, state, rows, done, failed, unknown, left, codes, problem_count, ms }: BulkReport): string {
  if (state === 'checked') return `${rows} rows checked, ${problem_count} not fit to be sent; nothing was sent`;
  if (state === 'refused') return `${rows} rows checked, ${problem_count} not fit to be sent; nothing was sent`;
  const told = Object.entries(codes).map(([code, count]) => `${count} ${code}`);
  const why = told.length > 0 ? ` (${told.join(', ')})` : '';
  const parts = [
    `${done} done`,
    `${failed} failed${unknown > 0 ? `, ${unknown} unknown` : ''}${why}`,
    ...(left > 0 ? [`${left} left`] : []),
  ];
  return `${run} ${state}: ${parts.join(', ')} of ${rows} rows in ${(ms / 1000).toFixed(1)} s`;
}

/** One line per run. */
export async function printRuns(terminal: Terminal, reports: readonly BulkReport[]): Promise<void> {
  const rows = reports.map(({ run = '', operation, state, rows: count, done, failed, unknown, left }): readonly TableCell[] => [
    run,
    operation,
    [state === 'done' ? 'green' : 'yellow', state],
    `${count}`,
    `${done}`,
    `${failed}`,
    `${unknown}`,
    `${left}`,
  ]);
  await printTable(terminal, ['run', 'operation', 'state', 'rows', 'done', 'failed', 'unknown', 'left'], rows);
}
