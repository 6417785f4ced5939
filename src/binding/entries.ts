import { nearest } from '../catalog/nearest.ts';
import type { Binding, Cell } from '../contract/binding.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { readCell, unknownKeys } from './cell.ts';
import { type BindingPath, checkTool, type Finding } from './check.ts';

/** A binding that holds, as far as it was written, or everything that is wrong with it. */
export type ReadBinding =
  | { readonly binding: Omit<Binding, 'backend'>; readonly findings: readonly [] }
  | { readonly findings: readonly [Finding, ...Finding[]] };

/** Reads a binding against the app's operations, in the catalogue's order. `bound` are those that need no cell here. */
export function readBinding(raw: JsonObject, operations: readonly Operation[], bound: readonly string[] = []): ReadBinding {
  const fallback = raw['default'] === undefined ? undefined : readFallback(raw['default']);
  const cells = readEntries(raw, 'bindings', operations);
  const inbound = readEntries(raw, 'inbound', operations);
  const [first, ...others] = [
    ...readHeader(raw),
    ...(fallback?.findings ?? []),
    ...cells.findings,
    ...inbound.findings,
    ...missing(operations, bound, raw),
  ];
  if (first) return { findings: [first, ...others] };
  return {
    findings: [],
    binding: {
      app: stringAt(raw, 'app') ?? '',
      source: stringAt(raw, 'source') ?? '',
      cells: inOrder(operations, (id) => cells.found.get(id)?.[0] ?? (bound.includes(id) ? undefined : fallback?.cell)),
      inbound: inOrder(operations, (id) => inbound.found.get(id)?.filter((cell) => cell.transport === 'tool')),
    },
  };
}

const KEYS = ['app', 'source', 'default', 'bindings', 'inbound'];

function readHeader(raw: JsonObject): readonly Finding[] {
  const texts = ['app', 'source'].filter((key) => !stringAt(raw, key)).map((key) => ({ at: [key], message: `${key} is missing` }));
  const maps = ['bindings', 'inbound']
    .filter((key) => raw[key] !== undefined && !isObject(raw[key]))
    .map((key) => ({ at: [key], message: `${key} must be a map, operation: cell` }));
  return [...unknownKeys(raw, KEYS), ...texts, ...maps];
}

function readFallback(raw: unknown): { readonly cell?: Cell; readonly findings: readonly Finding[] } {
  const read = readCell(raw);
  if (!('cell' in read)) return { findings: inside(['default'], read.findings) };
  return read.cell.transport === 'tool' ? { findings: [{ at: ['default'], message: 'a tool cannot be the default' }] } : read;
}

interface Entries {
  readonly found: ReadonlyMap<string, readonly Cell[]>;
  readonly findings: readonly Finding[];
}

/** `bindings` has one cell per operation; `inbound` one or more, all of them tools. */
function readEntries(raw: JsonObject, key: 'bindings' | 'inbound', operations: readonly Operation[]): Entries {
  const found = new Map<string, readonly Cell[]>();
  const findings: Finding[] = [];
  for (const [id, written] of Object.entries(isObject(raw[key]) ? raw[key] : {})) {
    const operation = operations.find((one) => one.id === id);
    if (!operation) {
      findings.push({ at: [key, id], message: unknownOperation(id, operations) });
      continue;
    }
    const listed = key === 'inbound' && Array.isArray(written);
    const read = (listed ? written : [written]).map((one, at) => readBound(one, operation, listed ? [key, id, at] : [key, id]));
    findings.push(...read.flatMap((one) => one.findings));
    found.set(
      id,
      read.flatMap(({ cell }) => (cell ? [cell] : [])),
    );
  }
  return { found, findings };
}

function readBound(
  written: unknown,
  operation: Operation,
  at: BindingPath,
): { readonly cell?: Cell; readonly findings: readonly Finding[] } {
  const read = readCell(written);
  if (!('cell' in read)) return { findings: inside(at, read.findings) };
  if (read.cell.transport === 'tool') return { cell: read.cell, findings: inside(at, checkTool(read.cell, operation)) };
  return at[0] === 'inbound' ? { findings: [{ at, message: 'a door understands tools only' }] } : read;
}

function missing(operations: readonly Operation[], bound: readonly string[], raw: JsonObject): readonly Finding[] {
  if (raw['default'] !== undefined) return [];
  const own = isObject(raw['bindings']) ? raw['bindings'] : {};
  return operations
    .filter(({ id }) => !Object.hasOwn(own, id) && !bound.includes(id))
    .map(({ id }) => ({ at: ['bindings'], message: `${id} has no cell, and there is no default` }));
}

function unknownOperation(id: string, operations: readonly Operation[]): string {
  const close = nearest(
    id,
    operations.map((one) => one.id),
    1,
  );
  return `unknown operation ${id}${close.length > 0 ? `; did you mean ${close.join(', ')}?` : ''}`;
}

function inside(path: BindingPath, findings: readonly Finding[]): readonly Finding[] {
  return findings.map(({ at, message }) => ({ at: [...path, ...at], message }));
}

function inOrder<T>(operations: readonly Operation[], cellOf: (id: string) => T | undefined): Readonly<Record<string, T>> {
  return Object.fromEntries(
    operations.flatMap(({ id }) => {
      const cell = cellOf(id);
      return cell === undefined ? [] : [[id, cell] as const];
    }),
  );
}
