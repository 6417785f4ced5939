import type { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { openWorld } from './scalekit-stage.ts';

/**
 * The page's advanced workflow (docs.scalekit.com/reference/agent-connectors/close, "enrichAndEnrollLead"), with its two mistakes
 * put right: `connector`, which the SDK understands, for `connectionName`, which it drops; and `.data`, where the answer is.
 */
async function enrichAndEnrollLead({ actions }: ScalekitClient, companyName: string, contactEmail: string, tomorrow: string) {
  const opts = { connector: 'close', identifier: 'ada' };
  const execute = async (toolName: string, toolInput: Record<string, string | number>): Promise<JsonObject> => {
    const { data } = await actions.executeTool({ toolName, ...opts, toolInput });
    return data ?? {};
  };

  const search = await execute('close_leads_list', { query: companyName, _limit: 1 });
  const [found] = listOf(search);
  const leadId = String((found ?? (await execute('close_lead_create', { name: companyName })))['id']);
  const contact = await execute('close_contact_create', {
    lead_id: leadId,
    name: contactEmail.split('@')[0] ?? '',
    emails: JSON.stringify([{ email: contactEmail, type: 'office' }]),
  });
  const [pipeline] = listOf(await execute('close_pipelines_list', {}));
  const statuses = Array.isArray(pipeline?.['statuses']) ? pipeline['statuses'].filter(isObject) : [];
  const activeStatus = statuses.find(({ type }) => type === 'active');
  if (!activeStatus) throw new Error('No active status found in pipeline');
  const opportunity = await execute('close_opportunity_create', {
    lead_id: leadId,
    status_id: String(activeStatus['id']),
    value: 500000,
    value_currency: 'USD',
    value_period: 'one_time',
    confidence: 30,
  });
  const note = await execute('close_note_create', {
    lead_id: leadId,
    note: `Lead enriched automatically. Contact ${contactEmail} created. Opportunity ${String(opportunity['id'])} opened.`,
  });
  const task = await execute('close_task_create', { lead_id: leadId, text: `Follow up with ${contactEmail}`, date: tomorrow });
  const [sequence] = listOf(await execute('close_sequences_list', { _limit: 1 }));
  const subscription = sequence
    ? await execute('close_sequence_subscription_create', { contact_id: String(contact['id']), sequence_id: String(sequence['id']) })
    : undefined;
  return { leadId, contact, opportunity, note, task, subscription };
}

function listOf(body: JsonObject): readonly JsonObject[] {
  return Array.isArray(body['data']) ? body['data'].filter(isObject) : [];
}

describe('the page’s enrichAndEnrollLead, against the sandbox’s Close', () => {
  it('finds or creates the lead and hangs everything under it', async () => {
    await using door = await openWorld();
    const made = await enrichAndEnrollLead(door.scalekit, 'Acme Corp', 'jane@acme.example', '2026-03-03');
    expect(made.leadId).toMatch(/^lead_/);
    expect(made.contact).toMatchObject({ lead_id: made.leadId, emails: [{ email: 'jane@acme.example', type: 'office' }] });
    expect(made.opportunity).toMatchObject({
      lead_id: made.leadId,
      value: 500000,
      value_currency: 'USD',
      value_period: 'one_time',
      confidence: 30,
    });
    expect(made.note).toMatchObject({ lead_id: made.leadId, note: expect.stringContaining(String(made.opportunity['id'])) });
    expect(made.task).toMatchObject({ lead_id: made.leadId, text: 'Follow up with jane@acme.example', date: '2026-03-03' });
    expect(made.subscription).toMatchObject({ contact_id: made.contact['id'] });

    const { data } = await door.scalekit.actions.executeTool({
      toolName: 'close_lead_get',
      connector: 'close',
      identifier: 'ada',
      toolInput: { lead_id: made.leadId, _fields: 'id,name,contacts,opportunities' },
    });
    expect(data).toMatchObject({
      id: made.leadId,
      name: 'Acme Corp',
      contacts: [{ id: made.contact['id'] }],
      opportunities: [{ id: made.opportunity['id'] }],
    });
  });

  it('as it stands on the page makes a new lead every time, and notices nothing', async () => {
    await using door = await openWorld();
    const opts = { connectionName: 'close', identifier: 'ada' };
    const wrapper = await door.scalekit.actions.executeTool({ toolName: 'close_lead_create', ...opts, toolInput: { name: 'Acme Corp' } });
    expect(wrapper).not.toHaveProperty('id');
    expect(wrapper.data).toMatchObject({ name: 'Acme Corp' });
  });

  it('books no amount in a currency that is not the organization’s', async () => {
    await using door = await openWorld();
    const run = (toolName: string, toolInput: Record<string, string | number>) =>
      door.scalekit.actions.executeTool({ toolName, connector: 'close', identifier: 'ada', toolInput });
    const lead = (await run('close_lead_create', { name: 'Acme Corp' })).data ?? {};
    const [pipeline] = listOf((await run('close_pipelines_list', {})).data ?? {});
    const statuses = Array.isArray(pipeline?.['statuses']) ? pipeline['statuses'].filter(isObject) : [];
    const wrong = { lead_id: String(lead['id']), status_id: String(statuses[0]?.['id']), value: 100, value_currency: 'JPY' };
    await expect(run('close_opportunity_create', wrong)).rejects.toThrow(/books in USD/);
    expect(listOf((await run('close_opportunities_list', { lead_id: wrong.lead_id })).data ?? {})).toEqual([]);
  });

  it('reads what Close refuses from the tool error', async () => {
    await using door = await openWorld();
    const call = door.scalekit.actions.executeTool({
      toolName: 'close_note_create',
      connector: 'close',
      identifier: 'ada',
      toolInput: { lead_id: 'lead_nowhere', note: 'x' },
    });
    const thrown: unknown = await call.catch((error: unknown) => error);
    expect(thrown).toMatchObject({ toolErrorMessage: expect.stringContaining('{') });
  });
});
