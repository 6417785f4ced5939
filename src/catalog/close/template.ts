/** Templates of e-mails and SMS. Source: developer.close.com/api/resources/email-templates, sms-templates */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf, paging } from './fields.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';
import { mailAddress } from './shared.ts';

const templateId = id('tmpl', 'The e-mail template');
const EXAMPLE_ID = 'tmpl_UHLufQbLExampleTemplate';

const name = z.string().min(1).max(1000).describe('Name of the template');
const shape = {
  subject: z.string().optional().describe('Subject line; may hold placeholders'),
  body: z.string().optional().describe('HTML; may hold placeholders'),
  is_shared: z.boolean().optional().describe('Whether the whole organization may use it'),
};

const template = z.looseObject({
  id: templateId,
  name: answer.text('Name of the template'),
  subject: answer.text('Subject line; may hold placeholders'),
  body: answer.text('HTML; may hold placeholders'),
  is_shared: answer.flag('The whole organization may use it'),
  is_archived: answer.flag('It is put away'),
  attachments: answer.attachments,
  unsubscribe_link_id: answer.text('The unsubscribe link that it holds'),
  ...answer.stamps,
});

export const emailTemplateList = operation({
  app: 'close',
  id: 'email_template.list',
  summary: 'List e-mail templates',
  input: z.strictObject({
    is_archived: z.boolean().optional().describe('Only archived ones, or only the others'),
    is_shared: z.boolean().optional().describe('Only shared ones, or only private ones'),
    ...paging,
  }),
  output: listOf(template),
  ...READ,
  http: { method: 'GET', path: '/email_template/' },
  example: { is_archived: false },
  core: false,
});

export const emailTemplateCreate = operation({
  app: 'close',
  id: 'email_template.create',
  summary: 'Create an e-mail template',
  input: z.strictObject({ name, ...shape, fields }),
  output: template,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'email_template.list', by: [], same: ['name', 'subject'] },
  http: { method: 'POST', path: '/email_template/' },
  example: { name: 'Welcome', subject: 'Welcome', body: '<p>Good to have you.</p>' },
  core: false,
});

export const emailTemplateGet = operation({
  app: 'close',
  id: 'email_template.get',
  summary: 'Read one e-mail template',
  input: z.strictObject({
    template_id: templateId,
    include_embedded: z.boolean().optional().describe('Whether parts that the template embeds come too'),
    fields,
  }),
  output: template,
  ...READ,
  http: { method: 'GET', path: '/email_template/{template_id}/' },
  example: { template_id: EXAMPLE_ID },
  core: false,
});

export const emailTemplateUpdate = operation({
  app: 'close',
  id: 'email_template.update',
  summary: 'Change, archive or restore an e-mail template',
  input: z.strictObject({
    template_id: templateId,
    name: name.optional(),
    ...shape,
    is_archived: z.boolean().optional().describe('true archives, false restores'),
    fields,
  }),
  output: template,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'email_template.get' },
  http: { method: 'PUT', path: '/email_template/{template_id}/' },
  example: { template_id: EXAMPLE_ID, is_archived: true },
  core: false,
});

export const emailTemplateDelete = operation({
  app: 'close',
  id: 'email_template.delete',
  summary: 'Delete an e-mail template',
  input: z.strictObject({ template_id: templateId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'email_template.get' },
  http: { method: 'DELETE', path: '/email_template/{template_id}/' },
  example: { template_id: EXAMPLE_ID },
  core: false,
});

export const emailTemplateRender = operation({
  app: 'close',
  id: 'email_template.render',
  summary: 'See what a template becomes for a lead and a contact; sends nothing',
  input: z.strictObject({
    template_id: templateId,
    lead_id: id('lead', 'Render for this lead').optional(),
    contact_id: id('cont', 'Render for this contact').optional(),
    email_account_id: id('emailacct', 'The account that would send').optional(),
    sender: mailAddress('The address that would send').optional(),
    mode: z.enum(['lead', 'contact']).optional().describe('Whether results of the search are leads or contacts'),
    query: z.string().min(1).optional().describe('Legacy text search, to render for one of its results'),
    s_query: z.string().min(1).optional().describe('Search as JSON text, to render for one of its results'),
    entry: z.int().min(0).max(99).optional().describe('Which result of the search, 0–99'),
    bulk_object_type: z.enum(['lead', 'contact']).optional().describe('Kind of object that the search finds'),
    contact_preference: z.enum(['lead', 'contact', 'all']).optional().describe('Which contacts of a lead are meant'),
    results_limit: z.int().min(1).optional().describe('At most so many results of the search'),
  }),
  output: z.looseObject({
    subject: answer.text('Subject line, placeholders filled'),
    body: answer.text('HTML, placeholders filled'),
    lead_id: answer.ref('lead', 'The lead for which it was filled'),
    contact_id: answer.ref('cont', 'The contact for whom it was filled'),
  }),
  ...READ,
  http: { method: 'GET', path: '/email_template/{template_id}/render/' },
  example: { template_id: EXAMPLE_ID, lead_id: 'lead_7mKqcZb5WvV0ExampleLead', contact_id: 'cont_DsxVZ9ghExampleContact' },
  core: false,
});

export const smsTemplateList = operation({
  app: 'close',
  id: 'sms_template.list',
  summary: 'List SMS templates',
  input: z.strictObject({ ...paging }),
  output: listOf(
    z.looseObject({
      id: z.string().describe('The SMS template'),
      name: answer.text('Name of the template'),
      text: answer.text('The message; may hold placeholders'),
      is_shared: answer.flag('The whole organization may use it'),
      ...answer.stamps,
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/sms_template/' },
  example: { limit: 50 },
  core: false,
});
