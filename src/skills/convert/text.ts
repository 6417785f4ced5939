/** The parts of a converted skill that come from its source: workflows, pitfalls and notes, all of them text. */
import { shown } from '../diagnostics.ts';
import type { Line, Skill, Step, Workflow } from '../read/skill.ts';
import { inert } from './inert.ts';
import type { Neutral } from './neutral.ts';

/** A generated skill is short enough to be read whole. */
const MOST_NOTES = 60;

export function workflowLines(neutral: Neutral, { workflows }: Skill): readonly string[] {
  if (workflows.length === 0) return [];
  return ['## Workflows', ...workflows.flatMap((workflow, at) => ['', ...workflowText(neutral, workflow, at + 1)])];
}

function workflowText(neutral: Neutral, workflow: Workflow, number: number): readonly string[] {
  const title = neutral.sentence({ text: workflow.title, line: workflow.line }) ?? `Workflow ${number}`;
  const when = workflow.when === undefined ? undefined : neutral.sentence({ text: workflow.when, line: workflow.line });
  const fields = fieldRows(neutral, workflow);
  const pitfalls = workflow.pitfalls.flatMap((one) => neutral.sentence(one) ?? []);
  return [
    `### ${number}. ${title.replace(/^\\/, '')}`,
    ...(when === undefined ? [] : ['', `When to use: ${when}`]),
    '',
    ...workflow.steps.map((step, at) => `${at + 1}. ${stepText(neutral, step)}`),
    ...(fields.length === 0 ? [] : ['', '| field | about |', '|---|---|', ...fields]),
    ...(pitfalls.length === 0 ? [] : ['', 'Pitfalls:', '', ...pitfalls.map((one) => `- ${one}`)]),
  ];
}

function stepText(neutral: Neutral, step: Step): string {
  const ids = [...new Set(step.names.flatMap((name) => neutral.operations(name)))];
  const said = neutral.sentence({ text: step.text, line: step.line });
  const role = step.role === undefined ? '' : ` (${inert(step.role.note ?? step.role.kind)})`;
  if (ids.length > 0) return `${ids.map((id) => `\`${id}\``).join(' or ')}${said ? `: ${said}` : ''}${role}`;
  const names = step.names.map((name) => shown(name, 60)).join(', ');
  neutral.leftOut(
    step.line,
    names === '' ? 'a step names no tool' : `no operation is known for ${names}`,
    'It was kept as a step without command; name the operation yourself.',
  );
  return `Without an operation: ${said ?? 'see the source'}${role}`;
}

/** Each field once, under its canonical name. */
function fieldRows(neutral: Neutral, { steps, parameters }: Workflow): readonly string[] {
  const tools = steps.flatMap(({ names }) => names);
  const rows = new Map<string, string>();
  for (const { name, text, line, required, of } of parameters) {
    const field = neutral.field(name, of === undefined ? tools : [of]);
    if (field === undefined) {
      neutral.leftOut(line, `the parameter ${shown(name, 40)} has no field here`, '"skillrouter ops show" lists the fields.');
      continue;
    }
    const about = neutral.sentence({ text, line });
    if (!rows.has(field)) rows.set(field, `| \`${field}\`${required === true ? ' (required)' : ''} | ${about ?? ''} |`);
  }
  return [...rows.values()];
}

export function pitfallLines(neutral: Neutral, { pitfalls }: Skill): readonly string[] {
  const lines = sentences(neutral, pitfalls);
  return lines.length === 0 ? [] : ['## Pitfalls', '', ...lines.map((one) => `- ${one}`)];
}

export function noteLines(neutral: Neutral, { passages }: Skill): readonly string[] {
  const lines: string[] = [];
  for (const { title, line, lines: own } of passages) {
    const kept = sentences(neutral, own);
    const heading = neutral.sentence({ text: title, line }) ?? 'Note';
    if (kept.length === 0) continue;
    if (lines.length + kept.length > MOST_NOTES)
      neutral.leftOut(
        line,
        `the passage "${shown(title, 60)}" was left out: the skill would get too long`,
        'Put it into a file below references/.',
      );
    else lines.push('', `### ${heading.replace(/^\\/, '')}`, '', ...kept.map((one) => `- ${one}`));
  }
  return lines.length === 0 ? [] : ['## Notes', ...lines];
}

function sentences(neutral: Neutral, lines: readonly Line[]): readonly string[] {
  return lines
    .flatMap(({ text, line }) => neutral.sentence({ text: text.replace(/^(?:[-*+•]|\d+[.)])\s+/, ''), line }) ?? [])
    .filter((text) => text !== '');
}
