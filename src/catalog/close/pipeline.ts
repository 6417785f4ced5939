/** Pipelines: they own the opportunity statuses, in order. Source: developer.close.com/api/resources/pipelines */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf } from './fields.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';

const pipelineId = id('pipe', 'The pipeline');
const name = z.string().min(1).max(1000).describe('Name of the pipeline');
const EXAMPLE_ID = 'pipe_fcMlDK5ExamplePipeline';

/** A pipeline as the app returns it. */
const pipeline = z.looseObject({
  id: pipelineId,
  name: answer.text('Name of the pipeline'),
  statuses: answer.list(
    z.looseObject({
      id: z.string().describe('The opportunity status (stat_…)'),
      label: answer.text('Name of the status as people see it'),
      type: answer.text('What it means for the deal: active, won or lost'),
    }),
    'Its opportunity statuses, in order',
  ),
  ...answer.utcStamps,
});

export const pipelineList = operation({
  app: 'close',
  id: 'pipeline.list',
  summary: 'List all pipelines with their opportunity statuses',
  input: z.strictObject({ fields }),
  output: listOf(pipeline),
  ...READ,
  http: { method: 'GET', path: '/pipeline/' },
  example: {},
  pitfalls: ['There is no paging: all pipelines come at once.'],
});

export const pipelineCreate = operation({
  app: 'close',
  id: 'pipeline.create',
  summary: 'Create an empty pipeline; its statuses are made with opportunity_status.create',
  input: z.strictObject({ name }),
  output: pipeline,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'pipeline.list', by: [], same: ['name'] },
  http: { method: 'POST', path: '/pipeline/', success: 201 },
  example: { name: 'Renewals' },
  pitfalls: ['Close does not look for duplicates: list the pipelines first.'],
});

export const pipelineGet = operation({
  app: 'close',
  id: 'pipeline.get',
  summary: 'Read one pipeline with its opportunity statuses',
  input: z.strictObject({ pipeline_id: pipelineId }),
  output: pipeline,
  ...READ,
  http: { method: 'GET', path: '/pipeline/{pipeline_id}/' },
  example: { pipeline_id: EXAMPLE_ID },
});

export const pipelineUpdate = operation({
  app: 'close',
  id: 'pipeline.update',
  summary: 'Rename a pipeline, reorder its statuses, or pull a status in from another pipeline',
  input: z.strictObject({
    pipeline_id: pipelineId,
    name: name.optional(),
    statuses: z
      .array(z.strictObject({ id: id('stat', 'An opportunity status, of this pipeline or pulled in from another') }))
      .min(1)
      .optional()
      .describe('The statuses in the wanted order'),
  }),
  output: pipeline,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'pipeline.get' },
  http: { method: 'PUT', path: '/pipeline/{pipeline_id}/' },
  example: { pipeline_id: EXAMPLE_ID, name: 'Sales Europe' },
  pitfalls: ['Give every status of the pipeline when you give statuses: what becomes of those left out is not documented.'],
});

export const pipelineDelete = operation({
  app: 'close',
  id: 'pipeline.delete',
  summary: 'Delete a pipeline that has no statuses left',
  input: z.strictObject({ pipeline_id: pipelineId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'pipeline.get' },
  http: { method: 'DELETE', path: '/pipeline/{pipeline_id}/', success: 204 },
  example: { pipeline_id: EXAMPLE_ID },
  pitfalls: ['Refused while the pipeline has statuses: move or delete them first.'],
});
