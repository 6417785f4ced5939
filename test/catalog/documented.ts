/**
 * The parameters, of query and body, that Close documents for each of the 81 core operations, as Close spells them. `__*` stands for
 * the four bounds of a filter; ids in the path are not in it. Written down from Close's reference and its OpenAPI document of autumn 2026.
 */
const NAMES: Readonly<Record<string, string>> = {
  'lead.list': '_limit _skip _fields query',
  'lead.create': 'name status_id status description url contacts addresses custom.cf_<id>',
  'lead.get': '_fields',
  'lead.update': 'name status_id status description url addresses custom.cf_<id> custom.cf_<id>.add custom.cf_<id>.remove',
  'lead.delete': '',
  'lead.merge': 'source destination',
  'contact.list': '_limit _skip _fields lead_id',
  'contact.create': '_fields lead_id name title emails phones urls timezone custom.cf_<id> created_by date_created',
  'contact.get': '_fields',
  'contact.update': '_fields lead_id name title emails phones urls timezone custom.cf_<id>',
  'contact.delete': '',
  'opportunity.list':
    '_limit _skip _fields lead_id organization_id user_id user_id__in status_id status_id__in status_type status_type__in status_label status_label__in status status__in value_period value_period__in date_won date_won__* date_created date_created__* date_updated date_updated__* query lead_saved_search_id lead_query is_stalled _order_by _group_by',
  'opportunity.create':
    'lead_id pipeline_id status_id confidence value value_period note note_html contact_id user_id date_won attachments custom.cf_<id> created_by date_created',
  'opportunity.get': '_fields',
  'opportunity.update':
    'status_id confidence value value_period note note_html contact_id user_id date_won attachments custom.cf_<id> status custom.cf_<id>.add custom.cf_<id>.remove',
  'opportunity.delete': '',
  'task.list':
    '_limit _skip _fields id id__in lead_id assigned_to organization_id is_complete _type _type__in view date date__* due_date due_date__* date_created__* date_updated__* _order_by format',
  'task.create':
    '_fields _type lead_id text contact_id assigned_to date is_dateless is_complete priority due_date disable_notification created_by date_created agent_config_id organization_id',
  'task.get': '_fields',
  'task.update':
    '_fields assigned_to date is_complete text is_dateless priority resolution contact_id lead_id organization_id due_date agent_config_id created_by',
  'task.delete': '',
  'activity.list':
    '_limit _skip _fields lead_id contact_id user_id id__in organization_id date_created__* activity_at__* _type _type__in user_id__in contact_id__in lead_id__in thread_emails _order_by',
  'note.list': '_limit _skip _fields lead_id contact_id user_id id__in organization_id date_created__* activity_at__* _type',
  'note.create':
    'lead_id note note_html title contact_id pinned attachments activity_at user_id created_by_id date_created organization_id',
  'note.get': '_fields',
  'note.update': 'note note_html title contact_id pinned attachments activity_at',
  'note.delete': '',
  'call.list': '_limit _skip _fields lead_id contact_id user_id id__in organization_id date_created__* activity_at__* _type',
  'call.create':
    'lead_id direction source date_created created_by_id contact_id status duration note note_html phone outcome_id recording_url voicemail_url activity_at user_id playbook_id quality_info organization_id conversation_type_id',
  'call.get': '_fields',
  'call.update':
    'contact_id status duration note note_html phone outcome_id recording_url voicemail_url activity_at user_id playbook_id quality_info lead_id conversation_type_id',
  'call.delete': '',
  'sms.list': '_limit _skip _fields lead_id contact_id user_id id__in organization_id date_created__* activity_at__* _type',
  'sms.create':
    'send_to_inbox status direction source text template_id local_phone remote_phone contact_id lead_id attachments date_scheduled send_in user_id activity_at organization_id created_by_id date_created',
  'sms.get': '_fields',
  'sms.update':
    'status text template_id local_phone remote_phone contact_id lead_id attachments date_scheduled send_in user_id activity_at',
  'sms.delete': '',
  'email.list': '_limit _skip _fields lead_id contact_id user_id id__in organization_id date_created__* activity_at__* _type',
  'email.create':
    'lead_id status created_by_id date_created subject body_text body_html sender to cc bcc contact_id template_id date_scheduled send_in in_reply_to_id attachments followup_date followup_sequence_id followup_sequence_delay followup_sequence_add_cc_bcc email_account_id user_id activity_at organization_id account_id opens',
  'email.get': '_fields',
  'email.update':
    'status subject body_text body_html sender to cc bcc contact_id template_id date_scheduled send_in in_reply_to_id attachments followup_date followup_sequence_id followup_sequence_delay followup_sequence_add_cc_bcc email_account_id user_id activity_at account_id opens',
  'email.delete': '',
  'comment.list': 'object_id thread_id',
  'comment.create': 'object_id body',
  'comment.get': '',
  'comment.update': 'body',
  'comment.delete': '',
  'custom_field_lead.list': '_limit _skip _fields',
  'custom_field_lead.create': 'name type choices accepts_multiple_values description editable_with_roles',
  'custom_field_lead.get': '_fields',
  'custom_field_lead.update': 'name type choices accepts_multiple_values description editable_with_roles',
  'custom_field_lead.delete': '',
  'custom_field_contact.list': '_limit _skip _fields',
  'custom_field_contact.create': 'name type choices accepts_multiple_values description editable_with_roles',
  'custom_field_contact.get': '_fields',
  'custom_field_contact.update': 'name type choices accepts_multiple_values description editable_with_roles',
  'custom_field_contact.delete': '',
  'custom_field_opportunity.list': '_limit _skip _fields',
  'custom_field_opportunity.create': 'name type choices accepts_multiple_values description editable_with_roles',
  'custom_field_opportunity.get': '_fields',
  'custom_field_opportunity.update': 'name type choices accepts_multiple_values description editable_with_roles',
  'custom_field_opportunity.delete': '',
  'me.get': '_fields',
  'user.list': '_limit _skip _order_by',
  'user.get': '_order_by _limit _skip',
  'pipeline.list': '',
  'pipeline.create': 'name',
  'pipeline.get': '',
  'pipeline.update': 'name statuses',
  'pipeline.delete': '',
  'sequence.list': '_limit _skip',
  'sequence.get': '_limit _skip',
  'sequence_subscription.list': '_limit _skip sequence_id contact_id lead_id',
  'sequence_subscription.create': 'sequence_id contact_id contact_email sender_account_id sender_name sender_email calls_assigned_to',
  'sequence_subscription.get': '',
  'sequence_subscription.update': 'status sender_account_id sender_name sender_email calls_assigned_to',
  'webhook.list': '',
  'webhook.create': 'events url verify_ssl',
  'webhook.get': '',
  'webhook.update': 'events url verify_ssl status',
  'webhook.delete': '',
};

/** Operation id → the names, one by one. */
export const DOCUMENTED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(NAMES).map(([id, names]) => [id, names.split(' ').filter(Boolean).flatMap(bounds)] as const),
);

function bounds(name: string): readonly string[] {
  return name.endsWith('__*') ? ['gt', 'gte', 'lt', 'lte'].map((bound) => `${name.slice(0, -1)}${bound}`) : [name];
}
