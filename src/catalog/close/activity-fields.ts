/** What all kinds of activities have in common. Source: developer.close.com/api/resources/activities */
import { z } from 'zod';
import * as answer from './answer-fields.ts';
import { dayOrInstant, id, idOrIds } from './fields.ts';
import { refuse } from './rules.ts';
import { range } from './shared.ts';

/** The filters of every activity list. guess: `order_by` on the lists of one kind; only the list of all kinds documents it, a published tool sends it for calls and e-mails. */
export const activityFilters = {
  lead_id: idOrIds('lead', 'Only of this lead, or these').optional(),
  contact_id: idOrIds('cont', 'Only with this contact, or these').optional(),
  user_id: idOrIds('user', 'Only of this user, or these').optional(),
  id__in: z.array(id('acti', 'An activity')).min(1).max(100).optional().describe('Only these activities (acti_…)'),
  ...range('date_created', 'Close learned of'),
  ...range('activity_at', 'happened', (description) => dayOrInstant(`${description}; needs order_by -activity_at and one lead_id`)),
  order_by: z
    .enum(['-date_created', '-activity_at'])
    .optional()
    .describe('-date_created (default): when Close learned of it, newest first; -activity_at: when it happened, needs one lead_id'),
};

/** An activity as the app returns it; its kind adds to this. */
export const activity = z.looseObject({
  id: id('acti', 'The activity'),
  _type: z.string().optional().describe('Its kind: Note, Call, Email, EmailThread, SMS, WhatsAppMessage, Meeting, LeadStatusChange, …'),
  lead_id: answer.ref('lead', 'The lead it belongs to'),
  contact_id: answer.ref('cont', 'The person it was with'),
  user_id: answer.ref('user', 'The user it is of'),
  user_name: answer.text('Name of the user'),
  users: answer.refs('user', 'Further users who took part'),
  activity_at: answer.moment('When it happened'),
  ...answer.stamps,
  ...answer.stampNames,
});

/** What an activity's create and update share. */
export const aboutActivity = {
  contact_id: id('cont', 'The person it was with, a contact of the lead; null clears').nullable().optional(),
  user_id: id('user', 'The user it is of; default is the caller').optional(),
};

interface Ordered {
  readonly lead_id?: string | readonly string[] | undefined;
  readonly order_by?: string | undefined;
  readonly [filter: string]: unknown;
}

/** Close filters only by the time it sorts by, and sorts by `activity_at` within one lead only. */
export function checkOrder(input: Ordered, context: z.RefinementCtx): void {
  const sorted = input.order_by === '-activity_at';
  if (sorted && typeof input.lead_id !== 'string') refuse(context, 'order_by', '-activity_at goes with exactly one lead_id');
  for (const name of Object.keys(input).filter((key) => input[key] !== undefined)) {
    if (name.startsWith('activity_at__') && !sorted) refuse(context, name, 'goes with order_by -activity_at and exactly one lead_id');
    if (name.startsWith('date_created__') && sorted)
      refuse(context, name, 'does not go with order_by -activity_at: Close filters only by the time it sorts by; use activity_at__…');
  }
}
