import { isObject, type JsonObject } from '../contract/guards.ts';

/** How much of a value is kept. */
interface Measure {
  readonly text: number;
  readonly entries: number;
  readonly depth: number;
}

/** From generous to bare; a value gets the first one with which it fits. Ids and links are never long enough to be cut: half an id is none. */
const MEASURES: readonly Measure[] = [
  { text: 2000, entries: 50, depth: 8 },
  { text: 500, entries: 10, depth: 5 },
  { text: 250, entries: 3, depth: 3 },
  { text: 150, entries: 2, depth: 2 },
  { text: 150, entries: 1, depth: 1 },
];

export interface Shortened {
  readonly value: unknown;
  /** What was left out, by place: `contacts[].emails`. */
  readonly cuts: ReadonlyMap<string, string>;
}

/** A value in at most so many characters of JSON, of the same shape: texts and lists become shorter, deep parts are left out. */
export function shortened(value: unknown, most: number): Shortened {
  if (sizeOf(value) <= most) return { value, cuts: new Map() };
  let last: Shortened = { value, cuts: new Map() };
  for (const measure of MEASURES) {
    const cuts = new Map<string, string>();
    last = { value: cut(value, { ...measure, cuts }, ''), cuts };
    if (sizeOf(last.value) <= most) return last;
  }
  return isObject(last.value) ? withFewerFields(last.value, most, last.cuts) : last;
}

/** Without what says nothing: null, and empty texts, lists and objects. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, withoutEmpty(one)] as const)
      .filter(([, one]) => !isEmpty(one)),
  );
}

/** Characters of JSON. */
export function sizeOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

interface Cutting extends Measure {
  readonly cuts: Map<string, string>;
}

function cut(value: unknown, cutting: Cutting, path: string): unknown {
  if (typeof value === 'string') return cutText(value, cutting, path);
  if (Array.isArray(value)) return cutList(value, cutting, path);
  return isObject(value) ? cutObject(value, cutting, path) : value;
}

function cutText(text: string, { text: most, cuts }: Cutting, path: string): string {
  if (text.length <= most) return text;
  cuts.set(path, `first ${most} of ${text.length} characters`);
  // Half of a surrogate pair is no character.
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function cutList(list: readonly unknown[], cutting: Cutting, path: string): readonly unknown[] {
  if (list.length > cutting.entries) cutting.cuts.set(path, `${cutting.entries} of ${list.length} entries`);
  return list.slice(0, cutting.entries).map((one) => cut(one, cutting, `${path}[]`));
}

function cutObject(value: JsonObject, cutting: Cutting, path: string): JsonObject {
  const deeper = { ...cutting, depth: cutting.depth - 1 };
  const entries = Object.entries(value);
  const kept = cutting.depth > 0 ? entries : entries.filter(([, one]) => typeof one !== 'object');
  if (kept.length < entries.length) cutting.cuts.set(path, 'its inner parts left out');
  return Object.fromEntries(kept.map(([key, one]) => [key, cut(one, deeper, path ? `${path}.${key}` : key)]));
}

/** An object of very many fields: what names it, and then as many as fit, the small ones first. */
function withFewerFields(value: JsonObject, most: number, cuts: ReadonlyMap<string, string>): Shortened {
  const entries = Object.entries(value);
  const kept = new Set<string>();
  let left = most - 2;
  for (const [key, one] of entries.toSorted((a, b) => weightOf(a) - weightOf(b))) {
    left -= sizeOf(key) + sizeOf(one) + 2;
    if (left >= 0) kept.add(key);
  }
  const fewer = Object.fromEntries(entries.filter(([key]) => kept.has(key)));
  return { value: fewer, cuts: new Map([...cuts, ['', `${kept.size} of ${entries.length} fields`]]) };
}

function weightOf([key, value]: readonly [string, unknown]): number {
  return key === 'id' || key === 'name' ? 0 : sizeOf(value);
}
