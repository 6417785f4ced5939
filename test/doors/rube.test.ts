import { encode } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type Era, envelopeOf, itemsOf } from '../seeds/stage.ts';
import { done, jsonIn, openStage, post, type RubeStage } from './rube-stage.ts';

const ERAS: readonly { readonly name: string; readonly era: Era }[] = [
  { name: '2025', era: 'legacy' },
  { name: '2026-07-28', era: { pin: '2026-07-28' } },
];

async function run(stage: RubeStage, tools: unknown, more: JsonObject = {}) {
  return stage.call('RUBE_MULTI_EXECUTE_TOOL', { tools, sync_response_to_workbench: false, ...more });
}

describe.each(ERAS)('a client of the era $name', ({ era }) => {
  it.each([
    ['/mcp', 'RUBE_'],
    ['/connect/mcp', 'COMPOSIO_'],
  ])('is shown at %s what works, by the names with %s, and is answered to both', async (path, prefix) => {
    const stage = openStage();
    const client = await stage.connect({ path, era });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      ['SEARCH_TOOLS', 'GET_TOOL_SCHEMAS', 'MANAGE_CONNECTIONS', 'WAIT_FOR_CONNECTIONS', 'MULTI_EXECUTE_TOOL'].map(
        (name) => `${prefix}${name}`,
      ),
    );
    for (const name of ['RUBE_SEARCH_TOOLS', 'COMPOSIO_SEARCH_TOOLS']) {
      const result = await client.callTool({ name, arguments: { queries: [{ use_case: 'create a lead' }] } });
      const { data } = envelopeOf(result);
      expect(JSON.stringify(data['next_steps_guidance'])).toContain(`${name.split('SEARCH')[0]}MULTI_EXECUTE_TOOL`);
    }
  });

  it('is told what an unknown tool was probably meant to be', async () => {
    const client = await openStage().connect({ era });
    await expect(client.callTool({ name: 'RUBE_SERCH_TOOLS', arguments: {} })).rejects.toThrow(/Did you mean RUBE_SEARCH_TOOLS/);
  });

  it('hears how far its tools are', async () => {
    const client = await openStage().connect({ era });
    const heard: number[] = [];
    const tools = Array.from({ length: 3 }, () => ({ tool_slug: 'CLOSE_WHO_AM_I', arguments: {} }));
    await client.callTool(
      { name: 'RUBE_MULTI_EXECUTE_TOOL', arguments: { tools, sync_response_to_workbench: false } },
      { onprogress: ({ progress }) => heard.push(progress) },
    );
    expect(heard).toEqual([1, 2, 3]);
  });
});

describe('the list of tools', () => {
  it('has a title and all four hints on each, is the same every time, and costs little', async () => {
    const stage = openStage();
    const [first, second] = await Promise.all([stage.connect(), stage.connect()]);
    const { tools } = await first.listTools();
    expect((await second.listTools()).tools).toEqual(tools);
    for (const { annotations } of tools) {
      expect(Object.keys(annotations ?? {}).toSorted()).toEqual([
        'destructiveHint',
        'idempotentHint',
        'openWorldHint',
        'readOnlyHint',
        'title',
      ]);
    }
    expect(encode(JSON.stringify(tools)).length).toBeLessThanOrEqual(2000);
  });
});

