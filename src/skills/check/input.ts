/** Input in the catalogue's own words against the operation's schema. What an example leaves open is no mistake. */

import { jsonSchema } from '../../catalog/json-schema.ts';
import { nearest } from '../../catalog/nearest.ts';
import { isIntent } from '../../contract/app.ts';
import { isObject, type JsonObject } from '../../contract/guards.ts';
import type { Intent, Operation } from '../../contract/operation.ts';
import { type Remark, shown } from '../diagnostics.ts';
import type { Argument, Use } from '../read/skill.ts';
import type { Resolved } from './resolve.ts';
import type { Vocabulary } from './vocabulary.ts';

export async function checkInput({ app }: Vocabulary, id: string, use: Use): Promise<Pick<Resolved, 'fields' | 'remarks'>> {
  const entry = await app.find(id);
  if (entry === undefined) return { fields: new Map(), remarks: [] };
  const known = fieldsOf(entry);
  const fields = new Map<string, string>();
  const remarks: Remark[] = [];
  for (const argument of use.arguments) {
    const [name = ''] = argument.name.split('.', 1);
    if (known.includes(name)) fields.set(argument.name, name);
    else remarks.push(strange(entry, argument, known));
  }
  return { fields, remarks: [...remarks, ...badValues(entry, use)] };
}

function strange(entry: Operation | Intent, { name, line }: Argument, known: readonly string[]): Remark {
  const why = !isIntent(entry) && entry.omissions && Object.hasOwn(entry.omissions, name) ? entry.omissions[name] : undefined;
  const close = nearest(name, known, 2);
  const hint = close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `"skillrouter ops show ${entry.id}" lists the fields.`;
  const fix = why === undefined ? hint : `It is left out on purpose: ${why.replace(/\.$/, '')}.`;
  return { line, code: 'unknown_argument', what: `${entry.id} has no field ${shown(name, 40)}`, fix };
}

/** Values that stand there in full and can never be right; a placeholder in the place of an id or number is none. */
function badValues(entry: Operation | Intent, { arguments: given, line }: Use): readonly Remark[] {
  const input = Object.fromEntries(given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
  const parsed = entry.input.safeParse(input);
  if (parsed.success || given.length === 0) return [];
  return parsed.error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    const [top] = issue.path;
    if (issue.code !== 'invalid_value' || given.find(({ name }) => name === top)?.value === undefined) return [];
    const what = `${entry.id}: ${path} has a value that does not exist`;
    return [
      {
        line: given.find(({ name }) => name === top)?.line ?? line,
        code: 'unknown_argument' as const,
        what,
        fix: `Take one of ${issue.values.map(String).join(', ')}.`,
      },
    ];
  });
}

const known = new WeakMap<Operation | Intent, readonly string[]>();

/** The names of an operation's input fields, those of its variants included. */
function fieldsOf(entry: Operation | Intent): readonly string[] {
  const found = known.get(entry) ?? propertiesOf(jsonSchema(entry.input, 'input'));
  known.set(entry, found);
  return found;
}

function propertiesOf(schema: JsonObject): readonly string[] {
  const variants = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key].filter(isObject) : []));
  const own = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return [...new Set([...own, ...variants.flatMap(propertiesOf)])];
}
