import { isObject, type JsonObject } from '../../contract/guards.ts';
import { anything, dayOrInstant, flag, instant, oneOf, REQUIRED, ref, solid, text } from './checks.ts';
import { dayOf, isDay, momentMs } from './clock.ts';
import { change, make, verbs } from './engine.ts';
import { emit } from './events.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { among, dates, filtered, flagged } from './listing.ts';
import { contactName, leadName } from './names.ts';
import { refuseFields } from './refuse.ts';
import { asList, type Row, textOf, without } from './row.ts';
import { today } from './rows.ts';

export const task: Kind = {
  noun: 'task',
  shelf: 'task',
  prefix: 'task',
  idNames: ['task_id', 'id'],
  stamps: 'mongo',
  names: ['assigned_to', 'created_by', 'updated_by'],
  event: (row) => `task.${textOf(row, '_type')}`,
  outside: ['organization_id'],
  fields: {
    lead_id: solid(ref('lead')),
    contact_id: ref('contact'),
    assigned_to: ref('user'),
    date: dayOrInstant,
    due_date: dayOrInstant,
    is_dateless: flag,
    is_complete: flag,
    text: text(),
    priority: oneOf(['high', 'medium']),
    agent_config_id: anything,
  },
  onCreate: { _type: solid(oneOf(['lead', 'outgoing_call'])), created_by: ref('user'), date_created: instant },
  onUpdate: { resolution: oneOf(['abandoned', 'skipped']) },
  defaults: (scope, body) => ({
    _type: body['_type'] ?? 'lead',
    contact_id: null,
    assigned_to: scope.actor.userId,
    text: '',
    date: null,
    is_complete: false,
    object_type: null,
    object_id: null,
    priority: null,
    resolution: null,
    deduplication_key: null,
  }),
  settle: (_, row, { body, before }) => {
    if (!before) refuseIncomplete(row, body);
    const date =
      body['is_dateless'] === true ? null : body['date'] === undefined && body['due_date'] !== undefined ? row['due_date'] : row['date'];
    // On PUT `text` changes only lead tasks (close-rest.md §12). guess: elsewhere it is ignored without an error.
    const words = before && before['_type'] !== 'lead' ? before['text'] : row['text'];
    return { ...without(row, ['due_date', 'is_dateless']), id: row.id, date, text: words ?? '' };
  },
  after: (scope, row, { before }) => {
    if (row['is_complete'] === true && before?.['is_complete'] !== true) complete(scope, row);
  },
  show: (scope, row) => ({
    lead_name: leadName(scope, row['lead_id']),
    contact_name: contactName(scope, row['contact_id']),
    is_dateless: row['date'] === null,
    due_date: row['date'],
    view: viewOf(scope, row),
  }),
  list: {
    filters: {
      ...among('id', 'lead_id', 'assigned_to', 'contact_id'),
      ...flagged('is_complete'),
      _type: (_, row, value) => value === 'all' || asList(value).includes(textOf(row, '_type')),
      _type__in: (_, row, value) => asList(value).includes(textOf(row, '_type')),
      view: (scope, row, value) => viewOf(scope, row) === value,
      ...dates('date'),
      ...dates('date', 'due_date'),
      ...dates('date_created'),
      ...dates('date_updated'),
    },
    order: { date: (_, row) => textOf(row, 'date'), date_created: (_, row) => textOf(row, 'date_created') },
    // Without a type the list holds lead tasks only.
    search: (_, input) => (row) =>
      input['_type'] !== undefined || input['_type__in'] !== undefined || input['$every'] === true || row['_type'] === 'lead',
  },
};

export const taskHandlers: Handlers = {
  ...verbs(task, ['list', 'create', 'get', 'update', 'delete']),
  'task.bulk_update': bulkUpdate,
};

/** Refuses nothing: without filters it really touches every task. Source: close-endpoints.json, `task.bulk_update`. */
function bulkUpdate(scope: Scope, input: JsonObject): JsonObject {
  const where = isObject(input['where']) ? input['where'] : {};
  const set = isObject(input['set']) ? input['set'] : {};
  for (const row of filtered(scope, task, { ...where, $every: true })) change(scope, 'task', row, set);
  return { ok: true };
}

function refuseIncomplete(row: Row, body: JsonObject): void {
  const needed = row['_type'] === 'outgoing_call' ? ['lead_id', 'contact_id'] : ['lead_id', 'text'];
  const missing = needed.filter((name) => body[name] === undefined || body[name] === null || body[name] === '');
  if (missing.length > 0) refuseFields(missing.map((path) => ({ path, problem: REQUIRED })));
}

function complete(scope: Scope, row: Row): void {
  make(scope, 'task_completed', {
    lead_id: row['lead_id'],
    contact_id: row['contact_id'],
    task_id: row.id,
    task_text: row['text'],
    task_assigned_to: row['assigned_to'],
  });
  emit(scope, task, { action: 'completed', row, data: row });
}

/** inbox: due or without date; future: not yet; archive: done. */
function viewOf(scope: Scope, row: Row): string {
  if (row['is_complete'] === true) return 'archive';
  const date = row['date'];
  const ms = momentMs(date, scope.actor.tzOffset);
  if (ms === undefined) return 'inbox';
  return (isDay(date) ? date : dayOf(ms, scope.actor.tzOffset)) > today(scope) ? 'future' : 'inbox';
}
