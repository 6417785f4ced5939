import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { json } from '../support/scripted-http.ts';
import { action, connection, NOW, type Scripted, scripted } from './membrane-server.ts';

const ME = { id: 'user_1', first_name: 'Ada', organizations: [{ id: 'orga_1', name: 'One' }] };

/** Membrane whose action create-lead has another schema than the one that close.yaml infers. */
const changed = (inputSchema: unknown) =>
  scripted((response, seen) => {
    if (seen.path === '/connections') return json({ items: [connection()] })(response, seen);
    if (seen.path === '/actions') return json({ items: [action({ inputSchema })] })(response, seen);
    if (seen.path.endsWith('/proxy/me/')) return json(ME)(response, seen);
    if (seen.path.endsWith('/run')) return json({ output: { id: 'lead_by_action' }, actionRunId: 'r' })(response, seen);
    return json({ id: 'lead_by_proxy' })(response, seen);
  });

async function createLead(membrane: Scripted) {
  const journal = openJournal({ path: ':memory:' });
  const router = createCore({
    apps: [closeApp],
    backends: [{ adapter: membrane.adapter(), bindings: await BACKENDS.membrane.bindings() }],
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user) => user,
    journal,
    now: () => NOW,
    elapsed: () => performance.now(),
  });
  const report = await router.run('close.lead.create', { name: 'Northpine' }, { user: 'ada' });
  await router.close();
  await journal.close();
  return report;
}

describe('a lead made over Membrane', () => {
  it('goes by the action while its live schema has the fields', async () => {
    await using membrane = await changed({ type: 'object', properties: { name: { type: 'string' } } });
    expect(await createLead(membrane)).toMatchObject({
      ok: true,
      data: { id: 'lead_by_action' },
      receipt: { route: { transport: 'tool' } },
    });
    expect(membrane.posts()).toBe(1);
  });

  it.each([
    ['has other fields', { type: 'object', properties: { leadName: { type: 'string' } }, required: ['leadName'] }, 'unsupported_fields'],
    ['is not published', undefined, 'unsupported_fields'],
  ])('goes by the proxy, once and with the reason, when the schema %s', async (_, schema, code) => {
    await using membrane = await changed(schema);
    expect(await createLead(membrane)).toMatchObject({
      ok: true,
      data: { id: 'lead_by_proxy' },
      receipt: {
        route: { transport: 'proxy' },
        attempts: [
          { transport: 'tool', delivery: 'not-sent', code },
          { transport: 'proxy', delivery: 'answered' },
        ],
      },
    });
    expect(membrane.posts()).toBe(1);
  });
});
