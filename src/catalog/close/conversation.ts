/** E-mail threads and WhatsApp messages. Source: developer.close.com/api/resources/activities (email threads, WhatsApp) */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { deleted, id, instant, listOf, paging } from './fields.ts';
import { DELETE, READ, webAddress } from './shapes.ts';
import { attachment, phoneNumber } from './shared.ts';

const threadId = id('acti', 'The e-mail thread, an activity');
const EXAMPLE_LEAD = 'lead_7mKqcZb5WvV0ExampleLead';
const EXAMPLE_THREAD = 'acti_3pLmExampleThread';

const thread = activity.extend({
  latest_normalized_subject: answer.text('Subject without Re: and the like'),
  latest_email_id: answer.ref('acti', 'The newest e-mail of it'),
  n_emails: answer.number('How many e-mails it has'),
  participants: answer.list(z.unknown(), 'Who takes part'),
  emails: answer.list(
    z.looseObject({
      id: answer.ref('acti', 'The e-mail'),
      subject: answer.text('Subject line'),
      status: answer.text('inbox, draft, scheduled, outbox, sent or error'),
      direction: answer.text('incoming or outgoing'),
      activity_at: answer.moment('When it was sent or received'),
    }),
    'Its e-mails, in short; email.get reads one whole',
  ),
});

const message = activity.extend({
  direction: answer.text('incoming: they wrote; outgoing: we wrote'),
  message_markdown: answer.text('Text, WhatsApp markdown'),
  message_html: answer.text('The same text, HTML'),
  text: answer.text('The same text, plain'),
  external_whatsapp_message_id: answer.text('Id of the message at WhatsApp'),
  ...answer.numbers,
  attachments: answer.attachments,
  integration_link: answer.text('The message in the tool that sent it, URL'),
  integration_name: answer.text('Name of that tool'),
  response_to_id: answer.ref('acti', 'The WhatsApp message that it answers'),
  source: answer.text('Where it was made, e.g. api'),
});

export const emailThreadList = operation({
  app: 'close',
  id: 'email_thread.list',
  summary: 'List e-mail threads, each with its e-mails',
  input: z.strictObject({ ...activityFilters, ...paging }).superRefine(checkOrder),
  output: listOf(thread),
  ...READ,
  http: { method: 'GET', path: '/activity/emailthread/' },
  example: { lead_id: EXAMPLE_LEAD },
  core: false,
});

export const emailThreadGet = operation({
  app: 'close',
  id: 'email_thread.get',
  summary: 'Read one e-mail thread',
  input: z.strictObject({ email_thread_id: threadId }),
  output: thread,
  ...READ,
  http: { method: 'GET', path: '/activity/emailthread/{email_thread_id}/' },
  example: { email_thread_id: EXAMPLE_THREAD },
  core: false,
});

export const emailThreadDelete = operation({
  app: 'close',
  id: 'email_thread.delete',
  summary: 'Delete an e-mail thread and all its e-mails',
  input: z.strictObject({ email_thread_id: threadId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'email_thread.get' },
  http: { method: 'DELETE', path: '/activity/emailthread/{email_thread_id}/' },
  example: { email_thread_id: EXAMPLE_THREAD },
  pitfalls: ['Cannot be undone.'],
  core: false,
});

const whatsappId = z.string().min(1).max(1000);

export const whatsappList = operation({
  app: 'close',
  id: 'whatsapp.list',
  summary: 'List logged WhatsApp messages',
  input: z
    .strictObject({
      ...activityFilters,
      external_whatsapp_message_id: whatsappId.optional().describe('Only the message with this id of WhatsApp'),
      ...paging,
    })
    .superRefine(checkOrder),
  output: listOf(message),
  ...READ,
  http: { method: 'GET', path: '/activity/whatsapp_message/' },
  example: { lead_id: EXAMPLE_LEAD },
  core: false,
});

export const whatsappCreate = operation({
  app: 'close',
  id: 'whatsapp.create',
  summary: 'Log a WhatsApp message that was sent or received elsewhere; sends nothing',
  input: z.strictObject({
    lead_id: id('lead', 'The lead'),
    contact_id: id('cont', 'The person it was with'),
    direction: z.enum(['incoming', 'outgoing']).describe('Whether it was received or sent'),
    external_whatsapp_message_id: whatsappId.describe('Id of the message at WhatsApp; the same message is found by it'),
    message_markdown: z.string().describe('Text, WhatsApp markdown'),
    local_phone: phoneNumber('Our number'),
    remote_phone: phoneNumber('Their number'),
    activity_at: instant('When it was sent or received'),
    attachments: z.array(attachment.required()).optional().describe('Files, uploaded with file.upload first'),
    integration_link: webAddress('The message in the tool that sent it').nullable().optional(),
    response_to_id: id('acti', 'The WhatsApp message it answers').nullable().optional(),
    user_id: id('user', 'The user it is of; default is the caller').nullable().optional(),
    send_to_inbox: z.boolean().optional().describe('Whether an incoming message shows up in the inbox'),
  }),
  output: message,
  effect: 'write',
  idempotent: false,
  confirm: {
    how: 'search',
    list: 'whatsapp.list',
    by: ['external_whatsapp_message_id'],
    same: ['external_whatsapp_message_id'],
  },
  http: { method: 'POST', path: '/activity/whatsapp_message/', query: ['send_to_inbox'] },
  example: {
    lead_id: EXAMPLE_LEAD,
    contact_id: 'cont_DsxVZ9ghExampleContact',
    direction: 'incoming',
    external_whatsapp_message_id: 'wamid.ExampleMessage',
    message_markdown: 'When does the pilot start?',
    local_phone: '+4721000000',
    remote_phone: '+4722000000',
    activity_at: '2026-03-04T09:31:57Z',
  },
  core: false,
});
