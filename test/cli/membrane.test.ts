import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { Ran } from '../support/cli.ts';
import { type Rig, startRig } from '../support/cli-rig.ts';

let folder = '';
let rig: Rig;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'skillrouter-membrane-'));
  rig = await startRig(folder);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `membrane …` and takes the one object that it prints. */
async function answer(...args: readonly string[]): Promise<JsonObject> {
  const ran = await rig.run('membrane', ...args, '--json');
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.lines).toHaveLength(1);
  return ran.lines[0] ?? {};
}

/** Runs `membrane …` that has to fail; the error is on stderr, and stdout is left alone. */
async function refusal(...args: readonly string[]): Promise<JsonObject & { readonly exit: Ran['code'] }> {
  const { code, stdout, stderr } = await rig.run('membrane', ...args, '--json');
  expect(stdout).toBe('');
  const { error } = JSON.parse(stderr.split('\n').findLast((line) => line.startsWith('{')) ?? '{}') as { readonly error: JsonObject };
  return { ...error, exit: code };
}

function items(found: JsonObject): readonly JsonObject[] {
  return Array.isArray(found['items']) ? found['items'].filter(isObject) : [];
}

function objectAt(found: JsonObject, key: string): JsonObject {
  const value = found[key];
  return isObject(value) ? value : {};
}

/** The public skill's "Popular actions". Source: membranedev/application-skills skills/close/SKILL.md */
const PUBLISHED = [
  ...['contact', 'lead', 'note', 'opportunity', 'task'].map((noun) => `create-${noun}`),
  ...['contact', 'lead', 'note', 'opportunity', 'task', 'user'].map((noun) => `get-${noun}`),
  ...['activities', 'contacts', 'leads', 'notes', 'opportunities', 'tasks'].map((nouns) => `list-${nouns}`),
  ...['contact', 'lead', 'opportunity'].map((noun) => `update-${noun}`),
];

async function someLead(): Promise<string> {
  const { output } = await answer('action', 'run', 'list-leads', '--connectionId', 'close', '--input', '{"_limit":1}');
  const [lead] = isObject(output) && Array.isArray(output['data']) ? output['data'] : [];
  return stringAt(lead, 'id') ?? 'none';
}

describe('the public skill of the first generation, step by step', () => {
  it('needs no login', async () => {
    const start = await answer('login', '--tenant', '--clientName=agent');
    const complete = await answer('login', 'complete', 'CODE');
    expect(start).toMatchObject({ authenticated: true, user: 'ada', backends: ['composio', 'membrane', 'rest'] });
    expect(complete).toEqual(start);
  });

  it('finds the connector where its page looks for it', async () => {
    const found = await answer('search', 'close', '--elementType=connector');
    expect(found).toMatchObject({ output: { items: [{ elementType: 'connector', element: { id: 'close' } }] } });
    expect(items(found)).toHaveLength(1);
  });

  it('connects with that connector, and is answered with the usable connection', async () => {
    expect(await answer('connect', '--connectorId=close')).toMatchObject({ id: 'close', state: 'READY', connected: true });
  });

  it('lists the connections of every backend, in the order of the policy', async () => {
    const found = items(await answer('connection', 'list'));
    expect(found.map(({ backend, state }) => [backend, state])).toEqual([
      ['composio', 'READY'],
      ['membrane', 'READY'],
      ['rest', 'READY'],
    ]);
  });

  it('finds an action and its input by intent, the best first', async () => {
    const [best] = items(await answer('action', 'list', '--intent=create a lead', '--connectionId=close'));
    expect(best).toMatchObject({ id: 'lead.create', inputSchema: { required: ['name'] } });
  });

  it('lists the actions of its table first', async () => {
    const found = items(await answer('action', 'list', '--connectionId=close', '--limit', '21'));
    const table = found.slice(0, 20).map(({ key }) => String(key));
    expect(table.toSorted()).toEqual(PUBLISHED);
    expect(PUBLISHED).not.toContain(found[20]?.['key']);
  });

  it('runs it over each id that a list of connections gives', async () => {
    for (const { id } of items(await answer('connection', 'list'))) {
      const { output, actionRunId } = await answer('action', 'run', `--connectionId=${id}`, 'list-leads', '--input', '{ "_limit": 2 }');
      expect(output).toMatchObject({ data: [{ id: expect.stringMatching(/^lead_/) }, {}] });
      const shown = await rig.run('log', 'show', String(actionRunId), '--json');
      expect(`${stringAt(shown.lines[0]?.['route'], 'backend')}:${stringAt(shown.lines[0]?.['route'], 'connection')}`).toBe(id);
    }
  });

  it('sends a request through the proxy', async () => {
    const lead = await someLead();
    const ran = await rig.run('membrane', 'request', 'close', `/api/v1/lead/${lead}`);
    expect(JSON.parse(ran.stdout)).toMatchObject({ id: lead });
  });
});

