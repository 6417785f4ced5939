import { nearest } from '../catalog/nearest.ts';
import type { ToolCell } from '../contract/binding.ts';
import type { Operation } from '../contract/operation.ts';
import { kindsOf } from './kinds.ts';

export type BindingPath = readonly (string | number)[];

/** What is wrong with a cell, and where inside it. */
export interface Finding {
  readonly at: BindingPath;
  readonly message: string;
}

/** Holds a tool cell against its operation: a name that neither side knows, or a field that cannot come back, fails the build. */
export function checkTool(cell: ToolCell, operation: Operation): readonly Finding[] {
  return [
    ...unknownFields(cell, operation),
    ...notAccepted(cell),
    ...uncarriedRequired(cell, operation),
    ...sameName(cell),
    ...sameValue(cell),
    ...collapsingLists(cell, operation),
    ...unknownDoorNames(cell),
  ];
}

const LISTS = ['accepts', 'needs', 'json', 'list', 'single'] as const;
const MAPS = ['rename', 'values', 'transform'] as const;

function unknownFields(cell: ToolCell, operation: Operation): readonly Finding[] {
  const fields = Object.keys(kindsOf(operation));
  const named = [
    ...LISTS.flatMap((key) => (cell[key] ?? []).map((field, at) => ({ field, at: [key, at] }))),
    ...MAPS.flatMap((key) => Object.keys(cell[key] ?? {}).map((field) => ({ field, at: [key, field] }))),
    ...(cell.excludes ?? []).map((path, at) => ({ field: path.split('.')[0] ?? '', at: ['excludes', at] })),
    ...Object.entries(cell.also ?? {}).map(([theirs, field]) => ({ field, at: ['also', theirs] })),
  ];
  return named.filter(({ field }) => !fields.includes(field)).map(({ field, at }) => ({ at, message: unknown(field, operation, fields) }));
}

function unknown(field: string, operation: Operation, fields: readonly string[]): string {
  const [close] = nearest(field, fields, 1);
  return `${operation.id} has no field ${field}${close ? `; did you mean ${close}?` : ''}`;
}

/** What a tool is told about a field that it does not take would never be used. */
function notAccepted(cell: ToolCell): readonly Finding[] {
  const named = [
    ...LISTS.flatMap((key) => (cell[key] ?? []).map((field, at) => ({ field, at: [key, at] }))),
    ...MAPS.flatMap((key) => Object.keys(cell[key] ?? {}).map((field) => ({ field, at: [key, field] }))),
  ];
  return named.filter(({ field }) => !cell.accepts.includes(field)).map(({ field, at }) => ({ at, message: `${field} is not in accepts` }));
}

function uncarriedRequired(cell: ToolCell, operation: Operation): readonly Finding[] {
  return Object.entries(kindsOf(operation))
    .filter(([field, { required }]) => required && !cell.accepts.includes(field))
    .map(([field]) => ({ at: ['accepts'], message: `${operation.id} requires ${field}, which the tool does not accept` }));
}

/** Two fields under one name would come back as one. */
function sameName(cell: ToolCell): readonly Finding[] {
  const theirs = [...Object.keys(cell.constants ?? {}), ...cell.accepts.map((field) => cell.rename?.[field] ?? field)];
  return duplicates(theirs).map((name) => ({ at: ['accepts'], message: `more than one field travels as ${name}` }));
}

function sameValue(cell: ToolCell): readonly Finding[] {
  if (cell.losses) return [];
  return Object.entries(cell.values ?? {}).flatMap(([field, map]) =>
    duplicates(Object.values(map).map(String)).map((value) => ({
      at: ['values', field],
      message: `more than one value of ${field} travels as ${value}; name it under losses`,
    })),
  );
}

/** A list of one item could not be told from the item. */
function collapsingLists(cell: ToolCell, operation: Operation): readonly Finding[] {
  const kinds = kindsOf(operation);
  return (cell.list ?? [])
    .map((field, at) => ({ field, at: ['list', at] }))
    .filter(({ field }) => kinds[field]?.kind === 'array')
    .map(({ field, at }) => ({ at, message: `${field} is a list already` }));
}

function unknownDoorNames(cell: ToolCell): readonly Finding[] {
  const names = [...cell.accepts.map((field) => cell.rename?.[field] ?? field), ...Object.keys(cell.also ?? {})];
  return (cell.doorOnly ?? [])
    .map((name, at) => ({ name, at: ['doorOnly', at] }))
    .filter(({ name }) => !names.includes(name))
    .map(({ name, at }) => ({ at, message: `no field of this cell travels as ${name}` }));
}

function duplicates(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
