/** What Close writes down by itself: changes of status, creations, merges, finished tasks. Source: developer.close.com/api/resources/activities */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { id, instant, listOf, paging } from './fields.ts';
import { READ } from './shapes.ts';

const EXAMPLE_LEAD = 'lead_7mKqcZb5WvV0ExampleLead';

/** What each kind of history adds to an activity. */
const change = {
  old_status_id: answer.ref('stat', 'Status before'),
  old_status_label: answer.text('Name of the status before'),
  new_status_id: answer.ref('stat', 'Status after'),
  new_status_label: answer.text('Name of the status after'),
};
const ANSWERS = {
  lead_status_change: activity.extend(change),
  opportunity_status_change: activity.extend({
    ...change,
    opportunity_id: answer.ref('oppo', 'The opportunity'),
    old_status_type: answer.text('Type of the status before: active, won or lost'),
    new_status_type: answer.text('Type of the status after: active, won or lost'),
    opportunity_value: answer.number('Value then, in minor units (cents) of its currency'),
    opportunity_value_currency: answer.text('ISO 4217'),
    opportunity_value_period: answer.text('one_time, monthly or annual'),
    opportunity_confidence: answer.number('Probability then, in percent'),
    opportunity_date_won: answer.text('When it was won, or the estimated close date; date YYYY-MM-DD'),
  }),
  created: activity.extend({ source: answer.text('How the lead was made, seen: ui, api, import, clipper, email, webform') }),
  lead_merge: activity.extend({
    source_lead_id: answer.ref('lead', 'The lead that disappeared'),
    source_lead_name: answer.text('Name of the lead that disappeared'),
    destination_lead_id: answer.ref('lead', 'The lead that stayed'),
  }),
  task_completed: activity.extend({
    task_id: answer.ref('task', 'The task'),
    task_text: answer.text('What was to do'),
    task_assigned_to: answer.ref('user', 'Who had to do it'),
    task_assigned_to_name: answer.text('Name of who had to do it'),
  }),
};

const filters = z.strictObject({ ...activityFilters, ...paging }).superRefine(checkOrder);

/** The list of one kind of history, e.g. `created.list`. */
function historyOf<const Noun extends keyof typeof ANSWERS, Input extends z.ZodType>(
  noun: Noun,
  declared: { readonly path: string; readonly summary: string; readonly input: Input },
) {
  return operation({
    app: 'close',
    id: `${noun}.list`,
    summary: declared.summary,
    input: declared.input,
    output: listOf(ANSWERS[noun]),
    ...READ,
    http: { method: 'GET', path: declared.path },
    example: { lead_id: EXAMPLE_LEAD, limit: 20 },
    core: false,
  });
}

/** The import of a past change of status, for one kind of status. */
function changeOf<const Kind extends 'lead' | 'opportunity'>(kind: Kind) {
  return operation({
    app: 'close',
    id: `${kind}_status_change.create`,
    summary: `Import a past change of a${kind === 'lead' ? ' lead' : 'n opportunity'}'s status as history; the status itself stays`,
    input: z.strictObject({
      lead_id: id('lead', 'The lead in whose history it goes'),
      old_status_id: id('stat', `The ${kind} status before`).optional(),
      new_status_id: id('stat', `The ${kind} status after`).optional(),
      date_created: instant('When it happened').optional(),
    }),
    output: ANSWERS[`${kind}_status_change`],
    effect: 'write',
    idempotent: false,
    confirm: { how: 'search', list: `${kind}_status_change.list`, by: ['lead_id'], same: ['old_status_id', 'new_status_id'] },
    http: { method: 'POST', path: `/activity/status_change/${kind}/` },
    example: { lead_id: EXAMPLE_LEAD, old_status_id: 'stat_rL4XPO7TjyExampleBefore', new_status_id: 'stat_HPvBfTY5rSExampleAfter' },
    pitfalls: [`This only writes history: to change the status use ${kind}.update, which writes history too.`],
    core: false,
  });
}

export const leadStatusChangeList = historyOf('lead_status_change', {
  path: '/activity/status_change/lead/',
  summary: 'List when leads changed status, from what to what',
  input: filters,
});

export const leadStatusChangeCreate = changeOf('lead');

export const opportunityStatusChangeList = historyOf('opportunity_status_change', {
  path: '/activity/status_change/opportunity/',
  summary: 'List when opportunities changed status, from what to what',
  input: z
    .strictObject({ ...activityFilters, opportunity_id: id('oppo', 'Only of this opportunity').optional(), ...paging })
    .superRefine(checkOrder),
});

export const opportunityStatusChangeCreate = changeOf('opportunity');

export const createdList = historyOf('created', {
  path: '/activity/created/',
  summary: 'List how and when leads were created',
  input: filters,
});

export const leadMergeList = historyOf('lead_merge', {
  path: '/activity/lead_merge/',
  summary: 'List which leads were merged into which',
  input: filters,
});

export const taskCompletedList = historyOf('task_completed', {
  path: '/activity/task_completed/',
  summary: 'List which tasks were completed, when and by whom',
  input: filters,
});
