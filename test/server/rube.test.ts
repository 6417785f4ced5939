import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { openRube as connect, envelopeOf, itemsOf, type Rube } from '../seeds/stage.ts';
import { BIN, runCli, startCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';
import { ADA_KEY, ANY_KEY, openDoors } from './stage.ts';

const BACKENDS = ['composio', 'scalekit', 'membrane', 'rest'] as const;

async function opened(options: Parameters<typeof openDoors>[1] = {}) {
  const doors = await openDoors(BACKENDS, options);
  const { url } = doors.serving.ready.rube ?? { url: '' };
  return { ...doors, url };
}

function first(data: JsonObject): JsonObject {
  return itemsOf(data)[0] ?? {};
}

async function execute(rube: Rube, tool_slug: string, args: JsonObject): Promise<JsonObject> {
  return first((await rube.call('RUBE_MULTI_EXECUTE_TOOL', { tools: [{ tool_slug, arguments: args }] })).data);
}

describe('the Rube door in front of the router', () => {
  it('acts for the user whose key it is', async () => {
    const { url, world } = await opened();
    await using rube = await connect(url, ADA_KEY);
    const { data } = await rube.run('CLOSE_CREATE_LEAD', { name: 'Acme' });
    expect(data).toMatchObject({ name: 'Acme', id: expect.stringMatching(/^lead_/) });
    expect(world.ledger()).toHaveLength(1);
  });

  it('gives the receipt of each tool as its log_id', async () => {
    const { url, core } = await opened();
    await using rube = await connect(url, ADA_KEY);
    const { response } = await execute(rube, 'CLOSE_WHO_AM_I', {});
    const log = isObject(response) ? String(response['log_id']) : '';
    expect((await core.journal.list({})).map(({ receipt }) => [receipt.id, receipt.operation])).toEqual([[log, 'close.me.get']]);
  });

  it('goes on over another backend when the connection in use expires', async () => {
    const { url, sandbox } = await opened();
    await using rube = await connect(url, ADA_KEY);
    await rube.run('CLOSE_WHO_AM_I', {});
    const [used] = await sandbox.connections('composio');
    sandbox.change('composio', used?.id ?? '', { status: 'expired' });
    expect((await rube.run('CLOSE_CREATE_LEAD', { name: 'Acme' })).error).toBeNull();
  });

  it('sends nothing that the policy wants asked first, and says so beside what it did', async () => {
    const { url, world } = await opened({ policy: { ask: ['sends', 'destructive'], deny: ['task.create'] } });
    await using rube = await connect(url, ADA_KEY);
    const lead = String((await rube.run('CLOSE_CREATE_LEAD', { name: 'Acme' })).data['id']);
    const before = world.ledger().length;
    const mail = { to: ['bo@acme.example'], sender: 'ada@fernhill.example', subject: 'x', body_text: 'x' };
    const { data } = await rube.call('RUBE_MULTI_EXECUTE_TOOL', {
      tools: [
        { tool_slug: 'CLOSE_CREATE_EMAIL', arguments: { ...mail, lead_id: lead, status: 'outbox' } },
        { tool_slug: 'CLOSE_DELETE_LEAD', arguments: { lead_id: lead } },
        { tool_slug: 'CLOSE_CREATE_TASK', arguments: { lead_id: lead, text: 'x', date: '2026-03-03' } },
        { tool_slug: 'CLOSE_CREATE_EMAIL', arguments: { lead_id: lead, status: 'draft', subject: 'x' } },
      ],
    });
    expect(itemsOf(data).map(({ error_details: details }) => isObject(details) && details['code'])).toEqual([
      'approval_required',
      'approval_required',
      'policy_denied',
      false,
    ]);
    expect(world.ledger().length - before).toBe(1);
  });

  it('leads a user without a connection to one: told, linked, waited for, used', async () => {
    const { url, sandbox } = await opened();
    await using rube = await connect(`${url}?user_id=grace`, ANY_KEY);
    const refused = await execute(rube, 'CLOSE_WHO_AM_I', {});
    expect(refused['error']).toMatch(/^No active connected account found for toolkit: close\. Call RUBE_MANAGE_CONNECTIONS/);

    const { data } = await rube.call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['close'] });
    const started = isObject(data['results']) && isObject(data['results']['close']) ? data['results']['close'] : {};
    expect(started).toMatchObject({ status: 'initiated', redirect_url: expect.stringContaining('/connect/') });

    const waiting = rube.call('RUBE_WAIT_FOR_CONNECTIONS', { toolkits: ['close'] });
    sandbox.complete(String(started['redirect_url']));
    expect((await waiting).data).toMatchObject({ results: { close: { status: 'ACTIVE' } } });
    expect((await rube.run('CLOSE_WHO_AM_I', {})).data).toMatchObject({ id: expect.stringMatching(/^user_/) });
  });

  it('runs fifty tools in one call, in order', async () => {
    const { url, world } = await opened();
    await using rube = await connect(url, ADA_KEY);
    const tools = Array.from({ length: 50 }, (_, at) => ({ tool_slug: 'CLOSE_CREATE_LEAD', arguments: { name: `Lead ${at}` } }));
    const { data } = await rube.call('RUBE_MULTI_EXECUTE_TOOL', { tools });
    expect(data).toMatchObject({ success_count: 50 });
    const names = itemsOf(data).map(({ response }) => isObject(response) && isObject(response['data']) && response['data']['name']);
    expect(names).toEqual(tools.map((tool) => tool.arguments.name));
    expect(world.ledger()).toHaveLength(50);
  });
});

