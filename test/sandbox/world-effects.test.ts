import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type Client, open } from './world-client.ts';
import { knownIn } from './world-story.ts';

const NORTHPINE = {
  type: 'and',
  queries: [
    { type: 'object_type', object_type: 'lead' },
    {
      type: 'field_condition',
      field: { type: 'regular_field', object_type: 'lead', field_name: 'name' },
      condition: { type: 'text', mode: 'full_words', value: 'Northpine' },
    },
  ],
};

function statusNamed(client: Client, label: string): unknown {
  const all = [...client.all('lead_status.list'), ...client.all('opportunity_status.list')];
  return all.find((one) => one['label'] === label)?.['id'];
}

const events = (client: Client, filter: JsonObject): readonly unknown[] =>
  client.all('event.list', filter).map((one) => `${one['object_type']} ${one['action']}`);

describe('what a call does beside its answer', () => {
  it('deletes everything under a lead, each with its own event', () => {
    const client = open();
    const { lead, contact, opportunity, task, note, thread, comments } = knownIn(client);
    client.ask('lead.delete', { lead_id: lead });
    const gone: readonly (readonly [string, JsonObject])[] = [
      ['lead', { lead_id: lead }],
      ['contact', { contact_id: contact }],
      ['opportunity', { opportunity_id: opportunity }],
      ['task', { task_id: task }],
      ['note', { note_id: note }],
      ['email_thread', { email_thread_id: thread }],
      ['comment_thread', { thread_id: comments }],
    ];
    for (const [noun, input] of gone) expect(client.refusal(`${noun}.get`, input).code, noun).toBe('not_found');
    expect(client.all('sequence_subscription.list', { lead_id: lead })).toHaveLength(0);
    const seen = events(client, { lead_id: lead, action: 'deleted', limit: 50 });
    for (const one of [
      'lead',
      'contact',
      'opportunity',
      'task.lead',
      'task.missed_call',
      'activity.note',
      'activity.call',
      'activity.email',
    ]) {
      expect(seen).toContain(`${one} deleted`);
    }
    expect(client.refusal('lead.delete', { lead_id: lead }).code).toBe('not_found');
  });

  it('merges: children move, the source is gone, both ids are in the event', () => {
    const client = open();
    const { lead, other } = knownIn(client);
    const moved = client.all('contact.list', { lead_id: other }).map((one) => one['id']);
    client.ask('lead.merge', { source: other, destination: lead });
    expect(client.refusal('lead.get', { lead_id: other }).code).toBe('not_found');
    const contacts = client.all('contact.list', { lead_id: lead });
    expect(contacts.map((one) => one['id'])).toEqual(expect.arrayContaining(moved));
    expect(contacts.every((one) => one['lead_id'] === lead)).toBe(true);
    expect(client.ask('lead.get', { lead_id: lead })['contact_ids']).toHaveLength(contacts.length);
    expect(client.all('lead_merge.list', { lead_id: lead })).toMatchObject([{ source_lead_id: other }]);
    expect(client.all('event.list', { action: 'merged' })).toMatchObject([
      { object_type: 'lead', object_id: lead, meta: { merge_source_lead_id: other, merge_destination_lead_id: lead } },
    ]);
  });

  it('writes the history of a lead: made, moved, task done', () => {
    const client = open();
    const id = client.id('lead.create', { name: 'History' });
    expect(client.all('created.list', { lead_id: id })).toHaveLength(1);
    client.ask('lead.update', { lead_id: id, status_id: statusNamed(client, 'Qualified') });
    client.ask('lead.update', { lead_id: id, description: 'no change of status' });
    expect(client.all('lead_status_change.list', { lead_id: id })).toMatchObject([
      { old_status_label: 'Potential', new_status_label: 'Qualified' },
    ]);
    const task = client.id('task.create', { lead_id: id, text: 'Ring' });
    client.ask('task.update', { task_id: task, is_complete: true });
    client.ask('task.update', { task_id: task, is_complete: true });
    expect(client.all('task_completed.list', { lead_id: id })).toMatchObject([{ task_id: task, task_text: 'Ring' }]);
    expect(events(client, { object_id: task })).toContain('task.lead completed');
  });

  it('writes the history of an opportunity, and a written history changes nothing', () => {
    const client = open();
    const { lead, opportunity } = knownIn(client);
    client.ask('opportunity.update', { opportunity_id: opportunity, status_id: statusNamed(client, 'Won') });
    expect(client.all('opportunity_status_change.list', { opportunity_id: opportunity })).toMatchObject([
      {
        old_status_label: 'Proposal sent',
        new_status_label: 'Won',
        new_status_type: 'won',
        opportunity_value: 480_000,
        opportunity_value_currency: 'USD',
      },
    ]);
    const before = client.ask('lead.get', { lead_id: lead })['status_id'];
    client.ask('lead_status_change.create', { lead_id: lead, old_status_id: before, new_status_id: statusNamed(client, 'Customer') });
    expect(client.ask('lead.get', { lead_id: lead })['status_id']).toBe(before);
  });

  it('says in an event what changed and what it was', () => {
    const client = open();
    const { opportunity } = knownIn(client);
    client.ask('opportunity.update', { opportunity_id: opportunity, confidence: 75 });
    const [event] = client.all('event.list', { object_id: opportunity, action: 'updated' });
    expect(event).toMatchObject({ previous_data: { confidence: 40 }, data: { confidence: 75, expected_value: 360_000 } });
    expect(event?.['changed_fields']).toEqual(['confidence', 'date_updated']);
  });

  it('signs webhook deliveries as Close does, and keeps still when paused', () => {
    const client = open();
    const [hook = {}] = client.all('webhook.list');
    client.ask('lead.create', { name: 'Delivered' });
    const [delivery] = client.world.deliveries();
    expect(delivery).toMatchObject({ subscriptionId: hook['id'], url: hook['url'] });
    const headers = delivery?.headers ?? {};
    const body = delivery?.body ?? '';
    const hash = createHmac('sha256', Buffer.from(String(hook['signature_key']), 'hex'))
      .update(`${headers['close-sig-timestamp']}${body}`)
      .digest('hex');
    expect(headers['close-sig-hash']).toBe(hash);
    expect(JSON.parse(body)).toMatchObject({
      subscription_id: hook['id'],
      event: { object_type: 'lead', action: 'created', data: { name: 'Delivered' } },
    });
    expect(client.ask('webhook.update', { webhook_id: hook['id'], status: 'paused' })).toMatchObject({
      status: 'paused',
      pause_reason: 'api',
    });
    client.ask('lead.create', { name: 'Unheard' });
    expect(client.world.deliveries()).toHaveLength(1);
  });

  it('changes every task when a bulk update names no filter, and only the named ones otherwise', () => {
    const client = open();
    const { lead } = knownIn(client);
    const done = (input: JsonObject): number => client.all('task.list', { _type: 'all', is_complete: true, ...input }).length;
    expect(client.ask('task.bulk_update', { where: { lead_id: lead, _type: 'lead' }, set: { is_complete: true } })).toEqual({ ok: true });
    expect(done({})).toBe(1);
    client.ask('task.bulk_update', { where: {}, set: { is_complete: true } });
    expect(done({})).toBe(client.all('task.list', { _type: 'all' }).length);
  });

  it('does not change the text of a task that Close made', () => {
    const client = open();
    const [missed] = client.all('task.list', { _type: 'missed_call' });
    expect(client.ask('task.update', { task_id: missed?.['id'], text: 'Mine now', priority: 'high' })).toMatchObject({
      text: '',
      priority: 'high',
    });
  });

  it('opens a thread with the first comment, blanks a deleted one, and closes the thread with the last', () => {
    const client = open();
    const { other } = knownIn(client);
    const note = client.id('note.create', { lead_id: other, note: 'Talk' });
    const say = (): JsonObject => client.ask('comment.create', { object_id: note, body: '<body><p>Hm</p></body>' });
    const [one, two] = [say(), say()];
    expect(two['thread_id']).toBe(one['thread_id']);
    expect(client.ask('comment_thread.get', { thread_id: one['thread_id'] })).toMatchObject({
      num_comments: 2,
      object_type: 'activity.note',
    });
    client.ask('comment.delete', { comment_id: one['id'] });
    expect(client.ask('comment.get', { comment_id: one['id'] })).toMatchObject({ body: null, removed_by: one['created_by'] });
    client.ask('comment.delete', { comment_id: two['id'] });
    expect(client.refusal('comment.get', { comment_id: one['id'] }).code).toBe('not_found');
    expect(client.refusal('comment_thread.get', { thread_id: one['thread_id'] }).code).toBe('not_found');
  });

  it('threads e-mails by what they answer, and deletes a thread with its e-mails', () => {
    const client = open();
    const { lead } = knownIn(client);
    const first = client.ask('email.create', { lead_id: lead, status: 'sent', subject: 'A' });
    const reply = client.ask('email.create', { lead_id: lead, status: 'inbox', sender: 'x@y.example', in_reply_to_id: first['id'] });
    expect(reply['thread_id']).toBe(first['thread_id']);
    expect(client.ask('email.get', { email_id: first['id'] })['has_reply']).toBe(true);
    client.ask('email_thread.delete', { email_thread_id: first['thread_id'] });
    expect(client.refusal('email.get', { email_id: reply['id'] }).code).toBe('not_found');
  });

  it('forgets the values of a deleted custom field', () => {
    const client = open();
    const { lead, field } = knownIn(client);
    expect(client.ask('lead.get', { lead_id: lead })['custom']).toHaveProperty(field ?? '');
    client.ask('custom_field_lead.delete', { custom_field_id: field });
    expect(client.ask('lead.get', { lead_id: lead })['custom']).toEqual({});
  });

  it('lets go of a pipeline and its statuses once they are unused', () => {
    const client = open();
    const pipeline = client.id('pipeline.create', { name: 'Short' });
    const status = (label: string): string => client.id('opportunity_status.create', { label, type: 'active', pipeline_id: pipeline });
    const [a, b] = [status('A'), status('B')];
    const order = (): unknown => client.ask('pipeline.get', { pipeline_id: pipeline })['statuses'];
    client.ask('pipeline.update', { pipeline_id: pipeline, statuses: [{ id: b }, { id: a }] });
    expect(order()).toMatchObject([{ label: 'B' }, { label: 'A' }]);
    for (const id of [a, b]) client.ask('opportunity_status.delete', { status_id: id });
    expect(client.ask('pipeline.delete', { pipeline_id: pipeline })).toEqual({ deleted: true });
  });

  it('keeps the steps that a sequence update names and deletes the others', () => {
    const client = open();
    const { running } = knownIn(client);
    const steps = (): readonly JsonObject[] => {
      const found = client.ask('sequence.get', { sequence_id: running })['steps'];
      return Array.isArray(found) ? found.filter(isObject) : [];
    };
    const [, second = {}] = steps();
    client.ask('sequence.update', { sequence_id: running, steps: [second, { step_type: 'sms', delay: 60 }] });
    expect(steps()).toMatchObject([{ id: second['id'], step_type: 'call', date_created: second['date_created'] }, { step_type: 'sms' }]);
    expect(steps()[1]?.['id']).toMatch(/^seqstep_/);
  });

  it('pauses an enrolment by hand and counts enrolments by status', () => {
    const client = open();
    const { running, lead } = knownIn(client);
    const [one] = client.all('sequence_subscription.list', { lead_id: lead });
    expect(client.ask('sequence_subscription.update', { subscription_id: one?.['id'], status: 'paused' })).toMatchObject({
      status: 'paused',
      status_reason: 'manual',
    });
    expect(client.ask('sequence.get', { sequence_id: running })['subscription_counts_by_status']).toMatchObject({ active: 1, paused: 1 });
    expect(client.ask('sequence_subscription.update', { subscription_id: one?.['id'], status: 'active' })['status_reason']).toBeNull();
  });

  it('renders a template for a person', () => {
    const client = open();
    const { contact } = knownIn(client);
    const [template] = client.all('email_template.list');
    const rendered = client.ask('email_template.render', { template_id: template?.['id'], contact_id: contact });
    expect(rendered['subject']).toBe('Hello Ingrid');
    expect(rendered['body']).toContain('how does Northpine Logistics ship today');
  });
});

