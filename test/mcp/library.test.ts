import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRouter, operation, type SkillRouter } from '../../src/index.ts';
import { createMcpServer, type McpServer } from '../../src/mcp.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../src/sandbox.ts';
import { call, clientOf, dataOf } from './stage.ts';

const OWN = operation({
  app: 'close',
  id: 'weather.get',
  summary: 'Tell the weather at a lead',
  input: z.strictObject({ lead_id: z.string() }),
  output: z.looseObject({}),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/weather/{lead_id}/' },
  example: { lead_id: 'lead_1' },
});

let sandbox: Sandbox;
let router: SkillRouter;
beforeEach(async () => {
  sandbox = await startSandbox();
  router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:' }, { operations: [OWN] });
});
afterEach(async () => {
  await router.close();
  await sandbox.close();
});

async function connect(server: McpServer, { key = '', url = 'http://localhost/mcp' } = {}) {
  const client = clientOf(2026);
  const fetch = (address: string | URL, init?: RequestInit) => server.fetch(new Request(address, init));
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { fetch, requestInit: { headers } }));
  return client;
}

describe('createMcpServer', () => {
  it('puts tools in front of a router, its own operations included, wherever the program mounts it', async () => {
    await using server = createMcpServer(router, { open: true, url: 'http://localhost/agents/mcp' });
    const client = await connect(server, { url: 'http://localhost/agents/mcp' });
    const made = await call(client, 'run_operation', { operation: 'lead.create', input: { name: 'Acme' } });
    expect(dataOf(made)).toMatchObject({ operation: 'close.lead.create', data: { name: 'Acme' } });
    const found = dataOf(await call(client, 'search_operations', { query: 'weather' }));
    expect(found['operations']).toEqual([expect.objectContaining({ operation: 'close.weather.get', required: ['lead_id'] })]);
  });

  it('knows callers by their keys, and lets nobody in without one', async () => {
    const keys = [{ key: 'key-of-a-reader-0123456789', user: 'ada', readOnly: true }];
    await using server = createMcpServer(router, { keys });
    await expect(connect(server)).rejects.toThrow();
    const client = await connect(server, { key: keys[0]?.key ?? '' });
    expect(dataOf(await call(client, 'run_operation', { operation: 'lead.create', input: { name: 'A' } }))).toMatchObject({
      code: 'policy_denied',
    });
    await using closed = createMcpServer(router);
    await expect(connect(closed)).rejects.toThrow();
  });

  it('describes itself to clients that have to get a token', async () => {
    const oauth = { issuer: 'https://issuer.example', audience: 'https://router.example/mcp', jwksUri: 'https://issuer.example/jwks' };
    await using server = createMcpServer(router, { oauth, url: 'https://router.example/mcp' });
    const document = await server.fetch(new Request('https://router.example/.well-known/oauth-protected-resource/mcp'));
    expect(await document.json()).toMatchObject({ resource: 'https://router.example/mcp', authorization_servers: [oauth.issuer] });
    expect((await server.fetch(new Request('https://router.example/mcp', { method: 'POST' }))).status).toBe(401);
    expect((await server.fetch(new Request('https://evil.example/mcp', { method: 'POST' }))).status).toBe(403);
  });

  it('takes no router that is not one', () => {
    expect(() => createMcpServer({ ...router })).toThrow(expect.objectContaining({ code: 'configuration' }));
  });
});
