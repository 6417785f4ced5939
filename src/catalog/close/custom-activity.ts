/** Custom activities: kinds of activity that the organization defined. Source: developer.close.com/api/resources/custom-activities */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { custom, id, instant, listOf, paging } from './fields.ts';
import { refuse } from './rules.ts';
import { READ } from './shapes.ts';

const typeId = id('actitype', 'The custom activity type');
const EXAMPLE_LEAD = 'lead_7mKqcZb5WvV0ExampleLead';

const customActivity = activity.extend({
  custom_activity_type_id: answer.ref('actitype', 'The custom activity type'),
  status: answer.text('draft or published'),
  pinned: answer.flag('Kept at the top of the lead'),
  custom: answer.custom,
});

const oneOrMoreTypes = z.array(typeId).min(1);

export const customActivityList = operation({
  app: 'close',
  id: 'custom_activity.list',
  summary: 'List custom activities, of one lead or of all',
  input: z
    .strictObject({
      ...activityFilters,
      custom_activity_type_id: oneOrMoreTypes.optional().describe('Only of these types (actitype_…); needs lead_id'),
      custom_activity_type_id__in: oneOrMoreTypes.optional().describe('Only of these types (actitype_…), of any lead'),
      ...paging,
    })
    .superRefine(checkOrder)
    .superRefine((input, context) => {
      if (input.custom_activity_type_id && input.lead_id === undefined)
        refuse(context, 'custom_activity_type_id', 'goes with a lead_id; without one use custom_activity_type_id__in');
    }),
  output: listOf(customActivity),
  ...READ,
  http: { method: 'GET', path: '/activity/custom/' },
  example: { lead_id: EXAMPLE_LEAD },
  core: false,
});

export const customActivityCreate = operation({
  app: 'close',
  id: 'custom_activity.create',
  summary: 'Add a custom activity to a lead',
  input: z.strictObject({
    lead_id: id('lead', 'The lead'),
    custom_activity_type_id: typeId,
    status: z.enum(['draft', 'published']).optional().describe('Default published'),
    contact_id: id('cont', 'The person it was with').nullable().optional(),
    pinned: z.boolean().nullable().optional().describe('Whether it stays on top of the lead'),
    activity_at: instant('When it happened').nullable().optional(),
    custom: custom.optional(),
    created_by_id: id('user', 'Import only: who made it').nullable().optional(),
    date_created: instant('Import only: when it was made').nullable().optional(),
    user_id: id('user', 'Import only: the user it is of').nullable().optional(),
  }),
  output: customActivity,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'custom_activity.list', by: ['lead_id'], same: ['custom_activity_type_id', 'contact_id', 'custom'] },
  http: { method: 'POST', path: '/activity/custom/' },
  example: { lead_id: EXAMPLE_LEAD, custom_activity_type_id: 'actitype_1aBcExampleType', custom: { cf_bO8qgCSNExampleField: 'On site' } },
  core: false,
});

export const customActivityTypeList = operation({
  app: 'close',
  id: 'custom_activity_type.list',
  summary: 'List the kinds of custom activity that the organization defined, with their fields',
  input: z.strictObject({}),
  output: listOf(
    z.looseObject({
      id: typeId,
      name: answer.text('Name of the type'),
      description: answer.text('Help for people'),
      api_create_only: answer.flag('People cannot make one in the app'),
      fields: answer.list(z.unknown(), 'Its custom fields, as custom_field_lead.get returns those of leads'),
      ...answer.stamps,
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/custom_activity/' },
  example: {},
  core: false,
});
