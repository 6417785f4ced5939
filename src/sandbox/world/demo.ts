import type { JsonObject } from '../../contract/guards.ts';
import { mongoTime } from './clock.ts';
import { DEMO_LEADS, type DemoLead } from './demo-data.ts';
import { putCustomField, putMeeting, putMissedCall } from './demo-records.ts';
import { make } from './engine.ts';
import type { Founders } from './foundation.ts';
import type { Scope } from './kind.ts';
import type { Machine } from './machine.ts';
import { type Row, textOf } from './row.ts';

const DAY_MS = 86_400_000;

/** Writes the demo data through the same rules as every call, as if it had happened over the last weeks. */
export function seedDemo(machine: Machine, founders: Founders): void {
  const demo = new Demo(machine, founders);
  demo.settings();
  const leads = DEMO_LEADS.map((lead, index) => demo.lead(lead, index));
  const [first, secondLead] = leads;
  if (first) demo.history(first);
  if (secondLead) demo.enrolments([first ?? secondLead, secondLead]);
  demo.elsewhere();
  demo.webhook();
  machine.store.commit();
}

class Demo {
  readonly #machine: Machine;
  readonly #founders: Founders;
  #services = '';
  #role = '';
  #sequence = '';

  constructor(machine: Machine, founders: Founders) {
    this.#machine = machine;
    this.#founders = founders;
  }

