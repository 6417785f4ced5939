/** The page of Scalekit's Close connector (seed 004), with Scalekit's own SDK at the Scalekit door, over every backend. */
import { ScalekitClient } from '@scalekit-sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject } from '../../src/contract/guards.ts';
import { NAMES } from '../contract/rig.ts';
import { enrichAndEnrollLead, listOf } from '../doors/scalekit-enrich.ts';
import { type Over, openOver } from './stage.ts';

const opts = { connector: 'close', identifier: 'ada' };

describe.each(NAMES)('the page’s examples, over %s', (backend) => {
  let over: Over;
  let scalekit: ScalekitClient;
  beforeAll(async () => {
    over = await openOver(backend);
    const { url = '', clientId = '', clientSecret = '' }: Readonly<Record<string, string>> = over.ready.backends['scalekit'] ?? {};
    scalekit = new ScalekitClient(url, clientId, clientSecret);
  });
  afterAll(() => over[Symbol.asyncDispose]());

  it('tell who the user is, by tool and by proxy', async () => {
    const byTool = await scalekit.actions.executeTool({ toolName: 'close_me_get', ...opts, toolInput: {} });
    const byProxy = await scalekit.actions.request({ connectionName: 'close', identifier: 'ada', path: '/api/v1/me/', method: 'GET' });
    expect(byTool.data).toMatchObject({ id: expect.stringMatching(/^user_/) });
    expect(byProxy.data).toMatchObject({ id: byTool.data?.['id'] });
  });

  it('enrich and enroll a lead, each write once', async () => {
    const before = over.world.ledger().length;
    const made = await enrichAndEnrollLead(scalekit, 'Acme Corp', 'jane@acme.example', '2026-03-03');
    expect(made).toMatchObject({
      contact: { lead_id: made.leadId, emails: [{ email: 'jane@acme.example' }] },
      opportunity: { lead_id: made.leadId, value: 500000, confidence: 30 },
      note: { lead_id: made.leadId },
      task: { lead_id: made.leadId, text: 'Follow up with jane@acme.example' },
      subscription: { contact_id: made.contact['id'] },
    });
    const written = over.world.ledger().slice(before);
    const of = (verb: string): number => written.filter(({ operation }) => operation.endsWith(verb)).length;
    expect(
      ['lead.create', 'contact.create', 'opportunity.create', 'note.create', 'task.create', 'sequence_subscription.create'].map(of),
    ).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('find every id where its table says that it is', async () => {
    const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      close_leads_list: {},
      close_contacts_list: {},
      close_opportunities_list: {},
      close_tasks_list: {},
      close_notes_list: {},
      close_calls_list: {},
      close_emails_list: {},
      close_sms_list: {},
      close_pipelines_list: {},
      close_sequences_list: {},
      close_users_list: {},
      close_custom_fields_lead_list: {},
    };
    for (const [toolName, toolInput] of Object.entries(tables)) {
      const { data } = await scalekit.actions.executeTool({ toolName, ...opts, toolInput });
      const [first] = listOf(data ?? {});
      expect(isObject(first) && typeof first['id'], toolName).toBe('string');
    }
  });
});
