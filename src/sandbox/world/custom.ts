import type { FieldProblem } from '../../contract/errors.ts';
import { isObject, type JsonObject } from '../../contract/guards.ts';
import { inOrganization } from './checks.ts';
import { instantMs, isDay } from './clock.ts';
import type { CustomType, Scope } from './kind.ts';
import { refuseFields } from './refuse.ts';
import { asList, type Row, same } from './row.ts';

/** Custom field values: `custom` sets or clears, `custom_add` and `custom_remove` change one value of a multi-value field. */
export function settleCustom(scope: Scope, type: CustomType, before: JsonObject, body: JsonObject): JsonObject {
  const values: Record<string, unknown> = { ...before };
  const problems: FieldProblem[] = [];
  for (const part of ['custom', 'custom_add', 'custom_remove'] as const) {
    const given = body[part];
    if (!isObject(given)) continue;
    for (const [id, value] of Object.entries(given)) {
      const field = definition(scope, type, id);
      const trouble = field ? valueProblem(scope, field, value, part) : 'Unknown custom field.';
      if (trouble) problems.push({ path: `${part}.${id}`, problem: trouble });
      else if (field) put(values, id, next(field, values[id], value, part));
    }
  }
  if (problems.length > 0) refuseFields(problems);
  return values;
}

function put(values: Record<string, unknown>, id: string, value: unknown): void {
  if (value === null || (Array.isArray(value) && value.length === 0)) delete values[id];
  else values[id] = value;
}

function next(field: Row, before: unknown, value: unknown, part: string): unknown {
  const held = Array.isArray(before) ? before : before === undefined ? [] : [before];
  const given = Array.isArray(value) ? value : [value];
  if (part === 'custom_add') return [...held, ...given.filter((one) => !held.some((other) => same(one, other)))];
  if (part === 'custom_remove') return held.filter((one) => !given.some((other) => same(one, other)));
  if (value === null) return null;
  return field['accepts_multiple_values'] === true ? given : value;
}

function definition(scope: Scope, type: CustomType, id: string): Row | undefined {
  const field = scope.store.get('custom_field', id);
  if (!field || !inOrganization(scope, field)) return undefined;
  return field['$object'] === type || asList(field['$shared_with']).includes(type) ? field : undefined;
}

function valueProblem(scope: Scope, field: Row, value: unknown, part: string): string | undefined {
  const many = field['accepts_multiple_values'] === true;
  if (part !== 'custom' && !many) return 'This field holds a single value.';
  if (value === null) return part === 'custom' ? undefined : 'This field may not be null.';
  if (Array.isArray(value) && !many) return 'This field holds a single value.';
  const single = Array.isArray(value) ? value : [value];
  return single.map((one) => singleProblem(scope, field, one)).find((found) => found !== undefined);
}

function singleProblem(scope: Scope, field: Row, value: unknown): string | undefined {
  switch (field['type']) {
    case 'number':
      return typeof value === 'number' ? undefined : 'Not a valid number.';
    case 'date':
      return isDay(value) ? undefined : 'Not a valid date.';
    case 'datetime':
      return instantMs(value) !== undefined ? undefined : 'Not a valid date and time.';
    case 'choices':
      return asList(field['choices']).includes(String(value)) ? undefined : 'Not a valid choice.';
    case 'user':
      return scope.store.get('user', String(value)) ? undefined : 'Object does not exist.';
    case 'contact':
      return scope.store.get('contact', String(value)) ? undefined : 'Object does not exist.';
    default:
      return typeof value === 'string' ? undefined : 'Not a valid text.';
  }
}
