/** Leads: companies. Everything else in Close hangs under exactly one. Source: developer.close.com/api/resources/leads */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { contact, newContact } from './contact.ts';
import { custom, deleted, fields, id, listOf, paging } from './fields.ts';
import { STATUS_LABEL } from './omissions.ts';
import { opportunity } from './opportunity.ts';
import { leadsNamed } from './query.ts';
import { checkCustom, refuse } from './rules.ts';
import { customChanges } from './shared.ts';
import { task } from './task.ts';

const leadId = id('lead', 'The lead, from lead.find or lead.list');
const statusId = id('stat', 'Lead status, from lead_status.list; not an opportunity status, which has the same prefix');

const address = z.strictObject({
  label: z.enum(['business', 'mailing', 'other']).optional().describe('What the address is for'),
  address_1: z.string().optional().describe('Street and number'),
  address_2: z.string().optional().describe('Second line'),
  city: z.string().optional().describe('City'),
  state: z.string().optional().describe('State or province'),
  zipcode: z.string().optional().describe('Postal code'),
  country: z.string().length(2).optional().describe('Country, two letters of ISO 3166'),
});

const returnedAddress = z.looseObject({
  label: answer.text('What the address is for: business, mailing or other'),
  address_1: answer.text('Street and number'),
  address_2: answer.text('Second line'),
  city: answer.text('City'),
  state: answer.text('State or province'),
  zipcode: answer.text('Postal code'),
  country: answer.text('Country, two letters of ISO 3166'),
});

/** A lead as the app returns it. */
export const lead = z.looseObject({
  id: id('lead', 'The lead'),
  name: answer.text('Company name'),
  display_name: answer.text('Name, or what the app shows in its place'),
  description: answer.text('Free text about the company'),
  url: answer.text('Web site'),
  html_url: answer.text('The lead in the Close app, for people'),
  status_id: answer.ref('stat', 'Lead status'),
  status_label: answer.text('Name of the lead status'),
  addresses: answer.list(returnedAddress, 'Postal addresses'),
  contact_ids: answer.refs('cont', 'The people at the company'),
  contacts: z.array(contact).optional().describe('The people at the company, as contact.get returns them'),
  opportunities: z.array(opportunity).optional().describe('Opportunities, as opportunity.get returns them'),
  tasks: z.array(task).optional().describe('Tasks, as task.get returns them'),
  integration_links: answer.integrationLinks,
  custom: answer.custom,
  ...answer.stamps,
  ...answer.stampNames,
});

export const leadList = operation({
  app: 'close',
  id: 'lead.list',
  summary: 'List leads, or search them by text; for one company by its name or address use lead.find',
  input: z.strictObject({
    query: z
      .string()
      .max(4000)
      .optional()
      .describe(
        'Close search text: words, name:"…", email_address:"…", status:"…", custom.cf_…:"…", sort:-date_updated; matches are fuzzy',
      ),
    ...paging,
    fields,
  }),
  output: listOf(lead),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/lead/' },
  example: { query: 'status:"Potential" sort:-date_updated', limit: 20 },
  pitfalls: [
    'The first match is not the lead that was meant: matches are fuzzy. lead.find compares exactly.',
    'Ordering goes into query (sort:-date_updated); there is no order_by on leads.',
    'A lead that was just made can be missing for up to a minute; lead.get shows it at once.',
  ],
});

