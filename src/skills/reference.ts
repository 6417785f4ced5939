import type { OperationPage } from '../catalog/describe.ts';
import { type FieldRow, fieldRows } from '../catalog/field-rows.ts';

/** `references/<noun>.md`: every operation of a noun with its fields, one example and its pitfalls. */
export function referencePage(noun: string, pages: readonly OperationPage[]): string {
  const contents = pages.map(({ id, summary }) => `- [\`${id}\`](#${anchor(id)}): ${summary}`);
  return `${[`# ${noun}`, '', ...contents, '', ...pages.flatMap(section)].join('\n').trimEnd()}\n`;
}

/** How GitHub and most viewers make an anchor of a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function section({ id, summary, effect, intent, input, example, pitfalls }: OperationPage): readonly string[] {
  const rows = fieldRows(input);
  return [
    `## ${id}`,
    '',
    `${summary}. ${EFFECT[effect]}${intent === undefined ? '' : ` A ready-made form of \`${intent}\`.`}`,
    '',
    ...(rows.length === 0 ? ['No input.', ''] : [...table(rows), '']),
    '```sh',
    command(id, example),
    '```',
    '',
    ...(pitfalls.length === 0 ? [] : [...pitfalls.map((pitfall) => `- ${pitfall}`), '']),
  ];
}

const EFFECT = { read: 'Reads only.', write: 'Writes.', destructive: 'Destroys data: be sure, and have the person’s word.' } as const;

/** The example as a command for a POSIX shell. */
export function command(id: string, example: object): string {
  const quoted = JSON.stringify(example).replaceAll("'", String.raw`'\''`);
  return `skillrouter run ${id} --input '${quoted}' --json`;
}

function table(rows: readonly FieldRow[]): readonly string[] {
  return [
    '| field | type | description |',
    '|---|---|---|',
    ...rows.map(
      ({ path, type, required, description }) => `| \`${path}\`${required ? ' (required)' : ''} | ${cell(type)} | ${cell(description)} |`,
    ),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ');
}
