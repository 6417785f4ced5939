/** The user behind the credential, the users of the organization and who is free to take calls. Source: developer.close.com/api/resources/users */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { fields, id, listOf, paging } from './fields.ts';
import { NO_PAGES_NO_ORDER } from './omissions.ts';
import { READ } from './shapes.ts';

const person = {
  id: id('user', 'The user'),
  email: answer.text('Address with which the user signs in, user@host'),
  first_name: answer.text('First name'),
  last_name: answer.text('Last name'),
  image: answer.text('Picture, URL'),
  last_used_timezone: answer.text('IANA time zone in which the user was seen last'),
  date_created: answer.moment('When the user was made'),
  date_updated: answer.moment('When the user was changed last'),
};

/** A user as lists and reads return it: organizations by id. */
const user = z.looseObject({
  ...person,
  organizations: z.array(z.string().describe('orga_…')).optional().describe('The organizations that the user belongs to (orga_…)'),
});

const label = { id: z.string().describe('The status (stat_…)'), label: answer.text('Name of the status as people see it') };

const ownPipeline = z.looseObject({
  id: answer.ref('pipe', 'The pipeline'),
  name: answer.text('Name of the pipeline'),
  statuses: answer.list(
    z.looseObject({ ...label, type: answer.text('What it means for the deal: active, won or lost') }),
    'Its opportunity statuses, in order',
  ),
  ...answer.utcStamps,
});

/** The organization whole, with what it has set up. */
export const organization = z.looseObject({
  id: z.string().describe('The organization (orga_…)'),
  name: z.string().optional().describe('Name of the organization'),
  currency: answer.text('Currency of its opportunities, ISO 4217'),
  lead_statuses: answer.list(z.looseObject(label), 'The statuses that a lead can have, in order'),
  pipelines: answer.list(ownPipeline, 'Pipelines with their opportunity statuses'),
  created_by: answer.stamps.created_by,
  updated_by: answer.stamps.updated_by,
  date_created: answer.stamps.date_created,
  date_updated: answer.stamps.date_updated,
});

const membership = z.looseObject({
  id: answer.ref('memb', 'The membership'),
  organization_id: answer.ref('orga', 'The organization'),
  user_id: answer.ref('user', 'The user'),
  role_id: answer.text('The role: role_…, or admin, superuser, user, restricteduser'),
  permissions_granted: answer.texts('What the user may do besides, e.g. bulk_edit, export'),
  auto_record_calls: answer.text('Whether calls are recorded by themselves, e.g. disabled'),
  track_email_opens: answer.flag('Close notes when an e-mail of the user is opened'),
});

/** An account that sends e-mail, as the caller's own record and lists return it. */
export const emailAccount = z.looseObject({
  id: id('emailacct', 'The account'),
  _type: answer.text('Provider, e.g. google'),
  organization_id: answer.ref('orga', 'The organization'),
  user_id: answer.ref('user', 'The user that it belongs to'),
  identities: answer.list(
    z.looseObject({ email: answer.text('Address that it sends from, user@host'), name: answer.text('Name that recipients see') }),
    'As whom it can send',
  ),
  date_created: answer.moment('When it was connected'),
  date_updated: answer.moment('When it was changed last'),
});

const ownNumber = z.looseObject({
  id: answer.ref('phon', 'The number'),
  organization_id: answer.ref('orga', 'The organization'),
  number: answer.text('The number, E.164'),
  date_created: answer.moment('When it was added'),
  date_updated: answer.moment('When it was changed last'),
});

/** The caller: organizations whole, with their lead statuses and pipelines. */
const me = z.looseObject({
  ...person,
  organizations: z.array(organization).optional().describe('The organization of this connection, whole'),
  memberships: answer.list(membership, 'Role and rights of the user in it'),
  email_accounts: answer.list(emailAccount, 'Connected e-mail accounts, the source of sender_account_id and email_account_id'),
  phone_numbers: answer.list(ownNumber, 'Phone numbers of the user, the source of local_phone'),
});

export const meGet = operation({
  app: 'close',
  id: 'me.get',
  summary: 'Who am I: the user and organization behind this connection, with statuses, pipelines, e-mail accounts and numbers',
  input: z.strictObject({ fields }),
  output: me,
  ...READ,
  http: { method: 'GET', path: '/me/' },
  example: {},
});

export const userList = operation({
  app: 'close',
  id: 'user.list',
  summary: 'List the users of the organization',
  input: z.strictObject({
    order_by: z.enum(['last_name,first_name', 'first_name,last_name']).optional().describe('Order of the list'),
    ...paging,
    fields,
  }),
  output: listOf(user),
  ...READ,
  http: { method: 'GET', path: '/user/' },
  example: { order_by: 'last_name,first_name' },
});

export const userGet = operation({
  app: 'close',
  id: 'user.get',
  summary: 'Read one user',
  input: z.strictObject({ user_id: id('user', 'The user'), fields }),
  output: user,
  ...READ,
  omissions: NO_PAGES_NO_ORDER,
  http: { method: 'GET', path: '/user/{user_id}/' },
  example: { user_id: 'user_EBT062hurExampleUser' },
});

export const userAvailabilityList = operation({
  app: 'close',
  id: 'user_availability.list',
  summary: 'See which users are free to take a call right now',
  input: z.strictObject({}),
  output: listOf(
    z.looseObject({
      user_id: z.string().describe('The user (user_…)'),
      availability: answer.list(z.unknown(), 'Ways to reach the user, with whether each is free'),
    }),
  ),
  ...READ,
  http: { method: 'GET', path: '/user/availability/' },
  example: {},
  core: false,
});
