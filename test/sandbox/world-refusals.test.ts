import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/contract/guards.ts';
import { fieldsOf, open } from './world-client.ts';
import { knownIn } from './world-story.ts';

const client = open();
const known = knownIn(client);
const { lead, other, contact, note, pipeline } = known;
const [sales, renewals] = client.all('pipeline.list');
const status = (of: JsonObject | undefined): unknown => (Array.isArray(of?.['statuses']) ? of['statuses'][0]?.id : undefined);
const sms = { local_phone: '+14155550100', remote_phone: '+14155550132', text: 'Hi' };
const letter = { lead_id: lead, subject: 'S', body_text: 'B', to: ['a@b.example'] };
const sent = client.id('email.create', { ...letter, status: 'sent' });
const received = client.all('sms.list').find((one) => one['status'] === 'inbox')?.['id'];

describe('Close refuses with 400 and names the field', () => {
  const REFUSED: readonly (readonly [when: string, operation: string, input: JsonObject, fields: readonly string[]])[] = [
    ['a lead has both status and status_id', 'lead.create', { status: 'Potential', status_id: known['status'] }, ['status', 'status_id']],
    ['a lead status is unknown', 'lead.create', { name: 'A', status_id: 'stat_none' }, ['status_id']],
    ['a lead status label is unknown', 'lead.create', { name: 'A', status: 'Nope' }, ['status']],
    ['an opportunity status is given for a lead', 'lead.update', { lead_id: lead, status_id: status(sales) }, ['status_id']],
    ['a custom field is unknown', 'lead.update', { lead_id: lead, custom: { cf_none: 'x' } }, ['custom.cf_none']],
    [
      'a choice is not one of the field',
      'lead.update',
      { lead_id: lead, custom: { [known['field'] ?? '']: 'Rockets' } },
      [`custom.${known['field']}`],
    ],
    [
      'a nested contact has a bad address',
      'lead.create',
      { contacts: [{ name: 'X', emails: [{ email: 'nonsense' }] }] },
      ['contacts.0.emails.0.email'],
    ],
    ['a contact has an unknown key', 'contact.create', { lead_id: lead, name: 'X', nickname: 'Y' }, ['nickname']],
    ['a contact has a bad phone', 'contact.create', { lead_id: lead, phones: [{ phone: '12' }] }, ['phones.0.phone']],
    ['a contact list is too long', 'contact.update', { contact_id: contact, urls: Array(101).fill({ url: 'x' }) }, ['urls']],
    ['an opportunity has a read-only key', 'opportunity.create', { lead_id: lead, value_currency: 'USD' }, ['value_currency']],
    [
      'status and pipeline do not agree',
      'opportunity.create',
      { lead_id: lead, pipeline_id: renewals?.['id'], status_id: status(sales) },
      ['status_id'],
    ],
    ['confidence is above 100', 'opportunity.create', { lead_id: lead, confidence: 101 }, ['confidence']],
    ['value is not whole cents', 'opportunity.create', { lead_id: lead, value: 1.5 }, ['value']],
    ['a lead task has no text', 'task.create', { lead_id: lead }, ['text']],
    ['a lead task has no lead', 'task.create', { text: 'T' }, ['lead_id']],
    ['a call task has no contact', 'task.create', { _type: 'outgoing_call', lead_id: lead }, ['contact_id']],
    ['a task of a generated type is made', 'task.create', { _type: 'missed_call', lead_id: lead, text: 'T' }, ['_type']],
    ['a recording is not https', 'call.create', { lead_id: lead, recording_url: 'http://a.example/x.mp3' }, ['recording_url']],
    ['a call is too long', 'call.create', { lead_id: lead, duration: 604_801 }, ['duration']],
    ['a call status is spelled otherwise', 'call.create', { lead_id: lead, status: 'no_answer' }, ['status']],
    ['a call has no lead', 'call.create', { direction: 'outbound' }, ['lead_id']],
    ['a note has no lead', 'note.create', { note: 'x' }, ['lead_id']],
    ['rich text has no body root', 'note.create', { lead_id: lead, note_html: '<p>x</p>' }, ['note_html']],
    ['an e-mail that leaves has no sender', 'email.create', { ...letter, status: 'outbox' }, ['sender']],
    ['a received e-mail has no sender', 'email.create', { ...letter, status: 'inbox' }, ['sender']],
    ['an e-mail goes to an object', 'email.create', { ...letter, status: 'draft', to: [{ email: 'a@b.example' }] }, ['to.0']],
    ['a scheduled e-mail has no time', 'email.create', { ...letter, status: 'scheduled', sender: 'a@b.example' }, ['date_scheduled']],
    ['a scheduled SMS has no time', 'sms.create', { lead_id: lead, status: 'scheduled', ...sms }, ['date_scheduled']],
    ['an SMS has no status', 'sms.create', { lead_id: lead, ...sms }, ['status']],
    [
      'an SMS leaves from a foreign number',
      'sms.create',
      { lead_id: lead, status: 'outbox', ...sms, local_phone: '+14155559999' },
      ['local_phone'],
    ],
    ['an SMS that leaves has no words', 'sms.create', { lead_id: lead, status: 'outbox', ...sms, text: null }, ['text']],
    ['an undo delay is a minute', 'sms.create', { lead_id: lead, status: 'outbox', ...sms, send_in: 60 }, ['send_in']],
    ['comments are listed without filter', 'comment.list', {}, ['object_id', 'thread_id']],
    [
      'comments are listed with both filters',
      'comment.list',
      { object_id: note, thread_id: known['comments'] },
      ['object_id', 'thread_id'],
    ],
    ['a comment has an unknown key', 'comment.create', { object_id: note, body: '<body>x</body>', comment: 'x' }, ['comment']],
    ['a comment is on nothing', 'comment.create', { object_id: 'acti_none', body: '<body>x</body>' }, ['object_id']],
    ['a webhook has an unknown key', 'webhook.create', { url: 'https://a.example', events: [], secret: 'x' }, ['secret']],
    [
      'a webhook event lacks its action',
      'webhook.create',
      { url: 'https://a.example', events: [{ object_type: 'lead' }] },
      ['events.0.action'],
    ],
    ['subscriptions are listed without filter', 'sequence_subscription.list', {}, ['sequence_id', 'contact_id', 'lead_id']],
    [
      'somebody is enrolled by a foreign address',
      'sequence_subscription.create',
      { sequence_id: known['running'], contact_id: contact, contact_email: 'x@y.example' },
      ['contact_email'],
    ],
    ['the page is too large', 'lead.list', { limit: 201 }, ['_limit']],
    ['too much is passed over', 'lead.list', { skip: 35_001 }, ['_skip']],
    ['events are passed over', 'event.list', { skip: 1 }, ['_skip']],
    ['an event page is too large', 'event.list', { limit: 51 }, ['_limit']],
    ['a list has no such order', 'task.list', { order_by: 'color' }, ['_order_by']],
    ['a date filter is no date', 'task.list', { date__gt: 'soon' }, ['date__gt']],
    ['a search has no object type', 'search.query', { query: { type: 'match_all' } }, ['query']],
    [
      'a search has an unknown clause',
      'search.query',
      { query: { type: 'and', queries: [{ type: 'object_type', object_type: 'lead' }, { type: 'wish' }] } },
      ['query'],
    ],
    ['a smart view has no object type', 'smart_view.create', { name: 'V', s_query: { query: { type: 'match_all' } } }, ['s_query']],
    ['activities are filtered by user without a lead', 'activity.list', { user_id: known['user'] }, ['user_id']],
    ['activities are filtered by type on two leads', 'activity.list', { _type: 'Note', lead_id: [lead, other] }, ['_type']],
    ['activities are bounded by moment without a lead', 'activity.list', { activity_at__gt: '2026-01-01' }, ['activity_at__gt']],
    ['a merge has no source', 'lead.merge', { destination: lead }, ['source']],
    ['a lead is merged into itself', 'lead.merge', { source: lead, destination: lead }, ['destination']],
    ['a choices field has no choices', 'custom_field_lead.create', { name: 'X', type: 'choices' }, ['choices']],
    ['a custom field type is unknown', 'custom_field_lead.create', { name: 'X', type: 'colour' }, ['type']],
    ['a bulk edit does not say to what', 'bulk_edit.create', { type: 'set_lead_status' }, ['lead_status_id']],
    [
      'a bulk enrolment lacks its sender',
      'bulk_sequence_subscription.create',
      { action_type: 'subscribe', sequence_id: known['running'] },
      ['sender_account_id', 'sender_name', 'sender_email', 'contact_preference'],
    ],
    [
      'a pipeline gets a status of another',
      'pipeline.update',
      { pipeline_id: renewals?.['id'], statuses: [{ id: status(sales) }] },
      ['statuses'],
    ],
  ];

  it.each(REFUSED)('when %s', (_, operation, input, fields) => {
    const before = client.world.ledger().length;
    const error = client.refusal(operation, input);
    expect(error.code).toBe('rejected');
    expect(error.details.status).toBe(400);
    expect(fieldsOf(error)).toEqual(fields);
    expect(client.world.ledger()).toHaveLength(before);
  });

  const BLUNT: readonly (readonly [when: string, operation: string, input: JsonObject])[] = [
    ['a sent e-mail is edited', 'email.update', { email_id: sent, subject: 'New' }],
    ['a received SMS is edited', 'sms.update', { sms_id: received, text: 'New' }],
    ['a pipeline still has statuses', 'pipeline.delete', { pipeline_id: pipeline }],
    ['a lead status is in use', 'lead_status.delete', { status_id: known['status'] }],
    [
      'an opportunity status is in use',
      'opportunity_status.delete',
      { status_id: client.ask('opportunity.get', { opportunity_id: known['opportunity'] })['status_id'] },
    ],
  ];

  it.each(BLUNT)('without a field when %s', (_, operation, input) => {
    const error = client.refusal(operation, input);
    expect(error).toMatchObject({ code: 'rejected', details: { status: 400 } });
    expect(error.details.fields).toBeUndefined();
  });
});

