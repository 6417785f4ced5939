import { isObject, type JsonObject } from '../../contract/guards.ts';
import { instantMs, isDay, momentMs } from './clock.ts';
import type { Scope } from './kind.ts';
import { refuseField } from './refuse.ts';
import { asList, numberOf, textOf } from './row.ts';
import { fold, hasPhrase, words } from './text.ts';

/** Whether any of a field's values meets a condition of Close's search. */
export function holds(scope: Scope, values: readonly unknown[], condition: JsonObject): boolean {
  switch (condition['type']) {
    case 'exists':
      return values.length > 0;
    case 'text':
      return values.some((value) => matchesText(String(value), textOf(condition, 'value'), condition['mode']));
    case 'term':
      return values.some((value) => asList(condition['values']).some((one) => fold(one) === fold(String(value))));
    case 'boolean':
      return values.some((value) => value === condition['value']) || (values.length === 0 && condition['value'] === false);
    case 'current_user':
      return values.includes(scope.actor.userId);
    case 'reference':
      return values.some((value) => asList(condition['object_ids']).includes(String(value)));
    case 'id':
      return values.includes(condition['value']);
    case 'number':
    case 'number_range':
      return values.some((value) => typeof value === 'number' && inRange(value, (name) => bound(condition, name)));
    case 'moment_range':
    case 'local_date_range':
      return values.some((value) => inMoments(scope, value, condition));
    default:
      return refuseField('query', `Unknown condition type ${String(condition['type'])}.`);
  }
}

function matchesText(text: string, wanted: string, mode: unknown): boolean {
  switch (mode) {
    case 'exact_value':
      return fold(text.trim()) === fold(wanted.trim());
    case 'phrase':
      return hasPhrase(text, wanted);
    case 'beginning_of_words':
      return words(wanted).every((word) => words(text).some((one) => one.startsWith(word)));
    case 'full_words':
    case undefined:
      return words(wanted).every((word) => words(text).includes(word));
    default:
      return refuseField('query', `Unknown text mode ${String(mode)}.`);
  }
}

type Bound = (name: 'gt' | 'gte' | 'lt' | 'lte') => number | undefined;

function inRange(value: number, at: Bound): boolean {
  const tests: readonly (readonly [number | undefined, (limit: number) => boolean])[] = [
    [at('gt'), (limit) => value > limit],
    [at('gte'), (limit) => value >= limit],
    [at('lt'), (limit) => value < limit],
    [at('lte'), (limit) => value <= limit],
  ];
  return tests.every(([limit, test]) => limit === undefined || test(limit));
}

function bound(condition: JsonObject, name: string): number | undefined {
  const value = condition[name];
  return typeof value === 'number' ? value : undefined;
}

const DATE_NAMES = { gt: 'after', gte: 'on_or_after', lt: 'before', lte: 'on_or_before' } as const;

function inMoments(scope: Scope, value: unknown, condition: JsonObject): boolean {
  const own = momentMs(value, scope.actor.tzOffset);
  if (own === undefined) return false;
  return inRange(own, (name) => momentOf(scope, condition[DATE_NAMES[name]] ?? condition[name], name));
}

/** A day as a bound: "after" and "on or before" mean its end, the others its start. */
function momentOf(scope: Scope, moment: unknown, name: 'gt' | 'gte' | 'lt' | 'lte'): number | undefined {
  if (moment === undefined || moment === null) return undefined;
  if (typeof moment === 'string') return edgeOf(scope, moment, name);
  if (!isObject(moment)) return refuseField('query', 'Not a valid moment.');
  switch (moment['type']) {
    case 'now':
      return scope.at;
    case 'fixed_utc':
      return instantMs(moment['value']) ?? refuseField('query', 'Not a valid moment.');
    case 'fixed_local_date':
      return edgeOf(scope, moment['value'], moment['which'] === 'end' ? 'lte' : moment['which'] === 'start' ? 'gte' : name);
    case 'offset':
      return offset(scope, moment);
    default:
      return refuseField('query', `Unknown moment type ${String(moment['type'])}.`);
  }
}

function edgeOf(scope: Scope, value: unknown, name: 'gt' | 'gte' | 'lt' | 'lte'): number {
  const ms = momentMs(value, scope.actor.tzOffset);
  if (ms === undefined) return refuseField('query', 'Not a valid moment.');
  return isDay(value) && (name === 'gt' || name === 'lte') ? ms + 86_400_000 - 1 : ms;
}

const UNITS: Readonly<Record<string, number>> = {
  years: 365 * 86_400_000,
  months: 30 * 86_400_000,
  weeks: 7 * 86_400_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
};

/** `{type: offset, direction: past|future, offset: {days: 7}, moment?}`. guess: months and years as 30 and 365 days. */
function offset(scope: Scope, moment: JsonObject): number {
  const parts = isObject(moment['offset']) ? moment['offset'] : {};
  const total = Object.entries(UNITS).reduce((sum, [unit, ms]) => sum + numberOf(parts, unit) * ms, 0);
  return scope.at + (moment['direction'] === 'future' ? total : -total);
}
