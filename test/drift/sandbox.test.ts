import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { amendedText } from '../../src/binding/amend.ts';
import { compileBinding } from '../../src/binding/compile.ts';
import { operationsOf } from '../../src/binding/serve.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { BackendDrift } from '../../src/contract/drift.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { openSwitching } from '../../src/switching.ts';
import { openStage, type Stage } from './stage.ts';

const yamlOf = (backend: string): Promise<string> => readFile(new URL(`../../adapters/${backend}/close.yaml`, import.meta.url), 'utf8');

async function only(stage: Stage, backend: string, version?: string): Promise<BackendDrift> {
  const { report } = await stage.drift({ backends: [backend], ...(version === undefined ? {} : { version }) });
  const [one] = report.backends;
  if (!one) throw new Error(`${backend} is not in the report`);
  return one;
}

describe('the tools that the sandbox has today', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it('are all listed over the wire, and give no alarm', async () => {
    const { report, patch } = await stage.drift();
    expect(report.backends.map(({ backend, state, listed }) => [backend, state, listed]).toSorted()).toEqual([
      ['composio', 'same', 14],
      ['membrane', 'same', 20],
      ['rest', 'nothing_to_list', undefined],
      ['scalekit', 'same', 81],
    ]);
    expect(patch).toBeUndefined();
  });

  it('are asked for without a request to the app, and without a write', async () => {
    stage.sandbox.reset();
    await stage.drift();
    const { rest, ...others } = stage.sandbox.counts();
    expect(rest).toBeUndefined();
    expect(Object.keys(others['membrane'] ?? {})).toEqual(['GET']);
    expect(Object.keys(others['composio'] ?? {})).toEqual(['GET']);
  });

  it('of a backend that does not answer are reported, and the others are compared all the same', async () => {
    stage.sandbox.fault({ backend: 'composio', when: 'before', kind: 'status', status: 503, times: 'always' });
    const { report } = await stage.drift();
    stage.sandbox.reset();
    const states = Object.fromEntries(report.backends.map(({ backend, state }) => [backend, state]));
    expect(states).toEqual({ composio: 'unreachable', membrane: 'same', rest: 'nothing_to_list', scalekit: 'same' });
    expect(report.backends.find(({ backend }) => backend === 'composio')?.error?.code).toBe('backend_unavailable');
  });

  it('of Composio can be seen as they were in another release', async () => {
    const { state, asked, broken } = await only(stage, 'composio', '20260615_00');
    expect({ state, asked }).toEqual({ state: 'broken', asked: '20260615_00' });
    expect(broken).toHaveLength(9);
  });

  it('are not asked for at all when the backend was stopped', async () => {
    await using own = await openStage();
    await openSwitching(own.core, { app: 'close', operator: 'a test' }).stop('composio');
    own.sandbox.reset();
    const { state, error } = await only(own, 'composio');
    expect({ state, code: error?.code }).toEqual({ state: 'unreachable', code: 'policy_denied' });
    expect(own.sandbox.requests('composio')).toEqual([]);
  });

  it('are read page by page, and a list that goes round is not believed', async () => {
    const next = Buffer.from('at:1').toString('base64url'); // one that the door takes
    const page = (slug: string, cursor: string | null) => {
      const body = { items: [{ slug, input_parameters: { type: 'object' } }], next_cursor: cursor };
      stage.sandbox.fault({ backend: 'composio', path: /\/tools$/, when: 'after', kind: 'body', body });
    };
    page('CLOSE_ONE', next);
    page('CLOSE_TWO', null);
    expect(await only(stage, 'composio')).toMatchObject({ state: 'broken', listed: 2 });
    page('CLOSE_ONE', next);
    page('CLOSE_TWO', next);
    expect(await only(stage, 'composio')).toMatchObject({ state: 'unreachable', error: { code: 'reply_unexpected' } });
    stage.sandbox.reset();
  });

  it('of a schema that changed are told argument by argument', async () => {
    const items = [
      {
        slug: 'CLOSE_CREATE_LEAD',
        version: '20260915_00',
        available_versions: ['20260915_00', '20270101_00'],
        is_deprecated: true,
        input_parameters: {
          type: 'object',
          required: ['name', 'owner'],
          properties: {
            name: { type: 'array' },
            website_url: { type: 'string' },
            owner: { type: 'string' },
            status_id: { type: 'string', enum: ['stat_1'] },
          },
        },
      },
    ];
    stage.sandbox.fault({
      backend: 'composio',
      path: /\/tools$/,
      when: 'after',
      kind: 'body',
      body: { items, next_cursor: null },
      times: 'always',
    });
    const { findings, broken } = await only(stage, 'composio');
    stage.sandbox.reset();
    const own = findings
      .filter(({ tool }) => tool === undefined || tool === 'CLOSE_CREATE_LEAD')
      .map(({ kind, field = '' }) => `${kind} ${field}`.trim());
    expect(own.toSorted()).toEqual(
      [
        'version',
        'deprecated',
        'removed_field description',
        'removed_field contacts',
        'removed_field addresses',
        'renamed_field url',
        'required_field owner',
        'changed_type name',
        'changed_values status_id',
      ].toSorted(),
    );
    expect(broken).toContain('lead.create');
  });
});

