import { isObject, type JsonObject } from '../../contract/guards.ts';
import { checkField, cleaned, REQUIRED } from './checks.ts';
import { mongoTime, sqlTime } from './clock.ts';
import { settleCustom } from './custom.ts';
import { emit } from './events.ts';
import type { Change, Fields, Handlers, Kind, Scope } from './kind.ts';
import { list, project } from './listing.ts';
import { notFound, refuseFields } from './refuse.ts';
import { type Row, same, shown } from './row.ts';
import { find, idFor, idIn, keep, userName } from './rows.ts';

type Verb = 'list' | 'create' | 'get' | 'update' | 'delete';

/** The handlers of a noun's ordinary verbs. */
export function verbs(kind: Kind, wanted: readonly Verb[]): Handlers {
  const all: Readonly<Record<Verb, Handlers[string]>> = {
    list: (scope, input) => list(scope, kind, input, present),
    create: (scope, input) => project(present(scope, make(scope, kind.noun, input)), input['fields']),
    get: (scope, input) => project(present(scope, read(scope, kind, input)), input['fields']),
    update: (scope, input) => project(present(scope, change(scope, kind.noun, read(scope, kind, input, 0), input)), input['fields']),
    delete: (scope, input) => {
      drop(scope, kind.noun, read(scope, kind, input, 0));
      return { deleted: true };
    },
  };
  return Object.fromEntries(wanted.map((verb) => [`${kind.noun}.${verb}`, all[verb]]));
}

/** The row that the input names. Reads may lag behind deletes: close-rest.md §8. */
export function read(scope: Scope, kind: Kind, input: JsonObject, lagMs: number = scope.switches.readLagMs): Row {
  const id = idIn(input, kind.idNames);
  const row = find(scope, kind.shelf, id) ?? (lagMs > 0 ? scope.store.ghost(kind.shelf, id, scope.at - lagMs) : undefined);
  return row && isOf(kind, row) ? row : notFound(kind.noun);
}

export function isOf(kind: Kind, row: Row): boolean {
  const noun = row['$noun'];
  return (kind.type === undefined || row['_type'] === kind.type) && (noun === undefined || noun === kind.noun);
}

export function make(scope: Scope, noun: string, body: JsonObject): Row {
  const kind = scope.kind(noun);
  const fields = { ...kind.fields, ...kind.onCreate };
  refuseBadBody(scope, kind, fields, body, true);
  const base: Row = {
    ...(kind.type ? { _type: kind.type } : {}),
    id: idFor(scope, kind.prefix),
    organization_id: scope.actor.organizationId,
    ...kind.defaults?.(scope, body),
    ...stamps(scope, kind, true),
    ...given(cleaned(scope, fields, body)),
    ...(kind.custom ? { custom: settleCustom(scope, kind.custom, {}, body) } : {}),
  };
  const row = kind.settle?.(scope, base, { body }) ?? base;
  keep(scope, kind.shelf, row);
  emit(scope, kind, { action: 'created', row, data: present(scope, row) });
  kind.after?.(scope, row, { body });
  return scope.store.get(kind.shelf, row.id) ?? row;
}

export function change(scope: Scope, noun: string, before: Row, body: JsonObject): Row {
  const kind = scope.kind(noun);
  const fields = { ...kind.fields, ...kind.onUpdate };
  refuseBadBody(scope, kind, fields, body, false);
  const values = cleaned(scope, fields, body);
  const custom = kind.custom ? { custom: settleCustom(scope, kind.custom, objectAt(before, 'custom'), body) } : {};
  const base: Row = { ...before, ...values, ...custom, ...stamps(scope, kind, false) };
  return store(scope, kind, kind.settle?.(scope, base, { body, before }) ?? base, { body, before });
}

/** Stores what the world itself changes about a row, with its event and effects. */
export function patch(scope: Scope, noun: string, before: Row, values: JsonObject, action?: string): Row {
  const kind = scope.kind(noun);
  const row: Row = { ...before, ...values, ...stamps(scope, kind, false) };
  return store(scope, kind, row, { body: {}, before }, action);
}

function store(scope: Scope, kind: Kind, row: Row, done: Change & { readonly before: Row }, action = 'updated'): Row {
  keep(scope, kind.shelf, row);
  const changed = Object.keys(row).filter((key) => !key.startsWith('$') && !same(row[key], done.before[key]));
  emit(scope, kind, { action, row, data: present(scope, row), before: done.before, changed });
  kind.after?.(scope, row, done);
  return scope.store.get(kind.shelf, row.id) ?? row;
}

export function drop(scope: Scope, noun: string, row: Row, meta: JsonObject = {}): void {
  const kind = scope.kind(noun);
  kind.guard?.(scope, row);
  kind.cascade?.(scope, row);
  const data = present(scope, row);
  scope.store.remove(kind.shelf, row.id, scope.at);
  scope.touched.add(row.id);
  emit(scope, kind, { action: 'deleted', row, data, meta });
}

