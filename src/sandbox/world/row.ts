import { isObject, type JsonObject } from '../../contract/guards.ts';

/** One stored object. Rows are never changed, only replaced. Keys that start with `$` are the world's own and never shown. */
export interface Row extends JsonObject {
  readonly id: string;
}

export function textOf(row: JsonObject, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : '';
}

export function numberOf(row: JsonObject, key: string): number {
  const value = row[key];
  return typeof value === 'number' ? value : 0;
}

/** A list of texts, given as a list, as one text, or as Close's comma list. */
export function asList(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return value === undefined || value === null ? [] : String(value).split(',');
}

/** A yes or no, given as a boolean or as the text of a query. */
export function asFlag(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}

export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

export function pick(row: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => row[key] !== undefined).map((key) => [key, row[key]]));
}

export function without(row: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
}

/** Without the world's own keys, and without what is undefined. */
export function shown(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => value !== undefined && !key.startsWith('$')));
}
