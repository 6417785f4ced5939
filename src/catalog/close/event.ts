/** The event log, about 30 days of it. Source: developer.close.com/api/resources/events */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { id, listOf } from './fields.ts';
import { anyId, READ } from './shapes.ts';
import { range } from './shared.ts';

const event = z.looseObject({
  id: id('ev', 'The event'),
  organization_id: answer.ref('orga', 'The organization'),
  object_type: answer.text('Kind of object, e.g. lead, task.lead, activity.note'),
  object_id: answer.text('The object (lead_…, oppo_…, acti_…)'),
  lead_id: answer.ref('lead', 'The lead that it belongs to'),
  action: answer.text('What happened: created, updated, deleted, merged, completed or sent'),
  user_id: answer.ref('user', 'Who did it'),
  request_id: answer.ref('req', 'The request that did it'),
  api_key_id: answer.ref('api', 'The API key that did it'),
  oauth_client_id: answer.text('The OAuth application that did it'),
  oauth_scope: answer.text('The scope of that application'),
  changed_fields: answer.texts('Names of the fields that changed'),
  data: z.record(z.string(), z.unknown()).nullish().describe('The object after it, as its get returns it'),
  previous_data: z.record(z.string(), z.unknown()).nullish().describe('The changed fields as they were'),
  meta: answer.opaque('How it came about: request_method, request_path, and for merges merge_source_lead_id and merge_destination_lead_id'),
  date_created: answer.utcMoment('When it happened'),
  date_updated: answer.utcMoment('When it was updated: events of the same kind on end become one'),
});

export const eventList = operation({
  app: 'close',
  id: 'event.list',
  summary: 'Read what happened in the last 30 days, newest first, page by cursor',
  input: z.strictObject({
    object_type: z
      .string()
      .regex(/^[a-z_]+(\.[a-z_]+)?$/)
      .optional()
      .describe('Kind of object: lead, contact, opportunity, task.lead, activity.note, …'),
    object_id: anyId('Only events of this object').optional(),
    action: z
      .string()
      .regex(/^[a-z_]+$/)
      .optional()
      .describe('created, updated, deleted, merged, completed, sent'),
    lead_id: id('lead', 'Only events of this lead').optional(),
    user_id: id('user', 'Only what this user did').optional(),
    request_id: id('req', 'Only what this request did').optional(),
    ...range('date_updated', 'was updated'),
    // Close refuses `_skip` here, and 50 is both its largest page and its default (backends/close-rest.md §5).
    limit: z.int().min(1).max(50).optional().describe('Events per page, 1–50; default 50'),
    cursor: z.string().min(1).optional().describe('cursor_next or cursor_previous of another page'),
  }),
  output: listOf(event).extend({
    cursor_next: z.string().nullish().describe('Where older events go on'),
    cursor_previous: z.string().nullish().describe('Where newer events go on'),
  }),
  ...READ,
  http: { method: 'GET', path: '/event/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', limit: 20 },
  pitfalls: ['Close takes certain combinations of filters only: start with one.'],
  core: false,
});

export const eventGet = operation({
  app: 'close',
  id: 'event.get',
  summary: 'Read one event of the log',
  input: z.strictObject({ event_id: id('ev', 'The event') }),
  output: event,
  ...READ,
  http: { method: 'GET', path: '/event/{event_id}/' },
  example: { event_id: 'ev_YjRRKLpqExampleEvent' },
  core: false,
});
