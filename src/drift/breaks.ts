/** What a change of a tool means for the calls that a cell sends to it. */
import { kindsOf } from '../binding/kinds.ts';
import { jsonSchema } from '../catalog/json-schema.ts';
import type { ToolCell } from '../contract/binding.ts';
import { isObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { covers } from './alike.ts';
import type { FieldChange } from './changes.ts';

/** Whether calls of this operation fail that went well before, all of them or some. */
export function isBrokenBy(change: FieldChange, cell: ToolCell, operation: Operation): boolean {
  switch (change.kind) {
    case 'removed_field':
    case 'renamed_field':
      return isSent(cell, change.field);
    case 'changed_type':
      return isSent(cell, change.field) && !covers(change.now, { types: typesSent(cell, operation, change) });
    case 'required_field':
      return !isAlwaysSent(cell, operation, change.field);
    case 'changed_values':
      return isSent(cell, change.field) && mayBeGone(change, cell, operation);
    case 'added_field':
      return false;
    default:
      return change satisfies never;
  }
}

/** Our field that travels as this argument. */
export function fieldFor(cell: ToolCell, argument: string): string | undefined {
  return cell.accepts.find((field) => (cell.rename?.[field] ?? field) === argument);
}

function isSent(cell: ToolCell, argument: string): boolean {
  return Object.hasOwn(cell.constants ?? {}, argument) || fieldFor(cell, argument) !== undefined;
}

/** A cell may have been written for the new type already. */
function typesSent(
  cell: ToolCell,
  operation: Operation,
  { field: argument, was }: Extract<FieldChange, { readonly kind: 'changed_type' }>,
): readonly string[] {
  const field = fieldFor(cell, argument);
  if (field === undefined || cell.values?.[field]) return was.types;
  if (cell.list?.includes(field)) return ['array'];
  if (cell.json?.includes(field) || cell.transform?.[field] !== undefined) return ['string'];
  return kindsOf(operation)[field]?.kind === 'array' ? ['array'] : was.types;
}

function isAlwaysSent(cell: ToolCell, operation: Operation, argument: string): boolean {
  if (Object.hasOwn(cell.constants ?? {}, argument)) return true;
  const field = fieldFor(cell, argument);
  return field !== undefined && (kindsOf(operation)[field]?.required === true || cell.needs?.includes(field) === true);
}

function mayBeGone(
  { field: argument, gone, now }: Extract<FieldChange, { readonly kind: 'changed_values' }>,
  cell: ToolCell,
  operation: Operation,
): boolean {
  if (gone.length === 0) return false;
  const allowed = now.values ?? [];
  if (Object.hasOwn(cell.constants ?? {}, argument)) return !allowed.includes(cell.constants?.[argument]);
  const sent = sentValues(cell, operation, argument);
  if (sent === undefined) return true;
  return sent.some((value) => (gone === 'unknown' ? !allowed.includes(value) : gone.includes(value)));
}

/** The values that a cell can send as an argument. undefined: any. */
export function sentValues(cell: ToolCell, operation: Operation, argument: string): readonly unknown[] | undefined {
  const field = fieldFor(cell, argument);
  if (field === undefined) return undefined;
  const mapped = cell.values?.[field];
  return mapped ? Object.values(mapped) : ownValues(operation, field);
}

/** The values that a field of the app can have. undefined: any. */
export function ownValues(operation: Operation, field: string): readonly unknown[] | undefined {
  const { properties } = jsonSchema(operation.input, 'input');
  const schema: unknown = isObject(properties) ? properties[field] : undefined;
  const variants: readonly unknown[] = isObject(schema) && Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema];
  const lists = variants.flatMap((one) => (isObject(one) && Array.isArray(one['enum']) ? [one['enum']] : []));
  return lists.length > 0 && lists.length === variants.length ? lists.flat() : undefined;
}
