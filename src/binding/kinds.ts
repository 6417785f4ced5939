import { z } from 'zod';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';

/** What a field holds, as far as text on a wire needs to know to be read back. */
export interface FieldKind {
  readonly kind: 'string' | 'number' | 'boolean' | 'array' | 'one-or-many' | 'object' | 'any';
  readonly required: boolean;
  /** What a list holds. */
  readonly items?: FieldKind['kind'];
  /** The fields of an object that names them. */
  readonly fields?: Readonly<Record<string, FieldKind>>;
}

const known = new WeakMap<Operation, Readonly<Record<string, FieldKind>>>();

/** The kinds of an operation's input fields, from its schema; computed once per operation. */
export function kindsOf(operation: Operation): Readonly<Record<string, FieldKind>> {
  const found = known.get(operation) ?? fieldsOf(z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as JsonObject);
  known.set(operation, found);
  return found;
}

function fieldsOf(schema: JsonObject): Readonly<Record<string, FieldKind>> {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const own = Object.entries(properties).map(([name, property]) => [name, kindOf(property, required.includes(name))] as const);
  return { ...Object.assign({}, ...branches(schema).map(fieldsOf)), ...Object.fromEntries(own) };
}

function kindOf(schema: unknown, required: boolean): FieldKind {
  const variants = variantsOf(schema);
  const types = new Set(variants.map((one) => one['type']));
  const list = variants.find((one) => one['type'] === 'array');
  const items = list ? { items: kindOf(list['items'], false).kind } : {};
  if (types.size > 1)
    return list && types.size === 2 && types.has('string') ? { kind: 'one-or-many', required, ...items } : { kind: 'any', required };
  const [type] = types;
  if (type === 'integer' || type === 'number') return { kind: 'number', required };
  if (type === 'array') return { kind: 'array', required, ...items };
  if (type === 'object') return { kind: 'object', required, fields: Object.assign({}, ...variants.map(fieldsOf)) };
  return { kind: type === 'string' || type === 'boolean' ? type : 'any', required };
}

function variantsOf(schema: unknown): readonly JsonObject[] {
  if (!isObject(schema) || schema['type'] === 'null') return [];
  const inner = branches(schema);
  return inner.length > 0 && schema['type'] === undefined ? inner.flatMap(variantsOf) : [schema];
}

function branches(schema: JsonObject): readonly JsonObject[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key].filter(isObject) : []));
}
