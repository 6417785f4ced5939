import { describe, expect, it } from 'vitest';
import { openStage } from './http-stage.ts';
import { call, dataOf, ERAS, type Era, textOf } from './stage.ts';

const LEAD = { name: 'Northpine Logistics' };

describe.each(Object.keys(ERAS).map(Number) as Era[])('over HTTP, a client of the %i revision', (era) => {
  it('runs an operation and reads back what it made', async () => {
    const { connect, faults } = await openStage();
    const client = await connect(era);
    const made = dataOf(await call(client, 'run_operation', { operation: 'lead.create', input: LEAD }));
    expect(made).toMatchObject({
      operation: 'close.lead.create',
      receipt: { delivery: 'answered', via: expect.stringMatching(/^composio:/) },
    });
    const { id } = made['data'] as { readonly id: string };
    const read = dataOf(await call(client, 'run_operation', { operation: 'lead.get', input: { lead_id: id }, via: 'rest' }));
    expect(read).toMatchObject({ data: LEAD, receipt: { via: expect.stringMatching(/^rest:/) } });
    expect(faults).toEqual([]);
  });

  it('writes once under an idempotency key, however often it asks', async () => {
    const { connect, sandbox } = await openStage();
    const client = await connect(era);
    const ask = { operation: 'lead.create', input: LEAD, idempotency_key: 'the-one' };
    const [first, second] = [dataOf(await call(client, 'run_operation', ask)), dataOf(await call(client, 'run_operation', ask))];
    expect(second).toMatchObject({ data: first['data'], receipt: { replayed: true } });
    expect(sandbox.requests().filter(({ path }) => path.endsWith('CLOSE_CREATE_LEAD'))).toHaveLength(1);
    const other = await call(client, 'run_operation', { ...ask, input: { name: 'Another' } });
    expect(dataOf(other)).toMatchObject({ code: 'idempotency_conflict', retryable: false });
  });

  it('shows a request without sending it', async () => {
    const { connect, sandbox } = await openStage();
    const client = await connect(era);
    const shown = await call(client, 'run_operation', { operation: 'lead.delete', input: { lead_id: 'lead_1' }, dry_run: true });
    expect(dataOf(shown)).toMatchObject({ data: { dry_run: true } });
    expect(sandbox.requests().filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('that cannot ask its person is refused what deletes or reaches somebody, and told what the operator can set', async () => {
    const { connect, sandbox } = await openStage();
    const client = await connect(era);
    const before = sandbox.requests().length;
    const refused = await call(client, 'run_operation', { operation: 'lead.delete', input: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' } });
    expect(dataOf(refused)).toMatchObject({ code: 'approval_required', next: expect.stringContaining('mcp.approve') });
    expect(refused.isError).toBe(true);
    expect(sandbox.requests()).toHaveLength(before);
  });

  it('may do what the operator has approved beforehand, and no more', async () => {
    const { connect } = await openStage({ approve: ['lead.delete'], deny: ['call.log'], allow: ['lead.*', 'call.log'] });
    const client = await connect(era);
    const made = dataOf(await call(client, 'run_operation', { operation: 'lead.create', input: LEAD }));
    const { id } = made['data'] as { readonly id: string };
    const deleted = await call(client, 'run_operation', { operation: 'lead.delete', input: { lead_id: id } });
    expect(dataOf(deleted)).toMatchObject({ data: { deleted: true } });
    const denied = await call(client, 'run_operation', { operation: 'call.log', input: { lead_id: id } });
    expect(dataOf(denied)).toMatchObject({ code: 'policy_denied' });
    const outside = await call(client, 'run_operation', { operation: 'me.get', input: {} });
    expect(dataOf(outside)).toMatchObject({ code: 'policy_denied' });
    const found = dataOf(await call(client, 'search_operations', { query: 'call', limit: 50 }));
    expect(JSON.stringify(found['operations'])).not.toMatch(/close\.(?:call|sms)\./);
  });

  it('without a connection gets the link, and what to call next', async () => {
    const { connect } = await openStage({ config: { mcp: { keys: { zed: 'key-of-zed-0123456789' } } } });
    const client = await connect(era, { key: 'key-of-zed-0123456789' });
    const refused = await call(client, 'run_operation', { operation: 'lead.list' });
    expect(dataOf(refused)).toMatchObject({
      code: 'connection_required',
      retryable: true,
      next: expect.stringContaining('wait_seconds'),
      details: { operation: 'close.lead.list', connect: expect.arrayContaining([expect.objectContaining({ backend: 'composio' })]) },
    });
    const { connect: links } = (dataOf(refused) as { readonly details: { readonly connect: readonly { url?: string }[] } }).details;
    expect(textOf(refused)).toContain(links.find(({ url }) => url)?.url);

    const link = dataOf(await call(client, 'connect', {}));
    expect(link).toMatchObject({ backend: 'composio', connected: false, url: expect.stringContaining('http') });
    expect(dataOf(await call(client, 'connections', {}))).toMatchObject({ usable: false });
    await approve(String(link['url']));
    expect(dataOf(await call(client, 'connections', { wait_seconds: 10 }))).toMatchObject({ usable: true });
    expect(dataOf(await call(client, 'run_operation', { operation: 'lead.list' }))).toMatchObject({ operation: 'close.lead.list' });
  });

  it('hears what a call is waiting for', async () => {
    const { connect, sandbox } = await openStage({ backends: ['rest'] });
    const client = await connect(era);
    sandbox.fault({ backend: 'rest', path: '/api/v1/lead', when: 'before', kind: 'status', status: 429, headers: { 'retry-after': '1' } });
    const heard: (string | undefined)[] = [];
    const asked = { name: 'run_operation', arguments: { operation: 'lead.list' } };
    const result = await client.callTool(asked, { onprogress: ({ message }) => heard.push(message) });
    expect(result.isError).not.toBe(true);
    expect(heard).toEqual([expect.stringMatching(/^waiting [\d.]+ s: rate_limited$/)]);
  });

  it('can cancel a call, and nothing goes on behind its back', async () => {
    const { connect, sandbox, core } = await openStage({ backends: ['rest'] });
    const client = await connect(era);
    const hanging = sandbox.fault({ backend: 'rest', path: '/api/v1/lead', when: 'before', kind: 'hang', times: 'always' });
    const cancel = new AbortController();
    const asked = call(client, 'run_operation', { operation: 'lead.list' }, { signal: cancel.signal });
    await expect.poll(() => hanging.fired(), { timeout: 10_000 }).toBe(1);
    cancel.abort('no longer wanted');
    await expect(asked).rejects.toThrow();
    await expect.poll(async () => (await core.journal.list({ limit: 5 })).length, { timeout: 10_000 }).toBe(1);
    expect(hanging.fired()).toBe(1);
  });

  it('does not notice another client that calls at the same time', async () => {
    const keys = { ada: 'key-of-ada-0123456789', zed: 'key-of-zed-0123456789' };
    const { connect } = await openStage({ config: { mcp: { keys } } });
    const [ada, zed] = await Promise.all([connect(era, { key: keys.ada }), connect(era, { key: keys.zed })]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => call(at % 2 === 0 ? ada : zed, 'run_operation', { operation: 'me.get' })),
    );
    expect(answers.map((answer) => dataOf(answer)['code'] ?? 'ok')).toEqual(
      answers.map((_, at) => (at % 2 === 0 ? 'ok' : 'connection_required')),
    );
  });
});

const approve = (url: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ account: '0', decision: 'approve' }), redirect: 'manual' });
