/** SMS: to log, to draft, or really to send. Source: developer.close.com/api/resources/activities/sms */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { aboutActivity, activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { messageStatus, REACHED, STATUS_ON_CREATE, STATUS_ON_UPDATE, timing } from './message-fields.ts';
import { ONE_KIND, ORGANIZATION } from './omissions.ts';
import { checkSending, delivers, refuse } from './rules.ts';
import { attachment, phoneNumber } from './shared.ts';

const smsId = id('acti', 'The SMS, from sms.list');

/** What is said, and between which numbers. */
export const smsContent = {
  text: z.string().nullable().optional().describe('The message; null clears'),
  template_id: z.string().min(1).nullable().optional().describe('SMS template, from sms_template.list; makes the text when text is absent'),
  local_phone: phoneNumber('Our number, an internal one of phone_number.list; needed to send').nullable().optional(),
  remote_phone: phoneNumber('Their number; needed to send').nullable().optional(),
  ...aboutActivity,
  attachments: z
    .array(attachment)
    .max(10)
    .optional()
    .describe('Uploaded files, up to 10; with any it goes as MMS. On updates the list REPLACES the whole list'),
};

/** An SMS as the app returns it. */
export const sms = activity.extend({
  status: answer.text('inbox: received; draft; scheduled; outbox: about to leave; sent; error'),
  direction: answer.text('inbound: they wrote; outbound: we wrote'),
  source: answer.text('External for logged messages, Close.io for those sent by Close'),
  text: answer.text('The message'),
  template_id: answer.text('The SMS template that made the text'),
  ...answer.numbers,
  attachments: answer.attachments,
  date_scheduled: answer.moment('When it will be sent'),
  date_sent: answer.moment('When it was sent'),
  error_message: answer.text('Why it was not delivered'),
  cost: answer.text('US cents, as text'),
  ...answer.fromSequence,
});

interface Message {
  readonly status: string;
  readonly text?: string | null | undefined;
  readonly template_id?: string | null | undefined;
  readonly local_phone?: string | null | undefined;
  readonly remote_phone?: string | null | undefined;
  readonly attachments?: readonly unknown[] | undefined;
}

/** A message that is to leave needs both numbers and something to say; Close would keep it and report an error later. */
function checkComplete(input: Message, context: z.RefinementCtx): void {
  if (!delivers({ status: input.status })) return;
  for (const name of ['local_phone', 'remote_phone'] as const)
    if (!input[name]) refuse(context, name, `is required with status ${input.status}, which sends`);
  if (!input.text && !input.template_id && !input.attachments?.length)
    refuse(context, 'text', `is required with status ${input.status}, which sends: give text, template_id or attachments`);
}

export const smsList = operation({
  app: 'close',
  id: 'sms.list',
  summary: 'List SMS, of one lead, contact or user or of all',
  input: z.strictObject({ ...activityFilters, ...paging, fields }).superRefine(checkOrder),
  output: listOf(sms),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: ONE_KIND,
  http: { method: 'GET', path: '/activity/sms/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', limit: 20 },
});

export const smsCreate = operation({
  app: 'close',
  id: 'sms.create',
  summary: 'Log, draft, schedule or SEND an SMS, by status (sms.send and sms.log are the short forms)',
  input: z
    .strictObject({
      lead_id: id('lead', 'The lead it is with; required here, because an SMS without one hangs nowhere'),
      status: messageStatus.describe(STATUS_ON_CREATE),
      direction: z.enum(['inbound', 'outbound']).optional().describe('Default inbound with status inbox, else outbound'),
      ...smsContent,
      ...timing,
      send_to_inbox: z.boolean().optional().describe('Also make an inbox task for it; only with status inbox'),
      source: z.enum(['External', 'Close.io']).optional().describe('Import only: where it was sent from'),
      created_by_id: id('user', 'Import only: who made it').nullable().optional(),
      date_created: instant('Import only: when it was made').nullable().optional(),
    })
    .superRefine((input, context) => {
      checkSending(input, context);
      checkComplete(input, context);
      if (input.send_to_inbox !== undefined && input.status !== 'inbox') refuse(context, 'send_to_inbox', 'goes with status inbox only');
    }),
  output: sms,
  effect: 'write',
  sends: delivers,
  idempotent: false,
  // Not status: outbox has become sent by the time one looks.
  confirm: { how: 'search', list: 'sms.list', by: ['lead_id'], same: ['text', 'template_id', 'local_phone', 'remote_phone'] },
  omissions: ORGANIZATION,
  http: { method: 'POST', path: '/activity/sms/', query: ['send_to_inbox'] },
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    status: 'outbox',
    local_phone: '+14155550100',
    remote_phone: '+14155550132',
    text: 'Hi Ingrid, the agreement is in your inbox.',
  },
  pitfalls: [
    'outbox and scheduled reach a person and cannot be taken back once sent; sent and inbox only log.',
    'Close does not notice a second, equal message.',
  ],
});

export const smsGet = operation({
  app: 'close',
  id: 'sms.get',
  summary: 'Read one SMS and whether it was sent',
  input: z.strictObject({ sms_id: smsId, fields }),
  output: sms,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/activity/sms/{sms_id}/' },
  example: { sms_id: 'acti_XXOkExampleSms' },
});

export const smsUpdate = operation({
  app: 'close',
  id: 'sms.update',
  summary: 'Change a draft SMS, SEND it (status outbox or scheduled) or call it back (status draft)',
  input: z
    .strictObject({
      sms_id: smsId,
      status: messageStatus.optional().describe(STATUS_ON_UPDATE),
      lead_id: id('lead', 'Moves the SMS to this lead').optional(),
      ...smsContent,
      ...timing,
    })
    .superRefine(checkSending),
  output: sms,
  effect: 'write',
  sends: delivers,
  idempotent: true,
  confirm: { how: 'read-back', read: 'sms.get', reached: REACHED },
  http: { method: 'PUT', path: '/activity/sms/{sms_id}/' },
  example: { sms_id: 'acti_XXOkExampleSms', text: 'Hi Ingrid, the agreement is on its way.' },
  pitfalls: ['Only drafts can change: call a scheduled one back with status draft first.', 'attachments replaces what is there.'],
});

export const smsDelete = operation({
  app: 'close',
  id: 'sms.delete',
  summary: 'Delete an SMS from Close; does not take back what was sent',
  input: z.strictObject({ sms_id: smsId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'sms.get' },
  http: { method: 'DELETE', path: '/activity/sms/{sms_id}/' },
  example: { sms_id: 'acti_XXOkExampleSms' },
  pitfalls: ['Cannot be undone.', 'Reads can show the SMS for up to a minute afterwards.'],
});
