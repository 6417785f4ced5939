import { RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { HttpTemplate, Operation } from '../contract/operation.ts';
import { type FieldKind, kindsOf } from './kinds.ts';
import { fillPath, isSegment, matchPath, pathFields } from './path.ts';
import { readText, writeText } from './query.ts';
import type { Obstacle } from './tool.ts';
import { fromWire, toWire } from './wire.ts';

/** The app's own HTTP request: path encoded, relative to the API base, query as ordered strings. */
export interface HttpRequest {
  readonly method: HttpTemplate['method'];
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body?: JsonObject;
}

/** Paging is spelled the same everywhere in the catalogue; Close puts an underscore before it. */
const PAGING: Readonly<Record<string, string>> = {
  limit: '_limit',
  skip: '_skip',
  fields: '_fields',
  order_by: '_order_by',
  cursor: '_cursor',
};

/**
 * Writes a valid canonical input as the app's HTTP request. Source of the spelling: backends/close-rest.md §5, §14.
 * Throws `invalid_input` for a value that has no place in a path or query; `httpObstacle` tells beforehand.
 */
export function toHttp(operation: Operation, input: JsonObject): HttpRequest {
  const obstacle = httpObstacle(operation, input);
  if (obstacle) throw refusal(operation, obstacle);
  const { http } = operation;
  const { query, body } = places(operation, restated(operation, input));
  const pairs = query.map(({ wire, value, kind }) => [wire, writeText(value, kind) ?? ''] as const);
  return { method: http.method, path: fillPath(http.path, input), query: pairs, ...(hasBody(http) ? { body } : {}) };
}

/** undefined: the app's HTTP request can carry this input whole. */
export function httpObstacle(operation: Operation, input: JsonObject): Obstacle | undefined {
  const said = restated(operation, input);
  const omitted = (operation.http.omits ?? []).filter((name) => said[name] !== undefined);
  if (omitted.length > 0) return { reason: 'unsupported_fields', fields: omitted };
  const inPath = pathFields(operation.http.path).filter((name) => !isSegment(input[name]));
  const inQuery = places(operation, input).query.filter(({ value, kind }) => writeText(value, kind) === undefined);
  const fields = [...inPath, ...inQuery.map(({ field }) => field)];
  return fields.length > 0 ? { reason: 'unsupported_value', fields } : undefined;
}

/** The input in the fields that the app's API has, as far as it has others that say the same. */
export function restated({ http: { omits = [], restates = {} } }: Operation, input: JsonObject): JsonObject {
  return omits.reduce((said, name) => {
    const { [name]: value, ...rest } = said;
    const others = typeof value === 'string' ? restates[name]?.[value] : undefined;
    const agrees = Object.entries(others ?? {}).every(([other, same]) => rest[other] === undefined || rest[other] === same);
    return others && agrees ? { ...rest, ...others } : said;
  }, input);
}

/** Reads the app's HTTP request back as canonical input. undefined: the path is another operation's. */
export function fromHttp(operation: Operation, request: HttpRequest): JsonObject | undefined {
  const { http } = operation;
  const inPath = http.method === request.method ? matchPath(http.path, request.path) : undefined;
  if (!inPath) return undefined;
  const body = fromWire(request.body ?? {});
  const named = Object.entries(body).map(([name, value]) => [
    keyOf(http.rename, name) ?? (http.omits?.includes(name) ? `body.${name}` : name),
    value,
  ]);
  const fromBody = http.bodyField ? { [http.bodyField]: body } : Object.fromEntries(named);
  // The path comes last: a body that repeats its name must not redirect a write to another object.
  return { ...readQuery(operation, request.query), ...fromBody, ...inPath };
}

interface QueryPlace {
  /** Ours, dotted where it is inside `queryField`. */
  readonly field: string;
  readonly wire: string;
  readonly value: unknown;
  readonly kind: FieldKind | undefined;
}

/** Where each field travels. The kinds are asked for only where there is a query: reading a schema takes milliseconds, once. */
function places(operation: Operation, input: JsonObject): { readonly query: readonly QueryPlace[]; readonly body: JsonObject } {
  const { http } = operation;
  const placed = new Set([...pathFields(http.path), http.queryField, http.bodyField]);
  const free = Object.entries(input).filter(([name, value]) => !placed.has(name) && value !== undefined);
  const query = free
    .filter(([name]) => travelsInQuery(http, name))
    .map(([field, value]) => ({ field, wire: http.rename?.[field] ?? PAGING[field] ?? field, value, kind: kindsOf(operation)[field] }));
  const filters = Object.entries(objectAt(input, http.queryField)).map(([name, value]) => ({
    field: `${http.queryField}.${name}`,
    wire: name,
    value,
    kind: kindsOf(operation)[http.queryField ?? '']?.fields?.[name],
  }));
  const body = free.filter(([name]) => !travelsInQuery(http, name)).map(([name, value]) => [http.rename?.[name] ?? name, value]);
  return { query: [...query, ...filters], body: toWire({ ...Object.fromEntries(body), ...objectAt(input, http.bodyField) }) };
}

function readQuery(operation: Operation, query: HttpRequest['query']): JsonObject {
  const { http } = operation;
  const kinds = kindsOf(operation);
  const own = new Map<string, unknown>();
  const filters = new Map<string, unknown>();
  for (const [name, texts] of grouped(query)) {
    const ours = keyOf(http.rename, name) ?? keyOf(PAGING, name) ?? name;
    const isFilter = http.queryField !== undefined && ours === name && !Object.hasOwn(kinds, name);
    if (isFilter) filters.set(name, readText(texts, kinds[http.queryField]?.fields?.[name]));
    else own.set(ours, readText(texts, kinds[ours]));
  }
  if (http.queryField !== undefined) own.set(http.queryField, Object.fromEntries(filters));
  return Object.fromEntries(own);
}

function grouped(query: HttpRequest['query']): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const [name, text] of query) texts.set(name, [...(texts.get(name) ?? []), text]);
  return texts;
}

function travelsInQuery(http: HttpTemplate, name: string): boolean {
  return !hasBody(http) || (name === 'fields' && http.rename?.['fields'] === undefined) || (http.query?.includes(name) ?? false);
}

function hasBody(http: HttpTemplate): boolean {
  return http.method === 'POST' || http.method === 'PUT';
}

function keyOf(map: Readonly<Record<string, string>> | undefined, value: string): string | undefined {
  return Object.entries(map ?? {}).find(([, theirs]) => theirs === value)?.[0];
}

function objectAt(input: JsonObject, name: string | undefined): JsonObject {
  const value = name === undefined ? undefined : input[name];
  return isObject(value) ? value : {};
}

const REFUSALS: Readonly<Record<Obstacle['reason'], string>> = {
  unsupported_fields: "is not in the app's own request",
  unsupported_value: 'has no form in a path or query: it must not be empty or null, a list item must not hold a comma, an id no slash',
  missing_for_tool: 'is required',
};

function refusal({ app, id }: Operation, { reason, fields }: Obstacle): RouterError {
  const problem = REFUSALS[reason];
  return new RouterError('invalid_input', {
    operation: `${app}.${id}`,
    what: fields.map((path) => `${path}: ${problem}`).join('; '),
    next: 'Correct the value and call again; nothing was sent.',
    fields: fields.map((path) => ({ path, problem })),
  });
}
