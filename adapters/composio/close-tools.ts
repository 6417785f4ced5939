/** The 14 tools of Composio's Close toolkit at version 20260915_00: names, types, required flags and enums as published. */

import type { ToolInput } from '../../src/binding/arguments.ts';

/** The releases that were seen, oldest first. Close had no tools before. */
export const CLOSE_VERSIONS = ['20260615_00', '20260915_00'] as const;
export type ToolkitVersion = (typeof CLOSE_VERSIONS)[number];

export interface PublishedTool {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** The first of the two known releases of the toolkit that has it. */
  readonly since: ToolkitVersion;
  readonly required: readonly string[];
  readonly inputs: Readonly<Record<string, ToolInput>>;
}

/** The items of arrays and the output fields are not published. */
const text: ToolInput = { type: 'string' };
const whole: ToolInput = { type: 'integer' };
const flag: ToolInput = { type: 'boolean' };
const list: ToolInput = { type: 'array' };
const paging = { limit: whole, skip: whole };
const oneOf = (...values: readonly string[]): ToolInput => ({ type: 'string', enum: values });

export const CLOSE_TOOLS: readonly PublishedTool[] = [
  {
    slug: 'CLOSE_CREATE_CALL',
    since: '20260615_00',
    name: 'Create Call',
    description: 'Records a call on a lead; does not dial.',
    required: ['lead_id', 'direction'],
    inputs: {
      lead_id: text,
      direction: oneOf('outbound', 'inbound'),
      contact_id: text,
      user_id: text,
      phone: text,
      duration: whole,
      note: text,
      disposition: oneOf('answered', 'no-answer', 'vm-answer', 'vm-left', 'busy', 'blocked', 'error', 'abandoned'),
      recording_url: text,
    },
  },
  {
    slug: 'CLOSE_CREATE_EMAIL',
    since: '20260915_00',
    name: 'Create Email',
    description: 'Records an email on a lead, or sends it when status is outbox or scheduled.',
    required: ['lead_id', 'status'],
    inputs: {
      lead_id: text,
      status: oneOf('inbox', 'draft', 'scheduled', 'outbox', 'sent', 'error'),
      to: list,
      cc: list,
      bcc: list,
      sender: text,
      subject: text,
      body_text: text,
      body_html: text,
      template_id: text,
      contact_id: text,
      user_id: text,
      email_account_id: text,
      attachments: list,
      in_reply_to_id: text,
      followup_sequence_id: text,
      followup_date: text,
      date_scheduled: text,
      send_in: whole,
      activity_at: text,
      date_created: text,
    },
  },
  {
    slug: 'CLOSE_CREATE_LEAD',
    since: '20260615_00',
    name: 'Create Lead',
    description: 'Creates a lead with its contacts and addresses.',
    required: ['name'],
    inputs: { name: text, url: text, description: text, status_id: text, contacts: list, addresses: list },
  },
  {
    slug: 'CLOSE_CREATE_SMS',
    since: '20260615_00',
    name: 'Create SMS Message',
    description: 'Records an SMS on a lead, or sends it when status is outbox or scheduled.',
    required: ['lead_id', 'text', 'status', 'local_phone', 'remote_phone'],
    inputs: {
      lead_id: text,
      text,
      status: oneOf('inbox', 'draft', 'scheduled', 'outbox', 'sent'),
      local_phone: text,
      remote_phone: text,
      direction: oneOf('inbound', 'outbound'),
      contact_id: text,
      template_id: text,
      send_in: whole,
      date_scheduled: text,
    },
  },
  {
    slug: 'CLOSE_CREATE_TASK',
    since: '20260615_00',
    name: 'Create Task',
    description: 'Creates a task on a lead.',
    required: ['lead_id', 'text', 'date'],
    inputs: { lead_id: text, text, date: text, _type: text, assigned_to: text, is_complete: flag },
  },
  {
    slug: 'CLOSE_DELETE_CALL',
    since: '20260615_00',
    name: 'Delete Call',
    description: 'Deletes one call for good.',
    required: ['call_id'],
    inputs: { call_id: text },
  },
  {
    slug: 'CLOSE_GET_CONTACT',
    since: '20260915_00',
    name: 'Get Contact',
    description: 'Reads one contact.',
    required: ['contact_id'],
    inputs: { contact_id: text, fields: list },
  },
  {
    slug: 'CLOSE_GET_NOTE',
    since: '20260615_00',
    name: 'Get Notes',
    description: 'Lists notes, in spite of its slug.',
    required: [],
    inputs: { lead_id: text, user_id: text, date_created__gt: text, date_created__lt: text, ...paging },
  },
  {
    slug: 'CLOSE_GET_OPPORTUNITY',
    since: '20260915_00',
    name: 'Get Opportunity',
    description: 'Reads one opportunity.',
    required: ['opportunity_id'],
    inputs: { opportunity_id: text, fields: list },
  },
  {
    slug: 'CLOSE_LIST_ACTIVITIES',
    since: '20260915_00',
    name: 'List Activities',
    description: 'Lists one page of emails or of calls.',
    required: ['activity_type'],
    inputs: {
      activity_type: oneOf('email', 'call'),
      lead_ids: list,
      contact_ids: list,
      user_ids: list,
      activity_ids: list,
      organization_id: text,
      fields: list,
      order_by: oneOf('date_created', '-date_created', 'activity_at', '-activity_at'),
      date_created_gt: text,
      date_created_gte: text,
      date_created_lt: text,
      date_created_lte: text,
      activity_at_gt: text,
      activity_at_gte: text,
      activity_at_lt: text,
      activity_at_lte: text,
      ...paging,
    },
  },
  {
    slug: 'CLOSE_LIST_CUSTOM_ACTIVITY_TYPES',
    since: '20260915_00',
    name: 'List Custom Activity Types',
    description: 'Lists the kinds of custom activity.',
    required: [],
    inputs: paging,
  },
  {
    slug: 'CLOSE_LIST_CUSTOM_OBJECT_TYPES',
    since: '20260915_00',
    name: 'List Custom Object Types',
    description: 'Lists the kinds of custom object.',
    required: [],
    inputs: paging,
  },
  {
    slug: 'CLOSE_LIST_OPPORTUNITIES',
    since: '20260915_00',
    name: 'List Opportunities',
    description: 'Lists opportunities with their totals.',
    required: [],
    inputs: { status_id: text, fields: list, ...paging },
  },
  {
    slug: 'CLOSE_WHO_AM_I',
    since: '20260915_00',
    name: 'Who Am I',
    description: 'Tells who the connected account is.',
    required: [],
    inputs: {},
  },
];

/** A toolkit as it was at some time: its tools, and the releases that could be asked for, oldest first. */
export interface ToolSet {
  readonly tools: readonly PublishedTool[];
  readonly versions: readonly ToolkitVersion[];
}

const [FIRST] = CLOSE_VERSIONS;

/** The sets that were seen, by how many tools they have. */
export const TOOL_SETS: Readonly<Record<'6' | '14', ToolSet>> = {
  '6': { tools: CLOSE_TOOLS.filter(({ since }) => since === FIRST), versions: [FIRST] },
  '14': { tools: CLOSE_TOOLS, versions: CLOSE_VERSIONS },
};
