import type { FieldKind } from './kinds.ts';

/**
 * A value as the text of a query. undefined: it has no text that would be read back as the same value, such as `null`, an
 * empty list, or a list item with a comma in it.
 */
export function writeText(value: unknown, kind: FieldKind | undefined): string | undefined {
  const text = textOf(value);
  return text?.isWellFormed() && JSON.stringify(readText([text], kind)) === JSON.stringify(value) ? text : undefined;
}

/** The value of one or more texts under the same name; a text that does not fit the kind stays text, for validation to refuse. */
export function readText(texts: readonly string[], kind: FieldKind | undefined): unknown {
  const last = texts.at(-1) ?? '';
  switch (kind?.kind) {
    case 'array':
      return texts.flatMap((text) => text.split(',')).map((text) => readOne(text, kind.items));
    case 'one-or-many': {
      const items = texts.flatMap((text) => text.split(','));
      return items.length > 1 ? items.map((text) => readOne(text, kind.items)) : last;
    }
    default:
      return readOne(last, kind?.kind);
  }
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readOne(text: string, kind: FieldKind['kind'] | undefined): unknown {
  switch (kind) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'object': // guess: Close documents no object in a query; JSON is what its own client's `_params` would become
      return parseJson(text);
    default:
      return text;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
