import { isObject, type JsonObject } from '../contract/guards.ts';

/** One field in which two answers to the same read differ. Never holds a value. */
export interface Difference {
  /** Dotted, `data[].contacts[].name`; lists are not counted through. */
  readonly path: string;
  /** As the other answer has it, seen from the source: not there, only there, with another value, or in another order. */
  readonly kind: 'missing' | 'extra' | 'other' | 'order';
}

/** Fields that differ between two reads of the same thing, whoever carries them: places in a listing. Source: backends/close-rest.md §5. */
const VOLATILE: ReadonlySet<string> = new Set(['cursor', 'cursor_next', 'cursor_previous']);

/**
 * Where two canonical answers differ. The order of lists does not count, unless the caller asked for one; neither does whether
 * nothing is said by null or by silence.
 */
export function differences(source: unknown, target: unknown, { ordered = false } = {}): readonly Difference[] {
  const found = new Map<string, Difference>();
  const note = (path: string, kind: Difference['kind']): void => void found.set(`${kind} ${path}`, { path, kind });
  if (ordered && !inSameOrder(source, target)) note('data[]', 'order');
  walk(source, target, '', note);
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

type Note = (path: string, kind: Difference['kind']) => void;

function walk(source: unknown, target: unknown, path: string, note: Note): void {
  if (isNothing(source) && isNothing(target)) return;
  if (isNothing(target)) note(path, 'missing');
  else if (isNothing(source)) note(path, 'extra');
  else if (Array.isArray(source) && Array.isArray(target)) walkLists(source, target, `${path}[]`, note);
  else if (isObject(source) && isObject(target)) walkObjects(source, target, path, note);
  else if (source !== target && !isSameInstant(source, target)) note(path, 'other');
}

function walkObjects(source: JsonObject, target: JsonObject, path: string, note: Note): void {
  for (const key of new Set([...Object.keys(source), ...Object.keys(target)])) {
    if (VOLATILE.has(key)) continue;
    walk(source[key], target[key], path === '' ? shown(key) : `${path}.${shown(key)}`, note);
  }
}

/** Objects with ids are the same whose ids are; of anything else each must be there as often. */
function walkLists(source: readonly unknown[], target: readonly unknown[], path: string, note: Note): void {
  const [ours, theirs] = [keyed(source), keyed(target)];
  for (const [key, item] of ours) {
    const other = theirs.get(key);
    if (other === undefined) note(path, 'missing');
    else walk(item.value, other.value, path, note);
  }
  for (const key of theirs.keys()) if (!ours.has(key)) note(path, 'extra');
}

function keyed(items: readonly unknown[]): ReadonlyMap<string, { readonly value: unknown }> {
  const seen = new Map<string, number>();
  return new Map(
    items.map((value) => {
      const name = idOf(value) ?? JSON.stringify(sorted(value)) ?? '';
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [`${name} ${count}`, { value }] as const;
    }),
  );
}

function idOf(value: unknown): string | undefined {
  const id = isObject(value) ? value['id'] : undefined;
  return typeof id === 'string' ? `id ${id}` : undefined;
}

/** With keys in one order and without what does not count, to be compared as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const counting = Object.entries(value).filter(([key, item]) => !VOLATILE.has(key) && !isNothing(item));
  return Object.fromEntries(counting.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

function inSameOrder(source: unknown, target: unknown): boolean {
  const ids = (answer: unknown): readonly (string | undefined)[] =>
    isObject(answer) && Array.isArray(answer['data']) ? answer['data'].map(idOf) : [];
  const [ours, theirs] = [ids(source), ids(target)];
  const common = ours.filter((id) => theirs.includes(id));
  return theirs.filter((id) => ours.includes(id)).every((id, at) => id === common[at]);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** `2026-03-02T09:00:00Z` and `2026-03-02T09:00:00.000+00:00` are one instant. */
function isSameInstant(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || !INSTANT.test(a) || !INSTANT.test(b)) return false;
  return Date.parse(a) === Date.parse(b);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$/;

/** A key that is no name of a field may be somebody's data. */
function shown(key: string): string {
  return /^[a-z_][\w-]{0,60}$/i.test(key) ? key : '*';
}
