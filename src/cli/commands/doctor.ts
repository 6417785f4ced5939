import { ERRORS } from '../../contract/errors.ts';
import { type Check, examine } from '../checks.ts';
import type { Context } from '../context.ts';
import { printTable, type TableCell } from '../table.ts';

/** `doctor`: one line per check. The exit code is that of the first check that failed. */
export async function doctor(context: Context): Promise<void> {
  const { terminal } = context;
  const checks = await examine(context);
  const failed = checks.find(({ code }) => code !== undefined);
  if (failed?.code) process.exitCode = ERRORS[failed.code].exit;
  if (terminal.json) {
    terminal.result({ ok: failed === undefined, checks: checks.map((check) => ({ ...check, ok: isGood(check) })) });
    return;
  }
  const rows = checks.map((check): readonly TableCell[] => [markOf(check), check.name, check.detail]);
  await printTable(terminal, ['', 'check', 'detail'], rows);
}

function isGood({ code, warning }: Check): boolean {
  return code === undefined && !warning;
}

function markOf(check: Check): TableCell {
  if (isGood(check)) return ['green', 'ok'];
  return check.code === undefined ? ['yellow', 'warn'] : ['red', 'FAIL'];
}
