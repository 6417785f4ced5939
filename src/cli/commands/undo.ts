import { openSession, type Session } from '../../app.ts';
import { ERRORS } from '../../contract/errors.ts';
import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag, type Values } from '../flags.ts';
import { interruptible } from '../interrupt.ts';
import { progressOn } from '../progress.ts';
import { printTable, type TableCell } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { announceWaits } from '../waits.ts';

type Report = Awaited<ReturnType<Session['router']['undo']>>;
type Step = Report['steps'][number];

/** A plan of more is no help: the rest of a long run is looked at as it is undone. */
const MOST_PLANNED = 200;

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
  const planOnly = isSet(values, 'dryRun');
  const plan = await session.router.undo(id, { ...options, dryRun: true, ...(planOnly ? {} : { most: MOST_PLANNED }) });
  const { counts, left = 0 } = plan;
  if (planOnly || (!counts.ready && left === 0)) return show(terminal, plan, planOnly);
  if (!terminal.json) await printSteps(terminal, plan);
  if (!isSet(values, 'yes') && !(await consent(terminal, 'Undo this?', NOBODY_TO_ASK))) return terminal.say('Nothing was changed.');
  const progress = left === 0 ? undefined : steadily(terminal, left + plan.steps.length);
  const report = await session.router.undo(id, { ...options, approved: true, ...(progress ? { onStep: progress.step } : {}) });
  progress?.end();
  await show(terminal, report, false);
}

/** Long work tells how far it is. */
function steadily(terminal: Terminal, rows: number): { readonly step: (step: Step) => void; readonly end: () => void } {
  const { show: tell, end } = progressOn(terminal);
  const begun = performance.now();
  let [done, failed] = [0, 0];
  return {
    step: ({ state }) => {
      if (state === 'done' || state === 'undone') done += 1;
      else failed += 1;
      const rate = (done + failed) / Math.max(0.001, (performance.now() - begun) / 1000);
      tell({ stage: 'running', rows, done, failed, rate, etaMs: (Math.max(0, rows - done - failed) / rate) * 1000 });
    },
    end,
  };
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

async function printSteps(terminal: Terminal, { steps, counts, left = 0 }: Report): Promise<void> {
  const rows = steps.map((step): readonly TableCell[] => [
    step.operation,
    effectOf(step),
    [COLOURS[step.state], step.state],
    step.why ?? '',
    ['dim', step.call],
  ]);
  await printTable(terminal, ['written by', 'undone by', 'state', 'because', 'call'], rows);
  const all = Object.entries(counts);
  const untold = all.reduce((sum, [, count]) => sum + count, 0) - steps.length;
  if (untold > 0) terminal.print(`and ${untold} more; of all ${all.map(([state, count]) => `${count} ${state}`).join(', ')}`);
  if (left > 0) terminal.print(`and ${left} more, each of which is looked at before it is undone`);
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
