/** A cell as it has to be so that a changed tool takes its calls again. What cannot be said for sure goes by proxy. */
import { checkTool } from '../binding/check.ts';
import { kindsOf } from '../binding/kinds.ts';
import type { ToolCell } from '../contract/binding.ts';
import type { Operation } from '../contract/operation.ts';
import { fieldFor, isBrokenBy, ownValues } from './breaks.ts';
import type { FieldChange } from './changes.ts';

/** undefined: no cell of this tool can carry the operation. */
export interface Amended {
  readonly cell: ToolCell | undefined;
  readonly confidence: number;
  readonly because: readonly string[];
}

export interface Amendment {
  readonly cell: ToolCell;
  readonly operation: Operation;
  readonly changes: readonly FieldChange[];
  /** The tool's new name. */
  readonly renamed?: { readonly to: string; readonly confidence: number };
}

export function amended({ cell, operation, changes, renamed }: Amendment): Amended {
  const start: Amended = renamed
    ? { cell: { ...cell, tool: renamed.to }, confidence: renamed.confidence, because: [`${cell.tool} is now ${renamed.to}`] }
    : { cell, confidence: 1, because: [] };
  // Renames last: the other changes speak of arguments under the names that we know.
  const order = [...changes].toSorted((a, b) => Number(a.kind === 'renamed_field') - Number(b.kind === 'renamed_field'));
  const found = order
    .filter((change) => isBrokenBy(change, cell, operation))
    .reduce((before, change) => step(before, change, operation), start);
  const problems = found.cell ? checkTool(found.cell, operation) : [];
  return problems.length === 0
    ? found
    : { ...found, cell: undefined, because: [...found.because, ...problems.map(({ message }) => message)] };
}

function step(before: Amended, change: FieldChange, operation: Operation): Amended {
  const { cell } = before;
  if (!cell) return before;
  const told = (next: ToolCell | undefined, why: string, confidence = 1): Amended => ({
    cell: next,
    confidence: Math.min(before.confidence, confidence),
    because: [...before.because, why],
  });
  const field = fieldFor(cell, change.field);
  switch (change.kind) {
    case 'added_field':
      return before;
    case 'removed_field':
      return told(field === undefined ? undefined : withoutField(cell, field), `${change.field} is gone`);
    case 'renamed_field':
      return told(
        field ? withName(cell, field, change.to) : withConstant(cell, change.field, change.to),
        `${change.field} is now ${change.to}`,
        change.confidence,
      );
    case 'required_field':
      return told(withNeed(cell, operation, change.field, field), `${change.field} is required`);
    case 'changed_type':
      return told(
        field === undefined ? undefined : withType(cell, field, change.now.types),
        `${change.field} is now of type ${change.now.types.join(' or ')}`,
      );
    case 'changed_values':
      return told(
        field === undefined ? undefined : withValues(cell, operation, field, change.now.values ?? []),
        `${change.field} takes other values`,
      );
    default:
      return change satisfies never;
  }
}

const LISTS = ['accepts', 'needs', 'json', 'list', 'single'] as const;
const MAPS = ['rename', 'values', 'transform'] as const;

/** Calls with that field go by proxy. */
function withoutField(cell: ToolCell, field: string): ToolCell {
  const lists = LISTS.flatMap((key) => (cell[key] ? [[key, cell[key].filter((one) => one !== field)] as const] : []));
  const maps = MAPS.flatMap((key) =>
    cell[key] ? [[key, Object.fromEntries(Object.entries(cell[key]).filter(([one]) => one !== field))] as const] : [],
  );
  const excludes = cell.excludes?.filter((path) => path.split('.')[0] !== field);
  return tidy({ ...cell, ...Object.fromEntries([...lists, ...maps]), ...(excludes ? { excludes } : {}) });
}

function withName(cell: ToolCell, field: string, to: string): ToolCell {
  const { [field]: _before, ...others } = cell.rename ?? {};
  const also = Object.fromEntries(Object.entries(cell.also ?? {}).filter(([theirs]) => theirs !== to));
  return tidy({ ...cell, rename: field === to ? others : { ...others, [field]: to }, ...(cell.also ? { also } : {}) });
}

function withConstant(cell: ToolCell, name: string, to: string): ToolCell {
  const { [name]: value, ...others } = cell.constants ?? {};
  return { ...cell, constants: { ...others, [to]: value } };
}

/** A call without the argument is not for this tool. One that the app knows by that very name may be it, if it is of that type. */
function withNeed(cell: ToolCell, operation: Operation, argument: string, field: string | undefined): ToolCell | undefined {
  const known = kindsOf(operation)[argument];
  if (field === undefined && (!known || cell.accepts.includes(argument))) return undefined;
  const name = field ?? argument;
  const accepts = cell.accepts.includes(name) ? cell.accepts : [...cell.accepts, name];
  return { ...cell, accepts, needs: [...(cell.needs ?? []), name] };
}

/** A value as a list of one, and a list that no longer has to be text of JSON, are ways that cells have; of others nobody knows. */
function withType(cell: ToolCell, field: string, types: readonly string[]): ToolCell {
  if (types.includes('array') && cell.json?.includes(field) && cell.transform?.[field] === undefined)
    return tidy({ ...cell, json: cell.json.filter((one) => one !== field) });
  const isPlain = !cell.json?.includes(field) && cell.transform?.[field] === undefined && cell.values?.[field] === undefined;
  if (types.includes('array') && isPlain && !cell.list?.includes(field)) return { ...cell, list: [...(cell.list ?? []), field] };
  return withoutField(cell, field);
}

/** Only the values that the tool still takes; calls with another one go by proxy. */
function withValues(cell: ToolCell, operation: Operation, field: string, allowed: readonly unknown[]): ToolCell {
  const own = cell.values?.[field] ?? Object.fromEntries(texts(ownValues(operation, field) ?? allowed).map((value) => [value, value]));
  const kept = Object.entries(own).filter(([, theirs]) => allowed.includes(theirs));
  if (kept.length === 0) return withoutField(cell, field);
  return { ...cell, values: { ...cell.values, [field]: Object.fromEntries(kept) } };
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}

/** Without the lists and maps that hold nothing any more; a tool always says what it accepts. */
export function tidy(cell: ToolCell): ToolCell {
  const isEmpty = (value: unknown): boolean =>
    Array.isArray(value) ? value.length === 0 : typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(cell).filter(([key, value]) => key === 'accepts' || !isEmpty(value))) as unknown as ToolCell; // a subset of its optional keys
}
