/**
 * OpenAI's strict mode knows no optional field, no map and no free value. `toStrict` says the same schema without them, and
 * `fromStrict` reads what a model wrote by it back into the operation's own input.
 *
 * - An optional field is required and may be null; null means that it is left out.
 * - Where null itself means something (it clears what is there), the object has `clear_fields`, a list of the names to clear.
 * - A map, such as custom fields, is a list of `{ key, value }`.
 * - An object of any form, such as a search query, is a text with its JSON.
 *
 * Source: OpenAI's guide to structured outputs, "supported schemas"; ecosystem/consumers.md.
 */
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';
import { takesNull, variantsOf } from './nulls.ts';

/** The field that names those to clear, and the schema that offers it. */
export const CLEAR = 'clear_fields';

const SCALARS: readonly string[] = ['string', 'number', 'boolean'];
const NULL: JsonObject = { type: 'null' };

/** Keywords that strict mode takes; others only restrict further, and the router checks them anyway. */
const KEPT: readonly string[] = ['type', 'description', 'enum', 'const', 'pattern', 'minimum', 'maximum', 'minItems', 'maxItems'];

/** The schema in strict mode's words. Throws for one that it has no words for, such as references. */
export function toStrict(schema: JsonObject): JsonObject {
  if (isObject(schema['properties']) || (schema['type'] === 'object' && schema['additionalProperties'] === false))
    return strictObject(schema);
  if (schema['type'] === 'object') return isKeyed(schema) ? entries(schema) : jsonText(schema);
  const variants = variantsOf(schema);
  if (variants) return { ...kept(schema), anyOf: variants.map(toStrict) };
  if (isObject(schema['items'])) return { ...kept(schema), items: toStrict(schema['items']) };
  if (schema['type'] === 'array') return { ...kept(schema), items: anyValue() };
  if (schema['$ref'] !== undefined || schema['allOf'] !== undefined) throw new Error('strict mode has no words for $ref and allOf here');
  return isFree(schema) ? { ...kept(schema), ...anyValue() } : kept(schema);
}

/** What a model wrote by `toStrict(schema)`, as input for `schema`. What does not fit is handed on as it is, for the router to refuse. */
export function fromStrict(schema: JsonObject, value: unknown): unknown {
  if (isObject(schema['properties'])) return isObject(value) ? objectFrom(schema, schema['properties'], value) : value;
  if (schema['type'] === 'object') return isKeyed(schema) ? mapFrom(schema, value) : parsed(value);
  const variants = variantsOf(schema);
  if (variants) return fromStrict(variants.find((one) => fits(one, value)) ?? {}, value);
  const { items } = schema;
  return isObject(items) && Array.isArray(value) ? value.map((one: unknown) => fromStrict(items, one)) : value;
}

function strictObject(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const needed = isStrings(schema['required']) ? schema['required'] : [];
  const strict = Object.entries(properties).map(([name, field]) => {
    const inner = isObject(field) ? toStrict(field) : {};
    return [name, needed.includes(name) ? inner : orNull(inner)] as const;
  });
  const clear = clearable(schema);
  const all = Object.fromEntries(clear.length > 0 ? [...strict, [CLEAR, clearField(clear)]] : strict);
  return { ...kept(schema), type: 'object', properties: all, required: Object.keys(all), additionalProperties: false };
}

/** Optional fields in which null is a value of its own. */
function clearable({ properties, required }: JsonObject): readonly string[] {
  const needed = isStrings(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([name, field]) =>
    !needed.includes(name) && isObject(field) && takesNull(field) ? [name] : [],
  );
}

function clearField(names: readonly string[]): JsonObject {
  return {
    anyOf: [{ type: 'array', items: { type: 'string', enum: names } }, NULL],
    description: 'Names of fields to empty; null empties none. A field that is null above stays as it is',
  };
}

function objectFrom(schema: JsonObject, properties: JsonObject, value: JsonObject): JsonObject {
  const needed = isStrings(schema['required']) ? schema['required'] : [];
  const clear = clearable(schema);
  const emptied = clear.length > 0 && isStrings(value[CLEAR]) ? value[CLEAR].filter((name) => clear.includes(name)) : [];
  const given = Object.entries(value).flatMap(([name, one]) => {
    if (clear.length > 0 && name === CLEAR) return [];
    if (one === null && !needed.includes(name)) return [];
    const field = properties[name];
    return [[name, isObject(field) ? fromStrict(field, one) : one] as const];
  });
  return { ...Object.fromEntries(given), ...Object.fromEntries(emptied.map((name) => [name, null])) };
}

/** A map whose keys have a form: its values are what is asked for. One of any keys is a document. */
function isKeyed({ propertyNames }: JsonObject): boolean {
  return isObject(propertyNames) && propertyNames['pattern'] !== undefined;
}

function entries({ propertyNames, additionalProperties, ...schema }: JsonObject): JsonObject {
  const key = isObject(propertyNames) ? toStrict(propertyNames) : { type: 'string' };
  const value = isObject(additionalProperties) ? toStrict(additionalProperties) : anyValue();
  const item = { type: 'object', properties: { key, value }, required: ['key', 'value'], additionalProperties: false };
  return { ...kept(schema), type: 'array', items: item };
}

function mapFrom({ additionalProperties }: JsonObject, value: unknown): unknown {
  if (!Array.isArray(value) || !value.every((one) => isObject(one) && typeof one['key'] === 'string')) return value;
  const inner = isObject(additionalProperties) ? additionalProperties : {};
  return Object.fromEntries((value as readonly JsonObject[]).map((one) => [one['key'], fromStrict(inner, one['value'])]));
}

function jsonText(schema: JsonObject): JsonObject {
  const { description } = schema;
  return { type: 'string', description: `${typeof description === 'string' ? `${description}; ` : ''}a JSON object, written as text` };
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function anyValue(): JsonObject {
  const scalars = SCALARS.map((type) => ({ type }));
  return { anyOf: [...scalars, { type: 'array', items: { anyOf: scalars } }, NULL] };
}

function orNull(schema: JsonObject): JsonObject {
  if (takesNull(schema)) return schema;
  const { type, description, anyOf, enum: values } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, NULL] };
  if (typeof type === 'string' && values === undefined && schema['const'] === undefined) return { ...schema, type: [type, 'null'] };
  const { description: _, ...inner } = schema;
  return { ...(description === undefined ? {} : { description }), anyOf: [inner, NULL] };
}

/** Whether a value as a model writes it by the strict form could be meant by this variant. */
function fits(schema: JsonObject, value: unknown): boolean {
  const { type } = schema;
  if (isObject(schema['properties'])) return isObject(value);
  if (type === 'object') return isKeyed(schema) ? Array.isArray(value) : typeof value === 'string';
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === undefined || typeof value === (type === 'integer' ? 'number' : type);
}

function isFree(schema: JsonObject): boolean {
  return schema['type'] === undefined && schema['enum'] === undefined && schema['const'] === undefined;
}

function kept(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => KEPT.includes(key)));
}
