import type { ScalekitClient } from '@scalekit-sdk/node';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';

/**
 * The page's advanced workflow (docs.scalekit.com/reference/agent-connectors/close, "enrichAndEnrollLead"), with its two mistakes
 * put right: `connector`, which the SDK understands, for `connectionName`, which it drops; and `.data`, where the answer is.
 */
export async function enrichAndEnrollLead({ actions }: ScalekitClient, companyName: string, contactEmail: string, tomorrow: string) {
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

export function listOf(body: JsonObject): readonly JsonObject[] {
  return Array.isArray(body['data']) ? body['data'].filter(isObject) : [];
}
