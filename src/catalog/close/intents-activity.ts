/** The everyday forms of calls, SMS and e-mails: the status is in the name, so that nobody sends by a wrong value. */
import { z } from 'zod';
import { intent } from '../operation.ts';
import { call, callCreate } from './call.ts';
import { email, emailContent, followUp } from './email.ts';
import { id, instant } from './fields.ts';
import { sendIn } from './message-fields.ts';
import { refuse } from './rules.ts';
import { mailAddress, phoneNumber } from './shared.ts';
import { sms, smsContent } from './sms.ts';

const always = (): boolean => true;
const leadId = id('lead', 'The lead it is with, from lead.find');
const happened = instant('When it happened; default now').optional();

export const callLog = intent({
  app: 'close',
  id: 'call.log',
  summary: 'Log a call that took place; completed unless another status is given. Does not dial',
  input: callCreate.input,
  output: call,
  effect: 'write',
  operation: 'call.create',
  // A call without a status is completed for Close itself; said aloud, it would keep the call from tools that have no status.
  run: (input, run) => run('call.create', input),
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', direction: 'outbound', duration: 184, note: 'Confirmed budget owner.' },
  pitfalls: ['duration is in seconds, not minutes.', 'Say status no-answer or busy when nobody was reached.'],
});

export const smsSend = intent({
  app: 'close',
  id: 'sms.send',
  summary: 'SEND an SMS now to a person of a lead',
  input: z
    .strictObject({
      lead_id: leadId,
      ...smsContent,
      local_phone: phoneNumber('Our number, an internal one of phone_number.list'),
      remote_phone: phoneNumber('Their number'),
      send_in: sendIn,
    })
    .superRefine((input, context) => {
      if (!input.text && !input.template_id) refuse(context, 'text', 'is required: give text or template_id');
      if (input.text && input.template_id) refuse(context, 'template_id', 'would not be used beside text: give one of them');
    }),
  output: sms,
  effect: 'write',
  sends: always,
  operation: 'sms.create',
  run: (input, run) => run('sms.create', { ...input, status: 'outbox' }),
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    local_phone: '+14155550100',
    remote_phone: '+14155550132',
    text: 'Hi Ingrid, the agreement is in your inbox.',
  },
  pitfalls: ['It reaches a person and cannot be taken back.', 'To log an SMS that was sent elsewhere use sms.log.'],
});

export const smsLog = intent({
  app: 'close',
  id: 'sms.log',
  summary: 'Log an SMS that was sent or received elsewhere; sends nothing',
  input: z
    .strictObject({
      lead_id: leadId,
      direction: z.enum(['inbound', 'outbound']).describe('inbound: they wrote; outbound: we wrote'),
      ...smsContent,
      activity_at: happened,
    })
    .superRefine((input, context) => {
      if (!input.text && !input.attachments?.length) refuse(context, 'text', 'is required: what was written, or attachments');
    }),
  output: sms,
  effect: 'write',
  operation: 'sms.create',
  run: (input, run) => run('sms.create', { ...input, status: input['direction'] === 'inbound' ? 'inbox' : 'sent' }),
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    direction: 'inbound',
    remote_phone: '+14155550132',
    text: 'Signed. When do we start?',
  },
  pitfalls: ['It sends nothing: sms.send does.'],
});

export const emailSend = intent({
  app: 'close',
  id: 'email.send',
  summary: 'SEND an e-mail now from a user of Close to people of a lead',
  input: z
    .strictObject({
      lead_id: leadId,
      ...emailContent,
      ...followUp,
      sender: emailContent.sender.unwrap(),
      to: z.array(mailAddress('Address, user@host')).min(1).describe('Recipients: plain addresses, without names, one or more'),
      send_in: sendIn,
    })
    .superRefine((input, context) => {
      const hasBody = Boolean(input.body_text || input.body_html);
      if (!hasBody && !input.template_id) refuse(context, 'body_text', 'is required: give body_text, body_html or template_id');
      if (hasBody && input.template_id) refuse(context, 'template_id', 'would not be used beside a body: give one of them');
    }),
  output: email,
  effect: 'write',
  sends: always,
  operation: 'email.create',
  run: (input, run) => run('email.create', { ...input, status: 'outbox' }),
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    sender: '"Maya Okafor" <maya@quillsales.example>',
    to: ['ingrid@northpine.example'],
    subject: 'Pilot agreement',
    body_text: 'Hello Ingrid, attached is the agreement.',
  },
  pitfalls: [
    'It reaches a person and cannot be taken back; email.draft only writes it.',
    'sender must be an account that is connected to Close.',
  ],
});

export const emailLog = intent({
  app: 'close',
  id: 'email.log',
  summary: 'Log an e-mail that was sent or received elsewhere; sends nothing',
  input: z
    .strictObject({
      lead_id: leadId,
      direction: z.enum(['incoming', 'outgoing']).describe('incoming: they wrote; outgoing: we wrote'),
      ...emailContent,
      activity_at: happened,
    })
    .superRefine((input, context) => {
      if (input.direction === 'incoming' && !input.sender) refuse(context, 'sender', 'is required when direction is incoming: who wrote');
    }),
  output: email,
  effect: 'write',
  operation: 'email.create',
  run: ({ direction, ...input }, run) => run('email.create', { ...input, status: direction === 'incoming' ? 'inbox' : 'sent' }),
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    direction: 'incoming',
    sender: 'ingrid@northpine.example',
    to: ['maya@quillsales.example'],
    subject: 'Re: Pilot agreement',
    body_text: 'Signed. When do we start?',
  },
  pitfalls: ['It sends nothing: email.send does.'],
});

export const emailDraft = intent({
  app: 'close',
  id: 'email.draft',
  summary: 'Write an e-mail as a draft for a person to check and send; sends nothing',
  input: z.strictObject({ lead_id: leadId, ...emailContent }),
  output: email,
  effect: 'write',
  operation: 'email.create',
  run: (input, run) => run('email.create', { ...input, status: 'draft' }),
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    to: ['ingrid@northpine.example'],
    subject: 'Pilot agreement',
    body_text: 'Hello Ingrid, attached is the agreement.',
  },
});
