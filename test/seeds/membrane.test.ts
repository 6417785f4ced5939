/** The public Close skill for the Membrane CLI (seed 002), command by command as `skillrouter membrane …`, over every backend. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';
import { NAMES, type Name } from '../contract/rig.ts';
import { runCli } from '../support/cli.ts';
import { rowsOf } from './stage.ts';

type Shown = Readonly<Record<string, string>>;

/** A configuration of one backend, as its user writes it. */
const SECTIONS: Readonly<Record<Name, (shown: Shown) => string>> = {
  composio: ({ url }) => `composio: { api_key: \${SECRET}, base_url: ${url} }`,
  membrane: ({ url, workspaceKey }) => `membrane: { workspace_key: ${workspaceKey}, workspace_secret: \${SECRET}, base_url: ${url} }`,
  rest: ({ url }) => `rest: { api_key: \${SECRET}, base_url: ${url} }`,
  scalekit: ({ url, clientId }) => `scalekit: { env_url: ${url}, client_id: ${clientId}, client_secret: \${SECRET}, connector: close }`,
};

function secretOf(shown: Shown): string {
  return shown['apiKey'] ?? shown['workspaceSecret'] ?? shown['clientSecret'] ?? '';
}

describe.each(NAMES)('the skill’s commands, over %s', (backend) => {
  let sandbox: Sandbox;
  let folder = '';
  beforeAll(async () => {
    sandbox = await startSandbox({ switches: { rateLimits: false } });
    folder = mkdtempSync(join(tmpdir(), 'skillrouter-seed-'));
    const section = SECTIONS[backend](sandbox.ready.backends[backend] ?? {});
    writeFileSync(join(folder, 'skillrouter.yaml'), `backends:\n  ${section}\ndefault_user: ada\nstore: ./journal.db\n`);
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function membrane(...args: readonly string[]): Promise<JsonObject> {
    const env = { SECRET: secretOf(sandbox.ready.backends[backend] ?? {}) };
    const ran = await runCli(['membrane', ...args, '--json'], { cwd: folder, env });
    expect(ran.code, ran.stderr).toBe(0);
    return ran.lines[0] ?? {};
  }

  async function act(action: string, input: JsonObject): Promise<JsonObject> {
    const { output } = await membrane('action', 'run', '--connectionId=close', action, '--input', JSON.stringify(input));
    return isObject(output) ? output : {};
  }

  it('connect: login, search for the connector, connect, list the connections', async () => {
    const [login, found, connected, listed] = await Promise.all([
      membrane('login', '--tenant'),
      membrane('search', 'close', '--elementType=connector'),
      membrane('connect', '--connectorId=close'),
      membrane('connection', 'list'),
    ]);
    expect(login).toMatchObject({ authenticated: true, backends: [backend] });
    expect(found).toMatchObject({ output: { items: [{ element: { id: 'close' } }] } });
    expect(connected).toMatchObject({ state: 'READY', connected: true });
    expect(listed['items']).toMatchObject([{ backend, state: 'READY' }]);
  }, 90_000);

  it('find an action by intent', async () => {
    const { items } = await membrane('action', 'list', '--intent=create a lead', '--connectionId=close');
    expect(Array.isArray(items) && items[0]).toMatchObject({ key: 'create-lead', inputSchema: { type: 'object' } });
  });

  it('create a lead and what hangs under it, change it, and read it back: each write once', async () => {
    const before = sandbox.world.ledger().length;
    const lead = await act('create-lead', { name: 'Harbourline Freight', contacts: [{ name: 'Nadia Okafor' }] });
    const lead_id = stringAt(lead, 'id') ?? 'none';
    const [contact, opportunity, task, note, updated] = await Promise.all([
      act('create-contact', { lead_id, name: 'Bo Lind' }),
      act('create-opportunity', { lead_id, value: 480_000, value_period: 'annual' }),
      act('create-task', { lead_id, text: 'Send the offer' }),
      act('create-note', { lead_id, note: 'Prefers e-mail' }),
      act('update-lead', { lead_id, description: 'Freight' }),
    ]);
    for (const made of [contact, opportunity, task, note]) expect(made).toMatchObject({ lead_id, id: expect.any(String) });
    expect(updated).toMatchObject({ id: lead_id, description: 'Freight' });
    expect(sandbox.world.ledger().length - before).toBe(6);

    const [read, contacts, tasks, notes] = await Promise.all([
      act('get-lead', { lead_id }),
      act('get-contact', { contact_id: contact['id'] }),
      act('list-tasks', { lead_id }),
      act('list-notes', { lead_id }),
    ]);
    expect(read).toMatchObject({ name: 'Harbourline Freight', opportunities: [{ id: opportunity['id'] }] });
    expect(contacts).toMatchObject({ name: 'Bo Lind' });
    expect([rowsOf(tasks), rowsOf(notes)]).toMatchObject([[{ id: task['id'] }], [{ id: note['id'] }]]);
  }, 90_000);

  it('send a request through the proxy, with the flags of its table', async () => {
    const flags = ['-X', 'GET', '-H', 'Accept: application/json', '--query', '_limit=2', '--query', '_fields=id,name'];
    const { status, body } = await membrane('request', 'close', '/lead/', ...flags);
    expect(status).toBe(200);
    expect(rowsOf(isObject(body) ? body : {})).toHaveLength(2);
  });
});
