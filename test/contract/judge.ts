import { isObject } from '../../src/contract/guards.ts';
import type { Effect } from './reference.ts';

/** What the program got. */
export type Got = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly why: string };

/** What should have come of a call. */
export interface Wanted {
  readonly data: unknown;
  readonly effects: readonly Effect[];
  /** How many calls reach Close, one request each. */
  readonly calls: number;
}

/** What a call left behind. */
export interface Trace {
  readonly effects: readonly Effect[];
  /** That reached Close. */
  readonly calls: number;
  /** That reached the backend and carried an operation. */
  readonly requests: number;
}

export interface Difference {
  readonly what: string;
  /** Something was sent or done that nobody had asked for: there is no excuse for that. */
  readonly isSurplus: boolean;
}

/** undefined: the client got what Close gives, Close has done what it should, once, and was asked once. */
export function firstDifference(got: Got, wanted: Wanted, left: Trace): Difference | undefined {
  const surplus = firstSurplus(wanted, left);
  if (surplus !== undefined) return { what: surplus, isSurplus: true };
  const what = got.ok ? lacking(got.data, wanted, left) : got.why;
  return what === undefined ? undefined : { what, isSurplus: false };
}

/** A written excuse covers what a way cannot carry, and never what it did beyond that. */
export function verdictOn(
  { what, isSurplus }: Difference,
  excuse: string | undefined,
): { readonly result: 'excused' | 'failing'; readonly why: string } {
  return excuse === undefined || isSurplus ? { result: 'failing', why: what } : { result: 'excused', why: excuse };
}

function firstSurplus(wanted: Wanted, left: Trace): string | undefined {
  if (left.requests > wanted.calls) return `the backend was sent ${left.requests} requests instead of ${wanted.calls}`;
  if (left.calls > wanted.calls) return `Close was asked ${left.calls} times instead of ${wanted.calls}`;
  const open = wanted.effects.map(nameOf);
  for (const effect of left.effects) {
    const at = open.indexOf(nameOf(effect));
    if (at === -1) return `Close has also done ${effect.operation}`;
    open.splice(at, 1);
  }
  return undefined;
}

function nameOf({ operation, ids }: Effect): string {
  return JSON.stringify([operation, ids]);
}

function lacking(data: unknown, wanted: Wanted, left: Trace): string | undefined {
  if (left.calls !== wanted.calls) return `Close was asked ${left.calls} times instead of ${wanted.calls}`;
  return difference(wanted.effects, left.effects, 'effects') ?? difference(spelled(wanted.data), spelled(data), 'data');
}

/** The first place at which two values differ. */
function difference(wanted: unknown, got: unknown, path: string): string | undefined {
  if (Object.is(wanted, got)) return undefined;
  const [one, other] = [childrenOf(wanted), childrenOf(got)];
  if (!one || !other || Array.isArray(wanted) !== Array.isArray(got)) return `${path}: ${short(wanted)} became ${short(got)}`;
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const found = difference(one.get(key), other.get(key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childrenOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: unknown, at) => [String(at), item]));
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

export function short(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}

/** What the wire has no spelling for: an empty group of custom fields, and `has_more` where there is a cursor, which is the router's. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (!isObject(value)) return value;
  const isPaged = 'cursor' in value || 'cursor_next' in value;
  const entries = Object.entries(value).filter(
    ([name, item]) =>
      item !== undefined && !(name === 'custom' && isObject(item) && Object.keys(item).length === 0) && !(name === 'has_more' && isPaged),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, spelled(item)]));
}
