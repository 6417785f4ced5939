import { MembraneClient } from '@membranehq/sdk';
import { afterAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { toHttp } from '../../src/binding/http.ts';
import { obstacle, toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import { type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { normalise, type Result } from '../../src/router/normalise.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { createWorld } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';

const signal = AbortSignal.timeout(25_000);
const world = createWorld({ seed: 'membrane', clock: { kind: 'virtual' }, switches: { rateLimits: false } });
const sandbox = await startSandbox({ world, doors: { membrane: await BACKENDS.membrane.door({ app: closeApp }) }, serve });
const { url = '', workspaceKey = '', workspaceSecret = '' }: Readonly<Record<string, string>> = sandbox.ready.backends['membrane'] ?? {};
const adapter = await BACKENDS.membrane.adapter({ baseUrl: url, workspaceKey, workspaceSecret, now: () => new Date(0) });
const [binding] = await BACKENDS.membrane.bindings();
const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, signal);
const client = new MembraneClient({ workspaceKey, workspaceSecret, tenantKey: 'ada', apiUri: url });

afterAll(async () => {
  await adapter.close();
  await sandbox.close();
});

/** Sends an operation by its action where it has one that fits, or else by proxy, and says which. */
async function run(id: string, input: JsonObject, transport: 'tool' | 'proxy'): Promise<Result> {
  const operation = await closeApp.find(id);
  if (!operation || isIntent(operation) || !connection) throw new Error(`no operation ${id}`);
  const read = operation.effect === 'read';
  const cell = binding?.cells[id];
  if (transport === 'proxy')
    return normalise(operation, await adapter.request({ connection, ...toHttp(operation, input), read }, signal), closeApp);
  if (cell?.transport !== 'tool' || obstacle(cell, input)) throw new Error(`${id} does not fit its action`);
  return normalise(
    operation,
    await adapter.invoke({ connection, tool: cell.tool, arguments: toTool(cell, input), read }, signal),
    closeApp,
  );
}

async function idOf(result: Promise<Result>): Promise<string> {
  const found = await result;
  const id = found.ok ? stringAt(found.data, 'id') : undefined;
  if (id === undefined) throw new Error(`nothing was made: ${JSON.stringify(found)}`);
  return id;
}

const ROADS = ['tool', 'proxy'] as const;

describe.each(ROADS)('the world behind the Membrane door, by %s', (road) => {
  it('keeps a lead with its contact, task, note and opportunity as they were written', async () => {
    const lead_id = await idOf(
      run(
        'lead.create',
        { name: `Northpine ${road}`, contacts: [{ name: 'Kim', emails: [{ email: 'kim@northpine.example', type: 'office' }] }] },
        road,
      ),
    );
    const made = {
      contact: await idOf(run('contact.create', { lead_id, name: 'Lee' }, road)),
      task: await idOf(run('task.create', { lead_id, text: 'Call back', date: '2026-12-01' }, road)),
      note: await idOf(run('note.create', { lead_id, note: 'Met at the fair' }, road)),
      opportunity: await idOf(run('opportunity.create', { lead_id, value: 480_000, value_period: 'monthly', confidence: 40 }, road)),
    };
    await run('lead.update', { lead_id, description: 'Paper' }, road);
    const other = road === 'tool' ? 'proxy' : 'tool';
    expect(await run('lead.get', { lead_id }, other)).toMatchObject({
      ok: true,
      data: { name: `Northpine ${road}`, description: 'Paper', contacts: [{ name: 'Kim' }, { name: 'Lee' }] },
    });
    expect(await run('opportunity.get', { opportunity_id: made.opportunity }, other)).toMatchObject({
      ok: true,
      data: { value: 480_000, value_period: 'monthly', confidence: 40 },
    });
    expect(await run('task.get', { task_id: made.task }, other)).toMatchObject({
      ok: true,
      data: { text: 'Call back', is_complete: false },
    });
    expect(await run('note.list', { lead_id }, other)).toMatchObject({ ok: true, data: { data: [{ id: made.note }] } });
    expect(await run('contact.list', { lead_id, fields: ['id', 'name'] }, other)).toMatchObject({
      ok: true,
      data: { data: [{ name: expect.any(String) }, { name: expect.any(String) }] },
    });
  });

  it('refuses what Close refuses, and tells which field', async () => {
    expect(await run('lead.get', { lead_id: 'lead_nobody' }, road)).toMatchObject({
      ok: false,
      failure: { code: 'not_found', origin: 'app' },
    });
    const refused = await run('contact.create', { lead_id: 'lead_nobody', name: 'Lee' }, road);
    expect(refused).toMatchObject({ ok: false, failure: { origin: 'app', delivery: 'answered' } });
  });
});

describe('the real SDK in front of the world', () => {
  it('walks through what the public skill says: search, connections, actions, run, request', async () => {
    const { items } = await client.get('/search', { q: 'close', elementType: 'connector' });
    expect(items[0].element.id).toEqual(expect.any(String));
    const found = (await client.connections.find()).items[0]?.id ?? '';
    const [action] = (await client.actions.find({ connectionId: found, intent: 'create lead' })).items;
    const ran = await client.action(action?.id ?? '').run({ name: 'Skillful' }, { connectionId: found });
    const lead = await client.connection(found).proxy.get(`/lead/${ran.output.id}/`);
    expect(lead).toMatchObject({ id: ran.output.id, name: 'Skillful', display_name: 'Skillful' });
    const listed = await client.get(`/connections/${found}/proxy/lead/`, { _limit: 1 });
    expect(listed).toMatchObject({ data: [expect.any(Object)], has_more: true });
  });
});
