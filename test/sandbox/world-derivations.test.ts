import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/contract/guards.ts';
import { clientOf, listAt, open } from './world-client.ts';
import { knownIn } from './world-story.ts';

const client = open();
const known = knownIn(client);
const { lead, contact } = known;

describe('what Close works out by itself', () => {
  const DERIVED: readonly (readonly [what: string, operation: string, input: JsonObject, shows: JsonObject])[] = [
    [
      'a lead without status gets the first one',
      'lead.create',
      { name: 'A' },
      { status_label: 'Potential', display_name: 'A', contacts: [] },
    ],
    [
      'an address has all its lines',
      'lead.create',
      { addresses: [{ city: 'Oslo' }] },
      { addresses: [{ label: 'business', address_1: '', city: 'Oslo' }] },
    ],
    ['a lead may name its status by label', 'lead.create', { name: 'A', status: 'Qualified' }, { status_label: 'Qualified' }],
    ['an unnamed lead is untitled', 'lead.create', {}, { name: '', display_name: 'Untitled' }],
    ['an unnamed lead is called after its contact', 'lead.create', { contacts: [{ name: 'Bea' }] }, { display_name: 'Bea' }],
    [
      'a call is completed and answered',
      'call.create',
      { lead_id: lead },
      { status: 'completed', disposition: 'answered', source: 'External', call_method: 'external', duration: 0 },
    ],
    ['a call without answer says so', 'call.create', { lead_id: lead, status: 'no-answer' }, { disposition: 'no-answer' }],
    ['a busy call says so', 'call.create', { lead_id: lead, status: 'busy' }, { disposition: 'busy' }],
    ['a voicemail says so', 'call.create', { lead_id: lead, disposition: 'vm-left' }, { disposition: 'vm-left', status: 'completed' }],
    ['a disposition of a status has it', 'call.create', { lead_id: lead, disposition: 'busy' }, { disposition: 'busy', status: 'busy' }],
    ['a failed call is an error', 'call.create', { lead_id: lead, status: 'failed' }, { disposition: 'error' }],
    [
      'a call shows the other number',
      'call.create',
      { lead_id: lead, phone: '(415) 555-0132' },
      { phone: '+14155550132', remote_phone: '+14155550132', remote_phone_formatted: '+1 415-555-0132', remote_country_iso: 'US' },
    ],
    ['a call of a contact belongs to its lead', 'call.create', { contact_id: contact }, { lead_id: lead }],
    [
      'a note is rich text too',
      'note.create',
      { lead_id: lead, note: 'a < b\nc' },
      { note: 'a < b\nc', note_html: '<body><p>a &lt; b</p><p>c</p></body>' },
    ],
    ['rich text is plain text too', 'note.create', { lead_id: lead, note_html: '<body><p>a &amp; <b>b</b></p></body>' }, { note: 'a & b' }],
    ['rich text wins', 'note.create', { lead_id: lead, note: 'plain', note_html: '<body><p>rich</p></body>' }, { note: 'rich' }],
    ['a received SMS is inbound', 'sms.create', { lead_id: lead, status: 'inbox' }, { direction: 'inbound' }],
    ['any other SMS is outbound', 'sms.create', { lead_id: lead, status: 'sent' }, { direction: 'outbound', source: 'External' }],
    [
      'a received e-mail is incoming',
      'email.create',
      { lead_id: lead, status: 'inbox', sender: '"I" <i@x.example>' },
      { direction: 'incoming' },
    ],
    [
      'an e-mail has both bodies',
      'email.create',
      { lead_id: lead, status: 'draft', body_text: 'a\nb' },
      { direction: 'outgoing', body_html: 'a<br>b', body_preview: 'a b' },
    ],
    [
      'a task keeps a day a day',
      'task.create',
      { lead_id: lead, text: 'T', date: '2027-01-02' },
      { date: '2027-01-02', view: 'future', is_dateless: false },
    ],
    [
      'a task keeps an instant an instant',
      'task.create',
      { lead_id: lead, text: 'T', date: '2026-01-02T10:00:00+02:00' },
      { date: '2026-01-02T08:00:00.000000+00:00', view: 'inbox' },
    ],
    [
      'a task without date is dateless',
      'task.create',
      { lead_id: lead, text: 'T' },
      { date: null, is_dateless: true, view: 'inbox', _type: 'lead', assigned_to_name: 'Ada Brandt' },
    ],
    ['a finished task is archived', 'task.create', { lead_id: lead, text: 'T', is_complete: true }, { view: 'archive' }],
    [
      'an opportunity gets the first status and no value',
      'opportunity.create',
      { lead_id: lead },
      {
        status_label: 'Demo completed',
        status_type: 'active',
        pipeline_name: 'Sales',
        value: null,
        value_formatted: null,
        user_name: 'Ada Brandt',
        lead_name: 'Northpine Logistics',
      },
    ],
    [
      'monthly money counts twelve times',
      'opportunity.create',
      { lead_id: lead, value: 5000, value_period: 'monthly', confidence: 50 },
      {
        value_formatted: '$50 monthly',
        annualized_value: 60_000,
        expected_value: 2500,
        annualized_expected_value: 30_000,
        value_currency: 'USD',
      },
    ],
    [
      'one-time money counts once',
      'opportunity.create',
      { lead_id: lead, value: 123_456, confidence: 10 },
      { value_formatted: '$1,234.56', annualized_value: 123_456, expected_value: 12_346 },
    ],
    [
      'an estimated close date is a day',
      'opportunity.create',
      { lead_id: lead, date_won: '2027-02-03T10:00:00Z' },
      { date_won: '2027-02-03' },
    ],
    [
      'an enrolment belongs to the contact’s lead',
      'sequence_subscription.create',
      { sequence_id: known['running'], contact_id: contact },
      {
        lead_id: lead,
        status: 'active',
        status_reason: null,
        contact_email: 'ingrid@northpine.example',
        sender_email: 'ada@fernhill.example',
      },
    ],
  ];

  it.each(DERIVED)('%s', (_, operation, input, shows) => {
    expect(client.ask(operation, input)).toMatchObject(shows);
  });

  it('stores phones as E.164 with their country, and knows who has unsubscribed', () => {
    const made = client.ask('contact.create', {
      lead_id: lead,
      phones: [{ phone: '8004445555' }, { phone: '+47 55 55 01 43' }],
      emails: [{ email: 'Bea@x.example' }],
    });
    expect(listAt(made, 'phones')).toMatchObject([
      { phone: '+18004445555', phone_formatted: '+1 800-444-5555', country: 'US' },
      { phone: '+4755550143', country: 'NO' },
    ]);
    client.ask('unsubscribe.create', { email: 'bea@x.example' });
    expect(listAt(client.ask('contact.get', { contact_id: made['id'] }), 'emails')).toMatchObject([{ is_unsubscribed: true }]);
  });

  it('makes a lead of its own for a contact or an opportunity without one', () => {
    const stray = client.ask('contact.create', { name: 'Lone Ranger' });
    expect(client.ask('lead.get', { lead_id: stray['lead_id'] })).toMatchObject({ name: 'Lone Ranger' });
    const deal = client.ask('opportunity.create', { value: 1 });
    expect(client.ask('lead.get', { lead_id: deal['lead_id'] })).toMatchObject({ display_name: 'Untitled' });
  });

  it('fills the won date with today where the caller is, and keeps it when the deal is open again', () => {
    const [won] = client.all('opportunity_status.list').filter((one) => one['type'] === 'won');
    const [lost] = client.all('opportunity_status.list').filter((one) => one['type'] === 'lost');
    const early = open({ clock: { start: '2026-11-02T03:00:00Z', perCallMs: 0 } });
    const west = clientOf(early.world, 0, -8);
    const id = west.id('opportunity.create', { lead_id: knownIn(early)['lead'] });
    const of = (status: JsonObject | undefined): unknown =>
      west.all('opportunity_status.list').find((one) => one['label'] === status?.['label'])?.['id'];
    expect(west.ask('opportunity.update', { opportunity_id: id, status_id: of(won) })).toMatchObject({
      date_won: '2026-11-01',
      status_type: 'won',
    });
    expect(west.ask('opportunity.update', { opportunity_id: id, status_id: of(lost) })).toMatchObject({
      date_won: '2026-11-01',
      date_lost: '2026-11-01',
    });
  });

  it('patches: what is left out stays, null clears, a list is replaced whole', () => {
    const id = client.id('contact.create', {
      lead_id: lead,
      name: 'Cy',
      title: 'CTO',
      emails: [{ email: 'a@x.example' }, { email: 'b@x.example' }],
    });
    const after = client.ask('contact.update', { contact_id: id, title: null, emails: [{ email: 'c@x.example' }] });
    expect(after).toMatchObject({ name: 'Cy', title: null, emails: [{ email: 'c@x.example' }] });
  });

  it('adds to and takes from a multi-value custom field, and forgets a cleared one', () => {
    const field = known['field'] ?? '';
    const id = client.id('lead.create', { name: 'Multi', custom: { [field]: 'Freight' } });
    const custom = (input: JsonObject): unknown => client.ask('lead.update', { lead_id: id, ...input })['custom'];
    expect(custom({ custom_add: { [field]: 'Customs' } })).toEqual({ [field]: ['Freight', 'Customs'] });
    expect(custom({ custom_add: { [field]: 'Customs' } })).toEqual({ [field]: ['Freight', 'Customs'] });
    expect(custom({ custom_remove: { [field]: 'Freight' } })).toEqual({ [field]: ['Customs'] });
    expect(custom({ custom: { [field]: null } })).toEqual({});
  });

  it('writes times in two dialects', () => {
    const OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
    const BARE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/;
    expect(client.ask('lead.create', { name: 'A' })['date_created']).toMatch(OFFSET);
    expect(client.ask('pipeline.create', { name: 'P' })['date_created']).toMatch(BARE);
    expect(client.all('sequence_subscription.list', { lead_id: lead })[0]?.['date_created']).toMatch(BARE);
    expect(client.ask('comment.create', { object_id: known['note'], body: '<body>x</body>' })['created_at']).toMatch(OFFSET);
  });

  it.each([
    ['lead.create', { name: 'A' }, /^lead_[0-9A-Za-z]{43}$/],
    ['note.create', { lead_id: lead }, /^acti_[0-9A-Za-z]{43}$/],
    ['call.create', { lead_id: lead }, /^acti_[0-9A-Za-z]{43}$/],
    ['pipeline.create', { name: 'P' }, /^pipe_[0-9A-Za-z]{22}$/],
    ['lead_status.create', { label: 'S' }, /^stat_[0-9A-Za-z]{43}$/],
    ['webhook.create', { url: 'https://a.example', events: [] }, /^whsub_[0-9A-Za-z]{22}$/],
    ['bulk_delete.create', { query: 'name:"nobody at all"' }, /^bulkdelete_[0-9A-Za-z]{43}$/],
  ])('%s makes an id of the right form', (operation, input, form) => {
    expect(client.id(operation, input)).toMatch(form);
  });
});

