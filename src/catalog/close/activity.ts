/** Activities of all kinds at once. Source: developer.close.com/api/resources/activities */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { activity, activityFilters, checkOrder } from './activity-fields.ts';
import { fields, id, listOf, paging } from './fields.ts';
import { ORGANIZATION } from './omissions.ts';
import { refuse } from './rules.ts';

const KINDS = [
  'Note',
  'Call',
  'Email',
  'EmailThread',
  'SMS',
  'WhatsAppMessage',
  'Meeting',
  'Created',
  'FormSubmission',
  'LeadStatusChange',
  'OpportunityStatusChange',
  'LeadMerge',
  'TaskCompleted',
  'Custom',
] as const;

const kind = z.union([z.enum(KINDS), id('actitype', 'A custom activity type')]);
const ids = (prefix: string, what: string) =>
  z.array(id(prefix, what)).min(1).max(100).optional().describe(`Only of any of these (${prefix}_…)`);

/** One integrator saw Close ignore these silently without a lead, so that the caller would take everybody's activities for a match. */
const ONE_LEAD_ONLY = ['_type', '_type__in', 'user_id', 'user_id__in', 'contact_id', 'contact_id__in'] as const;

export const activityList = operation({
  app: 'close',
  id: 'activity.list',
  summary: 'List what happened at a lead or everywhere: notes, calls, e-mails, SMS, meetings, status changes',
  input: z
    .strictObject({
      ...activityFilters,
      lead_id__in: ids('lead', 'A lead'),
      user_id__in: ids('user', 'A user'),
      contact_id__in: ids('cont', 'A contact'),
      _type: kind.optional().describe(`Only this kind: ${KINDS.join(', ')}, or a custom activity type (actitype_…); needs one lead_id`),
      _type__in: z.array(kind).min(1).max(50).optional().describe('Only any of these kinds; needs one lead_id'),
      thread_emails: z
        .enum(['true', 'only'])
        .optional()
        .describe('true: conversations (EmailThread) besides short e-mails; only: conversations instead of e-mails'),
      ...paging,
      fields,
    })
    .superRefine((input, context) => {
      checkOrder(input, context);
      if (typeof input.lead_id === 'string') return;
      for (const name of ONE_LEAD_ONLY)
        if (input[name] !== undefined) refuse(context, name, 'goes with exactly one lead_id; without one Close may ignore the filter');
    }),
  output: listOf(
    activity.describe('Besides these, the fields of its kind, as note.get, call.get, sms.get, email.get or meeting.get return them'),
  ),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: ORGANIZATION,
  http: { method: 'GET', path: '/activity/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', _type__in: ['Call', 'SMS'], limit: 20 },
  pitfalls: [
    'Newest first. _type tells what each item is.',
    'To filter by user or contact over several leads, use call.list, note.list, email.list or sms.list.',
  ],
});