describe('the commands', () => {
  const scratch = useScratch();

  it('mcp --as rube is the same at stdin and stdout', async () => {
    const client = new Client({ name: 'an-agent', version: '1' });
    const command = {
      command: process.execPath,
      args: [BIN, 'mcp', '--as', 'rube', '--sandbox'],
      cwd: scratch(),
      stderr: 'ignore' as const,
    };
    await client.connect(new StdioClientTransport(command));
    try {
      const arguments_ = { tools: [{ tool_slug: 'CLOSE_LOG_CALL', arguments: { lead_id: 'lead_none', note: 'x' } }] };
      const { data } = envelopeOf(await client.callTool({ name: 'RUBE_MULTI_EXECUTE_TOOL', arguments: arguments_ }));
      expect(itemsOf(data)).toMatchObject([
        { response: { data: { status_code: expect.any(Number) } }, error_details: { code: 'rejected' } },
      ]);
    } finally {
      await client.close();
    }
  });

  it('mcp --as rube and serve forbid at the Rube door what the configuration forbids MCP clients', async () => {
    const config = join(scratch(), 'skillrouter.yaml');
    writeFileSync(config, `backends:\n  composio:\n    api_key: \${UNSET_KEY}\nmcp:\n  read_only: true\n`);
    const wish = ['--sandbox', '--config', config];
    const tools = [{ tool_slug: 'CLOSE_CREATE_LEAD', arguments: { name: 'Acme' } }];
    const client = new Client({ name: 'an-agent', version: '1' });
    const command = { command: process.execPath, args: [BIN, 'mcp', '--as', 'rube', ...wish], cwd: scratch(), stderr: 'ignore' as const };
    await client.connect(new StdioClientTransport(command));
    try {
      const { data } = envelopeOf(await client.callTool({ name: 'RUBE_MULTI_EXECUTE_TOOL', arguments: { tools } }));
      expect(itemsOf(data)).toMatchObject([{ error_details: { code: 'policy_denied' } }]);
    } finally {
      await client.close();
    }
    const child = startCli(['serve', ...wish, '--port', '0', '--json'], { cwd: scratch() });
    const ended = once(child, 'close');
    try {
      const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
      const { rube } = JSON.parse(line) as { readonly rube: { readonly url: string; readonly apiKey: string } };
      await using agent = await connect(rube.url, rube.apiKey);
      expect(await execute(agent, 'CLOSE_CREATE_LEAD', { name: 'Acme' })).toMatchObject({ error_details: { code: 'policy_denied' } });
      expect((await agent.run('CLOSE_WHO_AM_I', {})).error).toBeNull();
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('mcp --as rube heeds no flag of the other surface, and says so', async () => {
    const ran = await runCli(['mcp', '--as', 'rube', '--read-only', '--sandbox'], { cwd: scratch() });
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/--read-only does not go with --as rube/);
  });

  it.each([['sandbox'], ['serve', '--sandbox']])('%s prints where the Rube door is, and it is there', async (...args) => {
    const child = startCli([...args, '--port', '0', '--json'], { cwd: scratch() });
    try {
      const line = await new Promise<string>((resolve, reject) => {
        child.once('close', () => reject(new Error('it ended')));
        child.stdout.setEncoding('utf8').once('data', resolve);
      });
      const { rube } = JSON.parse(line) as { readonly rube: { readonly url: string; readonly apiKey: string } };
      await using agent = await connect(rube.url, rube.apiKey);
      expect((await agent.run('CLOSE_WHO_AM_I', {})).data).toMatchObject({ id: expect.stringMatching(/^user_/) });
    } finally {
      child.removeAllListeners('close');
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await ended;
    }
  });
});