describe('lists', () => {
  it('pages, counts where Close counts, and shows only the asked fields', () => {
    const page = client.ask('lead.list', { limit: 2, skip: 1, fields: ['id', 'display_name', `custom.${known['field']}`] });
    expect(listAt(page, 'data')).toHaveLength(2);
    expect(page).toMatchObject({ has_more: true });
    expect(page['total_results']).toBeGreaterThan(5);
    for (const one of listAt(page, 'data'))
      expect(Object.keys(one).every((key) => ['id', 'display_name', 'custom'].includes(key))).toBe(true);
    expect(client.ask('contact.list', { limit: 1 })).not.toHaveProperty('total_results');
  });

  it('holds lead tasks only, unless asked for others', () => {
    const own = open();
    const types = (input: JsonObject): ReadonlySet<unknown> => new Set(own.all('task.list', input).map((one) => one['_type']));
    expect(types({})).toEqual(new Set(['lead']));
    expect(types({ _type: 'all' })).toEqual(new Set(['lead', 'missed_call']));
    expect(types({ _type: 'missed_call' })).toEqual(new Set(['missed_call']));
  });

  it('filters tasks by view, day and owner, and sorts them by date', () => {
    const own = open();
    const texts = (input: JsonObject): readonly unknown[] => own.all('task.list', input).map((one) => one['text']);
    expect(texts({ view: 'future' })).toEqual(['Send the pilot agreement', 'Introduce Jonas']);
    expect(texts({ date__lte: '2026-11-02', order_by: 'date' })).toEqual(['Ask for last year’s volumes', 'Call back about cold chain']);
    expect(texts({ order_by: '-date' })[0]).toBe('Introduce Jonas');
    expect(own.all('task.list', { assigned_to: own.all('user.list')[1]?.['id'] })).toHaveLength(0);
  });

  it('sums opportunities over everything that passed the filter, not only the page', () => {
    const own = open();
    const page = own.ask('opportunity.list', { status_type: 'active', limit: 1 });
    expect(page).toMatchObject({
      total_results: 3,
      has_more: true,
      count_by_value_period: { annual: 2, monthly: 1 },
      total_value_annual: 1_680_000,
      total_value_monthly: 35_000,
      total_value_annualized: 2_100_000,
      total_value_annual_formatted: '$16,800',
    });
    expect(own.all('opportunity.list', { status_label: 'Won' })).toHaveLength(1);
    expect(own.all('opportunity.list', { user_id__in: [known['user'] ?? '', 'user_x'], order_by: '-value' })[0]).toMatchObject({
      value: 2_500_000,
    });
  });

  it('shows the activities of a lead newest first, with threads only when asked', () => {
    const own = open();
    const types = (input: JsonObject): readonly unknown[] =>
      own.all('activity.list', { lead_id: knownIn(own)['lead'], ...input }).map((one) => one['_type']);
    expect(types({})).toContain('Email');
    expect(types({})).not.toContain('EmailThread');
    expect(types({ thread_emails: 'only' })).not.toContain('Email');
    expect(types({ _type: ['Note', 'Call'] })).toEqual(['Call', 'Call', 'Note']);
    expect(open({ switches: { activityFilters: 'ignore' } }).all('activity.list', { _type: 'Note' }).length).toBeGreaterThan(10);
  });

  it('walks the event log by cursor, both ways', () => {
    const own = open();
    const first = own.ask('event.list', { limit: 5 });
    const second = own.ask('event.list', { limit: 5, cursor: first['cursor_next'] });
    expect(first['cursor_previous']).toBeNull();
    expect(listAt(second, 'data')[0]?.['id']).not.toBe(listAt(first, 'data')[4]?.['id']);
    expect(own.ask('event.list', { limit: 5, cursor: second['cursor_previous'] })['data']).toEqual(first['data']);
  });
});
