import { z } from 'zod';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';

/** Text that a careless map gets wrong. */
const TEXTS = ['x', 'a,b', 'true', '7', '{"a":1}', 'Grüße & “so” 100% /?#', ' '];

/** Valid inputs of an operation: its example, the example without each field, and with each field given every sample value. */
export function variantsOf(operation: Operation): readonly JsonObject[] {
  const { example } = operation;
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  const fields = Object.entries(isObject(schema['properties']) ? schema['properties'] : {});
  const without = Object.keys(example).map((name) => {
    const { [name]: _left, ...rest } = example;
    return rest;
  });
  const changed = fields.flatMap(([name, field]) => samplesOf(field).map((value) => ({ ...example, [name]: value })));
  return [example, ...without, ...changed].filter((input) => operation.input.safeParse(input).success);
}

/** Some values of what a JSON schema describes; those that break a pattern or bound are left out by the operation's own schema. */
function samplesOf(schema: unknown): readonly unknown[] {
  if (!isObject(schema)) return [];
  if (Array.isArray(schema['enum'])) return schema['enum'];
  if ('const' in schema) return [schema['const']];
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return options.flatMap(samplesOf);
  switch (schema['type']) {
    case 'string':
      return TEXTS;
    case 'integer':
    case 'number':
      return [0, 1, 2.5, 10, 100_000];
    case 'boolean':
      return [true, false];
    case 'array':
      return listsOf(samplesOf(schema['items']));
    default:
      return [];
  }
}

function listsOf(samples: readonly unknown[]): readonly unknown[] {
  return [...samples.map((one) => [one]), ...(samples.length > 1 ? [samples.slice(0, 2)] : [])];
}
