/** What the organization has set up: accounts, numbers, outcomes, roles, groups. Source: developer.close.com/api/resources of the same names */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { fields, id, listOf, paging } from './fields.ts';
import { READ } from './shapes.ts';
import { phoneNumber } from './shared.ts';
import { emailAccount, organization } from './user.ts';

const named = (what: string) =>
  z.looseObject({
    id: z.string().describe(what),
    name: answer.text('Name as people see it'),
    organization_id: answer.ref('orga', 'The organization that owns it'),
  });

export const connectedAccountList = operation({
  app: 'close',
  id: 'connected_account.list',
  summary: 'List connected e-mail accounts, the source of sender_account_id',
  input: z.strictObject({ user_id: id('user', 'Only accounts of this user').optional(), fields }),
  output: listOf(emailAccount),
  ...READ,
  http: { method: 'GET', path: '/connected_account/' },
  example: {},
  core: false,
});

export const phoneNumberList = operation({
  app: 'close',
  id: 'phone_number.list',
  summary: 'List phone numbers of the organization, the source of local_phone',
  input: z.strictObject({
    number: phoneNumber('Only this number').optional(),
    user_id: id('user', 'Only numbers of this user').optional(),
    is_group_number: z.boolean().optional().describe('Only numbers of groups, or only numbers of single users'),
    ...paging,
    fields,
  }),
  output: listOf(
    z.looseObject({
      id: id('phon', 'The number'),
      organization_id: answer.ref('orga', 'The organization that owns it'),
      user_id: answer.ref('user', 'The user that it belongs to; null for a number of a group'),
      label: answer.text('Name that people gave it'),
      number: answer.text('The number, E.164'),
      number_formatted: answer.text('The number as people read it'),
      country: answer.text('Country, two letters of ISO 3166'),
      type: answer.text('internal, external or virtual; SMS needs internal'),
      is_group_number: answer.flag('It belongs to a group'),
      sms_enabled: answer.flag('It can send SMS'),
      mms_enabled: answer.flag('It can send MMS'),
      forward_to: answer.text('Where calls are forwarded, E.164'),
      forward_to_enabled: answer.flag('Calls are forwarded'),
      date_created: answer.moment('When it was added'),
      date_updated: answer.moment('When it was changed last'),
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/phone_number/' },
  example: {},
  core: false,
});

export const organizationGet = operation({
  app: 'close',
  id: 'organization.get',
  summary: 'Read the organization: members, statuses, pipelines, currency',
  input: z.strictObject({
    organization_id: id('orga', 'The organization, from me.get'),
    expand: z
      .string()
      .regex(/^[A-Za-z0-9_.,]+$/)
      .optional()
      .describe('Parts to return whole rather than by id, comma-separated'),
  }),
  output: organization,
  ...READ,
  http: { method: 'GET', path: '/organization/{organization_id}/', rename: { expand: '_expand' } },
  example: { organization_id: 'orga_Xoi7Ql9oExampleOrganization' },
  core: false,
});

export const outcomeList = operation({
  app: 'close',
  id: 'outcome.list',
  summary: 'List the outcomes that calls and meetings can have',
  input: z.strictObject({ ...paging, fields }),
  output: listOf(
    named('The outcome (outcome_…)').extend({
      applies_to: answer.texts('What can have it: calls, meetings'),
      type: answer.text('Kind of outcome'),
      description: answer.text('Help for people'),
      ...answer.stamps,
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/outcome/' },
  example: {},
  core: false,
});

export const roleList = operation({
  app: 'close',
  id: 'role.list',
  summary: 'List the roles that users can have',
  input: z.strictObject({}),
  output: listOf(named('The role (role_…)').extend({ editable: answer.flag('The organization may change it') })),
  ...READ,
  http: { method: 'GET', path: '/role/' },
  example: {},
  core: false,
});

export const groupList = operation({
  app: 'close',
  id: 'group.list',
  summary: 'List groups of users, without their members',
  input: z.strictObject({ fields }),
  output: listOf(named('The group')),
  ...READ,
  http: { method: 'GET', path: '/group/' },
  example: {},
  core: false,
});

export const integrationLinkList = operation({
  app: 'close',
  id: 'integration_link.list',
  summary: 'List the links to other tools that people see on leads, contacts and opportunities',
  input: z.strictObject({}),
  output: listOf(
    named('The link').extend({
      type: answer.text('Where it shows: lead, contact or opportunity'),
      url: answer.text('Where it leads; may hold placeholders'),
      ...answer.stamps,
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/integration_link/' },
  example: {},
  core: false,
});
