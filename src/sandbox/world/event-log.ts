import type { JsonObject } from '../../contract/guards.ts';
import { present, read } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { among, dates, filtered } from './listing.ts';
import { refuseField } from './refuse.ts';
import type { Row } from './row.ts';

const MAX_EVENTS = 50;

export const event: Kind = {
  noun: 'event',
  shelf: 'event',
  prefix: 'ev',
  idNames: ['event_id', 'id'],
  stamps: 'none',
  fields: {},
  list: { filters: { ...among('object_type', 'object_id', 'action', 'lead_id', 'user_id', 'request_id'), ...dates('date_updated') } },
};

/** Newest first, by cursor. guess: every combination of filters is legal here; Close allows only some. */
function listEvents(scope: Scope, input: JsonObject): JsonObject {
  if (input['skip'] !== undefined) refuseField('_skip', 'Not allowed here; use _cursor.');
  const limit = Number(input['limit'] ?? MAX_EVENTS);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_EVENTS)
    refuseField('_limit', `Input should be less than or equal to ${MAX_EVENTS}`);
  const rows = filtered(scope, event, input).toReversed();
  const { from, back } = start(rows, input['cursor'], limit);
  const data = rows.slice(from, from + limit);
  return {
    data: data.map((row) => present(scope, row)),
    has_more: from + limit < rows.length,
    cursor_next: from + limit < rows.length ? cursorAt('after', data.at(-1)) : null,
    cursor_previous: from > 0 || back ? cursorAt('before', data[0]) : null,
  };
}

function start(rows: readonly Row[], cursor: unknown, limit: number): { readonly from: number; readonly back: boolean } {
  if (cursor === undefined || cursor === null) return { from: 0, back: false };
  const [way, id] = Buffer.from(String(cursor), 'base64url').toString('utf8').split(':');
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) refuseField('_cursor', 'Invalid cursor');
  return way === 'before' ? { from: Math.max(0, at - limit), back: false } : { from: at + 1, back: true };
}

function cursorAt(way: 'before' | 'after', row: Row | undefined): string | null {
  return row ? Buffer.from(`${way}:${row.id}`).toString('base64url') : null;
}

export const eventHandlers: Handlers = {
  'event.list': listEvents,
  'event.get': (scope, input) => present(scope, read(scope, event, input)),
};