  /** A call of `user`, so many days ago. */
  #then(daysAgo: number, user: Row = this.#founders.ada, organization: Row = this.#founders.organization): Scope {
    const at = this.#machine.clock.now() - daysAgo * DAY_MS;
    return this.#machine.scope('demo', { userId: user.id, organizationId: organization.id, keyId: 'api_demo', tzOffset: 0 }, at);
  }

  /** Custom fields, templates, a sequence, a smart view. */
  settings(): void {
    const scope = this.#then(60);
    const services = { name: 'Services', type: 'choices', choices: ['Freight', 'Warehousing', 'Customs'], accepts_multiple_values: true };
    this.#services = make(scope, 'custom_field_lead', services).id;
    make(scope, 'custom_field_lead', { name: 'Employees', type: 'number' });
    make(scope, 'custom_field_lead', { name: 'Source', type: 'text' });
    this.#role = make(scope, 'custom_field_contact', { name: 'Buying role', type: 'text' }).id;
    make(scope, 'custom_field_opportunity', { name: 'Competitor', type: 'text' });
    putCustomField(scope, 'Region', 'shared', ['lead', 'contact']);
    putCustomField(scope, 'Weather', 'activity');
    putCustomField(scope, 'Signed by', 'custom_object_type');
    const template = make(scope, 'email_template', {
      name: 'First hello',
      subject: 'Hello {{ contact.first_name }}',
      body: '<p>Hi {{ contact.first_name }},</p><p>how does {{ lead.display_name }} ship today?</p><p>{{ user.first_name }}</p>',
      is_shared: true,
    });
    this.#sequence = make(scope, 'sequence', {
      name: 'Inbound follow-up',
      timezone: 'Europe/Oslo',
      steps: [
        { step_type: 'email', delay: 0, email_template_id: template.id, threading: 'old_thread' },
        { step_type: 'call', delay: 259_200 },
      ],
    }).id;
    make(scope, 'smart_view', { name: 'Freight prospects', s_query: { query: leadsNamed('Northpine'), sort: [], results_limit: null } });
  }

  lead(demo: DemoLead, index: number): Row {
    const { jonas, ada } = this.#founders;
    const scope = this.#then(40 - index * 4, index % 3 === 2 ? jonas : ada);
    const row = make(scope, 'lead', {
      name: demo.name,
      url: `https://${demo.domain}`,
      description: demo.description,
      status_id: this.#founders.leadStatuses[demo.status]?.id,
      addresses: [{ label: 'business', city: demo.city[0], country: demo.city[1] }],
      contacts: demo.people.map((person) => this.#person(person, demo.domain)),
      ...(demo.services ? { custom: { [this.#services]: demo.services } } : {}),
    });
    this.#workOn(scope, row, demo);
    return row;
  }

  #person([name, title, phone]: DemoLead['people'][number], domain: string): JsonObject {
    const [first = ''] = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().split(' ');
    return {
      name,
      title,
      emails: [{ email: `${first}@${domain}`, type: 'office' }],
      phones: [{ phone, type: 'mobile' }],
      ...(title === 'Owner' ? { custom: { [this.#role]: 'Decision maker' } } : {}),
    };
  }

  #workOn(scope: Scope, row: Row, demo: DemoLead): void {
    const lead_id = row.id;
    const contact_id = scope.store.under('contact', row.id)[0]?.id;
    if (demo.deal) {
      const [pipeline, status, value, value_period, confidence] = demo.deal;
      const status_id = this.#founders[pipeline][status]?.id;
      make(scope, 'opportunity', { lead_id, contact_id, status_id, value, value_period, confidence });
    }
    if (demo.task) {
      const date = new Date(this.#machine.clock.now() + demo.task[1] * DAY_MS).toISOString().slice(0, 10);
      make(scope, 'task', { lead_id, contact_id, text: demo.task[0], date });
    }
    if (demo.note) make(scope, 'note', { lead_id, contact_id, note: demo.note });
  }

  /** A lead on which everything has happened. */
  history(lead: Row): void {
    const { phone, ada } = this.#founders;
    const contact = this.#machine.store.under('contact', lead.id)[0];
    if (!contact) return;
    const about = { lead_id: lead.id, contact_id: contact.id };
    const day = (daysAgo: number): Scope => this.#then(daysAgo);
    make(day(20), 'call', { ...about, direction: 'outbound', duration: 184, phone: '+14155550132', note: 'Confirmed budget owner.' });
    make(day(18), 'call', { ...about, direction: 'inbound', status: 'no-answer', phone: '+14155550132' });
    make(day(17), 'sms', {
      ...about,
      status: 'sent',
      text: 'The agreement is in your inbox.',
      local_phone: phone,
      remote_phone: '+14155550132',
    });
    make(day(16), 'sms', { ...about, status: 'inbox', text: 'Thanks!', local_phone: phone, remote_phone: '+14155550132' });
    const letter = { subject: 'Pilot agreement', sender: textOf(ada, 'email'), to: ['ingrid@northpine.example'] };
    const sent = make(day(15), 'email', { ...about, ...letter, status: 'sent', body_text: 'Hello Ingrid,\nattached is the draft.' });
    make(day(14), 'email', {
      ...about,
      status: 'inbox',
      subject: 'Re: Pilot agreement',
      sender: 'ingrid@northpine.example',
      to: [textOf(ada, 'email')],
      body_text: 'Looks good.',
      in_reply_to_id: sent.id,
    });
    putMeeting(day(10), about);
    const whatsapp = { direction: 'incoming', external_whatsapp_message_id: 'wamid.demo1', message_markdown: 'On my way.' };
    const at = { local_phone: phone, remote_phone: '+14155550132', activity_at: mongoTime(day(9).at) };
    make(day(9), 'whatsapp', { ...about, ...whatsapp, ...at });
    this.#customRecords(day(8), about);
    this.#discussion(day(7), lead.id);
    putMissedCall(day(2), about, phone);
    make(day(1), 'unsubscribe', { email: 'marcus@northpine.example' });
  }

  #customRecords(scope: Scope, about: JsonObject): void {
    const own = (shelf: 'custom_activity_type' | 'custom_object_type'): string | undefined =>
      scope.store.all(shelf).find((row) => row['organization_id'] === scope.actor.organizationId)?.id;
    make(scope, 'custom_activity', { ...about, custom_activity_type_id: own('custom_activity_type') });
    make(scope, 'custom_object', { lead_id: about['lead_id'], custom_object_type_id: own('custom_object_type'), name: 'Pilot contract' });
  }

  #discussion(scope: Scope, leadId: string): void {
    const note = scope.store.under('activity', leadId).find((row) => row['_type'] === 'Note');
    if (note) make(scope, 'comment', { object_id: note.id, body: '<body><p>Looping in finance.</p></body>' });
  }

  enrolments(leads: readonly Row[]): void {
    for (const [index, lead] of leads.entries()) {
      const contact = this.#machine.store.under('contact', lead.id)[0];
      if (contact) make(this.#then(6 - index), 'sequence_subscription', { sequence_id: this.#sequence, contact_id: contact.id });
    }
  }

  /** The second organization has its own lead of a name that the first has too. */
  elsewhere(): void {
    make(this.#then(5, this.#founders.ada, this.#founders.second), 'lead', {
      name: 'Northpine Logistics',
      description: 'Seen from the other side',
    });
  }

  webhook(): void {
    make(this.#then(3), 'webhook', {
      url: 'https://hooks.fernhill.example/close',
      events: [
        { object_type: 'lead', action: 'created' },
        { object_type: 'opportunity', action: 'updated' },
      ],
    });
  }
}

function leadsNamed(name: string): JsonObject {
  const condition = { type: 'text', mode: 'full_words', value: name };
  const field = { type: 'regular_field', object_type: 'lead', field_name: 'name' };
  return {
    type: 'and',
    queries: [
      { type: 'object_type', object_type: 'lead' },
      { type: 'field_condition', field, condition },
    ],
  };
}