describe('Close knows what it cannot find or may not do', () => {
  it.each([
    ['lead.get', { lead_id: 'lead_none' }],
    ['lead.update', { lead_id: 'lead_none', name: 'X' }],
    ['lead.delete', { lead_id: contact }],
    ['task.get', { task_id: 'task_none' }],
    ['call.get', { call_id: note }],
    ['opportunity_status.get', { status_id: known['status'] }],
    ['custom_field_contact.get', { custom_field_id: known['field'] }],
    ['event.get', { event_id: 'ev_none' }],
    ['unsubscribe.delete', { email_address: 'never@seen.example' }],
  ])('%s of an unknown id is not found', (operation, input) => {
    expect(client.refusal(operation, input)).toMatchObject({ code: 'not_found', details: { status: 404 } });
  });

  it('refuses an unknown key and a revoked one', () => {
    const own = open();
    const run = (key: string) => own.world.run({ operation: 'close.me.get', input: {} }, { key });
    expect(run('api_nobody')).toMatchObject({ ok: false, error: { code: 'unauthenticated', details: { status: 401 } } });
    own.world.revoke(own.key);
    expect(run(own.key)).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
    own.world.restore(own.key);
    expect(run(own.key)).toMatchObject({ ok: true });
  });

  it('keeps bulk actions, exports and settings from a user without the permission', () => {
    const seller = open().as(1);
    const [stage] = seller.all('lead_status.list');
    expect(seller.refusal('bulk_edit.create', { type: 'set_lead_status', lead_status_id: stage?.['id'] }).code).toBe('permission_denied');
    expect(seller.refusal('export.lead', { type: 'leads', format: 'csv' }).code).toBe('permission_denied');
    expect(seller.refusal('pipeline.create', { name: 'Mine' }).code).toBe('permission_denied');
    expect(seller.ask('lead.create', { name: 'Allowed' })['name']).toBe('Allowed');
  });

  it('shows one organization nothing of the other, although it is the same user', () => {
    const own = open();
    const second = own.as(2);
    expect(second.ask('me.get')['id']).toBe(own.ask('me.get')['id']);
    expect(second.all('lead.list')).toHaveLength(1);
    expect(second.refusal('lead.get', { lead_id: own.all('lead.list')[0]?.['id'] }).code).toBe('not_found');
  });

  it('lets only its author change a comment', () => {
    const own = open();
    const comment = own.id('comment.create', { object_id: knownIn(own)['note'], body: '<body>mine</body>' });
    expect(own.as(1).refusal('comment.update', { comment_id: comment, body: '<body>yours</body>' }).code).toBe('permission_denied');
  });

  it('takes unknown keys on a lead, and everywhere when bodies are open', () => {
    expect(client.ask('lead.create', { name: 'A', shoe_size: 43 })['shoe_size']).toBeUndefined();
    const loose = open({ switches: { closedBodies: false } });
    expect(loose.ask('opportunity.create', { value_currency: 'XXX' })['value_currency']).toBe('USD');
  });

  it('refuses the newer endpoints in the older reference', () => {
    const older = open({ switches: { olderReference: true } });
    const error = older.refusal('pipeline.get', { pipeline_id: older.all('pipeline.list')[0]?.['id'] });
    expect(error).toMatchObject({ code: 'unsupported_operation', details: { status: 405 } });
    expect(older.refusal('sequence_subscription.delete', { subscription_id: 'sub_x' }).code).toBe('unsupported_operation');
  });

  it('leaves nothing behind when a call is refused half-way', () => {
    const own = open();
    const before = own.all('lead.list').length;
    own.refusal('lead.create', { name: 'Half', contacts: [{ name: 'Fine' }, { name: 'Bad', custom: { cf_none: 1 } }] });
    expect(own.all('lead.list')).toHaveLength(before);
    expect(own.world.deliveries()).toHaveLength(0);
  });
});
