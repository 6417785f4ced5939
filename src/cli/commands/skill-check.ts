import { openSkills, type SkillBench } from '../../app.ts';
import { ERRORS, RouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { printable, printFinding } from '../finding.ts';
import { isSet, type Values } from '../flags.ts';
import { counted, printTable, type TableCell } from '../table.ts';

type Report = Awaited<ReturnType<SkillBench['check']>>;
type Skill = Report['skills'][number];

/** `skill check`: what skills need, what runs where, and what is wrong with them. */
export async function skillCheck(context: Context, paths: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const bench = await openSkills(context);
  const report = await bench.check(paths, context.via);
  if (report.skills.length + report.diagnostics.length === 0) throw nothingFound();
  const { error, warning, note } = report.counts;
  const bad = error > 0 || (isSet(values, 'strict') && warning > 0);
  if (bad) process.exitCode = ERRORS.rejected.exit;
  if (isSet(values, 'sarif')) return terminal.print(JSON.stringify(await bench.sarif(report), null, 2));
  if (terminal.json) return terminal.result({ ok: !bad, ...report });
  const all = isSet(values, 'all');
  const own = report.skills.filter(({ about }) => about || all);
  for (const skill of own) await printSkill(context, skill, { backends: report.backends, all });
  for (const one of report.diagnostics) printFinding(terminal, one);
  const rest = report.skills.length - own.length;
  if (rest > 0) terminal.say(terminal.tint('dim', `${counted(rest, 'skill')} not about ${report.app}; --all shows them.`));
  const counts = `${counted(error, 'error')}, ${counted(warning, 'warning')}, ${counted(note, 'note')}`;
  terminal.say(
    terminal.tint(
      bad ? 'red' : 'dim',
      `${counted(report.skills.length, 'skill')} read: ${counts}${all || note === 0 ? '' : ' (--all shows notes)'}.`,
    ),
  );
}

interface Shown {
  readonly backends: readonly string[];
  readonly all: boolean;
}

async function printSkill(context: Context, skill: Skill, { backends, all }: Shown): Promise<void> {
  const { terminal } = context;
  const needs = skill.needs.length > 0 ? `  made for ${skill.needs.join(', ')}` : '';
  terminal.print(`${terminal.paint('bold', printable(skill.name ?? skill.slug))}  ${skill.file}${terminal.paint('dim', needs)}`);
  if (!skill.about) terminal.print('  not about this app');
  else if (skill.operations.length === 0) terminal.print('  names no operation: it lets the agent search for tools');
  else
    await printTable(
      terminal,
      ['  operation', 'called', 'lines', ...backends],
      skill.operations.map((one) => row(one, backends)),
    );
  for (const one of skill.diagnostics) if (all || one.level !== 'note') printFinding(terminal, one);
  terminal.print('');
}

function row({ id, names, backends: ways }: Skill['operations'][number], backends: readonly string[]): readonly TableCell[] {
  const called = [...new Set(names.map(({ name }) => name))];
  const lines = [...new Set(names.map(({ line }) => line))];
  return [['cyan', `  ${id}`], listed(called, 2), listed(lines.map(String), 4), ...backends.map((backend) => cellOf(ways[backend]))];
}

function cellOf(way: Skill['operations'][number]['backends'][string] | undefined): TableCell {
  if (way === undefined || way.how === 'none') return ['red', 'no'];
  if (way.how === 'proxy') return ['yellow', way.fields === undefined ? 'proxy' : `proxy (${way.fields.join(', ')})`];
  return ['green', way.how === 'tool' ? 'native' : way.how];
}

function listed(items: readonly string[], most: number): string {
  return items.length > most ? `${items.slice(0, most).join(', ')}, …` : items.join(', ');
}

function nothingFound(): RouterError {
  return new RouterError('invalid_input', {
    what: 'there is no SKILL.md below these paths',
    next: 'Name a folder that holds skills, or a file.',
  });
}
