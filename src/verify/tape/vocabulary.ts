import { jsonSchema } from '../../catalog/json-schema.ts';
import { type App, isIntent } from '../../contract/app.ts';
import type { Binding } from '../../contract/binding.ts';
import { isObject, isStrings } from '../../contract/guards.ts';

/** What is public of an app: only this may stand in a recording as it was. */
export interface Vocabulary {
  /** The words of its enumerations. */
  readonly words: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
  /** Fields whose numbers are amounts, counts and lengths. */
  readonly numbers: ReadonlySet<string>;
  /** Before the underscore of an id. */
  readonly prefixes: ReadonlySet<string>;
  /** Of its paths, and the names of the backends' tools. */
  readonly names: ReadonlySet<string>;
}

/** Reads the vocabulary from the catalogue and the bindings: nobody keeps a list. */
export async function vocabularyOf(app: App, bindings: readonly Binding[]): Promise<Vocabulary> {
  const found = { words: new Set<string>(), fields: new Set<string>(), numbers: new Set<string>(), prefixes: new Set<string>() };
  const names = new Set<string>();
  for (const entry of await app.all()) {
    for (const [schema, io] of [[entry.input, 'input'] as const, [entry.output, 'output'] as const])
      collect(jsonSchema(schema, io), '', found);
    keysIn(entry.example, found.fields);
    if (isIntent(entry)) continue;
    for (const part of entry.http.path.split('/')) if (!part.startsWith('{')) names.add(part);
    for (const theirs of Object.values(entry.http.rename ?? {})) found.fields.add(theirs);
  }
  for (const cell of bindings.flatMap(({ cells }) => Object.values(cells))) {
    if (cell.transport !== 'tool') continue;
    names.add(cell.tool);
    for (const theirs of [...Object.values(cell.rename ?? {}), ...Object.keys(cell.constants ?? {})]) found.fields.add(theirs);
    const values = [...Object.values(cell.values ?? {}).flatMap((map) => Object.values(map)), ...Object.values(cell.constants ?? {})];
    for (const value of values) if (typeof value === 'string') found.words.add(value);
  }
  for (const name of WIRE) found.fields.add(name);
  return { ...found, names };
}

/** Names of Close's wire that no schema of ours has. */
const WIRE = [
  '_limit',
  '_skip',
  '_fields',
  '_order_by',
  '_cursor',
  '_query',
  'results_limit',
  'error',
  'errors',
  'field-errors',
  'cursor_next',
];

/** What schemas leave open, such as the queries of a search, examples show. */
function keysIn(value: unknown, fields: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) keysIn(item, fields);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!/^(?:custom\.)?cf_/.test(key)) fields.add(key);
    keysIn(item, fields);
  }
}

type Found = { readonly [K in 'words' | 'fields' | 'numbers' | 'prefixes']: Set<string> };

function collect(schema: unknown, field: string, found: Found): void {
  if (Array.isArray(schema)) for (const one of schema) collect(one, field, found);
  if (!isObject(schema)) return;
  if (schema['type'] === 'number' || schema['type'] === 'integer') found.numbers.add(field);
  for (const word of isStrings(schema['enum']) ? schema['enum'] : []) found.words.add(word);
  if (typeof schema['const'] === 'string') found.words.add(schema['const']);
  if (typeof schema['pattern'] === 'string') for (const prefix of prefixesIn(schema['pattern'])) found.prefixes.add(prefix);
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  for (const [name, one] of Object.entries(properties)) {
    found.fields.add(name);
    collect(one, name, found);
  }
  for (const key of ['items', 'anyOf', 'oneOf', 'allOf', 'additionalProperties']) collect(schema[key], field, found);
}

/** `lead` and `cont` of `^(?:lead|cont)_[A-Za-z0-9_-]{1,120}$`. */
function prefixesIn(pattern: string): readonly string[] {
  const [, listed = ''] = /^\^(?:\(\?:)?([a-z|]+)\)?_/.exec(pattern) ?? [];
  return listed.split('|').filter(Boolean);
}
