import { isObject, type JsonObject } from '../../contract/guards.ts';
import { inOrganization, instant, listOf, ref, shape, solid, text } from './checks.ts';
import { newContact } from './contact-fields.ts';
import { drop, make, nounOf, present, verbs } from './engine.ts';
import { statusPair } from './history.ts';
import type { Field, Handlers, Kind, Scope } from './kind.ts';
import { mergeLeads } from './lead-merge.ts';
import { parseLeadQuery } from './lead-query.ts';
import { leadTitle } from './names.ts';
import { refuseField, refuseFields } from './refuse.ts';
import { type Row, without } from './row.ts';
import { find, rowsOf } from './rows.ts';
import type { Shelf } from './store.ts';

const EMPTY_ADDRESS = { label: 'business', address_1: '', address_2: '', city: '', state: '', zipcode: '', country: '' };

/** guess: any label passes; seen are business, mailing, other, but no vocabulary is published (close-rest.md §22). */
const address: Field = {
  check: shape({ ...Object.fromEntries(Object.keys(EMPTY_ADDRESS).map((name) => [name, text()])), country: text(2) }).check,
  clean: (value) => (isObject(value) ? { ...EMPTY_ADDRESS, ...value } : value),
};

export const lead: Kind = {
  noun: 'lead',
  shelf: 'lead',
  prefix: 'lead',
  idNames: ['lead_id', 'id'],
  stamps: 'mongo',
  names: ['created_by', 'updated_by'],
  custom: 'lead',
  event: () => 'lead',
  fields: {
    name: text(1000),
    url: text(2000),
    description: text(),
    status_id: solid(ref('lead_status')),
    status: solid(text(1000)),
    addresses: listOf(address, 100),
  },
  onCreate: { contacts: listOf(newContact, 100), created_by: ref('user'), date_created: instant },
  defaults: () => ({ name: '', description: '', url: null, addresses: [] }),
  settle: (scope, row, { body, before }) => ({
    ...without(row, ['status', 'contacts']),
    id: row.id,
    status_id: statusOf(scope, body, before),
  }),
  after: (scope, row, { body, before }) => {
    if (!before) begin(scope, row, body);
    else if (row['status_id'] !== before['status_id']) {
      const pair = statusPair(scope, 'lead_status', before['status_id'], row['status_id']);
      make(scope, 'lead_status_change', { lead_id: row.id, ...pair });
    }
  },
  cascade: removeChildren,
  show: (scope, row) => showLead(scope, row),
  list: {
    total: true,
    newestFirst: true,
    search: (scope, input) => parseLeadQuery(scope, input['query']).matches,
    sorted: (scope, rows, input) => parseLeadQuery(scope, input['query']).sort(rows),
  },
};

export const leadHandlers: Handlers = {
  ...verbs(lead, ['list', 'create', 'get', 'update', 'delete']),
  'lead.merge': mergeLeads,
};

function statusOf(scope: Scope, body: JsonObject, before: Row | undefined): unknown {
  const { status_id: id, status: label } = body;
  if (id !== undefined && label !== undefined) {
    refuseFields(['status', 'status_id'].map((path) => ({ path, problem: 'Only one of status and status_id may be given.' })));
  }
  if (typeof id === 'string') return id;
  const statuses = rowsOf(scope, 'lead_status');
  if (typeof label !== 'string') return before?.['status_id'] ?? statuses[0]?.id ?? null;
  return statuses.find((status) => status['label'] === label)?.id ?? refuseField('status', 'No such lead status.');
}

function begin(scope: Scope, row: Row, body: JsonObject): void {
  make(scope, 'created', { lead_id: row.id });
  const people = Array.isArray(body['contacts']) ? body['contacts'].filter(isObject) : [];
  for (const person of people) make(scope, 'contact', { ...person, lead_id: row.id });
}

/** What goes with a lead, each with its own event where its kind has one. */
const CHILDREN: readonly Shelf[] = [
  'subscription',
  'task',
  'opportunity',
  'comment',
  'comment_thread',
  'activity',
  'custom_object',
  'contact',
];

function removeChildren(scope: Scope, row: Row): void {
  for (const shelf of CHILDREN) {
    for (const child of scope.store.under(shelf, row.id)) {
      if (scope.store.get(shelf, child.id)) drop(scope, nounOf(child), child);
    }
  }
}

function showLead(scope: Scope, row: Row): JsonObject {
  const contacts = children(scope, 'contact', row.id);
  return {
    display_name: leadTitle(scope, row),
    html_url: `https://app.close.com/lead/${row.id}/`,
    status_label: find(scope, 'lead_status', row['status_id'])?.['label'] ?? null,
    contact_ids: contacts.map((contact) => contact['id']),
    contacts,
    opportunities: children(scope, 'opportunity', row.id),
    tasks: children(scope, 'task', row.id),
    integration_links: [],
  };
}

function children(scope: Scope, shelf: Shelf, leadId: string): readonly JsonObject[] {
  return scope.store
    .under(shelf, leadId)
    .filter((row) => inOrganization(scope, row))
    .map((row) => present(scope, row));
}