/** The object as Close shows it. */
export function present(scope: Scope, row: Row, kind: Kind = kindOfRow(scope, row)): JsonObject {
  const names = (kind.names ?? []).map((key) => [
    key.endsWith('_id') ? `${key.slice(0, -3)}_name` : `${key}_name`,
    userName(scope, row[key]),
  ]);
  return shown({ ...row, ...Object.fromEntries(names), ...kind.show?.(scope, row) });
}

/** Every stored row remembers its noun through its prefix and type. */
function kindOfRow(scope: Scope, row: Row): Kind {
  return scope.kind(nounOf(row));
}

/** Rows of shelves with one kind are told apart by prefix, activities by `_type`, the rest say it in `$noun`. */
export function nounOf(row: Row): string {
  const own = row['$noun'];
  if (typeof own === 'string') return own;
  const prefix = row.id.slice(0, row.id.indexOf('_'));
  return prefix === 'acti' ? (ACTIVITY_NOUNS[String(row['_type'])] ?? 'note') : (PREFIX_NOUNS[prefix] ?? prefix);
}

const ACTIVITY_NOUNS: Readonly<Record<string, string>> = {
  Note: 'note',
  Call: 'call',
  SMS: 'sms',
  Email: 'email',
  EmailThread: 'email_thread',
  Meeting: 'meeting',
  WhatsAppMessage: 'whatsapp',
  CustomActivity: 'custom_activity',
  LeadStatusChange: 'lead_status_change',
  OpportunityStatusChange: 'opportunity_status_change',
  Created: 'created',
  LeadMerge: 'lead_merge',
  TaskCompleted: 'task_completed',
};

const PREFIX_NOUNS: Readonly<Record<string, string>> = {
  lead: 'lead',
  cont: 'contact',
  oppo: 'opportunity',
  task: 'task',
  noti: 'task',
  pipe: 'pipeline',
  comm: 'comment',
  comthr: 'comment_thread',
  seq: 'sequence',
  sub: 'sequence_subscription',
  whsub: 'webhook',
  save: 'smart_view',
  tmpl: 'email_template',
  smstmpl: 'sms_template',
  actitype: 'custom_activity_type',
  cotype: 'custom_object_type',
  custobj: 'custom_object',
  emailacct: 'connected_account',
  phon: 'phone_number',
  outcome: 'outcome',
  role: 'role',
  group: 'group',
  link: 'integration_link',
  unsub: 'unsubscribe',
  user: 'user',
  orga: 'organization',
  ev: 'event',
  expo: 'export',
};

function refuseBadBody(scope: Scope, kind: Kind, fields: Fields, body: JsonObject, creating: boolean): void {
  const missing = creating ? (kind.required ?? []).filter((name) => body[name] === undefined || body[name] === null) : [];
  const strange =
    kind.closed && scope.switches.closedBodies ? Object.keys(body).filter((name) => !isKnown(kind, fields, name, creating)) : [];
  const problems = [
    ...missing.map((path) => ({ path, problem: REQUIRED })),
    ...strange.filter((name) => body[name] !== undefined).map((path) => ({ path, problem: 'Extra inputs are not permitted.' })),
    ...Object.entries(fields).flatMap(([name, field]) => checkField(scope, field, body[name], name)),
  ];
  if (problems.length > 0) refuseFields(problems);
}

function isKnown(kind: Kind, fields: Fields, name: string, creating: boolean): boolean {
  if (Object.hasOwn(fields, name) || name === 'fields' || kind.outside?.includes(name)) return true;
  if (!creating && kind.idNames.includes(name)) return true;
  return kind.custom !== undefined && (name === 'custom' || (!creating && (name === 'custom_add' || name === 'custom_remove')));
}

/** On create, null means what absent means. */
function given(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function stamps(scope: Scope, kind: Kind, creating: boolean): JsonObject {
  const user = scope.actor.userId;
  const mongo = mongoTime(scope.at);
  switch (kind.stamps) {
    case 'mongo':
      return { ...(creating ? { created_by: user, date_created: mongo } : {}), updated_by: user, date_updated: mongo };
    case 'comment':
      return { ...(creating ? { created_by: user, created_at: mongo } : {}), updated_by: user, updated_at: mongo };
    case 'sql':
    case 'sequence': {
      const sql = sqlTime(scope.at, scope.random.next());
      const [by, changedBy] = kind.stamps === 'sql' ? ['created_by', 'updated_by'] : ['created_by_id', 'updated_by_id'];
      return { ...(creating ? { [by]: user, date_created: sql } : {}), [changedBy]: user, date_updated: sql };
    }
    case 'none':
      return {};
    default:
      return kind.stamps satisfies never;
  }
}

function objectAt(row: Row, key: string): JsonObject {
  const value = row[key];
  return isObject(value) ? value : {};
}
