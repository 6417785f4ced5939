import { type Finding, VERIFIED, type Verification, type VerificationPlan, type VerifiedCell } from '../contract/verification.ts';
import { counted, printTable, type TableCell } from './table.ts';
import type { Style, Terminal } from './terminal.ts';

const COLOURS = { equal: 'green', lossy: 'yellow', missing: 'cyan', skipped: 'dim', different: 'red', failed: 'red' } as const;

/** What is about to be done; as talk, because it is no result. */
export function showPlan(
  terminal: Terminal,
  { mode, reference, operations, writes, backends, requests, left_out }: VerificationPlan,
): void {
  const kinds = writes > 0 ? `, ${writes} of them writes` : ', reads only';
  terminal.say(`${counted(operations, 'operation')}${kinds}, ${mode}, held against ${reference}; about ${counted(requests, 'request')}`);
  for (const { backend, tool, proxy, direct, none } of backends) {
    const ways = Object.entries({ tool, proxy, direct, none }).flatMap(([way, count]) => (count > 0 ? [`${count} by ${way}`] : []));
    terminal.say(`  ${backend}: ${ways.join(', ')}`);
  }
  const reasons = Map.groupBy(Object.keys(left_out), (id) => left_out[id] ?? '');
  for (const [why, ids] of reasons) terminal.say(terminal.tint('dim', `  ${ids.length} left out: ${why}`));
}

/** The outcome: what is not equal, row by row, then a line per backend. */
export async function showVerification(terminal: Terminal, report: Verification, { all }: { readonly all: boolean }): Promise<void> {
  const rows = gathered(report.cells.filter(({ verdict }) => all || verdict !== 'equal').flatMap(rowsOf), report.plan.backends.length);
  if (rows.length > 0) await printTable(terminal, ['operation', 'backend', 'verdict', 'field', 'what'], rows);
  if (rows.length > 0) terminal.print('');
  await printTable(terminal, ['backend', ...VERIFIED], totals(report));
  for (const { backend, message } of report.unusable) terminal.say(`${terminal.tint('yellow', backend)}  could not be asked: ${message}`);
  for (const { operation, id, why, backend } of report.leftovers)
    terminal.say(`${terminal.tint('yellow', 'left behind')}  ${id} (${operation} on ${backend}): ${why}`);
  for (const line of report.unrecorded ?? []) terminal.say(`${terminal.tint('yellow', 'not recorded')}  ${line}`);
  await showGuesses(terminal, report);
  const end = report.ended === undefined ? '' : `; it ended early: ${report.ended.replaceAll('_', ' ')}`;
  const mark = report.ok ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
  const bad = report.counts.different + report.counts.failed;
  terminal.print(
    `\n${mark} ${bad === 0 ? 'nothing differs' : `${bad} of ${report.cells.length} differ`}, ${counted(report.requests, 'request')}${end}`,
  );
}

async function showGuesses(terminal: Terminal, { guesses }: Verification): Promise<void> {
  if (guesses === undefined) return;
  terminal.print('');
  const rows = guesses.map(({ operation, backend, at, recorded, sandbox }) => [operation, backend, at, recorded, sandbox]);
  if (rows.length > 0) await printTable(terminal, ['operation', 'backend', 'at', 'recorded', 'sandbox'], rows);
  terminal.print(
    rows.length === 0
      ? 'The sandbox answers as it was recorded.'
      : `${counted(rows.length, 'place')} where the sandbox is not like what was recorded`,
  );
}

function rowsOf({ operation, backend, verdict, findings }: VerifiedCell): readonly (readonly TableCell[])[] {
  const head = (kind: keyof typeof COLOURS): TableCell => [COLOURS[kind] satisfies Style, kind];
  if (findings.length === 0) return [[operation, backend, head(verdict), '', '']];
  return findings.map((finding) => [operation, backend, head(finding.kind), finding.path ?? '', textOf(finding)]);
}

/** What is the same on every backend needs one row. */
function gathered(rows: readonly (readonly TableCell[])[], backends: number): readonly (readonly TableCell[])[] {
  const alike = Map.groupBy(rows, ([operation, , ...rest]) => JSON.stringify([operation, rest]));
  return [...alike.values()].flatMap((group) => {
    const [operation = '', , ...rest] = group[0] ?? [];
    return backends > 1 && group.length === backends ? [[operation, 'all', ...rest]] : group;
  });
}

function textOf({ what, reference, here, code, check }: Finding): string {
  const place = check === 'answer' ? '' : `${check.replace('_', ' ')}: `;
  const shapes = reference === undefined || reference === here ? '' : ` (${reference} → ${here})`;
  return `${place}${code === undefined ? '' : `${code}: `}${what}${shapes}`;
}

function totals({ plan, cells }: Verification): readonly (readonly TableCell[])[] {
  return plan.backends.map(({ backend }) => [
    backend,
    ...VERIFIED.map((verdict): TableCell => {
      const count = cells.filter((cell) => cell.backend === backend && cell.verdict === verdict).length;
      return count === 0 ? '' : [COLOURS[verdict], String(count)];
    }),
  ]);
}
