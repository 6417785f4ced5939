import { isObject, type JsonObject } from '../contract/guards.ts';

/** Deeper than anything that an app takes; what is nested deeper is not looked into. */
export const DEEPEST = 40;

/** Lists and objects that came as JSON text, as models and some clients send them, become what they say. Other text stays text. */
export function withParsed(args: JsonObject, isStructured: (name: string) => boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'string' && isStructured(name) ? parsed(value) : value]),
  );
}

/** An object or list in JSON text; anything else, and what is nested too deep, is given back as it is. */
export function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return (isObject(value) || Array.isArray(value)) && !isDeeper(value, DEEPEST) ? value : text;
  } catch {
    return text;
  }
}

/** Whether something is nested more than `levels` deep; never goes deeper itself. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
