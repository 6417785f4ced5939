/** Work that Close does on request: taking in a file, reporting, filling fields. Source: developer.close.com/api/resources/files, reporting, enrichment */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { dayOrInstant, id } from './fields.ts';
import { anyId, READ } from './shapes.ts';

export const fileUpload = operation({
  app: 'close',
  id: 'file.upload',
  summary: 'Get a signed form to which a file is uploaded, and the URL it will have as attachment',
  input: z.strictObject({
    filename: z.string().min(1).max(255).describe('Name of the file'),
    content_type: z
      .string()
      .regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i, 'must be a MIME type')
      .describe('MIME type, e.g. application/pdf'),
  }),
  output: z.looseObject({
    upload: z
      .looseObject({
        url: z.string().describe('Where the form goes, by POST'),
        fields: z.record(z.string(), z.unknown()).optional().describe('Fields of the form, before the field file'),
      })
      .describe('The signed form'),
    download: z.looseObject({ url: z.string().describe('What goes into attachments[].url') }).describe('Where the file will be'),
  }),
  effect: 'write',
  idempotent: false,
  confirm: { how: 'none', why: 'the form leaves no trace until a file is sent to it; ask for another' },
  http: { method: 'POST', path: '/files/upload/' },
  example: { filename: 'offer.pdf', content_type: 'application/pdf' },
  pitfalls: ['The file itself goes to upload.url as a form, with upload.fields, outside of this API.'],
  core: false,
});

export const reportActivity = operation({
  app: 'close',
  id: 'report.activity',
  summary: 'Report activity numbers per user or for the organization',
  input: z
    .strictObject({
      type: z.enum(['overview', 'comparison']).describe('For the organization, or user by user'),
      metrics: z
        .array(z.string().regex(/^[a-z0-9_.]+$/))
        .min(1)
        .describe('Names of the numbers, e.g. calls.outbound.all.count'),
      datetime_range: z
        .strictObject({ start: dayOrInstant('First moment'), end: dayOrInstant('Last moment') })
        .optional()
        .describe('The period; this or relative_range'),
      relative_range: z
        .string()
        .regex(/^[a-z0-9-]+$/)
        .optional()
        .describe('The period in words, e.g. this-week; this or datetime_range'),
      users: z.array(id('user', 'A user')).min(1).optional().describe('Only these users'),
      query: z
        .strictObject({
          type: z.literal('saved_search').describe('Always saved_search'),
          saved_search_id: id('save', 'The smart view'),
        })
        .optional()
        .describe('Only leads of this smart view'),
    })
    .refine((input) => (input.datetime_range === undefined) !== (input.relative_range === undefined), {
      message: 'needs exactly one of datetime_range and relative_range',
      path: ['datetime_range'],
    }),
  output: z.looseObject({
    data: answer.list(z.unknown(), 'The numbers, one row per user or for the organization'),
    aggregations: answer.opaque('Sums over all rows'),
  }),
  ...READ,
  http: { method: 'POST', path: '/report/activity/' },
  example: { type: 'overview', metrics: ['calls.outbound.all.count'], relative_range: 'this-week' },
  core: false,
});

export const fieldEnrichmentRun = operation({
  app: 'close',
  id: 'field_enrichment.run',
  summary: 'Have Close find out the value of a lead or contact field with AI; costs credits',
  input: z.strictObject({
    organization_id: id('orga', 'The organization, from me.get'),
    object_type: z.enum(['lead', 'contact']).describe('Kind of object'),
    object_id: anyId('The lead or contact'),
    field_id: anyId('The field to fill, cf_… for custom fields'),
    set_new_value: z.boolean().optional().describe('Whether the value is written to the object; default true'),
    overwrite_existing_value: z.boolean().optional().describe('Whether a value that is there is replaced; default false'),
  }),
  // Close publishes no example; guess: the sandbox answers these.
  output: z.looseObject({
    object_type: answer.text('lead or contact'),
    object_id: answer.text('The lead (lead_…) or contact (cont_…)'),
    field_id: answer.text('The field (cf_…)'),
    value: answer.opaque('What was found'),
    existing_value: answer.opaque('What was there before'),
    was_set: answer.flag('The value found was written to the object'),
  }),
  effect: 'write',
  idempotent: false,
  confirm: { how: 'none', why: 'whether a value came from this run cannot be told; running it again costs credits again' },
  http: { method: 'POST', path: '/enrich_field/' },
  example: {
    organization_id: 'orga_Xoi7Ql9oExampleOrganization',
    object_type: 'lead',
    object_id: 'lead_7mKqcZb5WvV0ExampleLead',
    field_id: 'cf_bO8qgCSNExampleField',
  },
  core: false,
});
