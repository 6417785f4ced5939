import { isObject, type JsonObject } from '../../contract/guards.ts';
import { present } from './engine.ts';
import type { Handlers, Scope } from './kind.ts';
import { compare, listed, project } from './listing.ts';
import { refuseField } from './refuse.ts';
import { asFlag, objects, type Row, textOf } from './row.ts';
import { holds } from './search-conditions.ts';
import { customValues, related, type Subject, valuesOf, wordsOf } from './search-values.ts';
import { hasPhrase, words } from './text.ts';

/** `POST /data/search/`. Facts: close-rest.md §5. guess: query node types beyond those that clients are seen to use answer 400. */
const CURSOR_MS = 30_000;
const WALK_MAX = 10_000;
const MAX_LIMIT = 200;
const SEARCHABLE = ['lead', 'contact'] as const;
type Searchable = (typeof SEARCHABLE)[number];

/** The first `object_type` clause of a query tree. */
export function objectTypeOf(query: JsonObject): Searchable | undefined {
  if (query['type'] === 'object_type') return SEARCHABLE.find((type) => type === query['object_type']);
  return objects(query['queries'])
    .map(objectTypeOf)
    .find((type) => type !== undefined);
}

/** The rows that a query tree chooses, unsorted. */
export function searchRows(scope: Scope, query: JsonObject, fallback?: Searchable): readonly Row[] {
  const tree = isObject(query['query']) ? query['query'] : query;
  const type = objectTypeOf(tree) ?? fallback ?? refuseField('query', 'The query must contain an object_type clause.');
  return listed(scope, type).filter((row) => matches(scope, { type, row }, tree));
}

function matches(scope: Scope, subject: Subject, query: JsonObject): boolean {
  const found = matchesPlainly(scope, subject, query);
  return query['negate'] === true ? !found : found;
}

function matchesPlainly(scope: Scope, subject: Subject, query: JsonObject): boolean {
  const inner = objects(query['queries']);
  switch (query['type']) {
    case 'and':
      return inner.every((one) => matches(scope, subject, one));
    case 'or':
      return inner.some((one) => matches(scope, subject, one));
    case 'not':
      return !matches(scope, subject, isObject(query['query']) ? query['query'] : {});
    case 'match_all':
      return true;
    case 'object_type':
      return subject.type === query['object_type'];
    case 'id':
      return subject.row['id'] === query['value'];
    case 'text':
      return matchesWords(wordsOf(scope, subject), textOf(query, 'value'), query['mode']);
    case 'has_related':
      return matchesRelated(scope, subject, query);
    case 'field_condition':
      return matchesField(scope, subject, query);
    default:
      return refuseField('query', `Unknown query type ${String(query['type'])}.`);
  }
}

function matchesWords(text: string, wanted: string, mode: unknown): boolean {
  if (mode === 'phrase') return hasPhrase(text, wanted);
  const held = new Set(words(text));
  return words(wanted).every((word) => held.has(word));
}

function matchesRelated(scope: Scope, subject: Subject, query: JsonObject): boolean {
  const inner = isObject(query['related_query']) ? query['related_query'] : { type: 'match_all' };
  return related(scope, subject, textOf(query, 'related_object_type')).some((one) => matches(scope, one, inner));
}

function matchesField(scope: Scope, subject: Subject, query: JsonObject): boolean {
  const field = isObject(query['field']) ? query['field'] : {};
  const condition = isObject(query['condition']) ? query['condition'] : {};
  const values =
    field['type'] === 'custom_field'
      ? customValues(subject, textOf(field, 'custom_field_id'))
      : valuesOf(scope, subject, textOf(field, 'field_name'));
  return holds(scope, values, condition);
}

/** Sorted by what the request asks, else newest first. */
export function sortRows(scope: Scope, rows: readonly Row[], sort: unknown): readonly Row[] {
  const keys = objects(sort);
  if (keys.length === 0) return rows.toReversed();
  return rows.toSorted((one, other) => keys.reduce((found, key) => (found === 0 ? byKey(scope, key, one, other) : found), 0));
}

function byKey(scope: Scope, key: JsonObject, one: Row, other: Row): number {
  const field = isObject(key['field']) ? key['field'] : {};
  const type = textOf(field, 'object_type') || 'lead';
  const value = (row: Row): string | number => {
    const subject = { type, row };
    const [found] =
      field['type'] === 'custom_field'
        ? customValues(subject, textOf(field, 'custom_field_id'))
        : valuesOf(scope, subject, textOf(field, 'field_name'));
    return typeof found === 'number' ? found : String(found ?? '');
  };
  const order = compare(value(one), value(other));
  return key['direction'] === 'desc' ? -order : order;
}

function search(scope: Scope, input: JsonObject): JsonObject {
  if (!isObject(input['query'])) refuseField('query', 'This field is required.');
  const rows = sortRows(scope, searchRows(scope, input['query']), input['sort']).slice(0, ceiling(input));
  const limit = limitOf(input);
  const from = offsetOf(scope, input['cursor']);
  const type = objectTypeOf(input['query']) ?? 'lead';
  const fields = fieldsFor(input, type);
  const end = from + limit;
  return {
    data: rows.slice(from, end).map((row) => hit(scope, row, type, fields)),
    has_more: end < rows.length,
    cursor: end < rows.length ? cursorAt(scope, end) : null,
    ...(asFlag(input['include_counts']) ? { count: { limited: rows.length, total: rows.length } } : {}),
  };
}

function ceiling(input: JsonObject): number {
  const limit = Number(input['results_limit'] ?? WALK_MAX);
  return Number.isInteger(limit) && limit >= 0
    ? Math.min(limit, WALK_MAX)
    : refuseField('results_limit', 'Input should be a valid integer');
}

function limitOf(input: JsonObject): number {
  const limit = Number(input['limit'] ?? input['_limit'] ?? 100);
  if (!Number.isInteger(limit) || limit < 1) refuseField('_limit', 'Input should be a valid integer');
  return limit > MAX_LIMIT ? refuseField('_limit', `Input should be less than or equal to ${MAX_LIMIT}`) : limit;
}

function fieldsFor(input: JsonObject, type: string): unknown {
  const given = input['fields'] ?? input['_fields'];
  return isObject(given) ? given[type] : undefined;
}

/** Ids only, unless fields are asked for. */
function hit(scope: Scope, row: Row, type: string, fields: unknown): JsonObject {
  const data = Array.isArray(fields) ? project(present(scope, row), fields) : { id: row.id };
  return { __object_type: type, ...data };
}

function cursorAt(scope: Scope, offset: number): string {
  return Buffer.from(JSON.stringify({ o: offset, t: scope.at })).toString('base64url');
}

function offsetOf(scope: Scope, cursor: unknown): number {
  if (cursor === undefined || cursor === null) return 0;
  const read = readCursor(String(cursor));
  if (!read) return refuseField('cursor', 'Invalid cursor');
  return scope.at - read.at > CURSOR_MS ? refuseField('cursor', 'Expired cursor') : read.offset;
}

function readCursor(cursor: string): { readonly offset: number; readonly at: number } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!isObject(value) || typeof value['o'] !== 'number' || typeof value['t'] !== 'number') return undefined;
    return { offset: value['o'], at: value['t'] };
  } catch {
    return undefined;
  }
}

export const searchHandlers: Handlers = { 'search.query': search };
