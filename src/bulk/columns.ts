import { nearest } from '../catalog/nearest.ts';
import { type FieldProblem, RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import { cellValue, type Kinds, kindsOf, variantsOf } from './cells.ts';

/** A column: where its values go, `contacts.0.emails.0.email` as steps, and what they may be. */
interface Column {
  readonly path: readonly string[];
  readonly kinds: Kinds;
}

/** How the cells of a record become an input. An unnamed column must be empty. */
export interface Columns {
  readonly count: number;
  /** undefined: a cell stands where the header names nothing. */
  input(cells: readonly string[]): JsonObject | undefined;
}

/** A list in a row has a handful of entries; a larger index is a slip. */
const LARGEST_INDEX = 99;

/** Reads the header by the operation's schema. Throws `invalid_input`, naming every column that is wrong or missing. */
export function columnsOf(header: readonly string[], schema: JsonObject, operation: string): Columns {
  const names = header.map((name) => name.trim());
  const found = names.map((name) => (name === '' ? undefined : columnOf(name, schema)));
  const problems = [
    ...names.flatMap((name, at) => problemOf(name, names.indexOf(name) === at, found[at], schema)),
    ...missing(names, schema),
  ];
  if (problems.length > 0) throw wrongHeader(problems, operation);
  const columns = found.map((column) => (isColumn(column) ? column : undefined));
  return {
    count: header.length,
    input: (cells) => {
      if (cells.some((cell, at) => columns[at] === undefined && cell.trim() !== '')) return undefined;
      return asObject(treeOf(columns.map((column, at) => ({ column, cell: cells[at] ?? '' }))));
    },
  };
}

function columnOf(name: string, schema: JsonObject): Column | 'unknown' {
  const path = name.split('.');
  let schemas: readonly JsonObject[] = variantsOf(schema);
  for (const step of path) {
    schemas = schemas.flatMap((one) => stepInto(one, step)).flatMap(variantsOf);
    if (schemas.length === 0) return 'unknown';
  }
  return { path, kinds: new Set(schemas.flatMap((one) => [...kindsOf(one)])) };
}

/** The schemas one step further in; `{}` where anything may stand. */
function stepInto(schema: JsonObject, step: string): readonly JsonObject[] {
  const { properties, items, additionalProperties: more } = schema;
  if (isObject(items) && /^\d{1,3}$/.test(step) && Number(step) <= LARGEST_INDEX) return [items];
  if (isObject(properties) && Object.hasOwn(properties, step) && isObject(properties[step])) return [properties[step]];
  // A record's own names; the schema of the operation checks them.
  if (isObject(more) && !(step in Object.prototype)) return [more];
  return [];
}

function problemOf(name: string, first: boolean, column: Column | 'unknown' | undefined, schema: JsonObject): readonly FieldProblem[] {
  if (name === '') return [];
  if (!first) return [{ path: shown(name), problem: 'stands there twice' }];
  if (column !== 'unknown') return [];
  const [close] = nearest(name, namesOf(schema), 1);
  const hint = close ? `; did you mean ${close}?` : '';
  return [{ path: shown(name), problem: `is not a field of this operation${hint}`, ...(close ? { nearest: close } : {}) }];
}

/** Required fields without any column: every row would be wrong. */
function missing(names: readonly string[], { required }: JsonObject): readonly FieldProblem[] {
  const wanted = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  return wanted
    .filter((name) => !names.some((one) => one === name || one.startsWith(`${name}.`)))
    .map((name) => ({ path: name, problem: 'is required, and no column has it' }));
}

/** The fields, and those of the objects in their lists as of the first. */
function namesOf(schema: JsonObject, prefix = '', depth = 0): readonly string[] {
  if (depth > 3) return [];
  return variantsOf(schema).flatMap(({ properties, items }) => [
    ...(isObject(properties)
      ? Object.entries(properties).flatMap(([name, one]) => [
          `${prefix}${name}`,
          ...(isObject(one) ? namesOf(one, `${prefix}${name}.`, depth + 1) : []),
        ])
      : []),
    ...(isObject(items) ? namesOf(items, `${prefix}0.`, depth + 1) : []),
  ]);
}

type Tree = Map<string, Tree | { readonly value: unknown }>;

/** Puts each value at its path; what is empty makes nothing. */
function treeOf(cells: readonly { readonly column: Column | undefined; readonly cell: string }[]): Tree {
  const root: Tree = new Map();
  for (const { column, cell } of cells) {
    const value = column && cellValue(cell, column.kinds);
    if (column && value !== undefined) place(root, column.path, value);
  }
  return root;
}

function place(tree: Tree, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree.set(step, { value });
    return;
  }
  const found = tree.get(step);
  const inner: Tree = found instanceof Map ? found : new Map();
  tree.set(step, inner);
  place(inner, rest, value);
}

/** Steps that are numbers make a list, in their order and without holes. */
function grown(tree: Tree): unknown {
  const numbers = [...tree.keys()].every((step) => /^\d+$/.test(step));
  if (!numbers) return asObject(tree);
  return [...tree].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, inner]) => (inner instanceof Map ? grown(inner) : inner.value));
}

function asObject(tree: Tree): JsonObject {
  return Object.fromEntries([...tree].map(([name, inner]) => [name, inner instanceof Map ? grown(inner) : inner.value]));
}

function isColumn(column: Column | 'unknown' | undefined): column is Column {
  return typeof column === 'object';
}

function shown(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

function wrongHeader(problems: readonly FieldProblem[], operation: string): RouterError {
  return new RouterError('invalid_input', {
    operation,
    what: `the header does not fit: ${problems.map(({ path, problem }) => `${path} ${problem}`).join('; ')}`,
    next: 'Correct the first line of the file; nothing was sent.',
    fields: problems,
  });
}
