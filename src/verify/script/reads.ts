import type { Step } from '../known.ts';

/** `x.list`, then its first object by id. */
const listed = (noun: string, id: string, limit = true): readonly Step[] => [
  { operation: `${noun}.list`, input: () => (limit ? { limit: 3 } : {}), remember: { [`some ${noun}`]: 'data.0.id' } },
  { operation: `${noun}.get`, input: (k) => ({ [id]: k(`some ${noun}`) }) },
];

const ofLead = (operation: string, remember: string): Step => ({
  operation,
  input: (k) => ({ lead_id: k('some lead'), limit: 2 }),
  remember: { [remember]: 'data.0.id' },
});

const byName = { field_name: 'name', object_type: 'lead', type: 'regular_field' };
/** Leads that have a name, which all have. */
export const NAMED_LEADS = {
  type: 'and',
  queries: [
    { type: 'object_type', object_type: 'lead' },
    { type: 'field_condition', field: byName, condition: { type: 'exists' } },
  ],
};

/** Every read that needs nothing to be written first, on whatever the account holds. */
export const READS: readonly Step[] = [
  { operation: 'me.get', remember: { user: 'id', organization: 'organizations.0.id', 'mail address': 'email' } },
  { operation: 'organization.get', input: (k) => ({ organization_id: k('organization') }) },
  ...listed('user', 'user_id'),
  { operation: 'lead_status.list', remember: { 'some lead_status': 'data.0.id', 'other lead_status': 'data.1.id' } },
  { operation: 'lead_status.get', input: (k) => ({ status_id: k('some lead_status') }) },
  { operation: 'opportunity_status.list', remember: { 'some opportunity_status': 'data.0.id', 'other opportunity_status': 'data.1.id' } },
  { operation: 'opportunity_status.get', input: (k) => ({ status_id: k('some opportunity_status') }) },
  ...listed('pipeline', 'pipeline_id', false),
  { operation: 'lead.list', input: () => ({ limit: 5 }), remember: { 'some lead': 'data.0.id', 'lead name': 'data.0.name' } },
  { operation: 'lead.list', input: () => ({ query: 'sort:-created', limit: 2 }) },
  { operation: 'lead.get', input: (k) => ({ lead_id: k('some lead') }) },
  { operation: 'lead.find', input: (k) => ({ name: k('lead name') }) },
  { operation: 'contact.list', input: () => ({ limit: 3 }), remember: { 'some contact': 'data.0.id', 'contact lead': 'data.0.lead_id' } },
  { operation: 'contact.get', input: (k) => ({ contact_id: k('some contact') }) },
  ...listed('opportunity', 'opportunity_id'),
  ...listed('task', 'task_id'),
  ...['incoming_sms', 'outgoing_call', 'all'].map((kind): Step => ({ operation: 'task.list', input: () => ({ _type: kind, limit: 2 }) })),
  { operation: 'activity.list', input: () => ({ limit: 3 }) },
  ...['Note', 'Call', 'Email', 'SMS'].map(
    (kind): Step => ({ operation: 'activity.list', input: (k) => ({ lead_id: k('contact lead'), _type: kind, limit: 2 }) }),
  ),
  ...['note', 'call', 'sms', 'email', 'meeting'].flatMap((noun) => listed(noun, `${noun}_id`)),
  ...listed('email_thread', 'email_thread_id'),
  ofLead('created.list', 'some created'),
  ...['lead_merge', 'lead_status_change', 'opportunity_status_change', 'task_completed', 'whatsapp', 'custom_activity'].map((noun) =>
    ofLead(`${noun}.list`, `some ${noun}`),
  ),
  { operation: 'custom_object.list', input: (k) => ({ lead_id: k('some lead') }) },
  { operation: 'custom_activity_type.list', remember: { 'some custom_activity_type': 'data.0.id' } },
  { operation: 'custom_object_type.list', remember: { 'some custom_object_type': 'data.0.id' } },
  {
    operation: 'comment_thread.list',
    input: () => ({ limit: 3 }),
    remember: { 'some thread': 'data.0.id', 'commented object': 'data.0.object_id' },
  },
  { operation: 'comment_thread.get', input: (k) => ({ thread_id: k('some thread') }) },
  { operation: 'comment.list', input: (k) => ({ object_id: k('commented object') }), remember: { 'some comment': 'data.0.id' } },
  { operation: 'comment.list', input: (k) => ({ thread_id: k('some thread') }) },
  { operation: 'comment.get', input: (k) => ({ comment_id: k('some comment') }) },
  ...['contact', 'lead', 'opportunity'].flatMap((object) => listed(`custom_field_${object}`, 'custom_field_id')),
  { operation: 'custom_field_shared.list' },
  { operation: 'custom_field_schema.get', input: () => ({ object_type: 'lead' }) },
  { operation: 'user_availability.list' },
  ...listed('sequence', 'sequence_id'),
  {
    operation: 'sequence_subscription.list',
    input: (k) => ({ sequence_id: k('some sequence'), limit: 3 }),
    remember: { 'some subscription': 'data.0.id' },
  },
  { operation: 'sequence_subscription.get', input: (k) => ({ subscription_id: k('some subscription') }) },
  ...listed('webhook', 'webhook_id', false),
  { operation: 'event.list', input: () => ({ limit: 3 }), remember: { 'some event': 'data.0.id' } },
  { operation: 'event.get', input: (k) => ({ event_id: k('some event') }) },
  ...listed('smart_view', 'smart_view_id'),
  ...listed('email_template', 'template_id'),
  {
    operation: 'email_template.render',
    input: (k) => ({ template_id: k('some email_template'), lead_id: k('some lead') }),
  },
  { operation: 'sms_template.list', input: () => ({ limit: 3 }), remember: { 'some sms_template': 'data.0.id' } },
  { operation: 'search.query', input: () => ({ query: NAMED_LEADS, limit: 3 }) },
  ...['bulk_delete', 'bulk_edit', 'bulk_email', 'bulk_sequence_subscription'].flatMap((noun) => listed(noun, 'job_id')),
  ...listed('export', 'export_id'),
  { operation: 'connected_account.list', remember: { 'mail account': 'data.0.id' } },
  { operation: 'phone_number.list', input: () => ({ limit: 3 }), remember: { 'own number': 'data.0.number' } },
  { operation: 'outcome.list', input: () => ({ limit: 3 }), remember: { 'some outcome': 'data.0.id' } },
  { operation: 'role.list' },
  { operation: 'group.list' },
  { operation: 'integration_link.list' },
  { operation: 'unsubscribe.list' },
  { operation: 'report.activity', input: () => ({ type: 'overview', metrics: ['calls.all.count'], relative_range: 'this-month' }) },
];
