/** Tools reduced to what a call depends on: names, types, values and what is required. */
import type { ToolSignature } from '../binding/arguments.ts';
import { toolSchema } from '../binding/schema.ts';
import type { LiveTool } from '../contract/adapter.ts';
import type { Binding, ToolCell } from '../contract/binding.ts';
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';

export interface FieldShape {
  /** Words of JSON Schema but null. None: anything. */
  readonly types: readonly string[];
  readonly values?: readonly unknown[];
  readonly required: boolean;
}

export interface ToolShape {
  readonly name: string;
  /** Absent: nothing is told of the arguments. */
  readonly fields?: Readonly<Record<string, FieldShape>>;
}

export function liveShape({ name, input }: Pick<LiveTool, 'name' | 'input'>): ToolShape {
  return { name, ...(input ? { fields: fieldsOf(input) } : {}) };
}

export function publishedShape({ name, inputs, required }: ToolSignature): ToolShape {
  const fields = Object.entries(inputs).map(([field, { type, enum: values }]): readonly [string, FieldShape] => [
    field,
    { types: [type], required: required.includes(field), ...(values ? { values } : {}) },
  ]);
  return { name, fields: Object.fromEntries(fields) };
}

/** What the cells of a binding send to each tool, for backends that publish no arguments. */
export function boundShapes(binding: Binding, operations: readonly Operation[]): ReadonlyMap<string, ToolShape> {
  const found = new Map<string, ToolShape>();
  for (const operation of operations) {
    const cell = binding.cells[operation.id];
    if (cell?.transport !== 'tool') continue;
    const [before, fields] = [found.get(cell.tool)?.fields, sentShape(cell, operation)];
    found.set(cell.tool, { name: cell.tool, fields: before ? merged(before, fields) : fields });
  }
  return found;
}

/** Required of all is what every operation sends. */
function merged(one: Readonly<Record<string, FieldShape>>, other: Readonly<Record<string, FieldShape>>): Record<string, FieldShape> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const pairs = names.flatMap((name) => {
    const [a, b] = [one[name], other[name]];
    const field = a && b ? { types: [...new Set([...a.types, ...b.types])], required: a.required && b.required } : (a ?? b);
    return field ? [[name, a && b ? field : { ...field, required: false }] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function sentShape(cell: ToolCell, operation: Operation): Readonly<Record<string, FieldShape>> {
  const listed = (cell.list ?? []).map((field) => cell.rename?.[field] ?? field);
  const mapped = new Map(Object.entries(cell.values ?? {}).map(([field, map]) => [cell.rename?.[field] ?? field, Object.values(map)]));
  const constants = Object.entries(cell.constants ?? {}).map(
    ([name, value]) => [name, { types: [typeOf(value)], required: true }] as const,
  );
  const sent = Object.entries(fieldsOf(toolSchema(cell, operation))).map(([name, field]): readonly [string, FieldShape] => {
    if (listed.includes(name)) return [name, { ...field, types: ['array'] }];
    const values = mapped.get(name);
    return [name, values ? { types: [...new Set(values.map(typeOf))], values, required: field.required } : field];
  });
  return Object.fromEntries([...sent, ...constants]);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function fieldsOf(schema: JsonObject): Readonly<Record<string, FieldShape>> {
  const required = isStrings(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, fieldOf(one, required.includes(name))]));
}

function fieldOf(schema: unknown, required: boolean): FieldShape {
  const variants = variantsOf(schema);
  const types = variants.every(({ types: own }) => own.length > 0) ? [...new Set(variants.flatMap(({ types: own }) => own))] : [];
  const closed = variants.length > 0 && variants.every(({ values }) => values !== undefined);
  return { types, required, ...(closed ? { values: variants.flatMap(({ values }) => values ?? []) } : {}) };
}

/** What a value may be, one by one; null says nothing. */
function variantsOf(schema: unknown): readonly { readonly types: readonly string[]; readonly values?: readonly unknown[] }[] {
  if (!isObject(schema)) return [{ types: [] }];
  const inner = [schema['anyOf'], schema['oneOf']].find(Array.isArray);
  if (inner) return inner.filter((one: unknown) => !isObject(one) || one['type'] !== 'null').flatMap(variantsOf);
  const { type, enum: values, const: only } = schema;
  const types = (typeof type === 'string' ? [type] : isStrings(type) ? type : []).filter((one) => one !== 'null');
  if (Array.isArray(values)) return [{ types, values: values.filter((value) => value !== null) }];
  return [{ types, ...(only === undefined ? {} : { values: [only] }) }];
}
