/** Definitions of custom fields; the values live on the objects. Source: developer.close.com/api/resources/custom-fields */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf, paging } from './fields.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';

const fieldId = id('cf', 'The custom field');

/** The first five are in the reference's examples, the others were seen in clients. */
const TYPES = ['text', 'number', 'date', 'choices', 'user', 'textarea', 'datetime', 'url', 'contact', 'hidden'] as const;

const definition = z.looseObject({
  id: fieldId,
  name: answer.text('Name, case-sensitive'),
  type: answer.text(`What values hold, seen: ${TYPES.join(', ')}`),
  choices: answer.texts('The values to choose from, for type choices'),
  accepts_multiple_values: answer.flag('An object can hold several values'),
  description: answer.text('Help for people'),
  editable_with_roles: answer.texts(
    'Who may edit values: role ids (role_…) or admin, superuser, user, restricteduser; empty means everybody',
  ),
  converting_to_type: answer.text('The new type, while Close is still converting values'),
  ...answer.stamps,
});

/** A field that several kinds of objects have. */
const sharedDefinition = definition.extend({
  associations: answer.list(
    z.looseObject({ object_type: answer.text('Kind of object that has the field, e.g. lead or contact') }),
    'The kinds of objects that have the field',
  ),
});

const name = z.string().min(1).max(1000).describe('Name, case-sensitive');
const type = z.enum(TYPES).describe('What values hold; choices picks from a list, user and contact hold ids');
const shape = {
  choices: z.array(z.string().min(1)).min(1).optional().describe('The values to choose from, for type choices; replaced whole on update'),
  accepts_multiple_values: z.boolean().optional().describe('Whether an object can hold several values'),
  description: z.string().nullable().optional().describe('Help for people; null clears'),
  editable_with_roles: z
    .array(z.string().regex(/^[A-Za-z0-9_-]+$/))
    .optional()
    .describe('Who may edit values: role ids (role_…) or admin, superuser, user, restricteduser; empty means everybody'),
};

const EXAMPLE_ID = 'cf_bO8qgCSNExampleField';

/** The five operations on the custom fields of one kind of object. */
function definitionsOf<const Kind extends 'lead' | 'contact' | 'opportunity'>(kind: Kind) {
  const path = `/custom_field/${kind}/`;
  const one = `${path}{custom_field_id}/`;
  const what = `${kind} custom field`;
  const article = kind === 'opportunity' ? 'an' : 'a';
  return {
    list: operation({
      app: 'close',
      id: `custom_field_${kind}.list`,
      summary: `List the ${what}s that are defined, with types and choices`,
      input: z.strictObject({ ...paging, fields }),
      output: listOf(definition),
      ...READ,
      http: { method: 'GET', path },
      example: { limit: 100 },
      pitfalls: ['Fields shared between kinds of objects are not in it: custom_field_shared.list has them.'],
    }),
    create: operation({
      app: 'close',
      id: `custom_field_${kind}.create`,
      summary: `Define a new ${what}`,
      input: z.strictObject({ name, type, ...shape }).refine((input) => input.choices === undefined || input.type === 'choices', {
        message: 'only a field of type choices has choices',
        path: ['choices'],
      }),
      output: definition,
      effect: 'write',
      idempotent: false,
      confirm: { how: 'search', list: `custom_field_${kind}.list`, by: [], same: ['name', 'type'] },
      undo: { how: 'none', why: `objects may have values in it by now, which would be lost; see custom_field_${kind}.delete` },
      http: { method: 'POST', path },
      example: { name: 'Services', type: 'choices', choices: ['Freight', 'Warehousing'], accepts_multiple_values: true },
      pitfalls: ['Close does not look for duplicates: list the fields first, names are case-sensitive.'],
    }),
    get: operation({
      app: 'close',
      id: `custom_field_${kind}.get`,
      summary: `Read the definition of one ${what}`,
      input: z.strictObject({ custom_field_id: fieldId, fields }),
      output: definition,
      ...READ,
      http: { method: 'GET', path: one },
      example: { custom_field_id: EXAMPLE_ID },
    }),
    update: operation({
      app: 'close',
      id: `custom_field_${kind}.update`,
      summary: `Rename or reshape ${article} ${what}`,
      input: z.strictObject({ custom_field_id: fieldId, name: name.optional(), type: type.optional(), ...shape }),
      output: definition,
      ...UPDATE,
      confirm: { how: 'read-back', read: `custom_field_${kind}.get` },
      http: { method: 'PUT', path: one },
      example: { custom_field_id: EXAMPLE_ID, name: 'Services bought' },
      pitfalls: ['A change of type converts the values in the background; converting_to_type tells while it lasts.'],
    }),
    remove: operation({
      app: 'close',
      id: `custom_field_${kind}.delete`,
      summary: `Delete ${article} ${what} and all values it has on any ${kind}`,
      input: z.strictObject({ custom_field_id: fieldId }),
      output: deleted,
      ...DELETE,
      confirm: { how: 'gone', read: `custom_field_${kind}.get` },
      http: { method: 'DELETE', path: one },
      example: { custom_field_id: EXAMPLE_ID },
      pitfalls: ['Removes the values of every object at once; cannot be undone.'],
    }),
  };
}

export const {
  list: customFieldLeadList,
  create: customFieldLeadCreate,
  get: customFieldLeadGet,
  update: customFieldLeadUpdate,
  remove: customFieldLeadDelete,
} = definitionsOf('lead');

export const {
  list: customFieldContactList,
  create: customFieldContactCreate,
  get: customFieldContactGet,
  update: customFieldContactUpdate,
  remove: customFieldContactDelete,
} = definitionsOf('contact');

export const {
  list: customFieldOpportunityList,
  create: customFieldOpportunityCreate,
  get: customFieldOpportunityGet,
  update: customFieldOpportunityUpdate,
  remove: customFieldOpportunityDelete,
} = definitionsOf('opportunity');

export const customFieldSharedList = operation({
  app: 'close',
  id: 'custom_field_shared.list',
  summary: 'List the custom fields that several kinds of objects share',
  input: z.strictObject({ fields }),
  output: listOf(sharedDefinition),
  ...READ,
  http: { method: 'GET', path: '/custom_field/shared/' },
  example: {},
  core: false,
});

export const customFieldSchemaGet = operation({
  app: 'close',
  id: 'custom_field_schema.get',
  summary: 'Read all custom fields of a kind of object, shared ones included, in the order people see',
  input: z.strictObject({ object_type: z.enum(['lead', 'contact', 'opportunity']).describe('The kind of object') }),
  output: z.looseObject({
    object_type: answer.text('The kind of object'),
    fields: z.array(sharedDefinition).describe('The fields in the order in which people see them'),
  }),
  ...READ,
  http: { method: 'GET', path: '/custom_field_schema/{object_type}/' },
  example: { object_type: 'lead' },
  core: false,
});