describe('the public skill of the later generations, step by step', () => {
  it.each(['', 'close', 'Close', 'close.com', 'https://app.close.com/leads'])('ensures the connection to "%s"', async (name) => {
    expect(await answer('connection', 'ensure', name)).toMatchObject({ id: 'close', state: 'READY' });
  });

  it('waits for the connection', async () => {
    expect(await answer('connection', 'get', 'close', '--wait')).toMatchObject({ id: 'close', state: 'READY' });
  });

  it('connects by key', async () => {
    expect(await answer('connect', '--connectorKey', 'close')).toMatchObject({ state: 'READY' });
  });

  it('runs an action by key, and what was written is there', async () => {
    const input = '{"name":"Northpine Logistics","contacts":[{"name":"Ingrid Solheim"}]}';
    const { output } = await answer('action', 'run', 'create-lead', '--connectionId=close', '--input', input);
    const id = stringAt(output, 'id') ?? 'none';
    const read = await answer('action', 'run', 'get-lead', '--connectionId=close', '--input', JSON.stringify({ id }));
    expect(read['output']).toMatchObject({ id, name: 'Northpine Logistics', contacts: [{ name: 'Ingrid Solheim' }] });
  });

  it('is told which action to take in place of creating one', async () => {
    const refused = await refusal('action', 'create', 'log a phone call', '--connectionId', 'close');
    expect(refused).toMatchObject({ code: 'unsupported_operation', exit: 4 });
    expect(objectAt(refused, 'details')['nearest']).toContain('call.log');
  });

  it('runs what Membrane has no action for', async () => {
    const lead_id = await someLead();
    const input = JSON.stringify({ lead_id, direction: 'outbound', duration: 60 });
    const { output } = await answer('action', 'run', 'log-call', '--connectionId=close', '--input', input);
    expect(output).toMatchObject({ lead_id, duration: 60 });
  });

  it('gives an action whole, under every name it has', async () => {
    const [key, id, full] = await Promise.all(
      ['create-task', 'task.create', 'close.task.create'].map((name) => answer('action', 'get', name)),
    );
    expect(key).toMatchObject({ id: 'task.create', state: 'READY', inputSchema: { type: 'object' }, outputSchema: { type: 'object' } });
    expect(id).toEqual(key);
    expect(full).toEqual(key);
  });

  it('acts by key and by request', async () => {
    const lead = await someLead();
    const byKey = await answer('act', '--connectionKey', 'close', '--key', 'get-lead', '--input', JSON.stringify({ lead_id: lead }));
    const byApi = await answer('act', '--connectionKey=close', '--api', JSON.stringify({ method: 'GET', path: `/lead/${lead}/` }));
    expect(byKey).toMatchObject({ output: { id: lead }, actionRunId: expect.stringMatching(/^call_/) });
    expect(byApi).toMatchObject({ output: { id: lead } });
  });
});

