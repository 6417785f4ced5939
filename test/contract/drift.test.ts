import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunReport } from '../../src/contract/receipt.ts';
import { carriers } from './carriers.ts';
import { startingWorld } from './reference.ts';
import { type Adapted, adapt } from './rig.ts';

/** How long what was read of the actions is believed. */
const FRESH_MS = 10 * 60_000;

const OPERATION = 'close.lead.create';
const LEAD = { name: 'Northpine', url: 'https://northpine.example' };

/** What Membrane could say of its actions tomorrow. */
const action = (inputSchema: unknown, overrides: object = {}) => ({
  id: 'act_1',
  key: 'create-lead',
  name: 'Create Lead',
  state: 'READY',
  inputSchema,
  ...overrides,
});
const text = { type: 'string' };

const DRIFTS = [
  { what: 'has vanished', items: [], code: 'unsupported_operation' },
  {
    what: 'is switched off',
    items: [action({ properties: { name: text, url: text } }, { isDeactivated: true })],
    code: 'unsupported_operation',
  },
  { what: 'has lost a field', items: [action({ type: 'object', properties: { name: text } })], code: 'unsupported_fields' },
  {
    what: 'has another name for a field',
    items: [action({ type: 'object', properties: { leadName: text, url: text }, required: ['leadName'] })],
    code: 'unsupported_fields',
  },
  {
    what: 'takes another type',
    items: [action({ type: 'object', properties: { name: text, url: { type: 'array', items: text } } })],
    code: 'unsupported_fields',
  },
  {
    what: 'has a new field that it needs',
    items: [action({ properties: { name: text, url: text, owner: text }, required: ['owner'] })],
    code: 'unsupported_fields',
  },
] as const;

const run = ({ core }: Adapted): Promise<RunReport> => core.router.run(OPERATION, LEAD, { user: 'ada' });

const serve = ({ sandbox }: Adapted, items: readonly object[]) =>
  sandbox.fault({ method: 'GET', path: /\/actions$/, when: 'after', kind: 'body', body: { items }, times: 'always' });

/** Which way the writes went, as they stand on the wire. */
function writes({ sandbox }: Adapted): readonly string[] {
  const sent = sandbox.requests('membrane').filter(({ method, path }) => method !== 'GET' && carriers('membrane').test(path));
  return sent.map(({ path }) => (path.endsWith('/run') ? 'run' : 'proxy'));
}

function lists({ sandbox }: Adapted): number {
  return sandbox.requests('membrane').filter(({ path }) => path.endsWith('/actions')).length;
}

const byTool = { ok: true, receipt: { route: { transport: 'tool' }, attempts: [{ transport: 'tool', delivery: 'answered' }] } };
const byProxy = (code: string) => ({
  ok: true,
  data: LEAD,
  receipt: {
    route: { transport: 'proxy' },
    attempts: [
      { transport: 'tool', delivery: 'not-sent', code },
      { transport: 'proxy', delivery: 'answered' },
    ],
  },
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe.each(DRIFTS)('an action of Membrane that $what', ({ items, code }) => {
  it('is never run: the write goes by proxy, once, whole and with the reason', async () => {
    await using rig = await adapt('membrane', startingWorld());
    serve(rig, items);
    expect(await run(rig)).toMatchObject(byProxy(code));
    expect(writes(rig)).toEqual(['proxy']);
    expect(rig.stage.current.ledger()).toHaveLength(1);
  });

  it('between two calls is noticed when it is read again', async () => {
    await using rig = await adapt('membrane', startingWorld());
    expect(await run(rig)).toMatchObject(byTool);
    serve(rig, items);
    vi.setSystemTime(Date.now() + FRESH_MS);
    expect(await run(rig)).toMatchObject(byProxy(code));
    expect(writes(rig)).toEqual(['run', 'proxy']);
    expect(rig.stage.current.ledger()).toHaveLength(2);
  });
});

describe('an action that was good a moment ago', () => {
  const membrane = (type: string, key?: string) => ({ type, ...(key === undefined ? {} : { key }), message: 'No' });

  it.each([
    { when: 'Membrane no longer knows it', status: 404, body: membrane('bad_request', 'not_found'), code: 'unsupported_operation' },
    { when: 'Membrane refuses the input', status: 400, body: membrane('bad_request'), code: 'unsupported_fields' },
  ])('gives way to the proxy when $when, and is read anew before the next call', async ({ status, body, code }) => {
    await using rig = await adapt('membrane', startingWorld());
    expect(await run(rig)).toMatchObject(byTool);
    rig.sandbox.fault({ path: /\/run$/, when: 'before', kind: 'status', status, body });
    expect(await run(rig)).toMatchObject(byProxy(code));
    expect(lists(rig)).toBe(1);
    serve(rig, []);
    expect(await run(rig)).toMatchObject(byProxy('unsupported_operation'));
    expect(lists(rig)).toBe(2);
    // The run that was refused has done nothing: three writes, three effects.
    expect(writes(rig)).toEqual(['run', 'run', 'proxy', 'proxy']);
    expect(rig.stage.current.ledger()).toHaveLength(3);
  });
});
