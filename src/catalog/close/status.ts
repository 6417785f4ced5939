/** Statuses of leads and of opportunities: two lists whose ids look alike. Source: developer.close.com/api/resources/lead-statuses, opportunity-statuses */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf } from './fields.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';

const EXAMPLE_ID = 'stat_rL4XPO7TjyExampleStatus';
const label = z.string().min(1).max(1000).describe('Name of the status as people see it');
const color = z.string().min(1).optional().describe('Colour that people see');

const status = z.looseObject({
  id: id('stat', 'The status'),
  label: answer.text('Name of the status as people see it'),
  organization_id: answer.ref('orga', 'The organization that owns it'),
  type: answer.text('Opportunity statuses only: active, won or lost'),
  pipeline_id: answer.ref('pipe', 'Opportunity statuses only: the pipeline that owns it'),
});

/** The operations that both kinds of status have alike. */
function statusesOf<const Kind extends 'lead' | 'opportunity'>(kind: Kind) {
  const one = `/status/${kind}/{status_id}/`;
  const statusId = id('stat', `The ${kind} status; statuses of leads and of opportunities have the same prefix`);
  return {
    get: operation({
      app: 'close',
      id: `${kind}_status.get`,
      summary: `Read one ${kind} status`,
      input: z.strictObject({ status_id: statusId }),
      output: status,
      ...READ,
      http: { method: 'GET', path: one },
      example: { status_id: EXAMPLE_ID },
      core: false,
    }),
    remove: operation({
      app: 'close',
      id: `${kind}_status.delete`,
      summary: `Delete ${kind === 'lead' ? 'a lead' : 'an opportunity'} status that nothing uses`,
      input: z.strictObject({ status_id: statusId }),
      output: deleted,
      ...DELETE,
      confirm: { how: 'gone', read: `${kind}_status.get` },
      http: { method: 'DELETE', path: one },
      example: { status_id: EXAMPLE_ID },
      pitfalls: ['Refused while something still has the status.'],
      core: false,
    }),
    statusId,
    one,
  };
}

const lead = statusesOf('lead');
const opportunity = statusesOf('opportunity');

export const leadStatusList = operation({
  app: 'close',
  id: 'lead_status.list',
  summary: 'List the statuses that a lead can have, in order',
  input: z.strictObject({}),
  output: listOf(status),
  ...READ,
  http: { method: 'GET', path: '/status/lead/' },
  example: {},
  core: false,
});

export const leadStatusCreate = operation({
  app: 'close',
  id: 'lead_status.create',
  summary: 'Add a lead status',
  input: z.strictObject({ label, color }),
  output: status,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'lead_status.list', by: [], same: ['label'] },
  http: { method: 'POST', path: '/status/lead/' },
  example: { label: 'Qualified' },
  core: false,
});

export const leadStatusGet = lead.get;

export const leadStatusUpdate = operation({
  app: 'close',
  id: 'lead_status.update',
  summary: 'Rename or recolour a lead status',
  input: z.strictObject({ status_id: lead.statusId, label: label.optional(), color }),
  output: status,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'lead_status.get' },
  http: { method: 'PUT', path: lead.one },
  example: { status_id: EXAMPLE_ID, label: 'Qualified by phone' },
  core: false,
});

export const leadStatusDelete = lead.remove;

export const opportunityStatusList = operation({
  app: 'close',
  id: 'opportunity_status.list',
  summary: 'List the statuses that an opportunity can have, with type (active, won, lost) and pipeline',
  input: z.strictObject({ fields }),
  output: listOf(status),
  ...READ,
  http: { method: 'GET', path: '/status/opportunity/' },
  example: {},
  core: false,
});

export const opportunityStatusCreate = operation({
  app: 'close',
  id: 'opportunity_status.create',
  summary: 'Add an opportunity status to a pipeline',
  input: z.strictObject({
    label,
    type: z.enum(['active', 'won', 'lost']).describe('What the status means for the deal'),
    pipeline_id: id('pipe', 'The pipeline that gets the status'),
    fields,
  }),
  output: status,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'opportunity_status.list', by: [], same: ['label', 'type', 'pipeline_id'] },
  http: { method: 'POST', path: '/status/opportunity/' },
  example: { label: 'Proposal sent', type: 'active', pipeline_id: 'pipe_fcMlDK5ExamplePipeline' },
  core: false,
});

export const opportunityStatusGet = opportunity.get;

export const opportunityStatusUpdate = operation({
  app: 'close',
  id: 'opportunity_status.update',
  summary: 'Rename an opportunity status',
  input: z.strictObject({ status_id: opportunity.statusId, label: label.optional(), fields }),
  output: status,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'opportunity_status.get' },
  http: { method: 'PUT', path: opportunity.one },
  example: { status_id: EXAMPLE_ID, label: 'Proposal accepted' },
  core: false,
});

export const opportunityStatusDelete = opportunity.remove;