describe('what time does', () => {
  const NOW = { clock: { perCallMs: 0 } } as const;
  const sms = { local_phone: '+14155550100', remote_phone: '+14155550132', text: 'Hi' };

  it('sends what is in the outbox, after the undo delay', () => {
    const client = open(NOW);
    const { lead } = knownIn(client);
    const id = client.id('sms.create', { lead_id: lead, status: 'outbox', ...sms, send_in: 30 });
    const status = (): unknown => client.ask('sms.get', { sms_id: id })['status'];
    client.world.advance(29_000);
    expect(status()).toBe('outbox');
    client.world.advance(1_000);
    expect(client.ask('sms.get', { sms_id: id })).toMatchObject({ status: 'sent', date_sent: '2026-11-02T09:00:30.000000+00:00' });
  });

  it('does not send what went back to draft', () => {
    const client = open(NOW);
    const { lead } = knownIn(client);
    const id = client.id('sms.create', { lead_id: lead, status: 'outbox', ...sms, send_in: 30 });
    client.ask('sms.update', { sms_id: id, status: 'draft' });
    client.world.advance(60_000);
    expect(client.ask('sms.get', { sms_id: id })['status']).toBe('draft');
  });

  it('sends what is scheduled at its time, and says so', () => {
    const client = open(NOW);
    const { lead } = knownIn(client);
    const letter = { lead_id: lead, sender: 'ada@fernhill.example', to: ['x@y.example'], body_text: 'Hi' };
    const id = client.id('email.create', { ...letter, status: 'scheduled', date_scheduled: '2026-11-02T10:00:00Z' });
    client.world.advance(3_599_000);
    expect(client.ask('email.get', { email_id: id })['status']).toBe('scheduled');
    client.world.advance(1_000);
    expect(client.ask('email.get', { email_id: id })).toMatchObject({ status: 'sent', date_sent: '2026-11-02T10:00:00.000000+00:00' });
    expect(events(client, { object_id: id })[0]).toBe('activity.email sent');
  });

  it('moves a task from future to inbox', () => {
    const client = open(NOW);
    const { task } = knownIn(client);
    client.world.advance(4 * 86_400_000);
    expect(client.ask('task.get', { task_id: task })['view']).toBe('inbox');
  });

  it('finishes bulk jobs, which really change what they chose and nothing else', () => {
    const client = open(NOW);
    const { lead, other } = knownIn(client);
    const job = client.id('bulk_edit.create', {
      type: 'set_lead_status',
      lead_status_id: statusNamed(client, 'Customer'),
      s_query: NORTHPINE,
    });
    const get = (): JsonObject => client.ask('bulk_edit.get', { job_id: job });
    expect(get()).toMatchObject({ status: 'created', n_leads: null, n_leads_processed: 0, send_done_email: true });
    client.world.advance(1_000);
    expect(get()).toMatchObject({ status: 'processing', n_leads: 1 });
    expect(client.ask('lead.get', { lead_id: lead })['status_label']).toBe('Potential');
    client.world.advance(2_000);
    expect(get()).toMatchObject({ status: 'done', n_leads: 1, n_leads_processed: 1, n_objects_processed: 1 });
    expect(client.ask('lead.get', { lead_id: lead })['status_label']).toBe('Customer');
    expect(client.ask('lead.get', { lead_id: other })['status_label']).toBe('Qualified');
  });

  it('runs the other bulk jobs as well', () => {
    const client = open(NOW);
    const { lead, running, account, field } = knownIn(client);
    const [template] = client.all('email_template.list');
    const sender = { sender_account_id: account, sender_name: 'Ada', sender_email: 'ada@fernhill.example', contact_preference: 'contact' };
    client.ask('bulk_edit.create', { type: 'clear_custom_field', custom_field_id: field, s_query: NORTHPINE });
    client.ask('bulk_email.create', { template_id: template?.['id'], contact_preference: 'contact', s_query: NORTHPINE });
    client.ask('bulk_sequence_subscription.create', { action_type: 'subscribe', sequence_id: running, ...sender, s_query: NORTHPINE });
    const mails = client.all('email.list', { lead_id: lead }).length;
    client.world.advance(3_000);
    expect(client.ask('lead.get', { lead_id: lead })['custom']).toEqual({});
    expect(client.all('email.list', { lead_id: lead })).toHaveLength(mails + 1); // Marcus has unsubscribed
    expect(client.all('sequence_subscription.list', { lead_id: lead })).toHaveLength(3);
    client.ask('bulk_delete.create', { query: 'name:"Northpine"' });
    client.world.advance(3_000);
    expect(client.refusal('lead.get', { lead_id: lead }).code).toBe('not_found');
    expect(client.all('lead.list')).toHaveLength(7);
  });

  it('finishes exports with something to download', () => {
    const client = open(NOW);
    const id = client.id('export.lead', { type: 'contacts', format: 'csv' });
    const get = (): JsonObject => client.ask('export.get', { export_id: id });
    expect(get()).toMatchObject({ status: 'created', download_url: null });
    client.world.advance(1_000);
    expect(get()['status']).toBe('in_progress');
    client.world.advance(2_000);
    expect(get()).toMatchObject({ status: 'done', n_docs: client.all('contact.list').length });
    expect(get()['download_url']).toMatch(/^https:\/\//);
  });

  it('converts a custom field in the background', () => {
    const client = open(NOW);
    const id = client.id('custom_field_lead.create', { name: 'Size', type: 'text' });
    expect(client.ask('custom_field_lead.update', { custom_field_id: id, type: 'textarea' })).toMatchObject({
      converting_to_type: 'textarea',
    });
    client.world.advance(3_000);
    expect(client.ask('custom_field_lead.get', { custom_field_id: id })).not.toHaveProperty('converting_to_type');
  });
});
