import type { JsonObject } from '../../contract/guards.ts';
import { instant, ref, solid } from './checks.ts';
import { contactFields } from './contact-fields.ts';
import { drop, make, verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { among } from './listing.ts';
import { contactTitle } from './names.ts';
import { countryOf, formatPhone } from './phone.ts';
import { objects, type Row, textOf } from './row.ts';
import { rowsOf } from './rows.ts';

export const contact: Kind = {
  noun: 'contact',
  shelf: 'contact',
  prefix: 'cont',
  idNames: ['contact_id', 'id'],
  stamps: 'mongo',
  closed: true,
  custom: 'contact',
  event: () => 'contact',
  fields: { ...contactFields, lead_id: solid(ref('lead')) },
  onCreate: { created_by: ref('user'), date_created: instant },
  defaults: () => ({ name: '', title: '', emails: [], phones: [], urls: [], timezone: null, timezone_source: null }),
  settle: (scope, row) => (row['lead_id'] ? row : { ...row, lead_id: strayLead(scope, row) }),
  cascade: (scope, row) => {
    for (const subscription of rowsOf(scope, 'subscription')) {
      if (subscription['contact_id'] === row.id) drop(scope, 'sequence_subscription', subscription);
    }
  },
  show: (scope, row) => ({
    display_name: contactTitle(row),
    emails: objects(row['emails']).map((one) => ({ ...one, is_unsubscribed: isUnsubscribed(scope, textOf(one, 'email')) })),
    phones: objects(row['phones']).map((one) => ({ ...one, ...formatted(textOf(one, 'phone')) })),
    integration_links: [],
  }),
  list: { filters: among('lead_id') },
};

export const contactHandlers: Handlers = verbs(contact, ['list', 'create', 'get', 'update', 'delete']);

/** Without `lead_id` Close makes a new lead, named after the contact. Source: close-rest.md §10. */
function strayLead(scope: Scope, row: Row): string {
  return make(scope, 'lead', { name: contactTitle(row) }).id;
}

function formatted(phone: string): JsonObject {
  return { phone_formatted: formatPhone(phone), country: countryOf(phone) };
}

function isUnsubscribed(scope: Scope, address: string): boolean {
  return rowsOf(scope, 'unsubscribe').some((row) => textOf(row, 'email').toLowerCase() === address.toLowerCase());
}
