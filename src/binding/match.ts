import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { leadsAway } from '../wire/target.ts';
import { fromHttp } from './http.ts';
import { matchPath } from './path.ts';

/** The app's HTTP request as somebody else wrote it. */
export interface ForeignRequest {
  readonly method: string;
  /** Relative to the app's API base, or absolute on the app's domain; may carry a query of its own. */
  readonly path: string;
  readonly query?: Iterable<readonly [name: string, value: string]>;
  readonly body?: unknown;
}

export interface Match {
  readonly operation: Operation;
  readonly input: JsonObject;
}

/** Where Close's API lives. Source: backends/close-rest.md */
export const CLOSE_API = 'https://api.close.com/api/v1';

/**
 * The operation that a request means, and its canonical input, not yet validated. undefined: nobody's request, another
 * domain's, or a path that tries to leave the API base.
 */
export function matchRequest(operations: readonly Operation[], request: ForeignRequest, base: string = CLOSE_API): Match | undefined {
  const target = locate(request.path, base);
  if (!target) return undefined;
  const method = request.method.toUpperCase();
  const operation = at(operations, target.path).find(({ http }) => http.method === method);
  if (!operation) return undefined;
  const query = [...target.query, ...(request.query ?? [])];
  const body = isObject(request.body) ? { body: request.body } : {};
  const input = fromHttp(operation, { method: operation.http.method, path: target.path, query, ...body });
  return input && { operation, input };
}

/** The methods that a path answers to. Empty: no such path. */
export function methodsAt(operations: readonly Operation[], path: string, base: string = CLOSE_API): readonly string[] {
  const target = locate(path, base);
  return target ? [...new Set(at(operations, target.path).map(({ http }) => http.method))] : [];
}

/** Whether a path stays below the app's API base, however it is written. */
export function isBelow(path: string, base: string = CLOSE_API): boolean {
  return locate(path, base) !== undefined;
}

/** The operations at a path; one with a word where another has a parameter comes alone: `/user/availability/` is no user. */
function at(operations: readonly Operation[], path: string): readonly Operation[] {
  const segments = path.split('/').length;
  const matching = bySegments(operations)
    .get(segments)
    ?.filter(({ http }) => matchPath(http.path, path) !== undefined);
  const [best] = matching ?? [];
  return matching?.filter(({ http }) => shape(http.path) === shape(best?.http.path ?? '')) ?? [];
}

const indexes = new WeakMap<readonly Operation[], ReadonlyMap<number, readonly Operation[]>>();

/** By number of segments, those with words first. */
function bySegments(operations: readonly Operation[]): ReadonlyMap<number, readonly Operation[]> {
  const known = indexes.get(operations);
  if (known) return known;
  const sorted = operations.toSorted((a, b) => (shape(a.http.path) < shape(b.http.path) ? -1 : 1));
  const index = Map.groupBy(sorted, ({ http }) => http.path.split('/').length);
  indexes.set(operations, index);
  return index;
}

/** A template without the names of its parameters; `~` sorts after every word. */
function shape(template: string): string {
  return template.replaceAll(/\{\w+\}/g, '~');
}

/** The path below the API base, with its closing slash, and the query that came with it. */
function locate(path: string, base: string): { readonly path: string; readonly query: readonly (readonly [string, string])[] } | undefined {
  const [bare = ''] = path.split(/[?#]/, 1);
  if (bare.split('/').some(leadsAway)) return undefined;
  const home = new URL(base);
  const url = URL.parse(path.startsWith('/') ? `${home.origin}${path}` : path);
  if (!url || url.origin !== home.origin || url.username !== '' || url.password !== '') return undefined;
  const isInside = url.pathname.startsWith(`${home.pathname}/`);
  if (!isInside && !path.startsWith('/')) return undefined;
  const below = isInside ? url.pathname.slice(home.pathname.length) : url.pathname;
  return { path: below.endsWith('/') ? below : `${below}/`, query: [...url.searchParams] };
}
