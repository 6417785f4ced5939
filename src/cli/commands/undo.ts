import { openSession, type Session } from '../../app.ts';
import { ERRORS } from '../../contract/errors.ts';
import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag, type Values } from '../flags.ts';
import { interruptible } from '../interrupt.ts';
import { printTable, type TableCell } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { announceWaits } from '../waits.ts';

type Report = Awaited<ReturnType<Session['router']['undo']>>;
type Step = Report['steps'][number];

/** `undo <call|run>`: shows what can be taken back, asks, and does it. */
export async function undo(context: Context, [id = '']: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const timeout = numberFlag(values, 'timeout', { least: 0.001, most: 86_400 });
  await using session = await openSession(context);
  const options = {
    user: session.user,
    signal: interruptible(terminal).signal,
    onWait: announceWaits(terminal),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  };
  const plan = await session.router.undo(id, { ...options, dryRun: true });
  const isOpen = plan.steps.some(({ state }) => state === 'ready');
  if (isSet(values, 'dryRun') || !isOpen) return show(terminal, plan, isSet(values, 'dryRun'));
  if (!terminal.json) await printSteps(terminal, plan);
  if (!isSet(values, 'yes') && !(await consent(terminal, 'Undo this?', NOBODY_TO_ASK))) return terminal.say('Nothing was changed.');
  await show(terminal, await session.router.undo(id, { ...options, approved: true }), false);
}

const NOBODY_TO_ASK = {
  what: 'undoing changes the account, and there is nobody to ask',
  next: 'Look at the plan with --dry-run, then add --yes; nothing was changed.',
};

async function show(terminal: Terminal, report: Report, dryRun: boolean): Promise<void> {
  if (!report.ok) process.exitCode = exitCodeOf(report);
  if (terminal.json) return terminal.result({ ...report, dry_run: dryRun });
  await printSteps(terminal, report);
}

async function printSteps(terminal: Terminal, { steps }: Report): Promise<void> {
  const rows = steps.map((step): readonly TableCell[] => [
    step.operation,
    effectOf(step),
    [COLOURS[step.state], step.state],
    step.why ?? '',
    ['dim', step.call],
  ]);
  await printTable(terminal, ['written by', 'undone by', 'state', 'because', 'call'], rows);
}

const COLOURS = { ready: 'cyan', undone: 'dim', refused: 'red', done: 'green', failed: 'red' } as const;

function effectOf({ by, object = '', fields }: Step): string {
  if (by === undefined) return '–';
  return fields ? `${by} ${object}: ${fields.join(', ')} as before` : `${by} ${object}`;
}

function exitCodeOf({ steps }: Report): number {
  const failed = steps.find(({ error }) => error)?.error;
  return failed ? ERRORS[failed.code].exit : ERRORS.conflict.exit;
}
