import { kindsOf } from '../../src/binding/kinds.ts';
import { toolSchema } from '../../src/binding/schema.ts';
import { fromTool } from '../../src/binding/tool.ts';
import { isObject, isStrings, type JsonObject } from '../../src/contract/guards.ts';
import type { Action } from './door-actions.ts';
import { refuse } from './door-desk.ts';

export interface ActionInput {
  readonly canonical: JsonObject;
  /** Properties that neither the action nor the operation behind it has. */
  readonly ignored: readonly string[];
}

/**
 * An action's input as the canonical one. It is held against the inputSchema, and a property that nobody knows is ignored without a
 * word, as Membrane does (docs, "actions"); the run's record names it. guess: a field that only the operation has is carried, because
 * the real schemas are not published, and a skill may know more of them than the door.
 */
export function readInput({ cell, operation }: Action, input: unknown): ActionInput {
  if (!isObject(input)) throw refuse.malformed('input must be an object');
  const schema = toolSchema(cell, operation);
  const names = new Set([...Object.keys(kindsOf(operation)), ...propertiesOf(schema), ...Object.keys(cell.also ?? {})]);
  const whole = fromTool(cell, input);
  const canonical = Object.fromEntries(Object.entries(whole).filter(([name]) => names.has(name)));
  const problems = [...missing(schema, { ...canonical, ...input }, cell.rename ?? {}), ...mistyped(schema, input)];
  if (problems.length > 0) throw refuse.malformed(`Input is invalid: ${problems.join('; ')}`, problems);
  return { canonical, ignored: Object.keys(whole).filter((name) => !names.has(name)) };
}

function propertiesOf({ properties }: JsonObject): readonly string[] {
  return isObject(properties) ? Object.keys(properties) : [];
}

function missing({ required }: JsonObject, given: JsonObject, rename: Readonly<Record<string, string>>): readonly string[] {
  const ours = new Map(Object.entries(rename).map(([name, theirs]) => [theirs, name]));
  const isThere = (name: string): boolean => given[name] !== undefined || given[ours.get(name) ?? name] !== undefined;
  return (isStrings(required) ? required : []).filter((name) => !isThere(name)).map((name) => `${name} is required`);
}

/** Only what one word of the schema decides; the app knows the rest better. */
function mistyped({ properties }: JsonObject, input: JsonObject): readonly string[] {
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([name, schema]) => {
    const type = isObject(schema) ? schema['type'] : undefined;
    const value = input[name];
    if (value === undefined || typeof type !== 'string' || (FITS[type]?.(value) ?? true)) return [];
    return [`${name} must be of type ${type}`];
  });
}

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: isObject,
};
