import type { JsonObject } from '../../contract/guards.ts';
import { email, REQUIRED, solid, text } from './checks.ts';
import { drop, make, present, verbs } from './engine.ts';
import type { Handlers, Kind, ListSpec, Scope } from './kind.ts';
import { among, compare, flagged, project } from './listing.ts';
import { formatPhone } from './phone.ts';
import { notFound, refuseField } from './refuse.ts';
import { pick, type Row, shown, textOf } from './row.ts';
import { must, organization, rowsOf } from './rows.ts';
import { statusesOf } from './statuses.ts';

/** Nouns that are only read, or nearly. */
function readOnly(noun: string, shelf: Kind['shelf'], prefix: Kind['prefix'], own: Partial<Kind> = {}): Kind {
  return { noun, shelf, prefix, idNames: [`${noun}_id`, 'id'], stamps: 'none', fields: {}, ...own };
}

const unpaged: ListSpec = { paged: false };

export const directoryKinds: readonly Kind[] = [
  readOnly('connected_account', 'connected_account', 'emailacct', { list: { paged: false, filters: among('user_id') } }),
  readOnly('phone_number', 'phone_number', 'phon', {
    list: { filters: { ...among('number', 'user_id'), ...flagged('is_group_number') } },
    show: (_, row) => ({ number_formatted: formatPhone(textOf(row, 'number')) }),
  }),
  readOnly('outcome', 'outcome', 'outcome'),
  readOnly('role', 'role', 'role', { list: unpaged }),
  readOnly('group', 'group', 'group', { list: unpaged }),
  readOnly('integration_link', 'integration_link', 'link', { list: unpaged }),
  readOnly('custom_activity_type', 'custom_activity_type', 'actitype', { list: unpaged }),
  readOnly('custom_object_type', 'custom_object_type', 'cotype', { list: unpaged }),
  readOnly('organization', 'organization', 'orga', { show: showOrganization }),
];

export const customObject: Kind = {
  noun: 'custom_object',
  shelf: 'custom_object',
  prefix: 'custobj',
  idNames: ['custom_object_id', 'id'],
  stamps: 'sql',
  custom: 'custom_object_type',
  required: ['custom_object_type_id', 'lead_id', 'name'],
  fields: { name: solid(text(1000)), lead_id: solid(text(100)), custom_object_type_id: solid(text(100)) },
  settle: (scope, row) => {
    if (!scope.store.get('lead', textOf(row, 'lead_id'))) refuseField('lead_id', 'Object does not exist.');
    if (!scope.store.get('custom_object_type', textOf(row, 'custom_object_type_id'))) {
      refuseField('custom_object_type_id', 'Object does not exist.');
    }
    return row;
  },
  list: {
    paged: false,
    filters: among('lead_id', 'custom_object_type_id'),
    refuse: (_, input) => (input['lead_id'] === undefined ? refuseField('lead_id', REQUIRED) : undefined),
  },
};

/** An address is unsubscribed once, however often it is asked for. */
export const unsubscribe: Kind = {
  noun: 'unsubscribe',
  shelf: 'unsubscribe',
  prefix: 'unsub',
  idNames: ['id'],
  stamps: 'mongo',
  required: ['email'],
  event: () => 'unsubscribed_email',
  fields: { email: solid(email) },
  defaults: () => ({ source: 'api' }),
  list: unpaged,
};

function unsubscribed(scope: Scope, address: unknown): Row | undefined {
  return rowsOf(scope, 'unsubscribe').find((row) => textOf(row, 'email').toLowerCase() === String(address).toLowerCase());
}

export const user: Kind = {
  noun: 'user',
  shelf: 'user',
  prefix: 'user',
  idNames: ['user_id', 'id'],
  stamps: 'none',
  fields: {},
  show: () => ({ organization_id: undefined }),
};

const byName = (...keys: readonly string[]): ((one: Row, other: Row) => number) => {
  const key = (row: Row): string => keys.map((name) => textOf(row, name)).join(' ');
  return (one, other) => compare(key(one), key(other));
};

function members(scope: Scope): readonly Row[] {
  return rowsOf(scope, 'membership').map((row) => must(scope, 'user', row['user_id']));
}

function listUsers(scope: Scope, input: JsonObject): JsonObject {
  const limit = Number(input['limit'] ?? 100);
  const skip = Number(input['skip'] ?? 0);
  const order = input['order_by'];
  const rows =
    order === undefined
      ? members(scope)
      : members(scope).toSorted(order === 'last_name,first_name' ? byName('last_name', 'first_name') : byName('first_name', 'last_name'));
  const data = rows.slice(skip, skip + limit).map((row) => project(present(scope, row), input['fields']));
  return { data, has_more: rows.length > skip + limit };
}

function getUser(scope: Scope, input: JsonObject): JsonObject {
  const id = input['user_id'] ?? input['id'];
  const row = members(scope).find((one) => one.id === id) ?? notFound('user');
  return project(present(scope, row), input['fields']);
}

/** The caller, with the organization of the key as a full object. */
function me(scope: Scope, input: JsonObject): JsonObject {
  const own = <T extends JsonObject>(row: T): boolean => row['user_id'] === scope.actor.userId;
  const row = must(scope, 'user', scope.actor.userId);
  const data = {
    ...present(scope, row),
    organizations: [present(scope, organization(scope))],
    memberships: rowsOf(scope, 'membership')
      .filter(own)
      .map((one) => shown(one)),
    email_accounts: rowsOf(scope, 'connected_account')
      .filter(own)
      .map((one) => present(scope, one)),
    phone_numbers: rowsOf(scope, 'phone_number')
      .filter(own)
      .map((one) => pick(one, ['id', 'organization_id', 'number', 'date_created', 'date_updated'])),
  };
  return project(data, input['fields']);
}

function showOrganization(scope: Scope, row: Row): JsonObject {
  return {
    organization_id: undefined,
    lead_statuses: rowsOf(scope, 'lead_status').map((one) => pick(one, ['id', 'label'])),
    pipelines: rowsOf(scope, 'pipeline').map((one) => ({
      ...one,
      statuses: statusesOf(scope, one).map((status) => pick(status, ['id', 'label', 'type'])),
    })),
    currency: row['currency'],
  };
}

function getOrganization(scope: Scope, input: JsonObject): JsonObject {
  const row = must(scope, 'organization', input['organization_id'] ?? input['id']);
  return present(scope, row);
}

/** guess: what an availability looks like; the reference shows no example. */
function availability(scope: Scope): JsonObject {
  return {
    data: members(scope).map((row) => ({ user_id: row.id, availability: [{ type: 'available', status: 'available' }] })),
    has_more: false,
  };
}

export const directoryHandlers: Handlers = {
  ...Object.assign({}, ...directoryKinds.filter((kind) => kind.noun !== 'organization').map((kind) => verbs(kind, ['list']))),
  ...verbs(customObject, ['list', 'create']),
  ...verbs(unsubscribe, ['list']),
  'unsubscribe.create': (scope, input) => present(scope, unsubscribed(scope, input['email']) ?? make(scope, 'unsubscribe', input)),
  'unsubscribe.delete': (scope, input) => {
    const address = input['email_address'] ?? input['email'];
    drop(scope, 'unsubscribe', unsubscribed(scope, address) ?? notFound('unsubscribed address'));
    return { deleted: true };
  },
  'me.get': me,
  'user.list': listUsers,
  'user.get': getUser,
  'user_availability.list': availability,
  'organization.get': getOrganization,
};
