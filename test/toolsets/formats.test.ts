import Anthropic from '@anthropic-ai/sdk';
import { generateText, isStepCount, type ModelMessage } from 'ai';
import { countTokens } from 'gpt-tokenizer';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRouter, type SkillRouter, type ToolOutcome } from '../../src/index.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../src/sandbox.ts';
import { anthropicServer, lastId, openAiServer, scriptedModel } from './examples/scripted-model.ts';

let sandbox: Sandbox;
let router: SkillRouter;

beforeAll(async () => {
  sandbox = await startSandbox();
  router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:' });
});

afterAll(async () => {
  await router.close();
  await sandbox.close();
});

async function newLead(name: string): Promise<string> {
  const report = await router.run('close.lead.create', { name });
  if (!report.ok) throw new Error(report.error.message);
  return report.data.id;
}

async function isThere(lead_id: string): Promise<boolean> {
  return (await router.run('close.lead.get', { lead_id })).ok;
}

describe('the AI SDK', () => {
  it('waits for a person before anything is deleted, and goes on when they agree', async () => {
    const lead = await newLead('To be deleted');
    const tools = await router.tools({ format: 'ai-sdk', operations: ['lead.*'] });
    const script = scriptedModel([{ tool: 'close_lead_delete', input: { lead_id: lead } }, 'Gone.']);
    const messages: ModelMessage[] = [{ role: 'user', content: 'Delete it.' }];
    const first = await generateText({ model: script, tools, messages, stopWhen: isStepCount(3) });
    const request = first.content.find((part) => part.type === 'tool-approval-request');
    expect(request).toBeDefined();
    expect(await isThere(lead)).toBe(true);

    messages.push(...first.responseMessages, {
      role: 'tool',
      content: [{ type: 'tool-approval-response', approvalId: request?.approvalId ?? '', approved: true }],
    });
    const second = await generateText({ model: script, tools, messages, stopWhen: isStepCount(3) });
    expect(second.text).toBe('Gone.');
    expect(await isThere(lead)).toBe(false);
  });

  it('deletes nothing when they refuse', async () => {
    const lead = await newLead('To be kept');
    const tools = await router.tools({ format: 'ai-sdk', operations: ['lead.*'] });
    const script = scriptedModel([{ tool: 'close_lead_delete', input: { lead_id: lead } }, 'Kept.']);
    const messages: ModelMessage[] = [{ role: 'user', content: 'Delete it.' }];
    const first = await generateText({ model: script, tools, messages });
    const request = first.content.find((part) => part.type === 'tool-approval-request');
    const approvalId = request?.approvalId ?? '';
    messages.push(...first.responseMessages, { role: 'tool', content: [{ type: 'tool-approval-response', approvalId, approved: false }] });
    expect((await generateText({ model: script, tools, messages })).text).toBe('Kept.');
    expect(await isThere(lead)).toBe(true);
  });

  it('asks nobody for a draft, and shows the model the schema as it is', async () => {
    const lead = await newLead('Drafts');
    const tools = await router.tools({ format: 'ai-sdk', operations: ['email.create'] });
    const model = scriptedModel([{ tool: 'close_email_create', input: { lead_id: lead, status: 'draft', subject: 'Hello' } }, 'Drafted.']);
    const { text, steps } = await generateText({ model, tools, prompt: 'Draft a mail.', stopWhen: isStepCount(3) });
    const [result] = steps.flatMap(({ toolResults }) => toolResults);
    expect(result?.output as ToolOutcome).toMatchObject({ ok: true, data: { status: 'draft' } });
    expect(text).toBe('Drafted.');
    const [told] = model.doGenerateCalls[0]?.tools ?? [];
    expect(told).toMatchObject({ name: 'close_email_create', inputSchema: { type: 'object', additionalProperties: false } });
    const schema = JSON.stringify(told);
    expect(schema).toContain('inputExamples');
    expect(schema).not.toContain('$schema');
  });

  it('lets the model read what is wrong and what to do', async () => {
    const tools = await router.tools({ format: 'ai-sdk', operations: ['lead.create'] });
    const model = scriptedModel([{ tool: 'close_lead_create', input: { nmae: 'Acme' } }, 'I see.']);
    await generateText({ model, tools, prompt: 'Create it.', stopWhen: isStepCount(3) });
    const read = JSON.stringify(model.doGenerateCalls[1]?.prompt);
    expect(read).toContain('error-text');
    expect(read).toMatch(/invalid_input.*did you mean name/);
  });
});

