/** The frontmatter of a skill that is written here: the six keys of the standard, every value a quoted text on one line. */

export interface HeadParts {
  readonly name: string;
  readonly description: string;
  readonly license?: string;
  readonly compatibility: string;
  /** Keys must begin with `skillrouter-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export function headText({ name, description, license, compatibility, metadata }: HeadParts): string {
  const lines = [
    `name: ${/^[a-z]/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/.test(name) ? name : JSON.stringify(name)}`,
    `description: ${JSON.stringify(description)}`,
    ...(license === undefined ? [] : [`license: ${JSON.stringify(license)}`]),
    `compatibility: ${JSON.stringify(compatibility)}`,
    'metadata:',
    ...Object.entries(metadata).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
  ];
  return ['---', ...lines, '---'].join('\n');
}

export const COMPATIBILITY = 'Needs the skillrouter command (npm package skillrouter, Node 22.22.3 or newer) and a connected account.';

/** From the catalogue alone: a description is always in an agent's context, and what somebody else wrote has no place there. */
export function descriptionOf(app: string, operations: readonly string[]): string {
  const title = titled(app);
  const nouns = Map.groupBy(operations, (id) => id.slice(0, id.lastIndexOf('.')));
  const all = [...nouns].map(
    ([noun, ids]) => `${noun.replaceAll('_', ' ')} (${ids.map((id) => id.slice(id.lastIndexOf('.') + 1).replaceAll('_', ' ')).join(', ')})`,
  );
  const end = `. Use when the user wants one of these in ${title}. Not for other apps.`;
  const kept: string[] = [];
  for (const one of all) if (`${kept.join(', ')}${one}${end}`.length < 260) kept.push(one);
  const rest = all.length - kept.length;
  return `Works on ${title} records: ${kept.join(', ')}${rest > 0 ? ' and more' : ''}${end}`;
}

/** As people write it. */
export function titled(app: string): string {
  return `${app.charAt(0).toUpperCase()}${app.slice(1)}`;
}
