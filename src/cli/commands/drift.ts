import { writeFileSync } from 'node:fs';
import { openDrift, openSession } from '../../app.ts';
import type { DriftReport } from '../../contract/drift.ts';
import { ERRORS, RouterError } from '../../contract/errors.ts';
import { defined } from '../../contract/guards.ts';
import type { Context } from '../context.ts';
import { showDrift } from '../drift-report.ts';
import { isSet, textFlag, type Values } from '../flags.ts';
import { toolSetsOf } from '../sandbox-switches.ts';

/** `drift`: exit code 4 when a cell no longer fits, 5 when no backend could be asked. */
export async function drift(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const toolSets = toolSetsOf(values);
  if (toolSets && !context.sandbox)
    throw new RouterError('invalid_input', { what: '--tool-set is for --sandbox', next: 'Add --sandbox; nothing was asked.' });
  const [file, adopt] = [textFlag(values, 'patch'), isSet(values, 'adopt')];
  await using session = await openSession(context, toolSets ? { toolSets } : {});
  const asked = defined({ version: textFlag(values, 'toolVersion'), backends: namesIn(textFlag(values, 'backends')) });
  const { report, patch } = await openDrift(session, { app: context.app, adopt, ...asked });
  if (file !== undefined && patch !== undefined) write(file, patch);
  process.exitCode = exitOf(report);
  if (terminal.json) return terminal.result(report);
  await showDrift(terminal, report, { all: isSet(values, 'all') });
  if (file === undefined) return;
  terminal.say(
    patch === undefined
      ? `There is nothing to propose; ${file} was not written.`
      : `The proposed cells are in ${file}; read them before you use them.`,
  );
}

function namesIn(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** 0: whatever changed, every cell still fits. */
function exitOf({ backends }: DriftReport): number {
  if (backends.some(({ state }) => state === 'broken')) return ERRORS.unsupported_operation.exit;
  const able = backends.filter(({ state }) => state !== 'nothing_to_list');
  return able.length > 0 && able.every(({ state }) => state === 'unreachable') ? ERRORS.backend_unavailable.exit : 0;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new RouterError('configuration', { what: `${file} cannot be written`, next: 'Choose another path for --patch.' }, { cause });
  }
}
