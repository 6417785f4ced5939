import { isObject, type JsonObject } from '../../contract/guards.ts';
import { anObject, flag, oneOf, REQUIRED, solid, text } from './checks.ts';
import { read, verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { parseLeadQuery } from './lead-query.ts';
import { among, flagged } from './listing.ts';
import { renderEmail } from './messages.ts';
import { refuseField } from './refuse.ts';
import { must } from './rows.ts';
import { objectTypeOf, searchRows } from './search.ts';

export const emailTemplate: Kind = {
  noun: 'email_template',
  shelf: 'email_template',
  prefix: 'tmpl',
  idNames: ['template_id', 'email_template_id', 'id'],
  stamps: 'mongo',
  required: ['name'],
  event: () => 'email_template',
  fields: { name: solid(text(500)), subject: text(), body: text(), is_shared: flag },
  onUpdate: { is_archived: flag },
  defaults: () => ({ subject: '', body: '', is_shared: false, is_archived: false, attachments: [], unsubscribe_link_id: null }),
  list: { filters: flagged('is_archived', 'is_shared') },
};

export const smsTemplate: Kind = {
  noun: 'sms_template',
  shelf: 'sms_template',
  prefix: 'smstmpl',
  idNames: ['sms_template_id'],
  stamps: 'sql',
  fields: { name: text(), text: text(), is_shared: flag },
};

/** Subject and body for one recipient: named, or the n-th of a search. guess: names of the reply beyond subject and body. */
function render(scope: Scope, input: JsonObject): JsonObject {
  const template = read(scope, emailTemplate, input);
  const target = recipient(scope, input);
  const { subject, body_html: body } = renderEmail(scope, template, target);
  return { subject, body, lead_id: target['lead_id'] ?? null, contact_id: target['contact_id'] ?? null };
}

function recipient(scope: Scope, input: JsonObject): JsonObject {
  const contact = input['contact_id'] === undefined ? undefined : must(scope, 'contact', input['contact_id']);
  if (contact) return { contact_id: contact.id, lead_id: contact['lead_id'] };
  if (input['lead_id'] !== undefined) return firstContact(scope, must(scope, 'lead', input['lead_id']).id);
  const leads = chosenLeads(scope, input);
  const lead = leads[Number(input['entry'] ?? 0)] ?? refuseField('entry', 'No such recipient.');
  return firstContact(scope, lead.id);
}

function chosenLeads(scope: Scope, input: JsonObject): ReturnType<typeof searchRows> {
  if (typeof input['query'] === 'string') return scope.store.all('lead').filter(parseLeadQuery(scope, input['query']).matches);
  const parsed = parseJson(input['s_query']);
  return parsed ? searchRows(scope, parsed, 'lead') : refuseField('lead_id', REQUIRED);
}

function parseJson(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  try {
    const parsed: unknown = JSON.parse(String(value));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function firstContact(scope: Scope, leadId: string): JsonObject {
  return { lead_id: leadId, contact_id: scope.store.under('contact', leadId)[0]?.id ?? null };
}

export const smartView: Kind = {
  noun: 'smart_view',
  shelf: 'smart_view',
  prefix: 'save',
  idNames: ['smart_view_id', 'id'],
  stamps: 'mongo',
  required: ['name', 's_query'],
  event: () => 'saved_search',
  fields: { name: solid(text(500)), s_query: solid(anObject), is_shared: flag, description: text() },
  onCreate: { type: oneOf(['lead', 'contact']) },
  defaults: (scope) => ({
    description: '',
    type: 'lead',
    query: null,
    is_shared: false,
    is_user_dependent: false,
    user_id: scope.actor.userId,
    selected_fields: null,
    shared_with: [],
    sharing_settings: null,
  }),
  settle: (_, row) => {
    const query = isObject(row['s_query']) ? row['s_query'] : {};
    if (objectTypeOf(isObject(query['query']) ? query['query'] : query) === undefined) {
      refuseField('s_query', 'The query must contain an object_type clause.');
    }
    return row;
  },
  list: {
    filters: among('type'),
    search: (_, input) => (row) => input['type'] !== undefined || input['type__in'] !== undefined || row['type'] === 'lead',
  },
};

export const templateHandlers: Handlers = {
  ...verbs(emailTemplate, ['list', 'create', 'get', 'update', 'delete']),
  'email_template.render': render,
  ...verbs(smsTemplate, ['list']),
  ...verbs(smartView, ['list', 'create', 'get', 'update', 'delete']),
};
