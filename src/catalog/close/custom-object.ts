/** Custom objects: kinds of record under a lead that the organization defined. Source: developer.close.com/api/resources/custom-objects */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { custom, id, listOf } from './fields.ts';
import { READ } from './shapes.ts';

// The prefixes of custom objects and of their types are in no source, so any id passes here and Close judges it.
const someId = (description: string) =>
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{1,140}$/, 'must be an id')
    .describe(description);

const typeId = someId('The custom object type, from custom_object_type.list');
const EXAMPLE_LEAD = 'lead_7mKqcZb5WvV0ExampleLead';

const customObject = z.looseObject({
  id: z.string().describe('The custom object'),
  name: answer.text('Name of the object'),
  lead_id: answer.ref('lead', 'The lead it belongs to'),
  custom_object_type_id: answer.text('The custom object type'),
  custom: answer.custom,
  ...answer.stamps,
});

export const customObjectList = operation({
  app: 'close',
  id: 'custom_object.list',
  summary: 'List the custom objects of a lead',
  input: z.strictObject({ lead_id: id('lead', 'The lead'), custom_object_type_id: typeId.optional() }),
  output: listOf(customObject),
  ...READ,
  http: { method: 'GET', path: '/custom_object/' },
  example: { lead_id: EXAMPLE_LEAD },
  core: false,
});

export const customObjectCreate = operation({
  app: 'close',
  id: 'custom_object.create',
  summary: 'Add a custom object to a lead',
  input: z.strictObject({
    custom_object_type_id: typeId,
    lead_id: id('lead', 'The lead'),
    name: z.string().min(1).max(1000).describe('Name of the object'),
    custom: custom.optional(),
  }),
  output: customObject,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'custom_object.list', by: ['lead_id', 'custom_object_type_id'], same: ['name'] },
  http: { method: 'POST', path: '/custom_object/', success: 201 },
  example: { custom_object_type_id: 'cotype_5dEfExampleType', lead_id: EXAMPLE_LEAD, name: 'Warehouse Oslo' },
  core: false,
});

export const customObjectTypeList = operation({
  app: 'close',
  id: 'custom_object_type.list',
  summary: 'List the kinds of custom object that the organization defined',
  input: z.strictObject({}),
  output: listOf(
    z.looseObject({
      id: z.string().describe('The custom object type'),
      name: answer.text('Name of the type'),
      name_plural: answer.text('Name of several'),
      description: answer.text('Help for people'),
      fields: answer.list(z.unknown(), 'Its custom fields, as custom_field_lead.get returns those of leads'),
      ...answer.stamps,
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/custom_object_type/' },
  example: {},
  core: false,
});