describe('OpenAI', () => {
  it('gets strict tools and runs what it calls, by Responses and by Chat Completions', async () => {
    await using server = await openAiServer([{ tool: 'close_lead_create', input: { name: 'Strict', url: null } }, 'Done.']);
    const openai = new OpenAI({ apiKey: 'scripted', baseURL: server.url, maxRetries: 0 });
    const { tools, chatTools, run, runChat } = await router.tools({ format: 'openai', operations: ['lead.create', 'lead.get'] });
    const response = await openai.responses.create({ model: 'scripted', tools, input: 'Create it.' });
    const [call] = response.output.filter((item) => item.type === 'function_call');
    if (!call) throw new Error('no call');
    const answer = await run(call);
    expect(answer).toMatchObject({ type: 'function_call_output', call_id: call.call_id });
    expect(await isThere(lastId(answer.output, 'lead'))).toBe(true);
    expect(server.asked[0]).toMatchObject({ tools: [{ name: 'close_lead_create', strict: true }, { name: 'close_lead_get' }] });

    expect(chatTools[0]).toMatchObject({ type: 'function', function: { name: 'close_lead_create', strict: true } });
    const chat = {
      id: 'call_9',
      function: { name: 'close_lead_get', arguments: `{"lead_id":"${lastId(answer.output, 'lead')}","fields":null}` },
    };
    expect(await runChat(chat)).toMatchObject({ role: 'tool', tool_call_id: 'call_9', content: expect.stringContaining('Strict') });
  });

  it('is told of consent before the call, by what the call contains', async () => {
    const { approvalFor, run } = await router.tools({ format: 'openai', operations: ['sms.create', 'lead.delete'] });
    const sms = (status: string) => ({ name: 'close_sms_create', arguments: JSON.stringify({ lead_id: 'lead_1', status }) });
    expect(approvalFor(sms('draft'))).toBe('auto');
    expect(approvalFor(sms('outbox'))).toBe('ask');
    const lead = await newLead('Asked about');
    const call = { call_id: 'call_1', name: 'close_lead_delete', arguments: JSON.stringify({ lead_id: lead }) };
    expect((await run(call)).output).toMatch(/^approval_required: /);
    expect(await isThere(lead)).toBe(true);
    expect((await run(call, { approved: true })).output).toContain('close.lead.delete: done');
    expect(await isThere(lead)).toBe(false);
  });

  it.each(['', '{', '[1]', '"x"', 'null'])('is told what to do about arguments like %j', async (text) => {
    const { run } = await router.tools({ format: 'openai', operations: ['lead.create'] });
    const { output } = await run({ call_id: 'call_1', name: 'close_lead_create', arguments: text });
    expect(output).toMatch(/^invalid_input: /);
  });

  it('is told which tools there are when it calls another', async () => {
    const { run } = await router.tools({ format: 'openai', operations: ['lead.create'] });
    const { output } = await run({ call_id: 'call_1', name: 'lead_create', arguments: '{}' });
    expect(output).toMatch(/unknown_operation: .*close_lead_create/);
  });
});

describe('Anthropic', () => {
  it('reads results and errors in its runner', async () => {
    await using server = await anthropicServer([
      { tool: 'close_lead_create', input: { title: 'Acme' } },
      { tool: 'close_lead_create', input: { name: 'Acme' } },
      'Done.',
    ]);
    const anthropic = new Anthropic({ apiKey: 'scripted', baseURL: server.url, maxRetries: 0 });
    const message = await anthropic.beta.messages.toolRunner({
      model: 'scripted',
      max_tokens: 100,
      tools: await router.tools({ format: 'anthropic', operations: ['lead.create'] }),
      messages: [{ role: 'user', content: 'Create Acme.' }],
    });
    expect(message.content).toMatchObject([{ type: 'text', text: 'Done.' }]);
    const [asked, second, third] = server.asked.map((body) => JSON.stringify(body));
    expect(asked).toContain('"input_examples"');
    expect(second).toMatch(/"is_error":true/);
    expect(second).toContain('invalid_input');
    expect(third).toContain('close.lead.create: done, lead_');
  });

  it('asks whoever the program names, and tells the model when they refuse', async () => {
    const lead = await newLead('Not to be deleted');
    const asked: unknown[] = [];
    const approve = (request: unknown): boolean => asked.push(request) === 0;
    const [tool] = await router.tools({ format: 'anthropic', operations: ['lead.delete'], approve });
    await expect(tool?.run({ lead_id: lead })).rejects.toThrow(/^approval_required/);
    expect(asked).toEqual([{ tool: 'close_lead_delete', title: 'Lead: delete', input: { lead_id: lead } }]);
    expect(await isThere(lead)).toBe(true);
  });
});

describe('MCP', () => {
  it('gets rows with annotations, and results with both forms of the data', async () => {
    const { tools, call } = await router.tools({ format: 'mcp', operations: ['lead.create', 'lead.get'] });
    expect(tools[1]).toMatchObject({ name: 'close_lead_get', annotations: { readOnlyHint: true }, outputSchema: { type: 'object' } });
    const made = await call('close_lead_create', { name: 'By MCP' });
    expect(made).toMatchObject({ structuredContent: { name: 'By MCP' }, content: [{ type: 'text' }] });
    expect(made.isError).toBeUndefined();
    expect(await call('close_lead_get', {})).toMatchObject({ isError: true, structuredContent: { code: 'invalid_input' } });
  });
});