describe.each([
  { backend: 'composio', set: '6', broken: 15 },
  { backend: 'membrane', set: 'renamed', broken: 20 },
  { backend: 'membrane', set: 'changed', broken: 4 },
  { backend: 'scalekit', set: '103', broken: 0 },
])('the proposal for $backend with its tool set $set', ({ backend, set, broken }) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ [backend]: set });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it('is made from what the wire says', async () => {
    expect((await only(stage, backend)).broken).toHaveLength(broken);
  });

  it('passes the build when it is written into the binding file', async () => {
    const { patch = '' } = await stage.drift({ backends: [backend], adopt: true });
    const [proposed] = parseAllDocuments(patch).map((document): { backend: string; app: string; bindings: JsonObject } => document.toJS());
    expect(proposed).toMatchObject({ backend, app: 'close' });
    const operations = await operationsOf(closeApp);
    const source = { backend, file: 'close.yaml', operations };
    const text = amendedText(await yamlOf(backend), proposed?.bindings ?? {});
    const [before, after] = [compileBinding({ ...source, text: await yamlOf(backend) }), compileBinding({ ...source, text })];
    const changed = operations.filter(({ id }) => JSON.stringify(before.cells[id]) !== JSON.stringify(after.cells[id])).map(({ id }) => id);
    expect(changed.toSorted()).toEqual(Object.keys(proposed?.bindings ?? {}).toSorted());
    expect(changed.length).toBeGreaterThan(0);
  });
});

describe.each([
  { backend: 'composio', set: '6', operation: 'close.me.get', input: {} },
  { backend: 'membrane', set: 'renamed', operation: 'close.lead.create', input: { name: 'Northpine' } },
])('a call of $operation over $backend with its tool set $set', ({ backend, set, operation, input }) => {
  const waysOf = async (stage: Stage): Promise<readonly string[]> => {
    const { ok, receipt } = await stage.core.router.run(operation, input, { user: 'ada', via: backend });
    return [`${ok}`, ...(receipt?.attempts ?? []).map(({ transport, delivery }) => `${transport} ${delivery}`)];
  };

  it('is refused as a tool that is not there, and goes by proxy', async () => {
    await using stage = await openStage({ [backend]: set });
    expect(await waysOf(stage)).toEqual(['true', 'tool not-sent', 'proxy answered']);
  });

  it('goes at once as the proposal says', async () => {
    await using stage = await openStage({ [backend]: set });
    const drifted = await only(stage, backend);
    await using amended = await openStage({ [backend]: set }, [drifted]);
    expect(await waysOf(amended)).toEqual(['true', set === 'renamed' ? 'tool answered' : 'proxy answered']);
    const left = (await only(amended, backend)).findings.filter(({ kind, breaks }) => kind !== 'version' && breaks.length > 0);
    expect(left).toEqual([]);
  });
});

describe('a tool set that nobody knows', () => {
  it.each([
    [{ composio: '7' }, 'There are 6, 14'],
    [{ rest: '1' }, 'one set of tools only, or none'],
    [{ zapier: '1' }, 'There are composio'],
  ])('%j is refused', async (sets, words) => {
    await expect(openStage(sets)).rejects.toThrow(words);
  });
});
