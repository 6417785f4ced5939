import { closeSync, openSync, writeFileSync } from 'node:fs';
import { openVerification, type VerificationWish } from '../../app.ts';
import { ERRORS, RouterError } from '../../contract/errors.ts';
import type { Verification, VerificationPlan } from '../../contract/verification.ts';
import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag, textFlag, type Values } from '../flags.ts';
import { interruptible } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { junitOf } from '../verify-junit.ts';
import { showPlan, showVerification } from '../verify-report.ts';

/** `verify`: exit code 4 when something differs, 5 when it ended early, 3 when a backend that was named cannot be asked. */
export async function verify(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const mode = modeOf(context, values);
  const writes = mode === 'sandbox' || isSet(values, 'writes');
  const { signal } = interruptible(terminal, 'Interrupted: taking away what was made, then reporting. Ctrl-C again ends at once.');
  const onProgress = (operation: string, backend: string): void => terminal.redraw(`${operation} on ${backend}`);
  await using verifying = await openVerification(context, { ...wishOf(values), mode, writes, signal, onProgress });
  if (isSet(values, 'plan')) return terminal.json ? terminal.result(verifying.plan) : showPlan(terminal, verifying.plan);
  if (!terminal.json) showPlan(terminal, verifying.plan);
  if (mode === 'live' && writes && !isSet(values, 'yes') && !(await agreed(terminal, verifying.plan))) return;
  const junit = textFlag(values, 'junit');
  if (junit !== undefined) written(junit, () => closeSync(openSync(junit, 'a')));
  const report = await verifying.run();
  terminal.redraw('');
  process.exitCode = exitCodeOf(report, namesOf(values, 'backends').length > 0);
  if (junit !== undefined) written(junit, () => writeFileSync(junit, junitOf(report)));
  if (terminal.json) return terminal.result(report);
  await showVerification(terminal, report, { all: isSet(values, 'all') });
}

/** What is made in a real account is somebody's business. */
function agreed(terminal: Terminal, { writes, backends }: VerificationPlan): Promise<boolean> {
  return consent(
    terminal,
    `Write to the real account, ${writes} operations over ${backends.length} backends, in leads named "skillrouter verify"?`,
    {
      what: 'writing to a real account needs consent, and there is nobody to ask',
      next: 'Look at what --plan says, then add --yes; nothing was written.',
    },
  );
}

/** Tried before the work too: that it cannot be written is better known then. */
function written(file: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new RouterError('configuration', { what: `the report ${file} cannot be written`, next: 'Choose another path.' }, { cause });
  }
}

function modeOf({ sandbox }: Context, values: Values): VerificationWish['mode'] {
  const chosen = [
    sandbox ? 'sandbox' : '',
    isSet(values, 'live') ? 'live' : '',
    textFlag(values, 'replay') === undefined ? '' : 'replay',
  ] as const;
  const [mode, ...others] = chosen.filter((one) => one !== '');
  if (textFlag(values, 'against') !== undefined && mode !== 'sandbox')
    throw needs('--against holds the sandbox against a recording', '--sandbox');
  if (mode === 'replay' && textFlag(values, 'record') !== undefined)
    throw needs('--record keeps what a real run hears', '--live or --sandbox');
  if (mode !== undefined && others.length === 0) return mode;
  throw new RouterError('invalid_input', {
    what: mode === undefined ? 'verify has to know what to work on' : `--${[mode, ...others].join(' and --')} together make no sense`,
    next: 'Write --sandbox for a Close in memory, --live for your own connections (reads only, unless you add --writes), or --replay <folder>; nothing was sent.',
  });
}

function needs(what: string, flag: string): RouterError {
  return new RouterError('invalid_input', { what, next: `Use it with ${flag}; nothing was sent.` });
}

function wishOf(values: Values): Omit<VerificationWish, 'mode' | 'signal' | 'writes'> {
  return {
    operations: namesOf(values, 'operations'),
    backends: namesOf(values, 'backends'),
    ...foldersOf(values),
    maxRequests: numberFlag(values, 'maxRequests', { least: 1, whole: true }) ?? Number.POSITIVE_INFINITY,
  };
}

function foldersOf(values: Values): Pick<VerificationWish, 'record' | 'replay' | 'against'> {
  const [record, replay, against] = [textFlag(values, 'record'), textFlag(values, 'replay'), textFlag(values, 'against')];
  return {
    ...(record === undefined ? {} : { record }),
    ...(replay === undefined ? {} : { replay }),
    ...(against === undefined ? {} : { against }),
  };
}

function namesOf(values: Values, flag: string): readonly string[] {
  return (textFlag(values, flag) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function exitCodeOf({ ok, ended, unusable, unrecorded, counts }: Verification, named: boolean): number {
  if (counts.different + counts.failed > 0 || unrecorded) return ERRORS.rejected.exit;
  if (ended) return ERRORS.timeout.exit;
  if (named && unusable.length > 0) return ERRORS.connection_required.exit;
  return ok ? 0 : ERRORS.internal.exit;
}
