import type { JsonObject } from '../../contract/guards.ts';
import { Founder } from './founder.ts';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

/** Who and what the demo data refers to. */
export interface Founders {
  readonly ada: Row;
  readonly jonas: Row;
  readonly priya: Row;
  readonly organization: Row;
  readonly second: Row;
  readonly leadStatuses: readonly Row[];
  readonly sales: readonly Row[];
  readonly renewals: readonly Row[];
  /** Internal Close number. */
  readonly phone: string;
}

const FULL_ACCESS = ['bulk_edit', 'export', 'manage_customizations', 'delete_leads'];

/** Two organizations, three people, three keys: two people of the first, and one of them in the second. */
export function seedFoundation(machine: Machine): Founders {
  const founder = new Founder(machine);
  const organization = foundOrganization(founder, 'Fernhill Trading', 'USD');
  const second = foundOrganization(founder, 'Quayside Labs', 'EUR');
  const ada = founder.person('Ada', 'Brandt', [organization, second]);
  const jonas = founder.person('Jonas', 'Vale', [organization]);
  const priya = founder.person('Priya', 'Raman', [organization]);
  staff(founder, organization, { admin: ada, seller: jonas, restricted: priya });
  staff(founder, second, { admin: ada });
  founder.key(ada, organization);
  founder.key(jonas, organization);
  founder.key(ada, second);
  const leadStatuses = founder.leadStatuses(organization, ['Potential', 'Qualified', 'Customer', 'Bad Fit']);
  founder.leadStatuses(second, ['New', 'Contacted']);
  const sales = founder.pipeline(organization, 'Sales', SALES, ada);
  const renewals = founder.pipeline(organization, 'Renewals', RENEWALS, ada);
  founder.pipeline(second, 'Sales', SALES, ada);
  const phone = furnish(founder, organization, ada, jonas);
  return { ada, jonas, priya, organization, second, leadStatuses, sales, renewals, phone };
}

const SALES = [
  ['Demo completed', 'active'],
  ['Proposal sent', 'active'],
  ['Won', 'won'],
  ['Lost', 'lost'],
] as const;
const RENEWALS = [
  ['Up for renewal', 'active'],
  ['Renewed', 'won'],
  ['Churned', 'lost'],
] as const;

function foundOrganization(founder: Founder, name: string, currency: string): Row {
  const row = founder.put('organization', 'orga', { name, currency, created_by: null, updated_by: null, ...founder.mongo });
  // An organization belongs to itself, so that reads need no exception.
  return founder.put('organization', 'orga', { ...row, organization_id: row.id });
}

function staff(
  founder: Founder,
  organization: Row,
  people: { readonly admin: Row; readonly seller?: Row; readonly restricted?: Row },
): void {
  const role = (name: string): Row =>
    founder.put('role', 'role', {
      organization_id: organization.id,
      name,
      editable: false,
      visibility_user_lcf_behavior: 'allow_known_users',
    });
  const [admin, user, restricted] = [role('Admin'), role('User'), role('Restricted User')];
  founder.member(people.admin, organization, admin, FULL_ACCESS);
  if (people.seller) founder.member(people.seller, organization, user, []);
  if (people.restricted) founder.member(people.restricted, organization, restricted, [], ['all_threads']);
}

const NUMBER = '+14155550100';

/** Numbers, mailboxes and the lists that people choose from. */
function furnish(founder: Founder, organization: Row, ada: Row, jonas: Row): string {
  const own = { organization_id: organization.id };
  const by = { created_by: ada.id, updated_by: ada.id };
  founder.put('phone_number', 'phon', {
    ...own,
    ...NUMBER_DEFAULTS,
    user_id: ada.id,
    number: NUMBER,
    label: 'Sales line',
    ...founder.mongo,
  });
  founder.put('phone_number', 'phon', {
    ...own,
    ...NUMBER_DEFAULTS,
    user_id: jonas.id,
    number: '+14155550101',
    label: 'Jonas',
    ...founder.mongo,
  });
  for (const user of [ada, jonas]) {
    const identities = [{ email: user['email'], name: `${String(user['first_name'])} ${String(user['last_name'])}` }];
    founder.put('connected_account', 'emailacct', { _type: 'google', ...own, user_id: user.id, identities, ...founder.mongo });
  }
  for (const [name, applies_to] of OUTCOMES) {
    founder.put('outcome', 'outcome', { ...own, name, description: null, type: 'custom', applies_to, ...by, ...founder.sql });
  }
  founder.put('group', 'group', { ...own, name: 'Europe', members: [{ user_id: ada.id }, { user_id: jonas.id }] });
  founder.put('integration_link', 'link', {
    ...own,
    name: 'Billing',
    type: 'lead',
    url: 'https://billing.example/{{ lead.id }}',
    ...by,
    ...founder.mongo,
  });
  founder.put('custom_activity_type', 'actitype', {
    ...own,
    name: 'Site visit',
    description: null,
    fields: [],
    api_create_only: false,
    ...by,
    ...founder.sql,
  });
  founder.put('custom_object_type', 'cotype', {
    ...own,
    name: 'Contract',
    name_plural: 'Contracts',
    description: null,
    fields: [],
    ...by,
    ...founder.sql,
  });
  founder.put('sms_template', 'smstmpl', {
    ...own,
    name: 'Short hello',
    text: 'Hi {{ contact.first_name }}, {{ user.first_name }} from {{ organization.name }} here.',
    is_shared: true,
    ...by,
    ...founder.sql,
  });
  return NUMBER;
}

const OUTCOMES: readonly (readonly [name: string, appliesTo: readonly string[]])[] = [
  ['Interested', ['calls', 'meetings']],
  ['No show', ['meetings']],
];

const NUMBER_DEFAULTS: JsonObject = {
  type: 'internal',
  country: 'US',
  carrier: 'twilio',
  carrier_type: 'local',
  is_group_number: false,
  is_premium: false,
  is_verified: true,
  sms_enabled: true,
  mms_enabled: true,
  forward_to: null,
  forward_to_enabled: false,
  forward_to_formatted: null,
  participants: [],
  phone_numbers: [],
  phone_numbers_formatted: [],
  press_1_to_accept: false,
  supports_mms_to_countries: ['US'],
  supports_sms_to_countries: ['US', 'CA', 'GB', 'NO', 'SE', 'DE'],
  voicemail_greeting_url: null,
  address_id: null,
  bundle_id: null,
  last_billed_price: null,
  next_billing_on: null,
  was_ported: false,
};