describe('MULTI_EXECUTE_TOOL', () => {
  it('starts all of them at once and answers in the order of the calls', async () => {
    const stage = openStage();
    const waiting: (() => void)[] = [];
    stage.answer = async ({ input }) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 50) for (const go of waiting.toReversed()) go();
      });
      return done({ id: input['lead_id'] });
    };
    const { data, successful } = await run(
      stage,
      Array.from({ length: 50 }, (_, at) => ({ tool_slug: 'CLOSE_GET_LEAD', arguments: { lead_id: `lead_${at}` } })),
    );
    expect(successful).toBe(true);
    expect(data).toMatchObject({ total_count: 50, success_count: 50, error_count: 0 });
    const ids = itemsOf(data).map(({ response, index }) => [
      index,
      isObject(response) && isObject(response['data']) && response['data']['id'],
    ]);
    expect(ids).toEqual(Array.from({ length: 50 }, (_, at) => [at, `lead_${at}`]));
  });

  it('keeps what succeeded beside what failed, and is no error of the protocol then', async () => {
    const stage = openStage();
    const tools = [
      { tool_slug: 'CLOSE_WHO_AM_I', arguments: {} },
      { tool_slug: 'CLOSE_CREAT_LEED', arguments: {} },
      { tool_slug: 'CLOSE_CREATE_CALL', arguments: { lead_id: 'lead_1', direction: 'outbound', notes: 'x' } },
    ];
    const result = (await jsonIn(await post(stage, { name: 'RUBE_MULTI_EXECUTE_TOOL', arguments: { tools } })))['result'] as JsonObject;
    const { data, successful, error } = envelopeOf(result);
    expect(result['isError']).toBeUndefined();
    expect([successful, error]).toEqual([false, expect.stringContaining('2 out of 3')]);
    expect(itemsOf(data).map((item) => item['error'])).toEqual([
      null,
      expect.stringContaining('Did you mean CLOSE_CREATE_LEAD'),
      expect.stringContaining('notes: not an argument of CLOSE_CREATE_CALL; did you mean note?'),
    ]);
    expect(stage.calls.map(({ operation }) => operation)).toEqual(['close.me.get']);
  });

  it('takes the flags of older clients, and arguments that came as text', async () => {
    const stage = openStage();
    const tools = JSON.stringify([
      { tool_slug: 'close_create_lead', arguments: JSON.stringify({ name: 'Acme', contacts: '[{"name":"Bo"}]' }) },
    ]);
    const flags = { memory: { crm: [] }, thought: 'x', current_step: 'X', current_step_metric: { completed: 0 }, session_id: 'zany' };
    const { data, successful } = await run(stage, tools, { ...flags, sync_response_to_workbench: true });
    expect(successful).toBe(true);
    expect(stage.calls).toMatchObject([{ operation: 'close.lead.create', input: { name: 'Acme', contacts: [{ name: 'Bo' }] } }]);
    expect(data).toMatchObject({ session: { id: 'zany' }, next_steps: expect.stringContaining('no workbench'), remote_file_info: null });
  });

  it.each([
    [
      'the app’s own name of a field',
      'CLOSE_CREATE_CALL',
      { lead_id: 'lead_1', direction: 'inbound', outcome_id: 'outcome_1' },
      { outcome_id: 'outcome_1' },
    ],
    [
      'a field that the tool’s description names wrongly',
      'CLOSE_CREATE_TASK',
      { lead_id: 'lead_1', text: 'x', due_date: '2026-03-03' },
      { date: '2026-03-03' },
    ],
    [
      'a message without the numbers that only the tool wants',
      'CLOSE_CREATE_SMS',
      { lead_id: 'lead_1', text: 'x', status: 'sent' },
      { status: 'sent' },
    ],
    [
      'a list of one where the tool has lists',
      'CLOSE_LIST_ACTIVITIES',
      { activity_type: 'call', lead_id: 'lead_1' },
      { lead_id: 'lead_1' },
    ],
    [
      'custom fields with their prefix inside custom',
      'CLOSE_CREATE_LEAD',
      { name: 'x', custom: { 'custom.cf_1': 'y' } },
      { custom: { cf_1: 'y' } },
    ],
  ])('understands %s', async (_, slug, args, input) => {
    const stage = openStage();
    expect((await run(stage, [{ tool_slug: slug, arguments: args }])).error).toBeNull();
    expect(stage.calls).toMatchObject([{ input }]);
  });

  it('runs a slug as often as it stands there', async () => {
    const stage = openStage();
    const tool = { tool_slug: 'CLOSE_CREATE_LEAD', arguments: { name: 'Acme' } };
    expect((await run(stage, [tool, tool])).data).toMatchObject({ success_count: 2 });
    expect(stage.calls).toHaveLength(2);
  });

  it('gives each tool a key of its own, so that a repeated call writes nothing twice', async () => {
    const stage = openStage();
    const tool = { tool_slug: 'CLOSE_CREATE_LEAD', arguments: { name: 'Acme' } };
    const params = { name: 'RUBE_MULTI_EXECUTE_TOOL', arguments: { tools: [tool, tool] }, _meta: { 'idempotency-key': 'k' } };
    await jsonIn(await post(stage, params));
    expect(stage.calls.map(({ context }) => context.idempotencyKey)).toEqual(['k:0', 'k:1']);
  });

  it('shortens a list that is too long for an agent, says so, and keeps it a page', async () => {
    const stage = openStage();
    stage.answer = () =>
      done({ data: Array.from({ length: 10_000 }, (_, at) => ({ id: `lead_${at}`, name: 'x'.repeat(200) })), has_more: false });
    const { data } = await run(stage, [{ tool_slug: 'CLOSE_LIST_LEADS', arguments: {} }]);
    const [item] = itemsOf(data);
    const page = isObject(item?.['response']) && isObject(item['response']['data']) ? item['response']['data'] : {};
    expect(JSON.stringify(data).length).toBeLessThan(1_100_000);
    expect(page['has_more']).toBe(true);
    expect(Array.isArray(page['data']) && page['data'].length).toBeGreaterThan(1000);
    expect(data['next_steps']).toMatch(/of 10000 rows/);
  });
});