export const leadCreate = operation({
  app: 'close',
  id: 'lead.create',
  summary: 'Create a lead (a company), with its first contacts, addresses and custom fields',
  input: z.strictObject({
    name: z.string().min(1).max(1000).describe('Company name'),
    url: z.string().max(2000).optional().describe('Web site'),
    description: z.string().optional().describe('Free text about the company'),
    status_id: statusId.optional(),
    contacts: z.array(newContact).max(100).optional().describe('People at the company; later ones go through contact.create'),
    addresses: z.array(address).max(100).optional().describe('Postal addresses'),
    custom: custom.optional(),
  }),
  output: lead,
  effect: 'write',
  idempotent: false,
  confirm: {
    how: 'search',
    list: 'lead.list',
    by: [],
    where: ({ name }) => ({ query: leadsNamed(String(name)) }),
    same: ['name', 'url', 'description'],
  },
  undo: {
    how: 'delete',
    operation: 'lead.delete',
    id: 'lead_id',
    read: 'lead.get',
    under: [
      { list: 'contact.list', by: 'lead_id' },
      { list: 'opportunity.list', by: 'lead_id' },
      { list: 'task.list', by: 'lead_id' },
      { list: 'activity.list', by: 'lead_id', automatic: ['Created'] },
    ],
  },
  omissions: STATUS_LABEL,
  http: { method: 'POST', path: '/lead/' },
  example: {
    name: 'Northpine Logistics',
    url: 'https://northpine.example',
    contacts: [{ name: 'Ingrid Solheim', emails: [{ email: 'ingrid@northpine.example', type: 'office' }] }],
  },
  pitfalls: [
    'Close does not look for duplicates: use lead.find first.',
    'Opportunities, tasks and activities are separate calls that need the id of the new lead.',
  ],
});

export const leadGet = operation({
  app: 'close',
  id: 'lead.get',
  summary: 'Read one lead with its contacts, opportunities and tasks',
  input: z.strictObject({ lead_id: leadId, fields }),
  output: lead,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/lead/{lead_id}/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' },
  pitfalls: ['Activities are not part of a lead: list them with activity.list, note.list and so on.'],
});

export const leadUpdate = operation({
  app: 'close',
  id: 'lead.update',
  summary: 'Change a lead: name, status, description, addresses, custom fields; people go through contact.*',
  input: z
    .strictObject({
      lead_id: leadId,
      name: z.string().min(1).max(1000).nullable().optional().describe('Company name; null clears'),
      url: z.string().max(2000).nullable().optional().describe('Web site; null clears'),
      description: z.string().nullable().optional().describe('Free text about the company; null clears'),
      status_id: statusId.optional(),
      addresses: z.array(address).max(100).optional().describe('All postal addresses: the list given REPLACES the whole list'),
      custom: custom.optional(),
      ...customChanges,
    })
    .superRefine(checkCustom),
  output: lead,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'lead.get' },
  omissions: STATUS_LABEL,
  http: { method: 'PUT', path: '/lead/{lead_id}/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', status_id: 'stat_9xWqExampleQualified', custom: { cf_4lRHExampleField: 'Freight' } },
  pitfalls: [
    'Contacts are not changed here: use contact.create, contact.update, contact.add_details, contact.delete.',
    'addresses replaces what is there.',
    'A field that is left out stays as it is; null clears it.',
  ],
});

export const leadDelete = operation({
  app: 'close',
  id: 'lead.delete',
  summary: 'Delete a lead and everything under it: contacts, opportunities, tasks, activities',
  input: z.strictObject({ lead_id: leadId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'lead.get' },
  http: { method: 'DELETE', path: '/lead/{lead_id}/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' },
  pitfalls: ['Cannot be undone.', 'Lists can show the lead for up to a minute afterwards.'],
});

export const leadMerge = operation({
  app: 'close',
  id: 'lead.merge',
  summary: 'Merge two leads: everything of the source moves to the destination, and the source disappears',
  input: z
    .strictObject({
      source: id('lead', 'The lead that disappears'),
      destination: id('lead', 'The lead that stays and takes over contacts, opportunities, tasks and activities'),
    })
    .superRefine((input, context) => {
      if (input.source === input.destination) refuse(context, 'destination', 'must be another lead than source');
    }),
  // Close does not publish what a merge answers.
  output: z.looseObject({}),
  effect: 'destructive',
  idempotent: false,
  // The source answering not_found is the visible half; a merge leaves no other trace that a read by id could show.
  confirm: { how: 'gone', read: 'lead.get', of: 'source' },
  undo: { how: 'none', why: 'nothing tells any more which of the two leads a contact, task or activity came from' },
  http: { method: 'POST', path: '/lead/merge/' },
  example: { source: 'lead_2bExampleDuplicate', destination: 'lead_7mKqcZb5WvV0ExampleLead' },
  pitfalls: ['Cannot be undone.', 'The id of the source stops working: keep the id of the destination.'],
});
