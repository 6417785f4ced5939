/** Jobs over everything that a search finds. Source: developer.close.com/api/resources/bulk-actions */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { fields, id, listOf, paging } from './fields.ts';
import { refuse } from './rules.ts';
import { condition, resultsLimit, sort } from './search.ts';
import { READ } from './shapes.ts';
import { mailAddress } from './shared.ts';

/** Prefixes other than bulkedit_ are in no source. */
const jobId = z
  .string()
  .regex(/^[a-z]{2,20}_[A-Za-z0-9_-]{1,120}$/, 'must be the id of a job')
  .describe('The job, as create returned it (bulkedit_… for edits)');
const EXAMPLE_JOB = 'bulkedit_cfoBCe2qExampleJob';

const job = z.looseObject({
  id: jobId,
  status: answer.text('created, loading, processing, done, paused, resuming or error'),
  n_leads: answer.number('How many leads it takes; null until they are counted'),
  n_leads_processed: answer.number('How many leads are done'),
  n_objects: answer.number('How many objects it takes; null until they are counted'),
  n_objects_processed: answer.number('How many objects are done'),
  query: answer.text('Legacy text search that chooses the objects'),
  s_query: answer.opaque('Search tree that chooses the objects'),
  sort: answer.opaque('Order of the objects'),
  results_limit: answer.number('At most so many objects'),
  send_done_email: answer.flag('Who started it gets an e-mail when it is done'),
  ...answer.stamps,
});

/** What each kind of job was told to do. */
const JOBS = {
  edit: job.extend({
    type: answer.text('set_lead_status, set_custom_field or clear_custom_field'),
    lead_status_id: answer.ref('stat', 'The status that it sets'),
    custom_field_id: answer.ref('cf', 'The field that it sets or clears'),
    custom_field_name: answer.text('Name of the field that it sets or clears'),
    custom_field_value: answer.opaque('The value that it sets'),
    custom_field_values: answer.opaque('The values that it sets, for a multi-value field'),
    custom_field_operation: answer.text('What it does with the values there are: replace, add or remove'),
  }),
  delete: job.extend({ bulk_object_type: answer.text('Kind of object that it deletes') }),
  email: job.extend({
    template_id: answer.ref('tmpl', 'The template that it sends'),
    sender: answer.text('Who sends, "Name <user@host>"'),
    email_account_id: answer.ref('emailacct', 'The connected account that sends'),
    contact_preference: answer.text('One contact per lead (lead), or every contact (contact)'),
  }),
  sequence_subscription: job.extend({
    action_type: answer.text('subscribe, resume, resume_finished, pause or reassign'),
    sequence_id: answer.ref('seq', 'The sequence'),
    sender_account_id: answer.ref('emailacct', 'The connected account that sends'),
    sender_name: answer.text('Name that recipients see'),
    sender_email: answer.text('Address that sends, user@host'),
    contact_preference: answer.text('One contact per lead (lead), or every contact (contact)'),
    calls_assigned_to: answer.refs('user', 'Who gets the call steps'),
    from_phone_number_id: answer.ref('phon', 'The number that SMS steps use'),
  }),
};

const scope = {
  s_query: condition.optional().describe('Search tree that chooses the objects, as in search.query; this or query is required'),
  query: z.string().min(1).optional().describe('Legacy text search that chooses the objects; this or s_query is required'),
  results_limit: resultsLimit,
  sort,
  send_done_email: z.boolean().optional().describe('Whether the caller gets an e-mail when the job is done; default true'),
};

/** Close would take a job without a choice and run it on everything in the organization. */
function checkScope(input: { readonly s_query?: object | undefined; readonly query?: string | undefined }, context: z.RefinementCtx): void {
  if (Object.keys(input.s_query ?? {}).length === 0 && input.query === undefined)
    refuse(context, 's_query', 'needs a search that chooses the objects; without one Close would take the whole organization');
}