describe('what does not get as far as the app', () => {
  const failing = (code: 'approval_required' | 'connection_required' | 'policy_denied'): RubeStage => {
    const stage = openStage();
    stage.answer = () => ({
      ok: false,
      error: new RouterError(code, { what: 'the policy says so (ask: sends)', next: 'Run "skillrouter …".' }),
    });
    return stage;
  };
  const send = [{ tool_slug: 'CLOSE_CREATE_EMAIL', arguments: { lead_id: 'lead_1', status: 'outbox' } }];

  it('asks for consent in the item that wants it', async () => {
    const { data, successful } = await run(failing('approval_required'), send);
    expect(successful).toBe(false);
    expect(itemsOf(data)).toMatchObject([
      {
        response: null,
        error: expect.stringMatching(/^approval_required: .*Nothing was sent/),
        error_details: { code: 'approval_required' },
      },
    ]);
  });

  it('sends an agent without a connection to the tool that makes one', async () => {
    const { data } = await run(failing('connection_required'), send);
    expect(itemsOf(data)).toMatchObject([
      { error: expect.stringMatching(/^No active connected account found for toolkit: close\. Call RUBE_MANAGE_CONNECTIONS/) },
    ]);
  });

  it('says what the policy denies', async () => {
    const { data } = await run(failing('policy_denied'), send);
    expect(itemsOf(data)).toMatchObject([{ response: null, error: expect.stringContaining('policy_denied') }]);
  });

  it('answers as the tool does when it is the app that refuses', async () => {
    const stage = openStage();
    stage.answer = () => ({ ok: false, error: new RouterError('not_found', { what: 'no such lead', next: 'Check the id.', status: 404 }) });
    const { data } = await run(stage, [{ tool_slug: 'CLOSE_GET_LEAD', arguments: { lead_id: 'lead_1' } }]);
    expect(itemsOf(data)).toMatchObject([
      { response: { successful: false, data: { status_code: 404 } }, error: 'Not found', error_details: { code: 'not_found' } },
    ]);
  });

  it('tells nothing of itself when it is a bug of ours', async () => {
    const stage = openStage();
    stage.answer = () => {
      throw new TypeError('secret detail');
    };
    const { data } = await run(stage, send);
    expect(itemsOf(data)).toMatchObject([{ response: null, error: expect.stringMatching(/^Internal error/) }]);
    expect(JSON.stringify(data)).not.toContain('secret');
    expect((await stage.call('CLOSE_WHO_AM_I', {})).error).toMatch(/^Internal error/);
  });
});

describe('a tool of the app that is called by itself', () => {
  it('is run, and answers as one', async () => {
    const stage = openStage();
    expect(await stage.call('CLOSE_CREATE_LEAD', { name: 'Acme' })).toMatchObject({
      successful: true,
      error: null,
      data: { id: 'lead_1' },
    });
    expect(stage.calls).toMatchObject([{ operation: 'close.lead.create', input: { name: 'Acme' } }]);
  });

  it('answers with no more of a list than an agent takes, and says so', async () => {
    const stage = openStage();
    stage.answer = () => done({ data: Array.from({ length: 10_000 }, () => ({ name: 'x'.repeat(200) })), has_more: false });
    const { data } = await stage.call('CLOSE_LIST_LEADS', {});
    expect(JSON.stringify(data).length).toBeLessThan(1_100_000);
    expect(data).toMatchObject({ has_more: true, next_steps: expect.stringMatching(/of 10000 rows/) });
  });
});

describe('what is not served', () => {
  it.each([
    ['REMOTE_WORKBENCH', { code_to_execute: 'print(1)' }, { results: '', stderr: expect.stringContaining('no remote workbench') }],
    ['REMOTE_BASH_TOOL', { command: 'ls' }, { stdoutLines: 0, stderr: expect.stringContaining('no remote shell') }],
    ['CREATE_PLAN', { use_case: 'x' }, {}],
    ['FIND_RECIPE', {}, {}],
  ])('%s is refused in its own envelope, with what to do instead', async (name, args, data) => {
    const stage = openStage();
    for (const prefix of ['RUBE_', 'COMPOSIO_']) {
      const envelope = await stage.call(`${prefix}${name}`, args);
      expect(envelope).toMatchObject({
        successful: false,
        error: expect.stringMatching(new RegExp(`${prefix}\\w+.*Nothing was run`)),
        data,
      });
    }
  });
});
