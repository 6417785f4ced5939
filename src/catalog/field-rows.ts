import { isObject, isStrings, type JsonObject, stringAt } from '../contract/guards.ts';

/** One input field as a reader needs it. `path` shows nesting: `contacts[].emails[].email`. */
export interface FieldRow {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

const DEEPEST = 3;

/** The fields of a JSON Schema object, parents before their parts. */
export function fieldRows(schema: unknown, prefix = '', depth = 1): readonly FieldRow[] {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties) || depth > DEEPEST) return [];
  const needed = isObject(schema) && isStrings(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row: FieldRow = { path, type: typeOf(field), required: needed.includes(name), description: stringAt(field, 'description') ?? '' };
    return [row, ...partsOf(field, path, depth)];
  });
}

function partsOf(field: unknown, path: string, depth: number): readonly FieldRow[] {
  const shape = alternatives(field).find((one) => one['type'] !== 'null') ?? {};
  if (shape['type'] === 'array') return fieldRows(shape['items'], `${path}[].`, depth + 1);
  return fieldRows(shape, `${path}.`, depth + 1);
}

function alternatives(field: unknown): readonly JsonObject[] {
  if (!isObject(field)) return [];
  const { anyOf, oneOf } = field;
  const several = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [field];
  return several.filter(isObject);
}

/** `string`, `integer or null`, `list of objects`, `"high" or "medium"`. */
function typeOf(field: unknown): string {
  const names = alternatives(field).map(simpleType);
  return [...new Set(names)].join(' or ') || 'anything';
}

function simpleType(shape: JsonObject): string {
  if (shape['const'] !== undefined) return JSON.stringify(shape['const']);
  if (Array.isArray(shape['enum'])) return shape['enum'].map((value) => JSON.stringify(value)).join(', ');
  if (shape['type'] === 'array') return `list of ${plural(typeOf(shape['items']))}`;
  const { type } = shape;
  if (isStrings(type)) return type.join(' or ');
  return typeof type === 'string' ? type : 'anything';
}

function plural(type: string): string {
  return /^[a-z]+$/.test(type) && type !== 'anything' ? `${type}s` : type;
}
