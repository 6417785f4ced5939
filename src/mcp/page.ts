import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import { type Shortened, shortened, sizeOf } from '../toolsets/shorten.ts';
import { type Place, writeCursor } from './cursor.ts';

/** What a reader is told of the part that it does not see. */
export interface PageNote {
  /** Rows in this result. */
  readonly shown: number;
  /** Rows after these, as far as that is known. */
  readonly remaining?: number;
  /** There are more, whether or not it is known how many. */
  readonly more: boolean;
  /** Give it to the same call to go on. */
  readonly cursor?: string;
  /** How to ask for less. */
  readonly narrow?: string;
}

export interface Paged extends Shortened {
  readonly page?: PageNote;
}

/** One reply of a list, and the call that it came of. */
export interface ListReply {
  readonly call: string;
  /** What the app was asked, this page's offset included. */
  readonly asked: JsonObject;
  /** JSON Schema of the operation's input. */
  readonly schema: JsonObject;
  readonly output: JsonObject;
  readonly place: Place;
}

export const BEGINNING: Place = { drop: 0, shown: 0 };

/** The input for the page that begins there. */
export function askedAt(input: JsonObject, { skip, cursor }: Place): JsonObject {
  return { ...input, ...(skip === undefined ? {} : { skip }), ...(cursor === undefined ? {} : { cursor }) };
}

/** As many rows as fit, at least one, and where the next ones begin. Pages are cut by size: rows of one app differ a hundredfold. */
export function pageOf(reply: ListReply, budget: { readonly page: number; readonly row: number }): Paged {
  const rows = rowsOf(reply.output).slice(reply.place.drop);
  const cuts = new Map<string, string>();
  const kept: unknown[] = [];
  let left = budget.page;
  for (const row of rows) {
    const { value, cuts: own } = shortened(row, Math.min(budget.row, budget.page));
    left -= sizeOf(value) + 1;
    if (left < 0 && kept.length > 0) break;
    kept.push(value);
    for (const [path, what] of own) cuts.set(`data[]${path ? `.${path}` : ''}`, what);
  }
  const page = noteOf(reply, rows.length, kept.length);
  // The app's own cursor begins after rows that were not shown: ours takes its place.
  const { data: _data, cursor: _cursor, cursor_next: _next, ...rest } = reply.output;
  const { value: others, cuts: further } = shortened(rest, budget.row);
  const value = { ...(isObject(others) ? others : {}), data: kept, has_more: page.more };
  return { value, cuts: new Map([...cuts, ...further]), page };
}

function noteOf(reply: ListReply, had: number, shown: number): PageNote {
  const { call, output, place, schema } = reply;
  const next = shown < had ? restOf(reply, shown) : followingOf(reply, had);
  const total = output['total_results'];
  const remaining = typeof total === 'number' ? Math.max(0, total - before(reply) - shown) : undefined;
  if (next === undefined) return { shown, more: output['has_more'] === true, ...(remaining === undefined ? {} : { remaining }) };
  const cursor = writeCursor(call, { ...next, shown: place.shown + shown });
  const known = remaining ?? (output['has_more'] === true ? undefined : had - shown);
  return { shown, ...(known === undefined ? {} : { remaining: known }), more: true, cursor, narrow: narrowing(schema) };
}

/** The rest of the page of the app's that this one was cut from. */
function restOf({ asked, schema, output, place }: ListReply, shown: number): Omit<Place, 'shown'> {
  const drop = place.drop + shown;
  return hasField(schema, 'skip') && cursorIn(output) === undefined ? { skip: skipIn(asked) + drop, drop: 0 } : { ...place, drop };
}

/** The app's own next page. */
function followingOf({ asked, schema, output, place }: ListReply, had: number): Omit<Place, 'shown'> | undefined {
  const cursor = cursorIn(output);
  if (output['has_more'] !== true) return undefined;
  if (cursor !== undefined) return cursor === asked['cursor'] ? undefined : { cursor, drop: 0 };
  return hasField(schema, 'skip') && had > 0 ? { skip: skipIn(asked) + place.drop + had, drop: 0 } : undefined;
}

function before({ asked, schema, place }: ListReply): number {
  return hasField(schema, 'skip') ? skipIn(asked) + place.drop : place.shown;
}

const PAGING: readonly string[] = ['limit', 'skip', 'cursor', 'fields', 'order_by'];
const MOST_NAMES = 6;

function narrowing(schema: JsonObject): string {
  const names = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const filters = names.filter((name) => !PAGING.includes(name)).slice(0, MOST_NAMES);
  const ways = [
    filters.length > 0 ? `filter with ${filters.join(', ')}` : '',
    names.includes('fields') ? 'ask only for some fields with "fields"' : '',
  ].filter(Boolean);
  return ways.length > 0 ? ways.join('; ') : 'go on with the cursor only as far as needed';
}

function rowsOf(output: JsonObject): readonly unknown[] {
  return Array.isArray(output['data']) ? output['data'] : [];
}

function cursorIn(output: JsonObject): string | undefined {
  return stringAt(output, 'cursor') ?? stringAt(output, 'cursor_next');
}

function skipIn({ skip }: JsonObject): number {
  return typeof skip === 'number' ? skip : 0;
}

function hasField({ properties }: JsonObject, name: string): boolean {
  return isObject(properties) && Object.hasOwn(properties, name);
}
