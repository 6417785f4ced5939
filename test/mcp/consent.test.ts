import type { Client, ElicitResult } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { useScratch } from '../support/scratch.ts';
import { openStage } from './http-stage.ts';
import { call, clientOf, connectStdio, dataOf } from './stage.ts';

const cwd = useScratch();
const ASKING = { capabilities: { elicitation: { form: {}, url: {} } } };
type Question = { readonly mode?: string | undefined; readonly message: string; readonly url?: string };

/** What a person answers, question by question; whatever was asked is kept. */
function person(client: Client, answers: readonly (ElicitResult | ((question: Question) => Promise<ElicitResult>))[]): Question[] {
  const asked: Question[] = [];
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const answer = answers[asked.push(params as Question) - 1] ?? { action: 'cancel' as const };
    return typeof answer === 'function' ? answer(params as Question) : answer;
  });
  return asked;
}

const decide = (decision: string): ElicitResult => ({ action: 'accept', content: { decision } });
const visit = async ({ url = '' }: Question): Promise<ElicitResult> => {
  await fetch(url, { method: 'POST', body: new URLSearchParams({ account: '0', decision: 'approve' }), redirect: 'manual' });
  return { action: 'accept' };
};

describe('a call that deletes, in a client that can ask its person', () => {
  it.each<[string, ElicitResult, object]>([
    ['approve it, is run', decide('approve'), { data: { deleted: true } }],
    ['decline it in the form, is not', decide('decline'), { code: 'approval_required', retryable: false }],
    ['decline to answer, is not', { action: 'decline' }, { code: 'approval_required', retryable: false }],
    ['close the form, is not', { action: 'cancel' }, { code: 'approval_required', next: expect.stringContaining('Ask the person') }],
    ['send back something else, is not', { action: 'accept', content: { decision: 'yes' } }, { code: 'approval_required' }],
  ])('when they %s', async (_, answer, gives) => {
    const { connect, sandbox } = await openStage();
    const client = await connect(2026, ASKING);
    const asked = person(client, [answer]);
    const made = dataOf(await call(client, 'run_operation', { operation: 'lead.create', input: { name: 'Acme' } }));
    const { id } = made['data'] as { readonly id: string };
    const result = await call(client, 'run_operation', { operation: 'lead.delete', input: { lead_id: id }, via: 'rest' });
    expect(dataOf(result)).toMatchObject(gives);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.message).toContain('Approve close.lead.delete as ada?');
    expect(asked[0]?.message).toContain(id);
    expect(sandbox.requests().filter(({ method }) => method === 'DELETE')).toHaveLength('data' in gives ? 1 : 0);
  });

  it('is asked about under the earlier revisions too, where the connection stays open', async () => {
    const client = clientOf(2025, ASKING);
    const asked = person(client, [decide('approve'), decide('decline')]);
    await using _ = await connectStdio(client, ['--sandbox'], { cwd: cwd() });
    const made = dataOf(await call(client, 'run_operation', { operation: 'lead.create', input: { name: 'Acme' } }));
    const { id } = made['data'] as { readonly id: string };
    const input = { lead_id: id };
    expect(dataOf(await call(client, 'run_operation', { operation: 'lead.delete', input }))).toMatchObject({ data: { deleted: true } });
    expect(dataOf(await call(client, 'run_operation', { operation: 'lead.delete', input }))).toMatchObject({ code: 'approval_required' });
    expect(asked).toHaveLength(2);
  });

  it('shows the person no characters that could hide what they approve', async () => {
    const { connect } = await openStage();
    const client = await connect(2026, ASKING);
    const asked = person(client, [decide('decline')]);
    const text = 'Hello\u202Eevil\u200B \u{E0041}\u0007';
    const sms = { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', local_phone: '+14155550100', remote_phone: '+14155550132', text };
    await call(client, 'run_operation', { operation: 'sms.send', input: sms });
    expect(asked[0]?.message).toContain('Helloevil');
    expect(asked[0]?.message).not.toMatch(/[^\P{Cc}\n]|[^\P{Cf}]/u);
  });
});

describe('a call without a connection, in a client that can show its person a link', () => {
  const mcp = { keys: { zed: 'key-of-zed-0123456789' } };

  it('goes on by itself when they have connected, and a consent that was given before still holds', async () => {
    const { connect } = await openStage({ config: { mcp } });
    const client = await connect(2026, { ...ASKING, key: mcp.keys.zed });
    const asked = person(client, [decide('approve'), visit]);
    const result = await call(client, 'run_operation', { operation: 'lead.delete', input: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' } });
    expect(asked.map(({ mode = 'form' }) => mode)).toEqual(['form', 'url']);
    expect(dataOf(result)['code']).toBe('not_found');
  });

  it('is told to wait when they only say that they have', async () => {
    const { connect } = await openStage({ config: { mcp } });
    const client = await connect(2026, { ...ASKING, key: mcp.keys.zed });
    const asked = person(client, [{ action: 'decline' }, { action: 'decline' }]);
    const result = await call(client, 'run_operation', { operation: 'lead.list' });
    expect(asked).toHaveLength(1);
    expect(dataOf(result)).toMatchObject({ code: 'connection_required', next: expect.stringContaining('wait_seconds') });
  });

  it('can be prepared with connect, which believes the connection and not the click', async () => {
    const { connect } = await openStage({ config: { mcp } });
    const client = await connect(2026, { ...ASKING, key: mcp.keys.zed });
    person(client, [{ action: 'decline' }, visit]);
    expect(dataOf(await call(client, 'connect', {}))).toMatchObject({ backend: 'composio', connected: false });
    expect(dataOf(await call(client, 'connect', {}))).toMatchObject({ backend: 'composio', connected: true });
  });
});