const everyLead = { type: 'and', queries: [{ type: 'object_type', object_type: 'lead' }] };
const UNDONE = 'The job runs in the background: poll its get until status is done or error.';
const ABOUT = { effect: 'destructive', idempotent: false, core: false } as const;

/** The two reads that every kind of job has. */
function jobsOf<const Kind extends 'edit' | 'delete' | 'email' | 'sequence_subscription', Filters extends z.ZodRawShape>(
  kind: Kind,
  filters: Filters,
) {
  const path = `/bulk_action/${kind}/`;
  const what = `bulk ${kind.replace('_', ' ')} job`;
  return {
    path,
    list: operation({
      app: 'close',
      id: `bulk_${kind}.list`,
      summary: `List ${what}s with how far each is`,
      input: z.strictObject({ ...filters, ...paging, fields }),
      output: listOf(JOBS[kind]),
      ...READ,
      http: { method: 'GET', path },
      example: { limit: 10 },
      core: false,
    }),
    get: operation({
      app: 'close',
      id: `bulk_${kind}.get`,
      summary: `See how far one ${what} is`,
      input: z.strictObject({ job_id: jobId, fields }),
      output: JOBS[kind],
      ...READ,
      http: { method: 'GET', path: `${path}{job_id}/` },
      example: { job_id: EXAMPLE_JOB },
      core: false,
    }),
  };
}

const edits = jobsOf('edit', {});
const deletions = jobsOf('delete', {});
const mailings = jobsOf('email', { template_id: id('tmpl', 'Only jobs with this template').optional() });
const enrolments = jobsOf('sequence_subscription', {});

export const bulkEditList = edits.list;
export const bulkEditGet = edits.get;
export const bulkDeleteList = deletions.list;
export const bulkDeleteGet = deletions.get;
export const bulkEmailList = mailings.list;
export const bulkEmailGet = mailings.get;
export const bulkSequenceSubscriptionList = enrolments.list;
export const bulkSequenceSubscriptionGet = enrolments.get;

export const bulkEditCreate = operation({
  app: 'close',
  id: 'bulk_edit.create',
  summary: 'Set a status or a custom field on every lead that a search finds',
  input: z
    .strictObject({
      type: z.enum(['set_lead_status', 'set_custom_field', 'clear_custom_field']).describe('What to do with each lead'),
      lead_status_id: id('stat', 'The status to set, for set_lead_status').optional(),
      custom_field_id: id('cf', 'The field to set or clear').optional(),
      custom_field_name: z.string().min(1).optional().describe('The field by name, instead of custom_field_id'),
      custom_field_value: z.string().optional().describe('The value to set'),
      custom_field_values: z.array(z.unknown()).min(1).optional().describe('The values to set, for a multi-value field'),
      custom_field_operation: z.enum(['replace', 'add', 'remove']).optional().describe('What to do with the values there are'),
      ...scope,
    })
    .superRefine(checkScope)
    .superRefine((input, context) => {
      if (input.type === 'set_lead_status' && input.lead_status_id === undefined)
        refuse(context, 'lead_status_id', 'is required for set_lead_status');
      if (input.type !== 'set_lead_status' && (input.custom_field_id ?? input.custom_field_name) === undefined)
        refuse(context, 'custom_field_id', `is required for ${input.type}`);
      if (input.type === 'set_custom_field' && (input.custom_field_value ?? input.custom_field_values) === undefined)
        refuse(context, 'custom_field_value', 'is required for set_custom_field; to empty the field use clear_custom_field');
    }),
  output: JOBS.edit,
  ...ABOUT,
  confirm: { how: 'search', list: 'bulk_edit.list', by: [], same: ['type', 's_query', 'query'] },
  http: { method: 'POST', path: edits.path },
  example: { type: 'set_lead_status', lead_status_id: 'stat_HPvBfTY5rSExampleStatus', s_query: everyLead, results_limit: 50 },
  pitfalls: [UNDONE],
});

