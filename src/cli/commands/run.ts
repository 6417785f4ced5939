import { openSession } from '../../app.ts';
import type { RunReport } from '../../contract/receipt.ts';
import { readCall } from '../call-input.ts';
import type { Context } from '../context.ts';
import { exitCodeOf, sayError } from '../failure.ts';
import { isSet, numberFlag, textFlag, type Values } from '../flags.ts';
import { interruptible } from '../interrupt.ts';
import { howKnown, routeText } from '../receipts.ts';
import { noteEndOfSandbox } from '../sandbox-note.ts';
import type { Terminal } from '../terminal.ts';
import { announceWaits } from '../waits.ts';

/** `run <op>`: one call, one report. */
export async function run(context: Context, args: readonly string[], values: Values): Promise<void> {
  const timeout = numberFlag(values, 'timeout', { least: 0.001, most: 86_400 });
  const call = await readCall(context, args, values);
  const key = textFlag(values, 'idempotencyKey');
  const interrupt = interruptible(context.terminal);
  await using session = await openSession(context);
  const report = await session.router.run(call.operation, call.input, {
    user: session.user,
    signal: interrupt.signal,
    dryRun: isSet(values, 'dryRun'),
    approved: isSet(values, 'yes'),
    onWait: announceWaits(context.terminal),
    ...(isSet(values, 'undoable') ? { undoable: true } : {}),
    ...(context.via === undefined ? {} : { via: context.via }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  });
  show(context.terminal, report);
  if (!report.ok) interrupt.explain(report.error, key);
  if (!report.ok && report.error.code === 'connection_required') noteEndOfSandbox(context, 'These links lead nowhere');
}

function show(terminal: Terminal, report: RunReport): void {
  if (!report.ok) process.exitCode = exitCodeOf(report.error);
  if (terminal.json) terminal.result(report);
  else if (report.ok) showData(terminal, report);
  else sayError(terminal, report.error);
}

function showData(terminal: Terminal, report: Extract<RunReport, { ok: true }>): void {
  const { receipt } = report;
  terminal.print(JSON.stringify(report.data, null, 2));
  for (const note of receipt.notes ?? []) terminal.say(`note: ${note}`);
  terminal.say(
    `${terminal.tint('green', 'ok')}  ${report.operation} through ${routeText(receipt)}${comma(howKnown(receipt))}, ${Math.round(receipt.ms)} ms, ${receipt.id}`,
  );
}

function comma(text: string): string {
  return text === '' ? '' : `, ${text}`;
}
