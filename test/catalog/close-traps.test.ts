import { describe, expect, it } from 'vitest';
import { toHttp } from '../../src/binding/http.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { JsonObject } from '../../src/contract/guards.ts';

async function problemsOf(id: string, input: JsonObject): Promise<string> {
  const entry = await closeApp.find(id);
  const issues = entry?.input.safeParse(input).error?.issues ?? [];
  return issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

async function wire(id: string, input: JsonObject) {
  const entry = await closeApp.find(id);
  if (!entry || isIntent(entry)) throw new Error(`${id} is no operation`);
  return toHttp(entry, entry.input.parse(input) as JsonObject);
}

const everyLead = { type: 'and', queries: [{ type: 'object_type', object_type: 'lead' }] };

describe('what Close would take and regret', () => {
  it.each([
    ['a list of comments of nothing', 'comment.list', {}, 'exactly one of object_id and thread_id'],
    ['a list of comments of two things', 'comment.list', { object_id: 'acti_1', thread_id: 'comthr_1' }, 'exactly one'],
    ['a list of enrolments of nobody', 'sequence_subscription.list', {}, 'at least one of'],
    ['a bulk edit of the whole organization', 'bulk_edit.create', { type: 'set_lead_status', lead_status_id: 'stat_1' }, 's_query'],
    ['a bulk deletion with an empty search', 'bulk_delete.create', { s_query: {} }, 'whole organization'],
    ['a bulk e-mail to everybody', 'bulk_email.create', { template_id: 'tmpl_1' }, 'whole organization'],
    ['a bulk edit to no status', 'bulk_edit.create', { type: 'set_lead_status', s_query: everyLead }, 'lead_status_id'],
    ['a bulk edit of no field', 'bulk_edit.create', { type: 'clear_custom_field', s_query: everyLead }, 'custom_field_id'],
    ['a bulk edit to no value', 'bulk_edit.create', { type: 'set_custom_field', custom_field_id: 'cf_1', s_query: everyLead }, 'value'],
    ['a bulk enrolment in nothing', 'bulk_sequence_subscription.create', { action_type: 'subscribe', s_query: everyLead }, 'sequence_id'],
    ['a search for no kind of object', 'search.query', { query: { type: 'and', queries: [] } }, 'object_type'],
    ['a smart view of no kind of object', 'smart_view.create', { name: 'x', s_query: { query: {} } }, 'object_type'],
    ['choices for a number', 'custom_field_lead.create', { name: 'x', type: 'number', choices: ['1'] }, 'choices'],
    ['an unknown type of field', 'custom_field_contact.create', { name: 'x', type: 'colour' }, 'type'],
    ['HTML without its root', 'comment.create', { object_id: 'acti_1', body: '<p>Hi</p>' }, '<body>'],
    ['a webhook to no web address', 'webhook.create', { url: 'ftp://x', events: [{ object_type: 'lead', action: 'created' }] }, 'https://'],
    ['a webhook without events', 'webhook.create', { url: 'https://x.example', events: [] }, 'events'],
    ['events as text', 'webhook.create', { url: 'https://x.example', events: '[]' }, 'events'],
    ['a pause that is not one of Close', 'sequence_subscription.update', { subscription_id: 'sub_1', status: 'finished' }, 'status'],
    ['too many events', 'event.list', { limit: 51 }, 'limit'],
    ['skipping in the event log', 'event.list', { skip: 1 }, 'skip'],
    ['a type of custom activity without a lead', 'custom_activity.list', { custom_activity_type_id: ['actitype_1'] }, 'lead_id'],
    ['times of an activity out of order', 'created.list', { activity_at__gt: '2026-03-01' }, 'order_by'],
    ['a report of no period', 'report.activity', { type: 'overview', metrics: ['calls.count'] }, 'exactly one of'],
    ['a WhatsApp message without its own id', 'whatsapp.create', { lead_id: 'lead_1' }, 'external_whatsapp_message_id'],
    ['an id of another kind', 'pipeline.get', { pipeline_id: 'stat_1' }, 'pipe_'],
    ['an id that leaves its path', 'webhook.delete', { webhook_id: 'whsub_../../lead/lead_1' }, 'whsub_'],
    ['an address that is none', 'unsubscribe.delete', { email_address: '../lead' }, 'email_address'],
    ['an enrolment named twice', 'sequence.pause', { subscription_id: 'sub_1', contact_id: 'cont_1' }, 'subscription_id alone'],
    ['an enrolment named by half', 'sequence.resume', { contact_id: 'cont_1' }, 'sequence_id and contact_id'],
  ])('refuses %s', async (_, id, input, says) => {
    expect(await problemsOf(id, input as JsonObject)).toContain(says);
  });
});

describe("what reaches Close's wire", () => {
  it('is rich text in one root, plain text escaped', async () => {
    const input = { object_id: 'acti_1', body: 'Tom & Ada:\na < b' };
    expect((await wire('comment.create', input)).body).toMatchObject({ body: '<body><p>Tom &amp; Ada:</p><p>a &lt; b</p></body>' });
    const rich = { object_id: 'acti_1', body: '<body><p>Hi</p></body>' };
    expect((await wire('comment.create', rich)).body).toEqual(rich);
  });

  it('spells paging and projection of a search in the body, with underscores', async () => {
    const { body, query } = await wire('search.query', { query: everyLead, fields: { lead: ['id'] }, limit: 5, cursor: 'abc' });
    expect(body).toEqual({ query: everyLead, _fields: { lead: ['id'] }, _limit: 5, cursor: 'abc' });
    expect(query).toEqual([]);
  });

  it('keeps the columns of an export in the body', async () => {
    const { body, query } = await wire('export.lead', { format: 'csv', type: 'leads', fields: ['id'] });
    expect(body).toEqual({ format: 'csv', type: 'leads', fields: ['id'] });
    expect(query).toEqual([]);
  });

  it('walks the event log by cursor', async () => {
    expect((await wire('event.list', { cursor: 'abc', limit: 50 })).query).toEqual([
      ['_limit', '50'],
      ['_cursor', 'abc'],
    ]);
  });

  it('puts what an inbox is told into the query of a WhatsApp message', async () => {
    const whatsapp = await closeApp.find('whatsapp.create');
    const { query } = await wire('whatsapp.create', { ...whatsapp?.example, send_to_inbox: true });
    expect(query).toEqual([['send_to_inbox', 'true']]);
  });

  it('encodes an address in a path', async () => {
    expect((await wire('unsubscribe.delete', { email_address: 'a+b@acme.example' })).path).toBe('/unsubscribe/email/a%2Bb%40acme.example/');
  });
});
