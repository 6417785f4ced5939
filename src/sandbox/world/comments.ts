import type { JsonObject } from '../../contract/guards.ts';
import { rich, solid, text } from './checks.ts';
import { mongoTime } from './clock.ts';
import { make, read, verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { among } from './listing.ts';
import { forbidden, refuseField, refuseFields } from './refuse.ts';
import { asList, type Row, textOf } from './row.ts';
import { find, keep, must, rowsOf } from './rows.ts';
import type { Shelf } from './store.ts';

/** What can be commented on. guess: the reference names activities and opportunities, "…". */
const TARGETS: Readonly<Record<string, Shelf>> = {
  acti: 'activity',
  oppo: 'opportunity',
  lead: 'lead',
  cont: 'contact',
  task: 'task',
  noti: 'task',
};

export const comment: Kind = {
  noun: 'comment',
  shelf: 'comment',
  prefix: 'comm',
  idNames: ['comment_id', 'id'],
  stamps: 'comment',
  closed: true,
  required: ['object_id', 'body'],
  event: () => 'comment',
  fields: { body: solid(rich) },
  onCreate: { object_id: solid(text(100)) },
  defaults: () => ({ mentions: [], removed_at: null, removed_by: null }),
  settle: (scope, row, { before }) => {
    if (before) return row;
    const { object_id: target, ...rest } = row;
    const thread = threadOf(scope, target);
    return { ...rest, id: row.id, lead_id: thread['lead_id'] ?? null, thread_id: thread.id };
  },
  list: {
    paged: false,
    filters: { ...among('thread_id'), object_id: (scope, row, value) => threadFor(scope, value)?.id === row['thread_id'] },
    refuse: refuseVague,
  },
};

function refuseVague(_: Scope, input: JsonObject): void {
  if ((input['object_id'] === undefined) !== (input['thread_id'] === undefined)) return;
  refuseFields(['object_id', 'thread_id'].map((path) => ({ path, problem: 'Exactly one of object_id and thread_id is required.' })));
}

function threadFor(scope: Scope, objectId: unknown): Row | undefined {
  return rowsOf(scope, 'comment_thread').find((thread) => thread['object_id'] === objectId);
}

function threadOf(scope: Scope, objectId: unknown): Row {
  const id = String(objectId);
  const target = find(scope, TARGETS[id.slice(0, id.indexOf('_'))] ?? 'lead', id) ?? refuseField('object_id', 'Object does not exist.');
  return (
    threadFor(scope, id) ??
    make(scope, 'comment_thread', { object_id: id, object_type: objectType(target), lead_id: target['lead_id'] ?? target.id })
  );
}

function objectType(target: Row): string {
  const type = target['_type'];
  const prefix = target.id.slice(0, target.id.indexOf('_'));
  if (prefix === 'acti')
    return `activity.${String(type)
      .replaceAll(/(?<!^)([A-Z][a-z])/g, '_$1')
      .toLowerCase()}`;
  return { oppo: 'opportunity', lead: 'lead', cont: 'contact' }[prefix] ?? 'task.lead';
}

export const commentThread: Kind = {
  noun: 'comment_thread',
  shelf: 'comment_thread',
  prefix: 'comthr',
  idNames: ['thread_id', 'comment_thread_id', 'id'],
  stamps: 'comment',
  fields: { object_id: text(), object_type: text(), lead_id: text() },
  show: (scope, row) => {
    const alive = commentsOf(scope, row).filter((one) => one['removed_at'] === null);
    return { num_comments: alive.length, participating: Array.from(new Set(alive.map((one) => textOf(one, 'created_by')))) };
  },
  list: {
    filters: {
      ids: (_, row, value) => asList(value).includes(row.id),
      object_ids: (_, row, value) => asList(value).includes(textOf(row, 'object_id')),
    },
    refuse: (scope, input) => {
      const membership = rowsOf(scope, 'membership').find((one) => one['user_id'] === scope.actor.userId);
      const filtered = input['ids'] !== undefined || input['object_ids'] !== undefined;
      if (!filtered && asList(membership?.['$denied']).includes('all_threads')) forbidden('Restricted users must name threads or objects');
    },
  },
};

function commentsOf(scope: Scope, thread: Row): readonly Row[] {
  return rowsOf(scope, 'comment').filter((one) => one['thread_id'] === thread.id);
}

/** A delete only blanks the comment, until the thread is empty. Source: close-rest.md §15. */
function remove(scope: Scope, input: JsonObject): JsonObject {
  const row = read(scope, comment, input, 0);
  if (row['removed_at'] !== null) return { deleted: true };
  keep(scope, 'comment', { ...row, body: null, removed_at: mongoTime(scope.at), removed_by: scope.actor.userId });
  const thread = must(scope, 'comment_thread', row['thread_id']);
  const all = commentsOf(scope, thread);
  if (all.every((one) => one['removed_at'] !== null)) {
    for (const one of all) scope.store.remove('comment', one.id, scope.at);
    scope.store.remove('comment_thread', thread.id, scope.at);
  }
  return { deleted: true };
}

const ordinary = verbs(comment, ['list', 'create', 'get', 'update']);

export const commentHandlers: Handlers = {
  ...ordinary,
  ...verbs(commentThread, ['list', 'get']),
  'comment.update': (scope, input) => {
    const row = read(scope, comment, input, 0);
    if (row['created_by'] !== scope.actor.userId) forbidden('Only its author may change a comment');
    return ordinary['comment.update']?.(scope, input);
  },
  'comment.delete': remove,
};
