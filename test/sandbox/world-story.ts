import type { JsonObject } from '../../src/contract/guards.ts';
import { type Client, listAt } from './world-client.ts';

/** One call of the story: the operation, what it is given, and the name under which its id is remembered. */
export interface Step {
  readonly operation: string;
  readonly input?: (known: Readonly<Record<string, string>>) => JsonObject;
  readonly remember?: string;
}

const freight = {
  type: 'and',
  queries: [
    { type: 'object_type', object_type: 'lead' },
    {
      type: 'field_condition',
      field: { type: 'regular_field', object_type: 'lead', field_name: 'name' },
      condition: { type: 'text', mode: 'full_words', value: 'Northpine' },
    },
  ],
};

/** What the demo world holds from the start. */
export function knownIn(client: Client): Record<string, string> {
  const first = (operation: string, input: JsonObject = {}): string => String(client.all(operation, input)[0]?.['id']);
  const [lead = {}] = client.all('lead.list', { query: 'name:"Northpine"' });
  const [other = {}] = client.all('lead.list', { query: 'name:"Bluewater"' });
  const about = { lead_id: String(lead['id']) };
  return {
    lead: about.lead_id,
    other: String(other['id']),
    contact: String(listAt(lead, 'contacts')[0]?.['id']),
    opportunity: String(listAt(lead, 'opportunities')[0]?.['id']),
    task: String(listAt(lead, 'tasks')[0]?.['id']),
    note: first('note.list', about),
    meeting: first('meeting.list'),
    thread: first('email_thread.list', about),
    running: first('sequence.list'),
    account: first('connected_account.list'),
    outcome: first('outcome.list'),
    field: first('custom_field_lead.list'),
    activityType: first('custom_activity_type.list'),
    objectType: first('custom_object_type.list'),
    user: String(client.ask('me.get')['id']),
    organization: String(listAt(client.ask('me.get'), 'organizations')[0]?.['id']),
    status: first('lead_status.list'),
    pipeline: first('pipeline.list'),
    comments: first('comment_thread.list'),
  };
}

const verbs = (
  noun: string,
  id: string,
  create: Step['input'],
  update: (known: Readonly<Record<string, string>>) => JsonObject,
): readonly Step[] => [
  { operation: `${noun}.create`, input: create ?? (() => ({})), remember: `new ${noun}` },
  { operation: `${noun}.get`, input: (k) => ({ [id]: k[`new ${noun}`] }) },
  { operation: `${noun}.update`, input: (k) => ({ [id]: k[`new ${noun}`], ...update(k) }) },
  { operation: `${noun}.list`, input: () => ({}) },
  { operation: `${noun}.delete`, input: (k) => ({ [id]: k[`new ${noun}`] }) },
];

const job = (noun: string, create: (known: Readonly<Record<string, string>>) => JsonObject): readonly Step[] => [
  { operation: `${noun}.create`, input: create, remember: `new ${noun}` },
  { operation: `${noun}.get`, input: (k) => ({ job_id: k[`new ${noun}`] }) },
  { operation: `${noun}.list` },
];

const sms = { local_phone: '+14155550100', remote_phone: '+14155550132' };
const letter = { sender: 'ada@fernhill.example', to: ['ingrid@northpine.example'], subject: 'Pilot', body_text: 'Hello' };

