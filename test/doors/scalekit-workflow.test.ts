import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/contract/guards.ts';
import { enrichAndEnrollLead, listOf } from './scalekit-enrich.ts';
import { openWorld } from './scalekit-stage.ts';

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
