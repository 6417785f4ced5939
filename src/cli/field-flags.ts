import { RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';

/** `--name Acme --custom.cf_x 1` as pairs. A flag that is followed by another flag, or by nothing, has no value. */
export function pairsOf(args: readonly string[]): readonly (readonly [name: string, text: string | undefined])[] {
  const pairs: [string, string | undefined][] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('--') || arg === '--') throw wrong(`"${short(arg)}" has no field name before it`);
    const equals = arg.indexOf('=');
    const next = args[at + 1];
    if (equals > 0) pairs.push([arg.slice(2, equals), arg.slice(equals + 1)]);
    else if (next === undefined || next.startsWith('--')) pairs.push([arg.slice(2), undefined]);
    else {
      pairs.push([arg.slice(2), next]);
      at += 1;
    }
  }
  return pairs;
}

/**
 * Reads the flags as input, each value as its field's schema wants it. A name that the schema does not have is kept as
 * text: validation refuses it and names the nearest.
 */
export function fieldsFrom(pairs: ReturnType<typeof pairsOf>, schema: JsonObject): JsonObject {
  const input: Record<string, unknown> = {};
  for (const [written, text] of pairs) {
    const { name, inner } = nameIn(schema, written);
    const kinds = inner === undefined ? kindsOf(propertyOf(schema, name)) : FREE;
    const value = fieldValue(name, text, kinds);
    if (inner !== undefined) input[name] = { ...(isObject(input[name]) ? input[name] : {}), [inner]: value };
    else if (Object.hasOwn(input, name)) input[name] = joined(name, input[name], value, kinds);
    else input[name] = value;
  }
  return input;
}

/** What a value may be, by the JSON Schema types of its field. */
type Kinds = ReadonlySet<string>;

/** Nothing is known: lists and objects are JSON, all else is text. */
const FREE: Kinds = new Set();

/** `lead-id` means `lead_id`, and `custom.cf_x` the entry `cf_x` of the object `custom`. */
function nameIn(schema: JsonObject, written: string): { readonly name: string; readonly inner?: string } {
  const known = (name: string): boolean => propertyOf(schema, name) !== undefined;
  const underscored = written.replaceAll('-', '_');
  if (known(written)) return { name: written };
  if (known(underscored)) return { name: underscored };
  const dot = written.indexOf('.');
  const outer = written.slice(0, Math.max(dot, 0));
  return dot > 0 && known(outer) ? { name: outer, inner: written.slice(dot + 1) } : { name: written };
}

function propertyOf(schema: JsonObject, name: string): JsonObject | undefined {
  const properties = schema['properties'];
  const found = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(found) ? found : undefined;
}

function kindsOf(property: JsonObject | undefined): Kinds {
  if (!property) return FREE;
  const variants = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(property[key]) ? property[key] : []));
  const own = [property['type']].flat().filter((type) => typeof type === 'string');
  return new Set([...own, ...variants.filter(isObject).flatMap((one) => [...kindsOf(one)])]);
}

function fieldValue(name: string, text: string | undefined, kinds: Kinds): unknown {
  if (text === undefined) {
    if (kinds.has('boolean')) return true;
    throw wrong(`--${short(name)} needs a value`);
  }
  if (/^\s*[[{]/.test(text) && (kinds.size === 0 || kinds.has('object') || kinds.has('array'))) return jsonOf(name, text, kinds);
  if (kinds.has('string') || kinds.size === 0) return text;
  if (kinds.has('null') && text === 'null') return null;
  if (kinds.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if ((kinds.has('integer') || kinds.has('number')) && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return kinds.has('array') ? text.split(',') : text;
}

/** Text that is no JSON stays text where text is allowed, as a note that begins with a bracket. */
function jsonOf(name: string, text: string, kinds: Kinds): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (kinds.has('string') || kinds.size === 0) return text;
    throw wrong(`the value of --${short(name)} is not valid JSON`);
  }
}

function joined(name: string, before: unknown, value: unknown, kinds: Kinds): unknown {
  if (!kinds.has('array')) throw wrong(`--${short(name)} was given twice`);
  return [before, value].flat();
}

function short(text: string): string {
  return text.replaceAll(/[^\w.:@-]/g, '?').slice(0, 60);
}

function wrong(what: string): RouterError {
  return new RouterError('invalid_input', {
    what,
    next: 'Write --field value for each field, or give them all with --input; nothing was sent.',
  });
}