/** Every operation of the catalogue once, with input that makes sense in the demo world. */
export const STORY: readonly Step[] = [
  ...verbs(
    'lead',
    'lead_id',
    () => ({ name: 'Acme' }),
    () => ({ description: 'Anvils' }),
  ),
  ...verbs(
    'contact',
    'contact_id',
    (k) => ({ lead_id: k['other'], name: 'Bea' }),
    () => ({ title: 'CEO' }),
  ),
  ...verbs(
    'opportunity',
    'opportunity_id',
    (k) => ({ lead_id: k['lead'], value: 100 }),
    () => ({ confidence: 10 }),
  ),
  ...verbs(
    'task',
    'task_id',
    (k) => ({ lead_id: k['lead'], text: 'Call' }),
    () => ({ is_complete: true }),
  ),
  { operation: 'task.bulk_update', input: (k) => ({ where: { lead_id: k['lead'] }, set: { date: '2026-12-01' } }) },
  ...verbs(
    'note',
    'note_id',
    (k) => ({ lead_id: k['lead'], note: 'Hi' }),
    () => ({ note: 'Ho' }),
  ),
  ...verbs(
    'call',
    'call_id',
    (k) => ({ lead_id: k['lead'], direction: 'outbound', duration: 3 }),
    () => ({ duration: 4 }),
  ),
  ...verbs(
    'sms',
    'sms_id',
    (k) => ({ lead_id: k['lead'], status: 'draft', text: 'Hi', ...sms }),
    () => ({ status: 'outbox' }),
  ),
  ...verbs(
    'email',
    'email_id',
    (k) => ({ lead_id: k['lead'], status: 'draft', ...letter }),
    () => ({ status: 'outbox' }),
  ),
  { operation: 'activity.list', input: (k) => ({ lead_id: k['lead'] }) },
  { operation: 'meeting.list' },
  { operation: 'meeting.get', input: (k) => ({ meeting_id: k['meeting'] }) },
  { operation: 'meeting.update', input: (k) => ({ meeting_id: k['meeting'], outcome_id: k['outcome'] }) },
  { operation: 'meeting.delete', input: (k) => ({ meeting_id: k['meeting'] }) },
  { operation: 'email_thread.list', input: (k) => ({ lead_id: k['lead'] }) },
  { operation: 'email_thread.get', input: (k) => ({ email_thread_id: k['thread'] }) },
  { operation: 'email_thread.delete', input: (k) => ({ email_thread_id: k['thread'] }) },
  {
    operation: 'whatsapp.create',
    input: (k) => ({
      lead_id: k['lead'],
      contact_id: k['contact'],
      direction: 'outgoing',
      external_whatsapp_message_id: 'wamid.1',
      message_markdown: 'Hi',
      activity_at: '2026-11-01T10:00:00Z',
      ...sms,
    }),
  },
  { operation: 'whatsapp.list' },
  { operation: 'custom_activity_type.list' },
  { operation: 'custom_activity.create', input: (k) => ({ lead_id: k['lead'], custom_activity_type_id: k['activityType'] }) },
  { operation: 'custom_activity.list', input: (k) => ({ lead_id: k['lead'], custom_activity_type_id: [k['activityType']] }) },
  { operation: 'custom_object_type.list' },
  { operation: 'custom_object.create', input: (k) => ({ lead_id: k['lead'], custom_object_type_id: k['objectType'], name: 'Deed' }) },
  { operation: 'custom_object.list', input: (k) => ({ lead_id: k['lead'] }) },
  {
    operation: 'lead_status_change.create',
    input: (k) => ({ lead_id: k['lead'], old_status_id: k['status'], new_status_id: k['status'] }),
  },
  { operation: 'lead_status_change.list' },
  { operation: 'opportunity_status_change.create', input: (k) => ({ lead_id: k['lead'] }) },
  { operation: 'opportunity_status_change.list' },
  { operation: 'created.list' },
  { operation: 'task_completed.list' },
  ...verbs(
    'comment',
    'comment_id',
    (k) => ({ object_id: k['note'], body: '<body><p>Hm</p></body>' }),
    () => ({ body: '<body><p>Ha</p></body>' }),
  ).filter((step) => step.operation !== 'comment.list'),
  { operation: 'comment.list', input: (k) => ({ object_id: k['note'] }) },
  { operation: 'comment_thread.list' },
  { operation: 'comment_thread.get', input: (k) => ({ thread_id: k['comments'] }) },
  ...['lead', 'contact', 'opportunity'].flatMap((object) =>
    verbs(
      `custom_field_${object}`,
      'custom_field_id',
      () => ({ name: 'Tier', type: 'text' }),
      () => ({ name: 'Level' }),
    ),
  ),
  { operation: 'custom_field_shared.list' },
  { operation: 'custom_field_schema.get', input: () => ({ object_type: 'lead' }) },
  ...verbs(
    'lead_status',
    'status_id',
    () => ({ label: 'Cold' }),
    () => ({ label: 'Frozen' }),
  ),
  ...verbs(
    'pipeline',
    'pipeline_id',
    () => ({ name: 'Partners' }),
    () => ({ name: 'Partnerships' }),
  ),
  ...verbs(
    'opportunity_status',
    'status_id',
    (k) => ({ label: 'Legal', type: 'active', pipeline_id: k['pipeline'] ?? '' }),
    () => ({ label: 'Lawyers' }),
  ),
  ...verbs(
    'sequence',
    'sequence_id',
    () => ({ name: 'Cold', steps: [{ step_type: 'call', delay: 60 }] }),
    () => ({ name: 'Warm' }),
  ),
  ...verbs(
    'sequence_subscription',
    'subscription_id',
    (k) => ({ sequence_id: k['running'], contact_id: k['contact'] }),
    () => ({ status: 'paused' }),
  ).map((step) =>
    step.operation === 'sequence_subscription.list'
      ? { ...step, input: (k: Readonly<Record<string, string>>) => ({ lead_id: k['lead'] }) }
      : step,
  ),
  ...verbs(
    'webhook',
    'webhook_id',
    () => ({ url: 'https://a.example', events: [{ object_type: 'lead', action: 'created' }] }),
    () => ({ verify_ssl: false }),
  ),
  { operation: 'event.list', remember: 'event' },
  { operation: 'event.get', input: (k) => ({ event_id: k['event'] }) },
  ...verbs(
    'smart_view',
    'smart_view_id',
    () => ({ name: 'V', s_query: { query: freight } }),
    () => ({ name: 'W' }),
  ),
  ...verbs(
    'email_template',
    'template_id',
    () => ({ name: 'T', subject: 'S', body: 'B' }),
    () => ({ subject: 'R' }),
  ).filter((step) => step.operation !== 'email_template.delete'),
  { operation: 'email_template.render', input: (k) => ({ template_id: k['new email_template'], lead_id: k['lead'] }) },
  { operation: 'sms_template.list' },
  { operation: 'search.query', input: () => ({ query: freight }) },
  ...job('bulk_edit', (k) => ({ type: 'set_lead_status', lead_status_id: k['status'], s_query: freight })),
  ...job('bulk_delete', () => ({ bulk_object_type: 'call', s_query: freight })),
  ...job('bulk_email', (k) => ({ template_id: k['new email_template'], s_query: freight })),
  ...job('bulk_sequence_subscription', (k) => ({ action_type: 'pause', sequence_id: k['running'], s_query: freight })),
  { operation: 'email_template.delete', input: (k) => ({ template_id: k['new email_template'] }) },
  { operation: 'export.lead', input: () => ({ type: 'leads', format: 'json' }), remember: 'export' },
  { operation: 'export.opportunity', input: () => ({ format: 'csv' }) },
  { operation: 'export.get', input: (k) => ({ export_id: k['export'] }) },
  { operation: 'export.list' },
  { operation: 'me.get' },
  { operation: 'user.list' },
  { operation: 'user.get', input: (k) => ({ user_id: k['user'] }) },
  { operation: 'user_availability.list' },
  { operation: 'organization.get', input: (k) => ({ organization_id: k['organization'] }) },
  { operation: 'connected_account.list' },
  { operation: 'phone_number.list' },
  { operation: 'outcome.list' },
  { operation: 'role.list' },
  { operation: 'group.list' },
  { operation: 'integration_link.list' },
  { operation: 'unsubscribe.create', input: () => ({ email: 'no@more.example' }) },
  { operation: 'unsubscribe.list' },
  { operation: 'unsubscribe.delete', input: () => ({ email_address: 'no@more.example' }) },
  { operation: 'file.upload', input: () => ({ filename: 'a.pdf', content_type: 'application/pdf' }) },
  { operation: 'report.activity', input: () => ({ type: 'overview', metrics: ['calls.all.count'], relative_range: 'this-month' }) },
  {
    operation: 'field_enrichment.run',
    input: (k) => ({ organization_id: k['organization'], object_type: 'lead', object_id: k['lead'], field_id: k['field'] }),
  },
  { operation: 'lead.merge', input: (k) => ({ source: k['other'], destination: k['lead'] }) },
  { operation: 'lead_merge.list' },
];