describe('a request', () => {
  it('takes path and query parameters, and prints status, headers and body', async () => {
    const lead = await someLead();
    const found = await answer('request', 'close', '/lead/{id}/', '--pathParam', `id=${lead}`, '--query', '_fields=id,name');
    expect(found).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(Object.keys(objectAt(found, 'body')).toSorted()).toEqual(['id', 'name']);
  });

  it('writes a body, with every flag of the skill', async () => {
    const flags = ['-X', 'POST', '-H', 'Accept: application/json', '-H', 'Content-Type: application/json', '--rawData'];
    const found = await answer('request', 'close', '/lead/', ...flags, '-d', '{"name":"Fjordline Freight"}');
    const id = stringAt(found['body'], 'id') ?? 'none';
    const read = await answer('action', 'run', 'lead.get', '--connectionId=close', '--input', JSON.stringify({ lead_id: id }));
    expect(read['output']).toMatchObject({ name: 'Fjordline Freight' });
  });

  it('sends a write once', async () => {
    const before = (await rig.requests('rest')).length;
    const via = items(await answer('connection', 'list')).find(({ backend }) => backend === 'rest');
    await answer('request', String(via?.['id']), '/lead/', '-X', 'POST', '-d', '{"name":"Once"}');
    const sent = (await rig.requests('rest')).slice(before);
    expect(sent.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('tells what the app refused: its answer on stdout, the error on stderr', async () => {
    const { code, lines, stderr } = await rig.run('membrane', 'request', 'close', '/lead/lead_none/', '--json');
    expect(lines).toEqual([{ status: 404, headers: { 'content-type': 'application/json' }, body: { error: 'Not found' } }]);
    expect(JSON.parse(stderr)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(code).toBe(4);
  });

  it('says that a credential of the caller’s does not go along', async () => {
    const { code, stderr } = await rig.run('membrane', 'request', 'close', '/me/', '-H', 'Authorization: Bearer topsecret');
    expect(stderr).toContain('authorization is not forwarded');
    expect(stderr).not.toContain('topsecret');
    expect(code).toBe(0);
  });
});

describe('a user without a connection', () => {
  it('is given a link, and is connected once the user has been there', async () => {
    const started = await answer('connection', 'ensure', 'close.com', '--tenantKey', 'grace');
    const url = stringAt(started['clientAction'], 'uiUrl') ?? '';
    expect(started).toMatchObject({ state: 'CLIENT_ACTION_REQUIRED', connected: false, clientAction: { type: 'connect' } });

    const id = String(started['id']);
    const early = await answer('connection', 'get', id, '--wait', '--timeout', '0.2', '--tenantKey', 'grace');
    expect(early).toMatchObject({ id, state: 'CLIENT_ACTION_REQUIRED' });

    const waiting = answer('connection', 'get', id, '--wait', '--timeout', '60', '--tenantKey', 'grace');
    await fetch(url, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) });
    expect(await waiting).toMatchObject({ id, state: 'READY', connected: true });
    expect(await answer('action', 'run', 'me.get', '--connectionId', id, '--user', 'grace')).toMatchObject({
      output: { id: expect.any(String) },
    });
  });

  it('is told so when a call comes before that', async () => {
    const refused = await refusal('action', 'run', 'list-leads', '--connectionId', 'close', '--tenantKey', 'nobody');
    expect(refused).toMatchObject({ code: 'connection_required', exit: 3 });
    expect(objectAt(refused, 'details')['connect']).toContainEqual(expect.objectContaining({ url: expect.stringContaining(rig.url) }));
  });
});

describe('a connection that expired', () => {
  it('is shown as such, is not used when it is named, and is passed over when the app is', async () => {
    const [first] = items(await answer('connection', 'list'));
    const id = String(first?.['id']);
    const [, own = ''] = id.split(':');
    await rig.change('composio', own, 'expired');
    try {
      expect(await answer('connection', 'get', own)).toMatchObject({ id, state: 'CLIENT_ACTION_REQUIRED', connected: false });
      expect(items(await answer('connection', 'list')).map(({ backend }) => backend)).toEqual(['membrane', 'rest', 'composio']);
      expect(await refusal('action', 'run', 'me.get', '--connectionId', own)).toMatchObject({ code: 'connection_required', exit: 3 });
      expect(await answer('action', 'run', 'me.get', '--connectionId', 'close')).toHaveProperty('output.id');
      const again = await answer('connect', '--connectionId', id);
      expect(again).toMatchObject({ state: 'CLIENT_ACTION_REQUIRED', backend: 'composio', clientAction: { uiUrl: expect.any(String) } });
    } finally {
      await rig.change('composio', own, 'active');
    }
  });
});

describe.skipIf(process.platform === 'win32')('a shim', () => {
  it('makes "membrane" this command, with the flags it was made with, and overwrites nothing', async () => {
    const made = await answer('shim', join(folder, 'bin'), '--sandbox');
    const file = String(made['file']);
    const { stdout } = spawnSync(file, ['connection', 'ensure', 'close', '--json'], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ id: 'close', state: 'READY' });
    writeFileSync(file, 'mine');
    expect(await refusal('shim', join(folder, 'bin'))).toMatchObject({ code: 'configuration', exit: 2 });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
