/** Smart views: saved searches. Source: developer.close.com/api/resources/smart-views */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, id, listOf, paging } from './fields.ts';
import { condition, namesObjectType, resultsLimit, sort } from './search.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';

const smartViewId = id('save', 'The smart view');
const EXAMPLE_ID = 'save_s7NXLkibExampleView';

const TYPES = [
  'lead',
  'contact',
  'opportunity',
  'call',
  'email',
  'sms',
  'meeting',
  'note',
  'whatsapp_message',
  'custom_activity',
  'form_submission',
] as const;

const name = z.string().min(1).max(1000).describe('Name of the view');
const search = z
  .strictObject({ query: condition, sort, results_limit: resultsLimit })
  .refine(namesObjectType, { message: 'needs a clause {type:"object_type", object_type:"lead"} or "contact"', path: ['query'] })
  .describe('The search that the view saves');
const shape = {
  is_shared: z.boolean().optional().describe('Whether the whole organization sees it'),
  description: z.string().optional().describe('Help for people'),
};

const smartView = z.looseObject({
  id: smartViewId,
  name: answer.text('Name of the view'),
  type: answer.text(`Kind of object that it finds: ${TYPES.join(', ')}`),
  query: answer.text('Legacy text search'),
  s_query: z
    .record(z.string(), z.unknown())
    .nullish()
    .describe('The search that it saves: query, sort and results_limit, as in search.query'),
  description: answer.text('Help for people'),
  is_shared: answer.flag('The whole organization sees it'),
  is_user_dependent: answer.flag('It finds something else for each user, as "my leads" does'),
  user_id: answer.ref('user', 'Who owns it'),
  selected_fields: answer.list(z.unknown(), 'Columns that people see'),
  shared_with: answer.texts('With whom it is shared'),
  sharing_settings: answer.opaque('How it is shared'),
  ...answer.stamps,
});

export const smartViewList = operation({
  app: 'close',
  id: 'smart_view.list',
  summary: 'List smart views (saved searches)',
  input: z.strictObject({
    type: z.enum(TYPES).optional().describe('Only views of this kind of object; default lead'),
    type__in: z.array(z.enum(TYPES)).min(1).optional().describe('Only views of these kinds of objects'),
    ...paging,
  }),
  output: listOf(smartView),
  ...READ,
  http: { method: 'GET', path: '/saved_search/' },
  example: { type: 'lead' },
  core: false,
});

export const smartViewCreate = operation({
  app: 'close',
  id: 'smart_view.create',
  summary: 'Save a search as a smart view',
  input: z.strictObject({ name, s_query: search, type: z.enum(TYPES).optional().describe('Kind of object; default lead'), ...shape }),
  output: smartView,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'smart_view.list', by: ['type'], same: ['name'] },
  http: { method: 'POST', path: '/saved_search/' },
  example: {
    name: 'All leads',
    s_query: { query: { type: 'and', queries: [{ type: 'object_type', object_type: 'lead' }] } },
    type: 'lead',
  },
  core: false,
});

export const smartViewGet = operation({
  app: 'close',
  id: 'smart_view.get',
  summary: 'Read one smart view and its search',
  input: z.strictObject({ smart_view_id: smartViewId }),
  output: smartView,
  ...READ,
  http: { method: 'GET', path: '/saved_search/{smart_view_id}/' },
  example: { smart_view_id: EXAMPLE_ID },
  core: false,
});

export const smartViewUpdate = operation({
  app: 'close',
  id: 'smart_view.update',
  summary: 'Rename, share or change a smart view',
  input: z.strictObject({
    smart_view_id: smartViewId,
    name: name.optional(),
    s_query: search.optional().describe('The search that the view saves; replaced whole'),
    ...shape,
  }),
  output: smartView,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'smart_view.get' },
  http: { method: 'PUT', path: '/saved_search/{smart_view_id}/' },
  example: { smart_view_id: EXAMPLE_ID, name: 'Freight prospects' },
  core: false,
});

export const smartViewDelete = operation({
  app: 'close',
  id: 'smart_view.delete',
  summary: 'Delete a smart view; the objects it shows stay',
  input: z.strictObject({ smart_view_id: smartViewId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'smart_view.get' },
  http: { method: 'DELETE', path: '/saved_search/{smart_view_id}/' },
  example: { smart_view_id: EXAMPLE_ID },
  core: false,
});