export const bulkDeleteCreate = operation({
  app: 'close',
  id: 'bulk_delete.create',
  summary: 'Delete every lead or other object that a search finds',
  input: z
    .strictObject({
      bulk_object_type: z
        .enum(['lead', 'contact', 'call', 'custom_activity', 'form_submission'])
        .optional()
        .describe('Kind of object to delete; default lead'),
      ...scope,
    })
    .superRefine(checkScope),
  output: JOBS.delete,
  ...ABOUT,
  confirm: { how: 'search', list: 'bulk_delete.list', by: [], same: ['bulk_object_type', 's_query', 'query'] },
  http: { method: 'POST', path: deletions.path },
  example: { bulk_object_type: 'lead', s_query: everyLead, results_limit: 5 },
  pitfalls: ['Cannot be undone: run the search first and look at what it finds.', UNDONE],
});

export const bulkEmailCreate = operation({
  app: 'close',
  id: 'bulk_email.create',
  summary: 'E-mail every lead or contact that a search finds, from a template',
  input: z
    .strictObject({
      template_id: id('tmpl', 'The template to send'),
      sender: z.string().min(1).optional().describe('Who sends, "Name <user@host>"'),
      email_account_id: id('emailacct', 'The connected account that sends').optional(),
      contact_preference: z.enum(['lead', 'contact']).optional().describe('One contact per lead, or every contact'),
      ...scope,
    })
    .superRefine(checkScope),
  output: JOBS.email,
  ...ABOUT,
  sends: () => true,
  confirm: { how: 'search', list: 'bulk_email.list', by: ['template_id'], same: ['template_id', 's_query', 'query'] },
  http: { method: 'POST', path: mailings.path },
  example: { template_id: 'tmpl_UHLufQbLExampleTemplate', s_query: everyLead, results_limit: 5 },
  pitfalls: ['People receive e-mail: run the search first and look at whom it finds.', UNDONE],
});

const SUBSCRIBE_NEEDS = ['sequence_id', 'sender_account_id', 'sender_name', 'sender_email', 'contact_preference'] as const;

export const bulkSequenceSubscriptionCreate = operation({
  app: 'close',
  id: 'bulk_sequence_subscription.create',
  summary: 'Enrol, pause, resume or reassign every contact that a search finds',
  input: z
    .strictObject({
      action_type: z.enum(['subscribe', 'resume', 'resume_finished', 'pause', 'reassign']).describe('What to do with each contact'),
      sequence_id: id('seq', 'The sequence').optional(),
      sender_account_id: id('emailacct', 'The connected account that sends').optional(),
      sender_name: z.string().min(1).optional().describe('Name that recipients see'),
      sender_email: mailAddress('Address that sends').optional(),
      contact_preference: z.enum(['lead', 'contact']).optional().describe('One contact per lead, or every contact'),
      calls_assigned_to: z.array(id('user', 'A user')).min(1).optional().describe('Users who get the call steps'),
      from_phone_number_id: id('phon', 'The number that SMS steps use').optional(),
      ...scope,
    })
    .superRefine(checkScope)
    .superRefine((input, context) => {
      if (input.action_type !== 'subscribe') return;
      for (const name of SUBSCRIBE_NEEDS) if (input[name] === undefined) refuse(context, name, 'is required for subscribe');
    }),
  output: JOBS.sequence_subscription,
  ...ABOUT,
  sends: (input) => input['action_type'] !== 'pause' && input['action_type'] !== 'reassign',
  confirm: {
    how: 'search',
    list: 'bulk_sequence_subscription.list',
    by: [],
    same: ['action_type', 'sequence_id', 's_query', 'query'],
  },
  http: { method: 'POST', path: enrolments.path },
  example: { action_type: 'pause', sequence_id: 'seq_esLP7QfExampleSequence', s_query: everyLead },
  pitfalls: [UNDONE],
});
