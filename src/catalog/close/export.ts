/** Exports to a file, made in the background. Source: developer.close.com/api/resources/exports */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { fields, listOf, paging } from './fields.ts';
import { condition, resultsLimit, sort } from './search.ts';
import { anyId, READ } from './shapes.ts';

const job = z.looseObject({
  id: z.string().describe('The export'),
  status: answer.text('created, started, in_progress, done or error'),
  type: answer.text('What a row is, e.g. leads, contacts, lead_opps'),
  format: answer.text('csv or json'),
  n_docs: answer.number('How many objects it takes; null until they are counted'),
  n_docs_processed: answer.number('How many objects are done'),
  download_url: answer.text('Where the file is, once done'),
  send_done_email: answer.flag('Who started it gets an e-mail when it is done'),
  ...answer.stamps,
});

const columns = z.array(z.string().min(1)).min(1).optional().describe('Fields to export; without it all');
const shape = {
  format: z.enum(['csv', 'json']).describe('Format of the file'),
  date_format: z.enum(['original', 'iso8601', 'excel']).optional().describe('How dates are written, csv only'),
  fields: columns,
  include_activities: z.boolean().optional().describe('Whether activities come too'),
  include_smart_fields: z.boolean().optional().describe('Whether computed fields come too'),
  include_addresses: z.boolean().optional().describe('Whether addresses come too'),
  include_custom_objects: z.boolean().optional().describe('Whether custom objects come too; default false'),
  send_done_email: z.boolean().optional().describe('Whether the caller gets an e-mail when the file is ready; default true'),
};

const ABOUT = {
  effect: 'write',
  idempotent: false,
  core: false,
  confirm: { how: 'none', why: 'an export carries nothing to tell it by; it changes no data, so start it again' },
} as const;
const POLL = 'The file is made in the background: poll export.get until status is done, then fetch download_url.';

export const exportList = operation({
  app: 'close',
  id: 'export.list',
  summary: 'List exports with their status',
  input: z.strictObject({ ...paging, fields }),
  output: listOf(job),
  ...READ,
  http: { method: 'GET', path: '/export/' },
  example: { limit: 10 },
  core: false,
});

export const exportGet = operation({
  app: 'close',
  id: 'export.get',
  summary: 'See whether an export is done, and where its file is',
  input: z.strictObject({ export_id: anyId('The export, as it was started'), fields }),
  output: job,
  ...READ,
  http: { method: 'GET', path: '/export/{export_id}/' },
  example: { export_id: 'expo_6gHiExampleExport' },
  core: false,
});

export const exportLead = operation({
  app: 'close',
  id: 'export.lead',
  summary: 'Start an export of the leads that a search finds, or of all',
  input: z.strictObject({
    type: z.enum(['leads', 'contacts', 'lead_opps']).describe('One row per lead, per contact or per opportunity'),
    s_query: condition.optional().describe('Search tree that chooses the leads, as in search.query; without it all'),
    results_limit: resultsLimit,
    sort,
    ...shape,
  }),
  output: job,
  ...ABOUT,
  // Here `fields` are the columns of the file, in the body, and no projection of the reply.
  http: { method: 'POST', path: '/export/lead/', rename: { fields: 'fields' } },
  example: { format: 'csv', type: 'leads', fields: ['id', 'display_name'], send_done_email: false },
  pitfalls: [POLL],
});

export const exportOpportunity = operation({
  app: 'close',
  id: 'export.opportunity',
  summary: 'Start an export of opportunities',
  input: z.strictObject({
    params: z.record(z.string(), z.unknown()).optional().describe('Filters of opportunity.list that choose the opportunities'),
    ...shape,
  }),
  output: job,
  ...ABOUT,
  http: { method: 'POST', path: '/export/opportunity/', rename: { fields: 'fields' } },
  example: { format: 'json', params: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' }, send_done_email: false },
  pitfalls: [POLL],
});
