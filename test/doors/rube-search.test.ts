import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { openStage } from './rube-stage.ts';

const stage = openStage();

async function search(args: JsonObject): Promise<JsonObject> {
  const { data, error } = await stage.call('RUBE_SEARCH_TOOLS', args);
  expect(error).toBeNull();
  return data;
}

function results(data: JsonObject): readonly JsonObject[] {
  return Array.isArray(data['results']) ? data['results'].filter(isObject) : [];
}

const one = (use_case: string, known_fields?: unknown): JsonObject => ({ queries: [{ use_case, known_fields }] });

describe('SEARCH_TOOLS', () => {
  it('answers each query in order, with tools whose schemas are there or can be had', async () => {
    const data = await search({ queries: [{ use_case: 'create a lead' }, { use_case: 'delete a call' }] });
    expect(results(data).map(({ index, use_case }) => [index, use_case])).toEqual([
      [1, 'create a lead'],
      [2, 'delete a call'],
    ]);
    const schemas = isObject(data['tool_schemas']) ? data['tool_schemas'] : {};
    for (const { primary_tool_slugs, related_tool_slugs } of results(data)) {
      for (const slug of primary_tool_slugs as string[])
        expect(schemas[slug]).toMatchObject({ tool_slug: slug, input_schema: { type: 'object' } });
      for (const slug of related_tool_slugs as string[]) expect(schemas[slug]).toMatchObject({ tool_slug: slug, toolkit: 'close' });
    }
  });

  it('plans the look-up of an id that is needed and not known', async () => {
    const steps = async (known?: unknown) =>
      results(await search(one('get a single lead by its id', known)))[0]?.['recommended_plan_steps'];
    expect(await steps()).toEqual([
      'Unless lead_id is known: find it with CLOSE_FIND_LEAD.',
      'Run CLOSE_GET_LEAD with lead_id through RUBE_MULTI_EXECUTE_TOOL.',
    ]);
    for (const known of ['lead_id:lead_1, note:x', { lead_id: 'lead_1' }, ['lead_id: lead_1']]) {
      expect(await steps(known)).toEqual(['Run CLOSE_GET_LEAD with lead_id through RUBE_MULTI_EXECUTE_TOOL.']);
    }
  });

  it('has the user asked before something is deleted', async () => {
    const [found] = results(await search(one('delete a call')));
    expect(found?.['recommended_plan_steps']).toContain('Ask the user whether it is really to be deleted.');
  });

  it('says which tools are not Composio’s own', async () => {
    const { tool_schemas } = await search(one('update a lead'));
    expect(JSON.stringify(isObject(tool_schemas) && tool_schemas['CLOSE_UPDATE_LEAD'])).toContain('Not a tool of Composio');
  });

  it('says so when nothing fits', async () => {
    const [found] = results(await search(one('qqqq zzzz')));
    expect(found).toMatchObject({ primary_tool_slugs: [], toolkits: [], error: expect.stringContaining('Only close is served') });
  });

  it.each([
    [{ use_case: 'create a lead', known_fields: 'name:x', exploratory_query: false, toolkits: ['close'] }],
    [{ query: 'create a lead' }],
    [{ queries: ['create a lead'] }],
    [{ queries: '[{"use_case":"create a lead"}]' }],
    [{ queries: { use_case: 'create a lead' } }],
  ])('understands older and sloppier forms: %j', async (args) => {
    expect(results(await search(args))[0]?.['primary_tool_slugs']).toContain('CLOSE_CREATE_LEAD');
  });

  it('makes a session id when asked to, and goes on with one that it is given', async () => {
    const fresh = await search({ ...one('create a lead'), session: { generate_id: true } });
    expect(fresh['session']).toMatchObject({ id: expect.stringMatching(/^trs_\w{12}$/), generate_id: true });
    const again = await search({ ...one('create a lead'), session: { id: 'trs_mine' } });
    expect(again['session']).toMatchObject({ id: 'trs_mine', generate_id: false });
  });

  it.each([
    ['no query', {}, /queries\[0\]\.use_case must say/],
    ['an empty use case', { queries: [{ use_case: ' ' }] }, /use_case must say/],
    ['a novel', { queries: [{ use_case: 'x'.repeat(1025) }] }, /1025 characters/],
    ['too many', { queries: Array.from({ length: 21 }, () => ({ use_case: 'x' })) }, /21 entries/],
    ['an argument that is none', { querys: [] }, /did you mean "queries"/],
  ])('refuses %s', async (_, args, message) => {
    expect(await stage.call('RUBE_SEARCH_TOOLS', args)).toMatchObject({ successful: false, error: expect.stringMatching(message) });
  });
});

describe('GET_TOOL_SCHEMAS', () => {
  it('gives what is asked for, and the three closest for what nobody knows', async () => {
    const { data } = await stage.call('RUBE_GET_TOOL_SCHEMAS', {
      tool_slugs: ['CLOSE_CREATE_CALL', 'lead.list', 'CLOSE_CREATE_LEADD'],
      include: ['input_schema', 'output_schema'],
    });
    expect(data).toMatchObject({
      success: false,
      tool_schemas: {
        CLOSE_CREATE_CALL: {
          toolkit: 'close',
          input_schema: { required: ['lead_id', 'direction'], properties: { status: {}, disposition: { enum: expect.anything() } } },
          output_schema: { type: 'object' },
        },
        'lead.list': { tool_slug: 'CLOSE_LIST_LEADS' },
      },
      not_found: ['CLOSE_CREATE_LEADD'],
      suggestions: { CLOSE_CREATE_LEADD: ['CLOSE_CREATE_LEAD', expect.any(String), expect.any(String)] },
    });
  });

  it.each([
    [{}, /tool_slugs must be a list/],
    [{ tool_slugs: [1] }, /tool_slugs must be a list/],
    [{ tool_slugs: ['X'], include: ['all'] }, /include must be/],
    [{ tool_slug: 'X' }, /did you mean "tool_slugs"/],
  ])('refuses %j', async (args, message) => {
    expect(await stage.call('RUBE_GET_TOOL_SCHEMAS', args)).toMatchObject({ successful: false, error: expect.stringMatching(message) });
  });
});
