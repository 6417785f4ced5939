/** The 81 tools of Scalekit's Close connector: names, parameters, types and required flags as published; the summaries are ours. */
import type { ToolInput, ToolSignature } from '../../src/binding/arguments.ts';

export interface PublishedTool extends ToolSignature {
  readonly summary: string;
}

const TYPES = ['integer', 'boolean', 'array', 'object'] as const;

/** name, what it does, parameters: `!` required, text unless another type follows a colon. */
type Row = readonly [name: string, summary: string, parameters: string];

const TOOLS: readonly Row[] = [
  [
    'close_activities_list',
    'list mixed activities (notes, calls, emails, SMS), optional filters',
    'lead_id contact_id user_id _type _limit:integer _skip:integer _order_by _fields',
  ],
  [
    'close_call_create',
    'log an external call on a lead',
    'lead_id! status! contact_id direction duration:integer note phone recording_url',
  ],
  ['close_call_delete', 'remove a call', 'call_id!'],
  ['close_call_get', 'read one call', 'call_id!'],
  ['close_call_update', 'change note, status or duration of a call', 'call_id! note status duration:integer'],
  ['close_calls_list', 'list calls', 'lead_id contact_id user_id _limit:integer _skip:integer _fields'],
  ['close_comment_create', 'add a comment to an object', 'object_id! body!'],
  ['close_comment_delete', 'remove a comment', 'comment_id!'],
  ['close_comment_get', 'read one comment', 'comment_id!'],
  ['close_comment_update', 'replace a comment text', 'comment_id! comment!'],
  ['close_comments_list', 'list comments of one object or thread', 'object_id thread_id _limit:integer _skip:integer _fields'],
  ['close_contact_create', 'add a contact under a lead', 'lead_id! name title emails phones'],
  ['close_contact_delete', 'remove a contact', 'contact_id!'],
  ['close_contact_get', 'read one contact', 'contact_id! _fields'],
  ['close_contact_update', 'change contact name, title, emails, phones', 'contact_id! name title emails phones'],
  ['close_contacts_list', 'list contacts', 'lead_id _limit:integer _skip:integer _fields'],
  ['close_custom_field_contact_create', 'define a contact custom field', 'name! type!'],
  ['close_custom_field_contact_delete', 'remove a contact custom field definition', 'custom_field_id!'],
  ['close_custom_field_contact_get', 'read one contact custom field definition', 'custom_field_id!'],
  ['close_custom_field_contact_update', 'rename a contact custom field', 'custom_field_id! name'],
  ['close_custom_field_lead_create', 'define a lead custom field', 'name! type!'],
  ['close_custom_field_lead_delete', 'remove a lead custom field definition', 'custom_field_id!'],
  ['close_custom_field_lead_get', 'read one lead custom field definition', 'custom_field_id!'],
  ['close_custom_field_lead_update', 'rename a lead custom field', 'custom_field_id! name'],
  ['close_custom_field_opportunity_create', 'define an opportunity custom field', 'name! type!'],
  ['close_custom_field_opportunity_delete', 'remove an opportunity custom field definition', 'custom_field_id!'],
  ['close_custom_field_opportunity_get', 'read one opportunity custom field definition', 'custom_field_id!'],
  ['close_custom_field_opportunity_update', 'rename an opportunity custom field', 'custom_field_id! name'],
  ['close_custom_fields_contact_list', 'list contact custom field definitions', '_limit:integer _skip:integer _fields'],
  ['close_custom_fields_lead_list', 'list lead custom field definitions', '_limit:integer _skip:integer _fields'],
  ['close_custom_fields_opportunity_list', 'list opportunity custom field definitions', '_limit:integer _skip:integer _fields'],
  ['close_email_create', 'log or send an email on a lead', 'lead_id! status! contact_id subject body_text body_html sender to'],
  ['close_email_delete', 'remove an email', 'email_id!'],
  ['close_email_get', 'read one email', 'email_id!'],
  ['close_email_update', 'change email status, subject or body', 'email_id! status subject body_text body_html'],
  ['close_emails_list', 'list emails', 'lead_id contact_id user_id _limit:integer _skip:integer _fields'],
  ['close_lead_create', 'create a lead (name required)', 'name! description url status_id'],
  ['close_lead_delete', 'permanently remove a lead and its children', 'lead_id!'],
  ['close_lead_get', 'read one lead', 'lead_id! _fields'],
  ['close_lead_merge', 'merge source lead into destination, source is deleted', 'source! destination!'],
  ['close_lead_update', 'change lead name, description, url or status', 'lead_id! name description url status_id'],
  ['close_leads_list', 'list or full-text search leads', 'query _limit:integer _skip:integer _order_by _fields'],
  ['close_me_get', 'read the authorized Close user (and organization)', ''],
  ['close_note_create', 'add a note to a lead', 'lead_id! note! contact_id'],
  ['close_note_delete', 'remove a note', 'note_id!'],
  ['close_note_get', 'read one note', 'note_id!'],
  ['close_note_update', 'replace a note body', 'note_id! note!'],
  ['close_notes_list', 'list notes', 'lead_id contact_id user_id _limit:integer _skip:integer _fields'],
  [
    'close_opportunities_list',
    'list opportunities',
    'lead_id user_id status_id status_type _limit:integer _skip:integer _order_by _fields',
  ],
  [
    'close_opportunity_create',
    'create an opportunity on a lead',
    'lead_id! status_id! value:integer value_currency value_period confidence:integer expected_date date_won note',
  ],
  ['close_opportunity_delete', 'remove an opportunity', 'opportunity_id!'],
  ['close_opportunity_get', 'read one opportunity', 'opportunity_id! _fields'],
  [
    'close_opportunity_update',
    'change status, value, dates, confidence or note of an opportunity',
    'opportunity_id! status_id value:integer value_currency value_period confidence:integer expected_date date_won note',
  ],
  ['close_pipeline_create', 'create an opportunity pipeline', 'name!'],
  ['close_pipeline_delete', 'remove a pipeline', 'pipeline_id!'],
  ['close_pipeline_get', 'read one pipeline', 'pipeline_id!'],
  ['close_pipeline_update', 'rename a pipeline', 'pipeline_id! name'],
  ['close_pipelines_list', 'list pipelines with their opportunity statuses', '_limit:integer _skip:integer _fields'],
  ['close_sequence_get', 'read one sequence', 'sequence_id!'],
  ['close_sequence_subscription_create', 'enrol a contact in a sequence', 'contact_id! sequence_id! sender_account_id'],
  ['close_sequence_subscription_get', 'read one sequence subscription', 'subscription_id!'],
  ['close_sequence_subscription_update', 'pause or resume a sequence subscription', 'subscription_id! pause:boolean'],
  [
    'close_sequence_subscriptions_list',
    'list sequence subscriptions (needs one of the three filters)',
    'lead_id contact_id sequence_id _limit:integer _skip:integer _fields',
  ],
  ['close_sequences_list', 'list sequences', '_limit:integer _skip:integer _fields'],
  ['close_sms_create', 'log or send an SMS on a lead', 'lead_id! status! contact_id text local_phone remote_phone'],
  ['close_sms_delete', 'remove an SMS', 'sms_id!'],
  ['close_sms_get', 'read one SMS', 'sms_id!'],
  ['close_sms_list', 'list SMS', 'lead_id contact_id user_id _limit:integer _skip:integer _fields'],
  ['close_sms_update', 'change SMS text or status', 'sms_id! text status'],
  ['close_task_create', 'create a task on a lead', 'lead_id! text date assigned_to is_complete:boolean _type'],
  ['close_task_delete', 'remove a task', 'task_id!'],
  ['close_task_get', 'read one task', 'task_id! _fields'],
  ['close_task_update', 'change task text, date, assignee or completion', 'task_id! text date assigned_to is_complete:boolean'],
  ['close_tasks_list', 'list tasks', 'lead_id assigned_to is_complete:boolean _type view _limit:integer _skip:integer _order_by _fields'],
  ['close_user_get', 'read one user', 'user_id! _fields'],
  ['close_users_list', 'list users of the organization', '_limit:integer _skip:integer _fields'],
  ['close_webhook_create', 'create a webhook subscription', 'url! events! verify_ssl:boolean'],
  ['close_webhook_delete', 'remove a webhook subscription', 'webhook_id!'],
  ['close_webhook_get', 'read one webhook subscription', 'webhook_id!'],
  ['close_webhook_update', 'change webhook url, events or TLS check', 'webhook_id! url events verify_ssl:boolean'],
  ['close_webhooks_list', 'list webhook subscriptions', '_limit:integer _skip:integer _fields'],
];

export const CLOSE_TOOLS: readonly PublishedTool[] = toolsOf(TOOLS);

export function toolsOf(rows: readonly Row[]): readonly PublishedTool[] {
  return rows.map(([name, summary, parameters]) => {
    const read = parameters.split(' ').filter(Boolean).map(readParameter);
    return {
      name,
      summary,
      required: read.filter(({ required }) => required).map((parameter) => parameter.name),
      inputs: Object.fromEntries(read.map((parameter) => [parameter.name, { type: parameter.type }])),
    };
  });
}

function readParameter(text: string): { readonly name: string; readonly required: boolean; readonly type: ToolInput['type'] } {
  const [head = '', type] = text.split(':');
  return { name: head.replace('!', ''), required: head.endsWith('!'), type: isType(type) ? type : 'string' };
}

function isType(text: string | undefined): text is (typeof TYPES)[number] {
  return TYPES.some((type) => type === text);
}
