/** Null in JSON Schemas: where it may stand, and the same schema without it. */
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';

/** Whether null is a value of the schema. */
export function takesNull(schema: JsonObject): boolean {
  const { type } = schema;
  return type === 'null' || (isStrings(type) && type.includes('null')) || (variantsOf(schema) ?? []).some(takesNull);
}

/** The schemas of which a value needs to fit one. */
export function variantsOf({ anyOf, oneOf }: JsonObject): readonly JsonObject[] | undefined {
  const found = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
  return found?.filter(isObject);
}

/** The schema in which optional fields, at any depth, do not take null. */
export function withoutNull(schema: JsonObject): JsonObject {
  const { properties, items, required } = schema;
  const needed = isStrings(required) ? required : [];
  const fields = Object.entries(isObject(properties) ? properties : {}).map(([name, field]) => {
    const inner = isObject(field) ? withoutNull(field) : field;
    return [name, isObject(inner) && !needed.includes(name) ? filled(inner) : inner] as const;
  });
  return {
    ...schema,
    ...(isObject(properties) ? { properties: Object.fromEntries(fields) } : {}),
    ...(isObject(items) ? { items: withoutNull(items) } : {}),
  };
}

function filled(schema: JsonObject): JsonObject {
  const { type, anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
  if (isStrings(type)) {
    const [only, ...others] = type.filter((one) => one !== 'null');
    return { ...schema, type: others.length === 0 ? only : [only, ...others] };
  }
  const variants = variantsOf(schema);
  const kept = variants?.filter((one) => one['type'] !== 'null') ?? [];
  if (!variants || kept.length === variants.length || kept.length === 0) return schema;
  const [first] = kept;
  return kept.length === 1 ? { ...rest, ...first } : { ...rest, anyOf: kept };
}
