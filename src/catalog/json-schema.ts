/** The JSON Schema of a zod schema, as people, agents and their tools read it. */
import { z } from 'zod';
import { isObject, type JsonObject } from '../contract/guards.ts';

export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // zod types its JSON Schema more narrowly than a plain object, which it is.
  return described(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject);
}

/** zod leaves the description of `x.nullable()` at the variant x: readers look for it at the field. */
function described(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([key, value]) => [key, inner(key, value)] as const);
  const found: JsonObject = Object.fromEntries(entries);
  const variants = found['anyOf'];
  if (found['description'] !== undefined || !Array.isArray(variants)) return found;
  const speaker: unknown = variants.find((one) => isObject(one) && typeof one['description'] === 'string');
  if (!isObject(speaker)) return found;
  const { description, ...silent } = speaker;
  return { ...found, description, anyOf: variants.map((one: unknown) => (one === speaker ? silent : one)) };
}

const ONE: readonly string[] = ['items', 'additionalProperties'];
const MANY: readonly string[] = ['anyOf', 'oneOf', 'allOf'];
const NAMED: readonly string[] = ['properties', '$defs'];

function inner(key: string, value: unknown): unknown {
  if (ONE.includes(key)) return isObject(value) ? described(value) : value;
  if (MANY.includes(key)) return Array.isArray(value) ? value.map((one: unknown) => (isObject(one) ? described(one) : one)) : value;
  if (!NAMED.includes(key) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, isObject(one) ? described(one) : one]));
}
