import { openSkills } from '../../app.ts';
import { ERRORS, RouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { printFinding } from '../finding.ts';
import { isSet, textFlag, type Values } from '../flags.ts';
import { counted } from '../table.ts';

/** `skill convert`: skills without the words of any backend. The exit code is 4 when there was nothing to convert. */
export async function skillConvert(context: Context, paths: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const out = textFlag(values, 'out');
  if (out === undefined)
    throw new RouterError('invalid_input', {
      what: '--out is missing',
      next: 'Name the folder that gets the skills; nothing was written.',
    });
  const bench = await openSkills(context);
  const { skills, diagnostics } = await bench.convert(paths, { out, force: isSet(values, 'force') });
  const written = skills.filter(({ folder }) => folder !== undefined);
  if (written.length === 0) process.exitCode = ERRORS.rejected.exit;
  if (terminal.json) return terminal.result({ ok: written.length > 0, skills, diagnostics });
  for (const { source, folder, operations, diagnostics: told } of skills) {
    const result = folder === undefined ? terminal.paint('yellow', 'not written') : terminal.paint('green', folder);
    terminal.print(`${source}  ${result}  ${counted(operations.length, 'operation')}`);
    for (const one of told) printFinding(terminal, one);
  }
  for (const one of diagnostics) printFinding(terminal, one);
  terminal.say(terminal.tint('dim', `${counted(written.length, 'skill')} written below ${out}, of ${skills.length} read.`));
}
