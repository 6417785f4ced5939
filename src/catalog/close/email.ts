/** E-mails: to log, to draft, or really to send. Source: developer.close.com/api/resources/activities/email */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { aboutActivity, activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { messageStatus, REACHED, STATUS_ON_CREATE, STATUS_ON_UPDATE, timing } from './message-fields.ts';
import { ONE_KIND, ORGANIZATION } from './omissions.ts';
import { checkSending, delivers, refuse } from './rules.ts';
import { attachment, mailAddress } from './shared.ts';

const emailId = id('acti', 'The e-mail, from email.list');
const NEEDS_SENDER: readonly string[] = ['inbox', 'scheduled', 'outbox', 'error'];

/** An address, with or without a name before it; a line break would start a header of its own. */
const sender = z
  .string()
  .regex(/^(?:[^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, 'must be user@host or "Name" <user@host>')
  .describe('From: user@host or "Name" <user@host>; needed for inbox, outbox, scheduled and error');

const people = (what: string) => z.array(mailAddress('Address, user@host')).optional().describe(`${what}: plain addresses, without names`);

/** Who, to whom, and what. */
export const emailContent = {
  subject: z.string().nullable().optional().describe('Subject line; null clears'),
  body_text: z.string().nullable().optional().describe('Body, plain text; null clears'),
  body_html: z.string().nullable().optional().describe('Body, HTML; null clears'),
  sender: sender.optional(),
  to: people('Recipients'),
  cc: people('Copies'),
  bcc: people('Blind copies'),
  ...aboutActivity,
  template_id: id('tmpl', 'E-mail template, from email_template.list; makes subject and body, but only when no body is given')
    .nullable()
    .optional(),
  email_account_id: id('emailacct', 'The connected account that sends, from connected_account.list').nullable().optional(),
  in_reply_to_id: id('acti', 'The e-mail that this one answers').nullable().optional(),
  attachments: z
    .array(attachment.extend({ size: z.int().min(0).optional().describe('Size in bytes; Close asks for it on e-mails') }))
    .optional()
    .describe('Uploaded files. On updates the list REPLACES the whole list'),
};

/** What Close does when nobody answers; only for e-mails that leave or have left. */
export const followUp = {
  followup_date: instant('When to make a follow-up task if nobody has answered; only with scheduled, outbox or sent').nullable().optional(),
  followup_sequence_id: id('seq', 'Sequence to start if nobody has answered').nullable().optional(),
  followup_sequence_delay: z.int().min(0).nullable().optional().describe('Seconds until that sequence starts'),
  followup_sequence_add_cc_bcc: z.boolean().optional().describe('Keep cc and bcc in that sequence'),
};

const opens = z
  .array(z.strictObject({ opened_at: instant('When it was opened') }))
  .optional()
  .describe('Import only: when it was opened');

/** Close's schema calls the sending account `account_id`, its example and its replies `email_account_id`; the schema is what is checked. */
const rename = { email_account_id: 'account_id' };

/** An e-mail as the app returns it. */
export const email = activity.extend({
  status: answer.text('inbox: received; draft; scheduled; outbox: about to leave; sent; error'),
  direction: answer.text('incoming: they wrote; outgoing: we wrote'),
  subject: answer.text('Subject line'),
  sender: answer.text('From: user@host or "Name" <user@host>'),
  to: answer.texts('Recipients, user@host'),
  cc: answer.texts('Copies, user@host'),
  bcc: answer.texts('Blind copies, user@host'),
  body_text: answer.text('Body, plain text'),
  body_html: answer.text('Body, HTML'),
  body_preview: answer.text('Beginning of the body, plain text'),
  attachments: answer.attachments,
  email_account_id: answer.ref('emailacct', 'The connected account that sends or received'),
  send_as_id: answer.text('Under whose name another user sent it, id of Close'),
  envelope: answer.opaque('Headers of the message: from, sender, to, cc, bcc, reply_to with names, subject, date, message_id, in_reply_to'),
  thread_id: answer.ref('acti', 'The conversation'),
  in_reply_to_id: answer.ref('acti', 'The e-mail that this one answers'),
  message_ids: answer.texts('Message-ID headers'),
  references: answer.texts('Message-IDs of the References header'),
  has_reply: answer.flag('Somebody has answered'),
  opens: answer.list(z.unknown(), 'When and where it was opened, as far as that is tracked'),
  opens_summary: answer.text('The opens as people read them'),
  send_attempts: answer.list(z.unknown(), 'Attempts to send it, with errors'),
  need_smtp_credentials: answer.flag('The account has to be connected again before it can leave'),
  template_id: answer.ref('tmpl', 'The e-mail template that made subject and body'),
  template_name: answer.text('Name of the template'),
  bulk_email_action_id: answer.text('The bulk e-mail job that made it'),
  date_scheduled: answer.moment('When it will be sent'),
  date_sent: answer.moment('When it was sent'),
  followup_sequence_id: answer.ref('seq', 'Sequence that starts if nobody answers'),
  followup_sequence_delay: answer.number('Seconds until that sequence starts'),
  followup_sequence_add_cc_bcc: answer.flag('cc and bcc stay in that sequence'),
  ...answer.fromSequence,
});

export const emailList = operation({
  app: 'close',
  id: 'email.list',
  summary: 'List e-mails, of one lead, contact or user or of all; one item per message',
  input: z.strictObject({ ...activityFilters, ...paging, fields }).superRefine(checkOrder),
  output: listOf(email),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: ONE_KIND,
  http: { method: 'GET', path: '/activity/email/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', limit: 20 },
  pitfalls: ['Bodies are long: name the fields you need, e.g. id, subject, sender, body_preview.'],
});

export const emailCreate = operation({
  app: 'close',
  id: 'email.create',
  summary: 'Log, draft, schedule or SEND an e-mail, by status (email.send, email.log and email.draft are the short forms)',
  input: z
    .strictObject({
      lead_id: id('lead', 'The lead it is with'),
      status: messageStatus.describe(STATUS_ON_CREATE),
      ...emailContent,
      ...followUp,
      ...timing,
      opens,
      created_by_id: id('user', 'Import only: who made it').optional(),
      date_created: instant('Import only: when it was made').optional(),
    })
    .superRefine((input, context) => {
      checkSending(input, context);
      if (!input.sender && NEEDS_SENDER.includes(input.status)) refuse(context, 'sender', `is required with status ${input.status}`);
    }),
  output: email,
  effect: 'write',
  sends: delivers,
  idempotent: false,
  // Not status: outbox has become sent by the time one looks.
  confirm: { how: 'search', list: 'email.list', by: ['lead_id'], same: ['subject', 'to', 'cc', 'template_id'] },
  omissions: ORGANIZATION,
  http: { method: 'POST', path: '/activity/email/', rename },
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    status: 'draft',
    to: ['ingrid@northpine.example'],
    subject: 'Pilot agreement',
    body_text: 'Hello Ingrid, attached is the draft.',
  },
  pitfalls: [
    'outbox and scheduled reach a person and cannot be taken back once sent; sent and inbox only log.',
    'A template is used only when neither body_text nor body_html is given.',
    'Close does not notice a second, equal e-mail.',
  ],
});

export const emailGet = operation({
  app: 'close',
  id: 'email.get',
  summary: 'Read one e-mail with its body, and whether it was sent',
  input: z.strictObject({ email_id: emailId, fields }),
  output: email,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/activity/email/{email_id}/' },
  example: { email_id: 'acti_vfxiExampleEmail' },
});

export const emailUpdate = operation({
  app: 'close',
  id: 'email.update',
  summary: 'Change a draft e-mail, SEND it (status outbox or scheduled) or call it back (status draft)',
  input: z
    .strictObject({
      email_id: emailId,
      status: messageStatus.optional().describe(STATUS_ON_UPDATE),
      ...emailContent,
      ...followUp,
      ...timing,
      opens,
    })
    .superRefine(checkSending),
  output: email,
  effect: 'write',
  sends: delivers,
  idempotent: true,
  confirm: { how: 'read-back', read: 'email.get', reached: REACHED },
  http: { method: 'PUT', path: '/activity/email/{email_id}/', rename },
  example: { email_id: 'acti_vfxiExampleEmail', subject: 'Pilot agreement, second draft' },
  pitfalls: [
    'Only drafts can change: call a scheduled one back with status draft first.',
    'To send a draft it needs a sender, in the draft or here.',
    'to, cc, bcc and attachments replace what is there.',
  ],
});

export const emailDelete = operation({
  app: 'close',
  id: 'email.delete',
  summary: 'Delete an e-mail from Close; does not take back what was sent',
  input: z.strictObject({ email_id: emailId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'email.get' },
  http: { method: 'DELETE', path: '/activity/email/{email_id}/' },
  example: { email_id: 'acti_vfxiExampleEmail' },
  pitfalls: ['Cannot be undone.', 'Reads can show the e-mail for up to a minute afterwards.'],
});
