import { nearest } from '../catalog/nearest.ts';
import { type FieldProblem, RouterError } from '../contract/errors.ts';
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';

/**
 * A tool's own arguments, held against its flat schema. Throws `invalid_input`, naming fields and never their values: the words
 * of a general validator tell an agent what is wrong, but not what it probably meant.
 */
export function checkedArguments(tool: string, schema: JsonObject, raw: JsonObject): JsonObject {
  const known = isObject(schema['properties']) ? schema['properties'] : {};
  const given = Object.fromEntries(
    Object.entries(raw)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, unpacked(value, known[name])]),
  );
  const needed = isStrings(schema['required']) ? schema['required'] : [];
  const missing = needed.filter((name) => given[name] === undefined).map((path) => ({ path, problem: 'is required' }));
  const fields = [...missing, ...Object.entries(given).flatMap(([name, value]) => problemOf(name, value, known))];
  if (fields.length === 0) return given;
  throw new RouterError('invalid_input', {
    what: fields.map(({ path, problem }) => `${path} ${problem}`).join('; '),
    next: `Correct the arguments of ${tool} and call it again; it takes ${Object.keys(known).join(', ')}. Nothing was sent.`,
    fields,
  });
}

/** Models at times write an object as text. */
function unpacked(value: unknown, schema: unknown): unknown {
  if (typeof value !== 'string' || !isObject(schema) || schema['type'] !== 'object') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function problemOf(name: string, value: unknown, known: JsonObject): readonly FieldProblem[] {
  const schema = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!isObject(schema)) {
    const [close] = nearest(name.slice(0, 80), Object.keys(known), 1);
    const path = name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
    return [{ path, problem: `is not an argument${close ? ` (did you mean ${close}?)` : ''}`, ...(close ? { nearest: close } : {}) }];
  }
  const problem = typeProblem(value, schema) ?? boundProblem(value, schema);
  return problem === undefined ? [] : [{ path: name, problem }];
}

function typeProblem(value: unknown, { type }: JsonObject): string | undefined {
  const fits = type === 'integer' ? Number.isInteger(value) : type === 'object' ? isObject(value) : typeof value === type;
  return fits ? undefined : `must be ${type === 'integer' || type === 'object' ? 'an' : 'a'} ${String(type)}`;
}

function boundProblem(value: unknown, schema: JsonObject): string | undefined {
  const { minimum, maximum, maxLength, minLength } = schema;
  if (isStrings(schema['enum']) && !schema['enum'].some((one) => one === value)) return `must be one of ${schema['enum'].join(', ')}`;
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) return `must be at least ${minimum}`;
  if (typeof value === 'number' && typeof maximum === 'number' && value > maximum) return `must be at most ${maximum}`;
  if (typeof value === 'string' && typeof maxLength === 'number' && value.length > maxLength)
    return `must have at most ${maxLength} characters`;
  return typeof value === 'string' && typeof minLength === 'number' && value.length < minLength ? 'must not be empty' : undefined;
}
