/** Contacts: people at a lead. Source: developer.close.com/api/resources/contacts */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { custom, deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { checkCustom } from './rules.ts';
import { customChanges, mailAddress, phoneNumber } from './shared.ts';

const contactId = id('cont', 'The contact, from contact.list or the contacts of lead.get');

const email = z.strictObject({
  email: mailAddress('Address, user@host'),
  type: z.string().max(50).optional().describe('Kind of address, seen: office, home, direct, mobile, other'),
});
const phone = z.strictObject({
  phone: phoneNumber('Number'),
  type: z.string().max(50).optional().describe('Kind of number, seen: office, home, direct, mobile, fax, other'),
});
const url = z.strictObject({
  url: z.string().min(1).max(2000).describe('Web address'),
  type: z.string().max(50).optional().describe('Kind of address, seen: url, other'),
});

const name = z.string().max(1000).nullable().optional().describe('Full name, up to 1000 characters; null clears');
const title = z.string().max(1000).nullable().optional().describe('Job title, up to 1000 characters; null clears');
const timezone = z.string().max(100).nullable().optional().describe('IANA time zone such as Europe/Oslo; null clears');
const list = <Item extends z.ZodType>(item: Item, what: string) => z.array(item).max(100).optional().describe(what);
const replaced = (what: string): string => `All ${what}, up to 100: the list given REPLACES the whole list; contact.add_details only adds`;

/** Ways to reach a person, as new ones. */
export const details = {
  emails: list(email, 'E-mail addresses, up to 100'),
  phones: list(phone, 'Phone numbers, up to 100'),
  urls: list(url, 'Web addresses, up to 100'),
};

/** A contact inside a new lead. */
export const newContact = z.strictObject({ name, title, ...details, custom: custom.optional() });

const returnedEmail = z.looseObject({
  email: z.string().describe('Address, user@host'),
  type: answer.text('Kind of address, seen: office, home, direct, mobile, other'),
  is_unsubscribed: z.boolean().optional().describe('It is on the unsubscribe list: sequences and bulk e-mail leave it out'),
});

const returnedPhone = z.looseObject({
  phone: answer.text('Number, E.164'),
  type: answer.text('Kind of number, seen: office, home, direct, mobile, fax, other'),
  phone_formatted: answer.text('Number as people read it'),
  country: answer.text('Country of the number, two letters of ISO 3166'),
});

const returnedUrl = z.looseObject({
  url: z.string().describe('Web address'),
  type: answer.text('Kind of address, seen: url, other'),
});

/** A contact as the app returns it. */
export const contact = z.looseObject({
  id: id('cont', 'The contact'),
  lead_id: id('lead', 'The lead it belongs to').nullish(),
  name: answer.text('Full name'),
  display_name: answer.text('Name, or what the app shows in its place'),
  title: answer.text('Job title'),
  emails: z.array(returnedEmail).optional().describe('E-mail addresses'),
  phones: z.array(returnedPhone).optional().describe('Phone numbers'),
  urls: z.array(returnedUrl).optional().describe('Web addresses'),
  timezone: answer.text('IANA time zone such as Europe/Oslo'),
  timezone_source: answer.text('What the time zone was concluded from; null when it was set, or is not known'),
  integration_links: answer.integrationLinks,
  custom: answer.custom,
  ...answer.stamps,
});

export const contactList = operation({
  app: 'close',
  id: 'contact.list',
  summary: 'List contacts, of one lead or of all',
  input: z.strictObject({ lead_id: id('lead', 'Only contacts of this lead').optional(), ...paging, fields }),
  output: listOf(contact),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/contact/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', limit: 20 },
  pitfalls: ['The lead is the only filter: to find a person by name or address use lead.find or search.query.'],
});

export const contactCreate = operation({
  app: 'close',
  id: 'contact.create',
  summary: 'Add a person to a lead',
  input: z.strictObject({
    lead_id: id('lead', 'The lead to add the person to; required here, because Close would make a new lead without it'),
    name,
    title,
    ...details,
    timezone,
    custom: custom.optional(),
    created_by: id('user', 'Import only: who made it').nullable().optional(),
    date_created: instant('Import only: when it was made').nullable().optional(),
    fields,
  }),
  output: contact,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'contact.list', by: ['lead_id'], same: ['name', 'emails', 'phones'] },
  undo: {
    how: 'delete',
    operation: 'contact.delete',
    id: 'contact_id',
    read: 'contact.get',
    under: [{ list: 'sequence_subscription.list', by: 'contact_id' }],
  },
  http: { method: 'POST', path: '/contact/' },
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    name: 'Ingrid Solheim',
    emails: [{ email: 'ingrid@northpine.example', type: 'office' }],
  },
  pitfalls: ['Close does not look for duplicates: list the contacts of the lead first.'],
});

export const contactGet = operation({
  app: 'close',
  id: 'contact.get',
  summary: 'Read one contact with its e-mail addresses, phone numbers and custom fields',
  input: z.strictObject({ contact_id: contactId, fields }),
  output: contact,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/contact/{contact_id}/' },
  example: { contact_id: 'cont_3nQwExampleContact' },
});

export const contactUpdate = operation({
  app: 'close',
  id: 'contact.update',
  summary: 'Change a contact; lists of addresses and numbers are replaced whole (contact.add_details adds to them)',
  input: z
    .strictObject({
      contact_id: contactId,
      lead_id: id('lead', 'Moves the contact to this lead').optional(),
      name,
      title,
      emails: list(email, replaced('e-mail addresses')),
      phones: list(phone, replaced('phone numbers')),
      urls: list(url, replaced('web addresses')),
      timezone,
      custom: custom.optional(),
      ...customChanges,
      fields,
    })
    .superRefine(checkCustom),
  output: contact,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'contact.get' },
  http: { method: 'PUT', path: '/contact/{contact_id}/' },
  example: { contact_id: 'cont_3nQwExampleContact', title: 'Head of Operations' },
  pitfalls: [
    'emails, phones and urls replace what is there: an address that is not in the new list is gone. To add one, use contact.add_details.',
    'A field that is left out stays as it is; null clears it.',
  ],
});

export const contactDelete = operation({
  app: 'close',
  id: 'contact.delete',
  summary: 'Delete a contact; the lead and its activities stay',
  input: z.strictObject({ contact_id: contactId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'contact.get' },
  http: { method: 'DELETE', path: '/contact/{contact_id}/' },
  example: { contact_id: 'cont_3nQwExampleContact' },
  pitfalls: ['Cannot be undone.', 'Reads can show the contact for up to a minute afterwards.'],
});