describe('five tools for all operations', () => {
  it('are what there is when no operation is named', async () => {
    const { tools } = await router.tools();
    expect(tools.map(({ name }) => name)).toEqual(['search_operations', 'describe_operation', 'run_operation', 'connections', 'connect']);
  });

  it('cost a model less than 1,000 tokens, whatever the number of operations', async () => {
    const { tools } = await router.tools({ format: 'openai' });
    expect(countTokens(JSON.stringify(tools))).toBeLessThan(1000);
  });

  it('lead from words to a result', async () => {
    const { call } = await router.tools({ expose: 'meta' });
    const found = await call('search_operations', { query: 'make a new customer' });
    expect(found).toMatchObject({
      ok: true,
      data: { operations: expect.arrayContaining([expect.objectContaining({ operation: 'close.lead.create', required: ['name'] })]) },
    });
    const described = await call('describe_operation', { operation: 'close.lead.create' });
    expect(described).toMatchObject({ ok: true, data: { input: { required: ['name'] }, example: { name: expect.any(String) } } });
    expect(await call('run_operation', { operation: 'close.lead.create', input: { name: 'Meta' } })).toMatchObject({
      ok: true,
      data: { name: 'Meta' },
    });
    expect(await call('connections', {})).toMatchObject({
      ok: true,
      data: { connections: expect.arrayContaining([expect.objectContaining({ status: 'active' })]) },
    });
    expect(await call('connect', { backend: 'composio' })).toMatchObject({ ok: true, data: { url: expect.stringMatching(/^http/) } });
  });

  it('judge a call by the operation in it', async () => {
    const { approvalFor, call } = await router.tools({ expose: 'meta', operations: ['lead.*', 'email.create'] });
    const of = (operation: string, input = {}) => approvalFor('run_operation', { operation, input });
    expect([of('close.lead.get'), of('close.lead.delete'), of('close.email.create', { status: 'outbox' })]).toEqual(['auto', 'ask', 'ask']);
    const lead = await newLead('Meta delete');
    const refused = await call('run_operation', { operation: 'close.lead.delete', input: { lead_id: lead } });
    expect(refused).toMatchObject({ ok: false, error: { code: 'approval_required' } });
    expect(await isThere(lead)).toBe(true);
  });

  it('run nothing that was not named, and name what is near', async () => {
    const { call } = await router.tools({ expose: 'meta', operations: ['lead.*'] });
    expect(await call('run_operation', { operation: 'close.note.create', input: {} })).toMatchObject({
      ok: false,
      error: { code: 'unknown_operation' },
    });
    const wrong = await call('describe_operation', { operation: 'create_lead' });
    expect(wrong).toMatchObject({
      ok: false,
      error: { code: 'unknown_operation', details: { nearest: expect.arrayContaining(['close.lead.create']) } },
    });
    expect(await call('connect', { backend: 'nobody' })).toMatchObject({ ok: false, error: { code: 'configuration' } });
    expect(await call('search_operations', {})).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  });
});

describe('a toolset', () => {
  it('leaves out what its scope denies', async () => {
    const { tools } = await router.tools({ operations: ['lead.*'], scope: { readOnly: true } });
    expect(tools.map(({ annotations }) => annotations.readOnlyHint)).toEqual(tools.map(() => true));
    const { tools: some } = await router.tools({ operations: ['lead.*'], scope: { deny: ['lead.delete', '*.merge'] } });
    expect(some.map(({ name }) => name)).toEqual(expect.not.arrayContaining(['close_lead_delete', 'close_lead_merge']));
  });

  it('refuses names that no operation has, and a choice that leaves nothing', async () => {
    await expect(router.tools({ operations: ['lead.*', 'laed.get'] })).rejects.toMatchObject({ code: 'configuration' });
    await expect(router.tools({ operations: ['lead.delete'], scope: { readOnly: true } })).rejects.toMatchObject({ code: 'configuration' });
  });

  it('never takes the user from the model', async () => {
    const { tools } = await router.tools({ operations: ['lead.create'] });
    expect(JSON.stringify(tools[0]?.inputSchema)).not.toMatch(/"user"|"via"|"connection"/);
    expect(await tools[0]?.run({ name: 'A', user: 'eve' })).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  });

  it('shows a long list in part, and says so', async () => {
    for (let made = 0; made < 12; made += 1) await router.run('close.lead.create', { name: `Long ${made}`, description: 'x'.repeat(1500) });
    const { call } = await router.tools({ operations: ['lead.list'] });
    const { text } = await call('close_lead_list', { limit: 100 });
    expect(text.length).toBeLessThan(9000);
    expect(text).toMatch(/\[\d+ more objects of this page not shown; take a smaller limit/);
  });
});
