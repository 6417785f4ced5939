/** Advanced filtering. Source: backends/close-rest.md §5, §9; live runs of clients, as the endpoint is in no published document. */
import { z } from 'zod';
import { isObject } from '../../contract/guards.ts';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { READ } from './shapes.ts';

/** A condition tree of Close. Its leaves are too many to list, and a wrong one is Close's to refuse. */
export const condition = z
  .record(z.string(), z.unknown())
  .describe(
    'Condition tree: {type:"and"|"or", queries:[…]} over {type:"object_type", object_type:"lead"|"contact"}, {type:"field_condition", field, condition} and {type:"has_related", …}',
  );

export const sort = z
  .array(
    z.strictObject({
      direction: z.enum(['asc', 'desc']).describe('Smallest or largest first'),
      field: z.record(z.string(), z.unknown()).describe('{type:"regular_field", object_type, field_name}'),
    }),
  )
  .optional()
  .describe('Order of the results');

export const resultsLimit = z.int().min(1).nullable().optional().describe('At most so many objects in all; null means all');

/** Whether a tree says somewhere which kind of object it looks for. */
export function namesObjectType(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(namesObjectType);
  if (!isObject(tree)) return false;
  if (tree['type'] === 'object_type' && typeof tree['object_type'] === 'string') return true;
  return namesObjectType(tree['queries']) || namesObjectType(tree['query']);
}

const projection = z.array(z.string().regex(/^[A-Za-z0-9_.]+$/)).min(1);

export const searchQuery = operation({
  app: 'close',
  id: 'search.query',
  summary: 'Search leads or contacts with a tree of conditions, page by cursor',
  input: z.strictObject({
    query: condition.refine(namesObjectType, 'needs a clause {type:"object_type", object_type:"lead"} or "contact"'),
    sort,
    fields: z
      .strictObject({
        lead: projection.optional().describe('Fields of leads; custom means all custom fields'),
        contact: projection.optional().describe('Fields of contacts'),
      })
      .optional()
      .describe('Names of the fields to return per kind of object; without it only ids come back'),
    limit: z.int().min(1).max(200).optional().describe('Objects per page, 1–200'),
    cursor: z.string().min(1).nullable().optional().describe('Where the previous page ended; valid for 30 seconds'),
    results_limit: resultsLimit,
    include_counts: z.boolean().optional().describe('Whether to count the results'),
  }),
  output: z.looseObject({
    data: z
      .array(
        z.looseObject({
          id: z.string().describe('The lead (lead_…) or contact (cont_…)'),
          __object_type: answer.text('Kind of object: lead or contact'),
        }),
      )
      .describe('The objects of this page, with the fields that were asked for'),
    has_more: z.boolean().describe('More objects follow this page'),
    cursor: z.string().nullish().describe('Where the next page starts'),
    count: z
      .looseObject({
        total: answer.number('How many there are in all'),
        limited: answer.number('How many there are within results_limit'),
      })
      .nullish()
      .describe('Counts, when include_counts was given'),
  }),
  ...READ,
  http: { method: 'POST', path: '/data/search/', rename: { fields: '_fields', limit: '_limit' } },
  example: {
    query: {
      type: 'and',
      queries: [
        { type: 'object_type', object_type: 'lead' },
        {
          type: 'field_condition',
          field: { type: 'regular_field', object_type: 'lead', field_name: 'name' },
          condition: { type: 'text', mode: 'full_words', value: 'Northpine' },
        },
      ],
    },
    fields: { lead: ['id', 'name'] },
    limit: 20,
  },
  pitfalls: [
    'A cursor dies after 30 seconds, and one walk yields at most 10,000 objects.',
    'The index lags behind writes: not found within a minute does not mean not created.',
  ],
  core: false,
});
