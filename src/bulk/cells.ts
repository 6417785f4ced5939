import { isObject, type JsonObject } from '../contract/guards.ts';

/** What a value may be, by the types of its JSON Schema. Empty: nothing is known. */
export type Kinds = ReadonlySet<string>;

/** The schemas of which a value may be any: itself, or its variants. */
export function variantsOf(schema: JsonObject): readonly JsonObject[] {
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : [])).filter(isObject);
  return [schema, ...inner.flatMap(variantsOf)];
}

export function kindsOf(schema: JsonObject): Kinds {
  return new Set(variantsOf(schema).flatMap((one) => [one['type']].flat().filter((type) => typeof type === 'string')));
}

/**
 * A cell as its field's schema wants it; undefined when it is empty, which means that the field is left out. What does not fit
 * stays text: validation says what was expected.
 */
export function cellValue(cell: string, kinds: Kinds): unknown {
  if (cell.trim() === '') return undefined;
  const json = /^\s*[[{]/.test(cell) && (kinds.size === 0 || kinds.has('array') || kinds.has('object')) ? jsonOf(cell) : undefined;
  if (json !== undefined) return json;
  if (kinds.size === 0 || kinds.has('string')) return cell;
  return scalarOf(cell.trim(), kinds) ?? listOf(cell, kinds);
}

function scalarOf(text: string, kinds: Kinds): unknown {
  if (kinds.has('boolean') && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if ((kinds.has('integer') || kinds.has('number')) && /^-?\d{1,15}(?:\.\d+)?$/.test(text)) return Number(text);
  return undefined;
}

/** A list of single values may be written with commas. */
function listOf(cell: string, kinds: Kinds): unknown {
  return kinds.has('array') ? cell.split(',').map((item) => item.trim()) : cell;
}

function jsonOf(cell: string): unknown {
  try {
    const value: unknown = JSON.parse(cell);
    return value ?? undefined;
  } catch {
    return undefined;
  }
}
