/** Input for a command that shows how an operation is run: the catalogue's own example, with the fields that a skill uses. */
import { jsonSchema } from '../../catalog/json-schema.ts';
import { isObject, isStrings, type JsonObject } from '../../contract/guards.ts';
import type { Intent, Operation } from '../../contract/operation.ts';

/** Valid for the operation, whatever the fields are. */
export function sampleInput(entry: Operation | Intent, fields: readonly string[]): JsonObject {
  const schema = jsonSchema(entry.input, 'input');
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = isStrings(schema['required']) ? schema['required'] : [];
  const wanted = [...new Set([...required, ...fields.filter((field) => Object.hasOwn(properties, field))])];
  if (wanted.length === 0) return entry.example;
  const values = wanted.map((field) => [field, entry.example[field] ?? sample(field, properties[field])] as const);
  const input = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  return entry.input.safeParse(input).success ? input : entry.example;
}

/** undefined: nothing sensible can be made up. */
function sample(field: string, schema: unknown): unknown {
  const shape = variants(schema).find((one) => one['type'] !== 'null') ?? {};
  if (shape['const'] !== undefined) return shape['const'];
  if (Array.isArray(shape['enum'])) return shape['enum'][0];
  switch (shape['type']) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return typeof shape['minimum'] === 'number' && shape['minimum'] > 1 ? shape['minimum'] : 1;
    case 'string':
      return text(field, shape);
    default:
      return undefined;
  }
}

/** Ids are of the form that the app gives them, and invented. */
const IDS: Readonly<Record<string, string>> = {
  lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
  contact_id: 'cont_3nQwExampleContact',
  user_id: 'user_EBT062hurExampleUser',
  assigned_to: 'user_EBT062hurExampleUser',
  status_id: 'stat_9xWqExampleStatus',
};

function text(field: string, shape: JsonObject): string | undefined {
  if (IDS[field] !== undefined) return IDS[field];
  if (shape['format'] === 'date') return '2026-03-09';
  if (shape['format'] === 'date-time') return '2026-03-09T10:00:00Z';
  return shape['pattern'] === undefined && !field.endsWith('_id') ? '…' : undefined;
}

function variants(schema: unknown): readonly JsonObject[] {
  if (!isObject(schema)) return [];
  const { anyOf, oneOf } = schema;
  const several = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [schema];
  return several.filter(isObject);
}
