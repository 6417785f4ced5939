import type { JsonObject } from '../../contract/guards.ts';
import { activityFilters, activityKind, activityOrder, imported } from './activity-base.ts';
import { flag, oneOf, phone, ref, rich, solid, text } from './checks.ts';
import { present, verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { among, list } from './listing.ts';
import { attachments } from './notes-and-calls.ts';
import { phoneFields } from './phone.ts';
import { refuseField } from './refuse.ts';
import { asList, type Row, textOf } from './row.ts';
import { plainText } from './text.ts';

/** Meetings come from calendars: the API has no create. Source: close-rest.md §13. */
export const meeting: Kind = activityKind({
  noun: 'meeting',
  type: 'Meeting',
  event: () => 'activity.meeting',
  fields: {},
  onUpdate: { user_note_html: rich, outcome_id: ref('outcome') },
  settle: (_, row) => ({ ...row, user_note: typeof row['user_note_html'] === 'string' ? plainText(row['user_note_html']) : null }),
});

export const whatsapp: Kind = activityKind({
  noun: 'whatsapp',
  type: 'WhatsAppMessage',
  event: () => 'activity.whatsapp_message',
  required: [
    'lead_id',
    'contact_id',
    'direction',
    'external_whatsapp_message_id',
    'message_markdown',
    'local_phone',
    'remote_phone',
    'activity_at',
  ],
  outside: ['send_to_inbox'],
  fields: {
    lead_id: solid(ref('lead')),
    direction: oneOf(['incoming', 'outgoing']),
    external_whatsapp_message_id: text(500),
    message_markdown: text(),
    local_phone: phone,
    remote_phone: phone,
    attachments,
    integration_link: text(),
    response_to_id: ref('activity'),
  },
  defaults: () => ({ attachments: [], integration_link: null, integration_name: null, response_to_id: null, source: 'api' }),
  settle: (_, row) => ({
    ...row,
    text: textOf(row, 'message_markdown'),
    message_html: `<p>${textOf(row, 'message_markdown')}</p>`,
    ...phoneFields('local', row['local_phone']),
    ...phoneFields('remote', row['remote_phone']),
  }),
  list: { filters: among('external_whatsapp_message_id') },
});

export const customActivity: Kind = activityKind({
  noun: 'custom_activity',
  type: 'CustomActivity',
  event: () => 'activity.custom_activity',
  custom: 'activity',
  required: ['lead_id', 'custom_activity_type_id'],
  fields: {
    lead_id: solid(ref('lead')),
    custom_activity_type_id: solid(ref('custom_activity_type')),
    status: solid(oneOf(['draft', 'published'])),
    pinned: flag,
  },
  onCreate: imported,
  defaults: () => ({ status: 'published', pinned: false }),
  list: { filters: among('custom_activity_type_id'), refuse: (_, input) => refuseWithoutLead(input) },
});

function refuseWithoutLead(input: JsonObject): void {
  if (input['custom_activity_type_id'] !== undefined && asList(input['lead_id']).length !== 1)
    refuseField('custom_activity_type_id', 'Only allowed together with a single lead_id.');
}

const NEEDS_LEAD = ['_type', '_type__in', 'user_id', 'user_id__in', 'contact_id', 'contact_id__in'];

/** All kinds in one list. guess: refusing is one of two possible behaviours; the reference only says "unsupported". */
const anyActivity: Kind = {
  noun: 'activity',
  shelf: 'activity',
  prefix: 'acti',
  idNames: ['activity_id'],
  stamps: 'none',
  fields: {},
  list: {
    usual: '-date_created',
    order: activityOrder,
    filters: { ...activityFilters },
    search: (_, input) => (row) => isShown(row, input),
  },
};

function isShown(row: Row, input: JsonObject): boolean {
  const type = textOf(row, '_type');
  const threads = input['thread_emails'] ?? 'absent';
  if (type === 'EmailThread' ? threads === 'absent' : type === 'Email' && threads === 'only') return false;
  const wanted = [...asList(input['_type']), ...asList(input['_type__in'])];
  return (
    wanted.length === 0 ||
    wanted.some((one) => one === type || one === row['custom_activity_type_id'] || (one === 'Custom' && type === 'CustomActivity'))
  );
}

function listActivities(scope: Scope, input: JsonObject): JsonObject {
  const leads = [...asList(input['lead_id']), ...asList(input['lead_id__in'])];
  if (leads.length === 1) return list(scope, anyActivity, input, present);
  const stray = NEEDS_LEAD.filter((name) => input[name] !== undefined);
  if (stray.length > 0 && scope.switches.activityFilters === 'refuse')
    refuseField(stray[0] ?? '_type', 'Only allowed together with a single lead_id.');
  refuseLooseMoments(input);
  const kept = Object.fromEntries(Object.entries(input).filter(([name]) => !stray.includes(name)));
  return list(scope, anyActivity, kept, present);
}

function refuseLooseMoments(input: JsonObject): void {
  const named = Object.keys(input).find((name) => name.startsWith('activity_at') && input[name] !== undefined);
  if (named !== undefined || input['order_by'] === '-activity_at') {
    refuseField(named ?? '_order_by', 'activity_at is only available with a single lead_id.');
  }
}

export const activityHandlers: Handlers = {
  'activity.list': listActivities,
  ...verbs(meeting, ['list', 'get', 'update', 'delete']),
  ...verbs(whatsapp, ['list', 'create']),
  ...verbs(customActivity, ['list', 'create']),
};
