import { isObject, isStrings, type JsonObject } from '../../src/contract/guards.ts';

/**
 * What a live input schema of Membrane has against these arguments: names only, never values. The names in close.yaml are inferred,
 * and Membrane ignores properties that it does not know (docs, "actions"): whatever is not declared would be lost without a word.
 */
export function mismatches(schema: unknown, args: JsonObject): readonly string[] {
  if (!isObject(schema)) return ['the action publishes no input schema'];
  const { type = 'object', properties = {} } = schema;
  return against({ ...schema, type, properties }, args, '', true);
}

const DEEPEST = 12;

function against(schema: unknown, value: unknown, path: string, closed = false): readonly string[] {
  if (!isObject(schema) || path.split('.').length > DEEPEST) return [];
  const variants = [schema['anyOf'], schema['oneOf']].find(Array.isArray);
  if (variants) return bestOf(variants.map((one) => against(one, value, path)));
  const types = typesOf(schema['type']);
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) return [`${path} is not of type ${types.join(' or ')}`];
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) return [`${path} takes other values`];
  if (Array.isArray(value)) return value.flatMap((item, at) => against(schema['items'], item, join(path, String(at))));
  return isObject(value) ? insideObject(schema, value, path, closed) : [];
}

/** An object that declares no properties takes any, except at the root, where it takes none. */
function insideObject(schema: JsonObject, value: JsonObject, path: string, closed: boolean): readonly string[] {
  const { properties, required, additionalProperties } = schema;
  const declared = isObject(properties) ? properties : {};
  const isOpen = additionalProperties === true || isObject(additionalProperties) || (!closed && Object.keys(declared).length === 0);
  const missing = (isStrings(required) ? required : [])
    .filter((name) => value[name] === undefined)
    .map((name) => `${join(path, name)} is required`);
  const given = Object.entries(value).flatMap(([name, item]) => {
    if (Object.hasOwn(declared, name)) return against(declared[name], item, join(path, name));
    return isOpen ? [] : [`${join(path, name)} is not there`];
  });
  return [...missing, ...given];
}

function bestOf(results: readonly (readonly string[])[]): readonly string[] {
  return results.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function typesOf(type: unknown): readonly string[] {
  return typeof type === 'string' ? [type] : isStrings(type) ? type : [];
}

/** A word that is no type of JSON Schema says nothing: Membrane has some of its own. */
function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'null':
      return value === null;
    default:
      return true;
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
