import { isObject, type JsonObject } from '../contract/guards.ts';

/** Lists and objects that came as JSON text, as models and some clients send them, become what they say. Other text stays text. */
export function withParsed(args: JsonObject, isStructured: (name: string) => boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'string' && isStructured(name) ? parsed(value) : value]),
  );
}

/** An object or list in JSON text; anything else is given back as it is. */
export function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? value : text;
  } catch {
    return text;
  }
}
