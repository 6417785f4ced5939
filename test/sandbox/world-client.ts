import type { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { createWorld, type World, type WorldOptions } from '../../src/sandbox/world.ts';

/** One user's view of a world, for tests: short operation names, plain objects out. */
export interface Client {
  readonly world: World;
  readonly key: string;
  /** The answer. A refusal throws. */
  ask(operation: string, input?: JsonObject): JsonObject;
  /** The objects of a list. */
  all(operation: string, input?: JsonObject): readonly JsonObject[];
  /** The id of what a create made. */
  id(operation: string, input?: JsonObject): string;
  /** The refusal. An answer throws. */
  refusal(operation: string, input?: JsonObject): RouterError;
  /** The same world through another key. */
  as(key: number): Client;
}

export function open(options: WorldOptions = {}): Client {
  return clientOf(createWorld(options));
}

export function clientOf(world: World, index = 0, tzOffset = 0): Client {
  const key = world.keys()[index]?.key ?? '';
  const run = (operation: string, input: JsonObject) => world.run({ operation: `close.${operation}`, input }, { key, tzOffset });
  const ask = (operation: string, input: JsonObject = {}): JsonObject => {
    const outcome = run(operation, input);
    if (!outcome.ok) throw outcome.error;
    return isObject(outcome.data) ? outcome.data : {};
  };
  return {
    world,
    key,
    ask,
    all: (operation, input) => listAt(ask(operation, input), 'data'),
    id: (operation, input) => String(ask(operation, input)['id']),
    refusal: (operation, input = {}) => {
      const outcome = run(operation, input);
      if (outcome.ok) throw new Error(`${operation} was not refused`);
      return outcome.error;
    },
    as: (other) => clientOf(world, other, tzOffset),
  };
}

export function listAt(value: JsonObject, key: string): readonly JsonObject[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** What was refused, field by field. */
export function fieldsOf(error: RouterError): readonly string[] {
  return (error.details.fields ?? []).map((field) => field.path);
}
