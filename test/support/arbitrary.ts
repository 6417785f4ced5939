import fc from 'fast-check';
import { z } from 'zod';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';

/**
 * Valid inputs of an operation, made from its schema: whole inventions where they are valid, and the example with fields put in
 * or left out one after the other, as long as the schema's refinements allow each step.
 */
export function inputsOf(operation: Operation): fc.Arbitrary<JsonObject> {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  const isValid = (input: JsonObject): boolean => operation.input.safeParse(input).success;
  const invented = fromSchema(schema, schema).filter(isObject);
  return invented.chain((fields) =>
    fc.shuffledSubarray([...Object.keys(fields), ...Object.keys(operation.example)]).map((order) => {
      if (order.length % 4 === 0 && isValid(fields)) return fields;
      let input = operation.example;
      for (const name of [...order, ...order]) {
        const { [name]: _left, ...rest } = input;
        const changed = Object.hasOwn(fields, name) ? { ...rest, [name]: fields[name] } : rest;
        if (isValid(changed)) input = changed;
      }
      return input;
    }),
  );
}

/** JSON that a JSON schema describes. Formats and patterns come out as text that they accept. */
function fromSchema(schema: unknown, root: JsonObject, depth = 0): fc.Arbitrary<unknown> {
  if (!isObject(schema)) return anyJson;
  if (typeof schema['$ref'] === 'string') return depth > 6 ? fc.constant({}) : fromSchema(follow(schema['$ref'], root), root, depth + 1);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
  if ('const' in schema) return fc.constant(schema['const']);
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return fc.oneof(...options.map((one) => fromSchema(one, root, depth + 1)));
  switch (schema['type']) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min: numberAt(schema, 'minimum', -1_000_000), max: Math.min(numberAt(schema, 'maximum', 1e9), 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: numberAt(schema, 'minimum', -1e9), max: numberAt(schema, 'maximum', 1e9), noNaN: true }).map((n) => n + 0);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const min = numberAt(schema, 'minItems', 0);
      return fc.array(fromSchema(schema['items'], root, depth + 1), { minLength: min, maxLength: Math.max(min, 3) });
    }
    case 'object':
      return object(schema, root, depth);
    default:
      return anyJson;
  }
}

const anyJson = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

function object(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<JsonObject> {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const properties = Object.entries(isObject(schema['properties']) ? schema['properties'] : {});
  const named = fc.record(Object.fromEntries(properties.map(([name, one]) => [name, fromSchema(one, root, depth + 1)])), {
    requiredKeys: required,
    noNullPrototype: true,
  });
  if (!isObject(schema['propertyNames'])) return named;
  const names = fromSchema(schema['propertyNames'], root, depth + 1).map(String);
  return fc.dictionary(names, fromSchema(schema['additionalProperties'], root, depth + 1), { maxKeys: 3, noNullPrototype: true });
}

function text(schema: JsonObject): fc.Arbitrary<string> {
  const minLength = numberAt(schema, 'minLength', 0);
  const maxLength = numberAt(schema, 'maxLength', Math.max(minLength, 30));
  const fits = (value: string): boolean => value.length >= minLength && value.length <= maxLength;
  if (schema['format'] === 'email') return fc.stringMatching(/^[a-z0-9][a-z0-9_'+-]{0,10}@[a-z]{2,8}\.example$/);
  if (schema['format'] === 'uri') return fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }).filter(fits);
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern'])).filter(fits);
  const plain = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 30) });
  return fc
    .oneof(plain, fc.constantFrom('a,b', 'true', '7', '[1]', '{"a":1}', 'null', ' ', 'x/../y?z=1&_limit=2#%2e', 'a\r\nb'))
    .filter(fits);
}

function follow(reference: string, root: JsonObject): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((found, name) => (isObject(found) ? found[name] : undefined), root);
}

function numberAt(schema: JsonObject, key: string, otherwise: number): number {
  const value = schema[key];
  return typeof value === 'number' ? value : otherwise;
}
