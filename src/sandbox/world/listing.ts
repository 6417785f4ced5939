import { isObject, type JsonObject } from '../../contract/guards.ts';
import { inOrganization } from './checks.ts';
import { dayOf, isDay, momentMs } from './clock.ts';
import type { Filter, Kind, ListSpec, Scope } from './kind.ts';
import { refuseField } from './refuse.ts';
import { asFlag, asList, type Row } from './row.ts';
import type { Shelf } from './store.ts';

/** Measured for leads (close-rest.md §5). guess: the other resources, which publish no caps, have the same. */
const MAX_LIMIT = 200;
const MAX_SKIP = 35_000;
const DEFAULT_LIMIT = 100;

type Present = (scope: Scope, row: Row) => JsonObject;

export function list(scope: Scope, kind: Kind, input: JsonObject, present: Present): JsonObject {
  const spec = kind.list ?? {};
  spec.refuse?.(scope, input);
  const rows = ordered(scope, spec, filtered(scope, kind, input), input);
  return page(rows, spec, input, (row) => present(scope, row), spec.extra?.(scope, rows, input));
}

/** Every row of the kind that passes the filters of the input. */
export function filtered(scope: Scope, kind: Kind, input: JsonObject): readonly Row[] {
  const filters = kind.list?.filters ?? {};
  const wanted = Object.entries(input).filter(([name, value]) => value !== undefined && value !== null && filters[name] !== undefined);
  const found = kind.list?.search?.(scope, input);
  return candidates(scope, kind, input).filter(
    (row) =>
      (found === undefined || found(row)) &&
      (kind.type === undefined || row['_type'] === kind.type) &&
      wanted.every(([name, value]) => filters[name]?.(scope, row, value)),
  );
}

/** One lead's rows come from the index; everything else is looked through. */
function candidates(scope: Scope, kind: Kind, input: JsonObject): readonly Row[] {
  const leads = kind.list?.filters?.['lead_id'] ? asList(input['lead_id']) : [];
  const [lead] = leads;
  if (leads.length === 1 && lead !== undefined && scope.switches.searchLagMs === 0) {
    return scope.store.under(kind.shelf, lead).filter((row) => inOrganization(scope, row));
  }
  return listed(scope, kind.shelf);
}

/** What the index knows of a shelf: it lags behind creates and deletes by `searchLagMs`. */
export function listed(scope: Scope, shelf: Shelf): readonly Row[] {
  const lag = scope.switches.searchLagMs;
  const rows = scope.store.all(shelf).filter((row) => inOrganization(scope, row));
  if (lag === 0) return rows;
  const since = scope.at - lag;
  const gone = scope.store.ghosts(shelf, since).filter((row) => inOrganization(scope, row));
  return [...rows.filter((row) => scope.store.bornAt(shelf, row.id) <= since), ...gone];
}

function ordered(scope: Scope, spec: ListSpec, rows: readonly Row[], input: JsonObject): readonly Row[] {
  if (spec.sorted) return spec.sorted(scope, rows, input);
  const asked = typeof input['order_by'] === 'string' ? input['order_by'] : spec.usual;
  if (asked === undefined || spec.order === undefined) return spec.newestFirst ? rows.toReversed() : rows;
  const [first = ''] = asked.split(',');
  const down = first.startsWith('-');
  const key = spec.order[down ? first.slice(1) : first];
  if (!key) refuseField('_order_by', 'Not a valid order.');
  const sorted = rows.toSorted((one, other) => compare(key(scope, one), key(scope, other)));
  return down ? sorted.toReversed() : sorted;
}

export function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function page(
  rows: readonly Row[],
  spec: ListSpec,
  input: JsonObject,
  present: (row: Row) => JsonObject,
  extra: JsonObject | undefined,
): JsonObject {
  const { limit, skip } = spec.paged === false ? { limit: rows.length, skip: 0 } : paging(input);
  const data = rows.slice(skip, skip + limit).map((row) => project(present(row), input['fields']));
  return {
    data,
    has_more: rows.length > skip + limit,
    ...(spec.total ? { total_results: rows.length } : {}),
    ...extra,
  };
}

export function paging(input: JsonObject): { readonly limit: number; readonly skip: number } {
  const limit = count(input['limit'], '_limit', DEFAULT_LIMIT);
  const skip = count(input['skip'], '_skip', 0);
  if (limit > MAX_LIMIT) refuseField('_limit', `Input should be less than or equal to ${MAX_LIMIT}`);
  if (skip > MAX_SKIP) refuseField('_skip', `Input should be less than or equal to ${MAX_SKIP}`);
  return { limit, skip };
}

function count(value: unknown, path: string, absent: number): number {
  if (value === undefined || value === null) return absent;
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 ? number : refuseField(path, 'Input should be a valid integer');
}

/** `_fields`: only what is named; `custom` is all custom fields, `custom.cf_x` one, `_all` everything. */
export function project(data: JsonObject, fields: unknown): JsonObject {
  const names = asList(fields);
  if (names.length === 0 || names.includes('_all')) return data;
  const kept: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const name of names) {
    const [head, cf] = name.split('.');
    if (head === 'custom' && cf !== undefined && isObject(data['custom'])) custom[cf] = data['custom'][cf];
    else if (head !== undefined && data[head] !== undefined) kept[head] = data[head];
  }
  return Object.keys(custom).length > 0 ? { ...kept, custom } : kept;
}

/** Equality with one or any of several values, under the field's name and its `__in`. */
export function among(...names: readonly string[]): Readonly<Record<string, Filter>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const test: Filter = (_, row, value) => asList(value).includes(String(row[name]));
      return [
        [name, test],
        [`${name}__in`, test],
      ];
    }),
  );
}

export function flagged(...names: readonly string[]): Readonly<Record<string, Filter>> {
  return Object.fromEntries(names.map((name) => [name, (_, row, value) => (row[name] === true) === asFlag(value)]));
}

/** `date`, `date__gt`, `__gte`, `__lt`, `__lte`. A day means its first moment in the caller's zone. */
export function dates(field: string, alias: string = field): Readonly<Record<string, Filter>> {
  const test =
    (name: string, holds: (one: number, other: number) => boolean): Filter =>
    (scope, row, value) => {
      const own = momentMs(row[field], scope.actor.tzOffset);
      const bound = momentMs(value, scope.actor.tzOffset);
      if (bound === undefined) refuseField(name, 'Not a valid date.');
      return own !== undefined && holds(own, bound);
    };
  return {
    [alias]: (scope, row, value) =>
      isDay(value) ? sameDay(scope, row[field], value) : test(alias, (one, other) => one === other)(scope, row, value),
    [`${alias}__gt`]: test(`${alias}__gt`, (one, other) => one > other),
    [`${alias}__gte`]: test(`${alias}__gte`, (one, other) => one >= other),
    [`${alias}__lt`]: test(`${alias}__lt`, (one, other) => one < other),
    [`${alias}__lte`]: test(`${alias}__lte`, (one, other) => one <= other),
  };
}

function sameDay(scope: Scope, own: unknown, day: string): boolean {
  if (isDay(own)) return own === day;
  const ms = momentMs(own, scope.actor.tzOffset);
  return ms !== undefined && dayOf(ms, scope.actor.tzOffset) === day;
}
