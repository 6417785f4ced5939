import type { Binding, ToolCell } from '../contract/binding.ts';
import type { FieldProblem } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import { closest } from './closest.ts';
import { fromTool, isMeant } from './tool.ts';
import { toWire } from './wire.ts';

export interface ToolInput {
  readonly type: 'string' | 'integer' | 'boolean' | 'array' | 'object';
  readonly enum?: readonly string[];
}

/** A tool's arguments, as its backend publishes them. */
export interface ToolSignature {
  readonly name: string;
  readonly required: readonly string[];
  readonly inputs: Readonly<Record<string, ToolInput>>;
}

export interface ToolRequest {
  /** Without the app. */
  readonly operation: string;
  readonly input: JsonObject;
  /** Published paging of a tool whose operation has none: the app answers everything, and the page is cut from it. */
  readonly limit?: number;
  readonly skip?: number;
}

export type ReadArguments = { readonly request: ToolRequest } | { readonly problems: readonly FieldProblem[] };

/** How a backend's tools spell paging. */
export interface PagingNames {
  readonly limit: string;
  readonly skip: string;
}

/** Reads the arguments of a tool, published or legacy, as a canonical call, or names every argument that is wrong. */
export function readArguments(binding: Binding, tool: ToolSignature, args: JsonObject, paging: PagingNames): ReadArguments {
  const wrong = checkPublished(tool, args);
  const cells = cellsOf(binding, tool.name);
  const strangers = (cell: ToolCell): readonly string[] => strangersTo(cell, args).filter((name) => !isPaging(name, tool, paging));
  const found = cells.find(({ cell }) => isMeant(cell, args) && strangers(cell).length === 0 && foreignValues(cell, args).length === 0);
  if (wrong.length > 0 || !found) {
    const plain = cells.find(({ cell }) => cell.doorOnly === undefined && isMeant(cell, args))?.cell;
    return { problems: [...wrong, ...(plain && !found ? explain(plain, tool, args, strangers(plain)) : [])] };
  }
  if (found.cell.accepts.includes('limit')) return { request: { operation: found.operation, input: fromTool(found.cell, args) } };
  const { [paging.limit]: limit, [paging.skip]: skip, ...rest } = args;
  return {
    request: {
      operation: found.operation,
      input: fromTool(found.cell, rest),
      ...(typeof limit === 'number' ? { limit } : {}),
      ...(typeof skip === 'number' ? { skip } : {}),
    },
  };
}

/** The app's raw answer as a tool gives it, an object always; a delete answers an empty one. */
export function toToolData({ skip = 0, limit }: ToolRequest, output: unknown): JsonObject {
  if (!isObject(output) || output['deleted'] === true) return {};
  const wire = toWire(output);
  const { data: items } = output;
  if (!Array.isArray(items) || (limit === undefined && skip === 0)) return wire;
  const end = limit === undefined ? items.length : skip + limit;
  return { ...wire, data: toWire({ data: items.slice(skip, end) })['data'], has_more: end < items.length };
}

interface BoundCell {
  readonly operation: string;
  readonly cell: ToolCell;
}

/** What is told apart by an argument first, then the tool's plain meaning, then its further spellings. */
function cellsOf(binding: Binding, name: string): readonly BoundCell[] {
  const spellings = Object.entries(binding.inbound).flatMap(([operation, cells]) => cells.map((cell) => ({ operation, cell })));
  const plain = Object.entries(binding.cells).flatMap(([operation, cell]) => (cell.transport === 'tool' ? [{ operation, cell }] : []));
  const own = spellings.filter(({ cell }) => cell.doorOnly !== undefined);
  return [...own, ...plain, ...spellings.filter(({ cell }) => cell.doorOnly === undefined)].filter(({ cell }) => cell.tool === name);
}

/** Arguments that have no place in the cell. */
function strangersTo(cell: ToolCell, args: JsonObject): readonly string[] {
  const known = namesIn(cell);
  return Object.keys(args).filter((name) => !known.includes(name));
}

function namesIn(cell: ToolCell): readonly string[] {
  return [
    ...cell.accepts.map((field) => cell.rename?.[field] ?? field),
    ...Object.keys(cell.constants ?? {}),
    ...Object.keys(cell.also ?? {}),
  ];
}

/** Arguments whose value has no meaning in the cell. */
function foreignValues(cell: ToolCell, args: JsonObject): readonly string[] {
  return Object.entries(cell.values ?? {})
    .map(([field, map]) => ({ name: cell.rename?.[field] ?? field, map }))
    .filter(({ name, map }) => args[name] !== undefined && !Object.values(map).includes(args[name]))
    .map(({ name }) => name);
}

function explain(cell: ToolCell, tool: ToolSignature, args: JsonObject, strangers: readonly string[]): readonly FieldProblem[] {
  return [
    ...strangers.map((path) => stranger(path, cell, tool)),
    ...foreignValues(cell, args).map((path) => ({ path, problem: 'has a value without a meaning here' })),
  ];
}

function stranger(path: string, cell: ToolCell, tool: ToolSignature): FieldProblem {
  if (Object.hasOwn(tool.inputs, path)) return { path, problem: 'cannot be carried here' };
  const [close] = closest(path, new Set([...Object.keys(tool.inputs), ...namesIn(cell)]), 1);
  return { path, problem: `not an argument of ${tool.name}`, ...(close === undefined ? {} : { nearest: close }) };
}

function isPaging(name: string, tool: ToolSignature, { limit, skip }: PagingNames): boolean {
  return (name === limit || name === skip) && Object.hasOwn(tool.inputs, name);
}

/** guess: that real services refuse rather than convert, and in these words. */
function checkPublished({ inputs, required }: ToolSignature, args: JsonObject): readonly FieldProblem[] {
  const missing = required.filter((path) => args[path] === undefined).map((path) => ({ path, problem: 'required' }));
  const wrong = Object.entries(inputs).flatMap(([path, input]) => {
    const problem = args[path] === undefined ? undefined : mismatch(input, args[path]);
    return problem === undefined ? [] : [{ path, problem }];
  });
  return [...missing, ...wrong];
}

function mismatch({ type, enum: allowed }: ToolInput, value: unknown): string | undefined {
  if (!TYPES[type](value)) return `must be of type ${type}`;
  return allowed && !allowed.some((one) => one === value) ? `must be one of ${allowed.join(', ')}` : undefined;
}

const TYPES: Readonly<Record<ToolInput['type'], (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: isObject,
};

/** guess: null says nothing, as for an optional argument in Python, or for `undefined` in a protobuf Struct. */
export function withoutNulls(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
}
