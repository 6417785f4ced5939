import { encode } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { openStage } from './http-stage.ts';
import { call, dataOf, textOf } from './stage.ts';

const EXPOSURES = {
  meta: {},
  direct: { expose: 'direct', operations: ['lead.*', 'call.log', 'sms.send'] },
  mixed: { expose: 'mixed', operations: ['lead.create', 'call.log'] },
} as const;

async function surfaceOf(options: Parameters<typeof openStage>[0] = {}) {
  const { connect } = await openStage(options);
  const client = await connect(2026);
  return { client, tools: (await client.listTools()).tools, instructions: client.getInstructions() ?? '' };
}

describe('the default surface', () => {
  it('takes at most 2,000 tokens of a model, its instructions included', async () => {
    const { tools, instructions } = await surfaceOf();
    expect(encode(JSON.stringify(tools)).length + encode(instructions).length).toBeLessThanOrEqual(2000);
  });

  it.each([
    ['search_operations', { query: 'send a text message to a contact' }],
    ['describe_operation', { operation: 'lead.create' }],
    ['describe_operation', { operation: 'sms.create' }],
    ['run_operation', { operation: 'lead.list', input: { limit: 100 } }],
    ['connections', {}],
  ])('answers %s %j with at most 3,000', async (name, input) => {
    const { connect } = await openStage();
    const result = await call(await connect(2026), name, input);
    expect(result.isError).not.toBe(true);
    expect(encode(textOf(result)).length).toBeLessThanOrEqual(3000);
    expect(encode(JSON.stringify(dataOf(result))).length).toBeLessThanOrEqual(3000);
  });
});

describe.each(Object.entries(EXPOSURES))('the tools of the exposure %s', (_, options) => {
  it('have names that every provider takes, titles, all four hints and both schemas', async () => {
    const { tools } = await surfaceOf(options);
    expect(tools.map(({ name }) => name).filter((name) => !/^[a-z][a-z0-9_]{0,39}$/.test(name))).toEqual([]);
    for (const { title, description, annotations, inputSchema, outputSchema } of tools) {
      expect(title).toEqual(expect.any(String));
      expect(description).toEqual(expect.any(String));
      expect(Object.keys(annotations ?? {}).toSorted()).toEqual(['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint']);
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object', properties: { code: { type: 'string' } } });
    }
  });

  it('come in the same order every time', async () => {
    const [first, second] = [await surfaceOf(options), await surfaceOf(options)];
    expect(JSON.stringify(first.tools)).toBe(JSON.stringify(second.tools));
  });
});

describe('one tool per operation', () => {
  it('runs it with the operation’s own fields, results and errors', async () => {
    const { client, tools } = await surfaceOf(EXPOSURES.direct);
    expect(tools.map(({ name }) => name)).toContain('close_lead_create');
    const made = await call(client, 'close_lead_create', { name: 'Acme', call_options: { idempotency_key: 'one', detail: 'detailed' } });
    expect(dataOf(made)).toMatchObject({
      operation: 'close.lead.create',
      data: { name: 'Acme' },
      receipt: { verdicts: expect.any(Array) },
    });
    const again = await call(client, 'close_lead_create', { name: 'Acme', call_options: { idempotency_key: 'one' } });
    expect(dataOf(again)).toMatchObject({ receipt: { replayed: true } });
    expect(dataOf(await call(client, 'close_lead_create', { nmae: 'Acme' }))).toMatchObject({ code: 'invalid_input' });
    expect(textOf(await call(client, 'close_lead_create', { name: 'A', call_options: { dryrun: true } }))).toContain(
      'did you mean dry_run?',
    );
    expect(dataOf(await call(client, 'close_lead_delete', { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' }))).toMatchObject({
      code: 'approval_required',
    });
  });

  it('is announced by what it risks', async () => {
    const { tools } = await surfaceOf(EXPOSURES.direct);
    const hintsOf = (name: string) => tools.find((tool) => tool.name === name)?.annotations;
    expect(hintsOf('close_lead_list')).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(hintsOf('close_lead_create')).toMatchObject({ readOnlyHint: false, destructiveHint: false, idempotentHint: false });
    expect(hintsOf('close_lead_delete')).toMatchObject({ destructiveHint: true });
    expect(hintsOf('close_sms_send')).toMatchObject({ destructiveHint: true });
  });

  it('is not shown to who may not run it', async () => {
    const { tools } = await surfaceOf({ ...EXPOSURES.direct, readOnly: true });
    expect(tools.map(({ name }) => name)).toEqual(['close_lead_list', 'close_lead_get', 'close_lead_find', 'connections', 'connect']);
  });

  it.each([
    [{ expose: 'direct' }, 'none is chosen'],
    [{ operations: ['lead.creat'] }, 'Did you mean lead.create'],
    [{ deny: ['sms.sned'] }, 'sms.send'],
    [{ approve: ['destroy'] }, 'no operation is called'],
  ] as const)('%j is no choice', async (options, says) => {
    await expect(openStage(options as Parameters<typeof openStage>[0])).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(says),
    });
  });
});

describe('skills', () => {
  it('are served beside the tools, with every page and its digest', async () => {
    const { client } = await surfaceOf();
    const { resources } = await client.listResources();
    const skill = resources.find(({ uri }) => uri === 'skill://close/SKILL.md');
    expect(skill).toBeDefined();
    const { contents } = await client.readResource({ uri: 'skill://close/references/lead.md' });
    expect(contents[0]).toMatchObject({ text: expect.stringContaining('## lead.create') });
    await expect(client.readResource({ uri: 'skill://close/../../package.json' })).rejects.toMatchObject({ code: -32602 });
  });
});
