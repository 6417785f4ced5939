import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isObject, isStrings, type JsonObject } from '../../src/contract/guards.ts';
import { fromStrict, toStrict } from '../../src/toolsets/openai.ts';
import { specsOf } from '../../src/toolsets/spec.ts';

const SPECS = await specsOf([closeApp]);
const KEYWORDS = [
  ...['type', 'description', 'properties', 'required', 'additionalProperties', 'items', 'anyOf', 'enum', 'const'],
  ...['pattern', 'minimum', 'maximum', 'minItems', 'maxItems'],
];

/** Where a schema leaves what strict mode takes. Source: OpenAI's guide to structured outputs. */
function breaches(schema: unknown, path = ''): readonly string[] {
  if (!isObject(schema)) return [`${path}: not a schema`];
  const { properties, required, items, anyOf } = schema;
  const fields = isObject(properties) ? Object.entries(properties) : [];
  const isWhole = isStrings(required) && fields.every(([name]) => required.includes(name));
  return [
    ...Object.keys(schema).flatMap((key) => (KEYWORDS.includes(key) ? [] : [`${path}: keyword ${key}`])),
    ...(schema['type'] === 'object' && (schema['additionalProperties'] !== false || !isWhole) ? [`${path}: an open object`] : []),
    ...(schema['type'] === undefined && anyOf === undefined ? [`${path}: no type`] : []),
    ...fields.flatMap(([name, field]) => breaches(field, `${path}.${name}`)),
    ...(items === undefined ? [] : breaches(items, `${path}[]`)),
    ...(Array.isArray(anyOf) ? anyOf.flatMap((one, at) => breaches(one, `${path}|${at}`)) : []),
  ];
}

/** What a model would write by the strict schema in order to say `value`. */
function written(schema: JsonObject, value: unknown): unknown {
  const { properties, propertyNames, items } = schema;
  if (isObject(properties) && isObject(value)) {
    const strict = toStrict(schema)['properties'];
    const clear = Object.keys(value).filter((name) => value[name] === null);
    return Object.fromEntries(
      Object.keys(isObject(strict) ? strict : {}).map((name) => {
        if (name === 'clear_fields') return [name, clear.length > 0 ? clear : null];
        const [field, one] = [properties[name], value[name]];
        return [name, one === undefined || one === null || !isObject(field) ? null : written(variant(field, one), one)];
      }),
    );
  }
  if (schema['type'] === 'object' && isObject(value)) {
    if (isObject(propertyNames)) return isObject(propertyNames) && 'pattern' in propertyNames ? pairs(value) : JSON.stringify(value);
    return JSON.stringify(value);
  }
  return isObject(items) && Array.isArray(value) ? value.map((one) => written(variant(items, one), one)) : value;
}

function pairs(value: JsonObject): unknown {
  return Object.entries(value).map(([key, one]) => ({ key, value: one }));
}

function variant(schema: JsonObject, value: unknown): JsonObject {
  const variants = Array.isArray(schema['anyOf']) ? schema['anyOf'].filter(isObject) : [];
  const kind = Array.isArray(value) ? 'array' : typeof value;
  return variants.find(({ type }) => type === kind || (type === 'integer' && kind === 'number')) ?? (variants.length > 0 ? {} : schema);
}

function schemaOf(operation: string): JsonObject {
  const found = SPECS.find((spec) => spec.operation === operation);
  if (!found) throw new Error(`no spec of ${operation}`);
  return found.inputSchema;
}

describe('strict mode', () => {
  it.each(SPECS.map((spec) => [spec.name, spec] as const))('has words for %s, and its example survives them', (_, {
    inputSchema,
    examples,
  }) => {
    expect(breaches(toStrict(inputSchema))).toEqual([]);
    for (const example of examples) expect(fromStrict(inputSchema, written(inputSchema, example))).toEqual(example);
  });

  it('reads null as a field that is left out', () => {
    const schema = schemaOf('close.lead.create');
    expect(fromStrict(schema, { name: 'Acme', url: null, contacts: [{ name: 'Ada', title: null, emails: null }] })).toEqual({
      name: 'Acme',
      contacts: [{ name: 'Ada' }],
    });
  });

  it('keeps a way to empty a field where null does that', () => {
    const schema = schemaOf('close.lead.update');
    const { properties } = toStrict(schema);
    expect(properties).toHaveProperty('clear_fields');
    const input = { lead_id: 'lead_1', name: null, url: null, clear_fields: ['url'], custom: [{ key: 'cf_1', value: null }] };
    expect(fromStrict(schema, input)).toEqual({ lead_id: 'lead_1', url: null, custom: { cf_1: null } });
    expect(toStrict(schemaOf('close.lead.create'))['properties']).not.toHaveProperty('clear_fields');
  });

  it('carries a map as pairs and a free object as JSON text', () => {
    expect(fromStrict(schemaOf('close.lead.update'), { lead_id: 'lead_1', custom: [{ key: 'cf_1', value: ['a', 'b'] }] })).toEqual({
      lead_id: 'lead_1',
      custom: { cf_1: ['a', 'b'] },
    });
    expect(fromStrict(schemaOf('close.search.query'), { query: '{"type":"and","queries":[]}' })).toEqual({
      query: { type: 'and', queries: [] },
    });
  });

  it('hands on what does not fit, for the router to say what is wrong', () => {
    const schema = schemaOf('close.lead.create');
    expect(fromStrict(schema, { name: 5, custom: 'x', contacts: 'Ada', nmae: 1 })).toEqual({
      name: 5,
      custom: 'x',
      contacts: 'Ada',
      nmae: 1,
    });
    expect(fromStrict(schema, 'Acme')).toBe('Acme');
    expect(fromStrict(schemaOf('close.search.query'), { query: '{' })).toEqual({ query: '{' });
  });

  it('refuses what it has no words for', () => {
    expect(() => toStrict({ type: 'object', properties: { a: { $ref: '#/$defs/a' } } })).toThrow(/no words/);
  });
});
