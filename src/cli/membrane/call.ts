import type { CanonicalCall } from '../../contract/executor.ts';
import type { RunReport } from '../../contract/receipt.ts';
import type { Context } from '../context.ts';
import { exitCodeOf, sayError } from '../failure.ts';
import { isSet, numberFlag, textFlag, type Values } from '../flags.ts';
import { interruptible } from '../interrupt.ts';
import { routeText } from '../receipts.ts';
import { announceWaits } from '../waits.ts';
import { sessionFor, viaOf } from './target.ts';

export interface Calling {
  /** As it was written; undefined: whichever connection is ACTIVE. */
  readonly connection: string | undefined;
  readonly idempotencyKey?: string;
}

/** Sends one canonical call over the connection that was named, or over whichever is ACTIVE. */
export async function send(context: Context, values: Values, call: CanonicalCall, calling: Calling): Promise<RunReport> {
  const timeout = numberFlag(values, 'timeout', { least: 0.001, most: 86_400 });
  const key = textFlag(values, 'idempotencyKey') ?? calling.idempotencyKey;
  await using session = await sessionFor(context, values);
  const via = await viaOf(context, session, calling.connection);
  const { terminal } = context;
  const interrupt = interruptible(terminal);
  const report = await session.router.run(call.operation, call.input, {
    user: session.user,
    signal: interrupt.signal,
    approved: isSet(values, 'yes'),
    ...(via === undefined ? {} : { via }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    // With --json this command line tells its errors on stderr, as JSON.
    ...(terminal.json ? {} : { onWait: announceWaits(terminal) }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  });
  if (!report.ok) interrupt.explain(report.error, key);
  return report;
}

/** What `action run` and `act` print: `{ output, actionRunId }`. The run's id is the receipt's: "skillrouter log show" has it. */
export function showRun({ terminal }: Context, report: RunReport, output: unknown = report.ok ? report.data : undefined): void {
  if (!report.ok) showError(terminal, report);
  else if (terminal.json) terminal.result({ output, actionRunId: report.receipt.id });
  else {
    terminal.print(JSON.stringify(output ?? null, null, 2));
    terminal.say(`${terminal.tint('green', 'ok')}  ${report.operation} through ${routeText(report.receipt)}`);
  }
}

/** To stderr, with the receipt: what was tried says whether it is safe to try again. */
export function showError(terminal: Context['terminal'], report: Extract<RunReport, { ok: false }>): void {
  process.exitCode = exitCodeOf(report.error);
  if (terminal.json)
    terminal.say(JSON.stringify({ ok: false, error: report.error, ...(report.receipt ? { actionRunId: report.receipt.id } : {}) }));
  else sayError(terminal, report.error);
}
