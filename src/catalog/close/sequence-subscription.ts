/** Enrolments of contacts in sequences. Source: developer.close.com/api/resources/sequences (sequence subscriptions) */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf, paging } from './fields.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';
import { mailAddress } from './shared.ts';

export const subscriptionId = id('sub', 'The enrolment');
export const sequenceId = id('seq', 'The sequence');
export const contactId = id('cont', 'The contact');
const EXAMPLE_ID = 'sub_NLfZyNogExampleEnrolment';

const sender = {
  sender_account_id: id('emailacct', 'The connected account that sends, from connected_account.list').optional(),
  sender_name: z.string().min(1).max(1000).optional().describe('Name that recipients see'),
  sender_email: mailAddress('Address that sends, one of the account').optional(),
  calls_assigned_to: z.array(id('user', 'A user')).min(1).optional().describe('Users who get the call steps'),
};

/** What enrolling takes; the intent takes the same. */
export const enrolment = {
  sequence_id: sequenceId,
  contact_id: contactId,
  contact_email: mailAddress('Address to write to, one of the contact').optional(),
  ...sender,
};

/** An enrolment as the app returns it. */
export const subscription = z.looseObject({
  id: subscriptionId,
  sequence_id: answer.ref('seq', 'The sequence'),
  contact_id: answer.ref('cont', 'The contact'),
  lead_id: answer.ref('lead', 'The lead of the contact'),
  contact_email: answer.text('Address that it writes to, user@host'),
  sender_account_id: answer.ref('emailacct', 'The connected account that sends'),
  sender_name: answer.text('Name that recipients see'),
  sender_email: answer.text('Address that sends, user@host'),
  calls_assigned_to: answer.refs('user', 'Who gets the call steps'),
  start_date: answer.moment('When it begins; null means at once'),
  status: answer.text('active, paused, finished, goal (the contact answered or did what was wanted) or error'),
  status_reason: answer.text(
    'Why it has that status, e.g. manual, bulk-action, reply-received, meeting-booked, email-bounced, account-invalid',
  ),
  ...answer.utcIdStamps,
});

export const sequenceSubscriptionList = operation({
  app: 'close',
  id: 'sequence_subscription.list',
  summary: 'List enrolments of a sequence, a contact or a lead',
  input: z
    .strictObject({
      sequence_id: sequenceId.optional(),
      contact_id: contactId.optional(),
      lead_id: id('lead', 'The lead').optional(),
      ...paging,
      fields,
    })
    .refine((input) => (input.sequence_id ?? input.contact_id ?? input.lead_id) !== undefined, {
      message: 'needs at least one of sequence_id, contact_id and lead_id',
      path: ['sequence_id'],
    }),
  output: listOf(subscription),
  ...READ,
  http: { method: 'GET', path: '/sequence_subscription/' },
  example: { contact_id: 'cont_DsxVZ9ghExampleContact' },
});

export const sequenceSubscriptionCreate = operation({
  app: 'close',
  id: 'sequence_subscription.create',
  summary: 'Enrol a contact in a sequence; its steps start to send',
  input: z.strictObject(enrolment),
  output: subscription,
  effect: 'write',
  sends: () => true,
  idempotent: false,
  confirm: {
    how: 'search',
    list: 'sequence_subscription.list',
    by: ['sequence_id', 'contact_id'],
    same: ['sequence_id', 'contact_id'],
  },
  http: { method: 'POST', path: '/sequence_subscription/', success: 201 },
  example: {
    sequence_id: 'seq_esLP7QfExampleSequence',
    contact_id: 'cont_DsxVZ9ghExampleContact',
    contact_email: 'ingrid@northpine.example',
    sender_account_id: 'emailacct_Tz1ijmDdExampleAccount',
    sender_name: 'Maya Okafor',
    sender_email: 'maya@quillsales.example',
  },
  pitfalls: [
    'Close does not look for an enrolment that is there already: use sequence.enrol, which does.',
    'Close may ask for sender_account_id, sender_name and sender_email although they are optional here.',
  ],
});

export const sequenceSubscriptionGet = operation({
  app: 'close',
  id: 'sequence_subscription.get',
  summary: 'Read one enrolment: is it active, paused or over, and why',
  input: z.strictObject({ subscription_id: subscriptionId }),
  output: subscription,
  ...READ,
  http: { method: 'GET', path: '/sequence_subscription/{subscription_id}/' },
  example: { subscription_id: EXAMPLE_ID },
});

export const sequenceSubscriptionUpdate = operation({
  app: 'close',
  id: 'sequence_subscription.update',
  summary: 'Pause or resume an enrolment, or change who sends',
  input: z.strictObject({
    subscription_id: subscriptionId,
    status: z.enum(['active', 'paused']).optional().describe('paused holds the steps, active goes on sending them'),
    ...sender,
  }),
  output: subscription,
  ...UPDATE,
  sends: (input) => input['status'] === 'active',
  confirm: { how: 'read-back', read: 'sequence_subscription.get' },
  http: { method: 'PUT', path: '/sequence_subscription/{subscription_id}/' },
  example: { subscription_id: EXAMPLE_ID, status: 'paused' },
});

export const sequenceSubscriptionDelete = operation({
  app: 'close',
  id: 'sequence_subscription.delete',
  summary: 'Take a contact out of a sequence by deleting the enrolment',
  input: z.strictObject({ subscription_id: subscriptionId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'sequence_subscription.get' },
  http: { method: 'DELETE', path: '/sequence_subscription/{subscription_id}/' },
  example: { subscription_id: EXAMPLE_ID },
  pitfalls: ['To hold the steps for a while, pause the enrolment instead.'],
  core: false,
});
