import { jsonSchema } from '../catalog/json-schema.ts';
import type { ToolCell } from '../contract/binding.ts';
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';

/** The JSON Schema of a tool's arguments, in the tool's own names, as far as the cell and the catalogue know them. */
export function toolSchema(cell: ToolCell, operation: Operation): JsonObject {
  const whole = jsonSchema(operation.input, 'input');
  const properties = propertiesOf(whole);
  const nameOf = (field: string): string => cell.rename?.[field] ?? field;
  const listed = cell.accepts.map((field) => [nameOf(field), asCarried(cell, field, properties[field])]);
  const required = [...new Set([...(isStrings(whole['required']) ? whole['required'] : []), ...(cell.needs ?? [])])].map(nameOf);
  return {
    type: 'object',
    properties: Object.fromEntries(listed),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** How a field looks on the way: as text, as one value only, or without the parts that the tool cannot carry. */
function asCarried({ json, transform, single, excludes }: ToolCell, field: string, schema: unknown): unknown {
  if (!isObject(schema)) return {};
  const { description } = schema;
  if (json?.includes(field) || transform?.[field] !== undefined)
    return { type: 'string', ...(description === undefined ? {} : { description }) };
  const paths = (excludes ?? []).map((path) => path.split('.')).filter(([first]) => first === field);
  const carried = paths.reduce<JsonObject>((found, [, ...rest]) => without(found, rest), schema);
  return single?.includes(field) ? oneOnly(carried) : carried;
}

function oneOnly(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  const one = Array.isArray(anyOf) ? anyOf.find((variant) => isObject(variant) && variant['type'] !== 'array') : undefined;
  return isObject(one) ? { ...one, ...rest } : schema;
}

function without(schema: JsonObject, [name, ...rest]: readonly string[]): JsonObject {
  if (name === undefined) return schema;
  if (isObject(schema['items'])) return { ...schema, items: without(schema['items'], [name, ...rest]) };
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const inner = properties[name];
  const kept = Object.entries(properties).filter(([key]) => key !== name);
  if (rest.length === 0) return { ...schema, properties: Object.fromEntries(kept) };
  return isObject(inner) ? { ...schema, properties: { ...properties, [name]: without(inner, rest) } } : schema;
}

/** The properties of an object, those of its variants included. */
function propertiesOf(schema: JsonObject): JsonObject {
  const variants = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key].filter(isObject) : []));
  return { ...Object.assign({}, ...variants.map(propertiesOf)), ...(isObject(schema['properties']) ? schema['properties'] : {}) };
}
