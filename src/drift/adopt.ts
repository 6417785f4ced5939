/** New tools for operations that go by proxy today. */
import { checkTool } from '../binding/check.ts';
import { type FieldKind, kindsOf } from '../binding/kinds.ts';
import { wordsOf } from '../catalog/likeness.ts';
import type { Binding, ToolCell } from '../contract/binding.ts';
import type { DriftProposal } from '../contract/drift.ts';
import type { Operation } from '../contract/operation.ts';
import { alikeNames, covers, doingOf, SURE } from './alike.ts';
import { tidy } from './amend.ts';
import { ownValues } from './breaks.ts';
import type { FieldShape, ToolShape } from './shape.ts';

export interface Adopting {
  readonly binding: Binding;
  readonly operations: readonly Operation[];
  readonly added: readonly ToolShape[];
}

/** A cell for each new tool that plainly means one operation, and can carry all that the operation requires. */
export function adoptions({ binding, operations, added }: Adopting): readonly DriftProposal[] {
  const open = operations.filter(({ id }) => binding.cells[id]?.transport === 'proxy');
  const all = added
    .flatMap((tool) => open.map((operation) => ({ tool, operation, confidence: meant(tool, operation, binding.app) })))
    .filter(({ confidence }) => confidence >= SURE)
    .toSorted((a, b) => b.confidence - a.confidence);
  const [done, proposals] = [new Set<unknown>(), [] as DriftProposal[]];
  for (const { tool, operation, confidence } of all) {
    if (done.has(tool) || done.has(operation)) continue;
    const cell = cellFor(tool, operation);
    if (!cell) continue;
    done.add(tool).add(operation);
    const { transport: _tool, ...written } = cell;
    const because = [`${tool.name} is new, and means ${operation.id}`];
    proposals.push({
      operation: operation.id,
      was: 'proxy',
      cell: written,
      confidence: Math.round(confidence * 100) / 100,
      because,
      optional: true,
    });
  }
  return proposals;
}

/** Nobody has tried it: so sure may one be at most. */
const MOST = 0.9;

/** By the words of both names: all of them, in any order, and the same doing. */
function meant({ name }: ToolShape, { id }: Operation, app: string): number {
  const words = wordsOf(name).filter((word) => word !== app);
  if (doingOf(name) !== doingOf(id)) return 0;
  return Math.min(MOST, alikeNames(words.join(' '), id));
}

/** undefined: the tool cannot carry what the operation requires, or wants what the operation does not have. */
function cellFor(tool: ToolShape, operation: Operation): ToolCell | undefined {
  const kinds = kindsOf(operation);
  const carried = Object.entries(tool.fields ?? {}).flatMap(([name, shape]) => {
    const field = [name, name.replace(/^_/, '')].find((one) => kinds[one] !== undefined);
    const kind = field === undefined ? undefined : kinds[field];
    const how = field !== undefined && kind ? wayOf(field, kind, shape, operation) : undefined;
    return how && field !== undefined ? [{ name, field, shape, how, kind }] : [];
  });
  const isWanting = Object.entries(tool.fields ?? {}).some(([name, { required }]) => required && !carried.some((one) => one.name === name));
  if (isWanting) return undefined;
  const fieldsWith = (way: Way['way']): readonly string[] => carried.filter(({ how }) => how.way === way).map(({ field }) => field);
  const cell = tidy({
    transport: 'tool',
    tool: tool.name,
    accepts: carried.map(({ field }) => field),
    needs: carried.filter(({ shape, kind }) => shape.required && kind?.required !== true).map(({ field }) => field),
    rename: Object.fromEntries(carried.filter(({ name, field }) => name !== field).map(({ name, field }) => [field, name])),
    list: fieldsWith('list'),
    single: fieldsWith('single'),
    transform: Object.fromEntries(fieldsWith('comma-list').map((field) => [field, 'comma-list'])),
    values: Object.fromEntries(carried.flatMap(({ field, how }) => (how.values ? [[field, how.values]] : []))),
  });
  return checkTool(cell, operation).length === 0 ? cell : undefined;
}

interface Way {
  readonly way: 'plain' | 'list' | 'single' | 'comma-list';
  readonly values?: Readonly<Record<string, unknown>>;
}

/** How a field of ours travels as an argument of that type. undefined: nobody can tell. */
function wayOf(field: string, { kind }: FieldKind, shape: FieldShape, operation: Operation): Way | undefined {
  const [isText, isList] = [shape.types.includes('string'), shape.types.includes('array')];
  if (kind === 'one-or-many') return isList ? { way: 'list' } : isText ? { way: 'single' } : undefined;
  if (kind === 'array' && field === 'fields' && isText && !isList) return { way: 'comma-list' };
  if (kind === 'any' || !covers(shape, { types: [kind === 'number' ? 'integer' : kind] })) return undefined;
  if (shape.values === undefined) return { way: 'plain' };
  const own = ownValues(operation, field) ?? shape.values;
  const shared = own.filter((value): value is string => typeof value === 'string' && shape.values?.includes(value) === true);
  if (shared.length === 0) return undefined;
  return ownValues(operation, field)?.length === shared.length
    ? { way: 'plain' }
    : { way: 'plain', values: Object.fromEntries(shared.map((value) => [value, value])) };
}
