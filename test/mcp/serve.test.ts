import { once } from 'node:events';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';
import { call, clientOf, dataOf } from './stage.ts';

const cwd = useScratch();
const watched = () => ({ cwd: cwd(), node: ['--import', new URL('./loaded.ts', import.meta.url).href] });
const LOADED = /^loaded .*@modelcontextprotocol\/server/m;

describe('serve', () => {
  it('has the MCP server beside the doors, behind their keys, and loads its library for the first request only', async () => {
    const child = startCli(['serve', '--sandbox', '--port', '0', '--json'], watched());
    let talk = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      talk += text;
    });
    const ended = once(child, 'close');
    try {
      const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
      const { mcp } = JSON.parse(line) as { readonly mcp: { readonly url: string; readonly apiKey: string } };
      expect(mcp.url).toMatch(/\/mcp$/);
      expect(talk).not.toMatch(LOADED);
      expect((await fetch(mcp.url, { method: 'POST', body: '{}' })).status).toBe(401);

      const client = clientOf(2026);
      const headers = { authorization: `Bearer ${mcp.apiKey}` };
      await client.connect(new StreamableHTTPClientTransport(new URL(mcp.url), { requestInit: { headers } }));
      const made = await call(client, 'run_operation', { operation: 'lead.create', input: { name: 'Acme' } });
      expect(dataOf(made)).toMatchObject({ operation: 'close.lead.create', data: { name: 'Acme' } });
      await client.close();
      expect(talk).toMatch(LOADED);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });
});

describe('the MCP library', () => {
  it('is no business of run', async () => {
    const { code, stderr } = await runCli(['run', 'lead.list', '--limit', '1', '--sandbox', '--json'], watched());
    expect([code, LOADED.test(stderr)]).toEqual([0, false]);
  });
});

describe('mcp', () => {
  it('keeps stdout for the protocol, and ends when its client hangs up', async () => {
    const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
    const stdin = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })}\n`;
    const { code, stdout } = await runCli(['mcp', '--sandbox'], { cwd: cwd(), stdin });
    expect(code).toBe(0);
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).jsonrpc),
    ).toEqual(['2.0']);
  });

  it.each([
    [['--expose', 'direct'], 2, 'none is chosen'],
    [['--deny', 'lead.destroy'], 2, 'Did you mean'],
    [['--http', 'nowhere:at:all'], 2, '--http takes an address'],
    [['--http', '--url', 'https://router.example/mcp'], 2, '--url takes an origin'],
    [['--http', '0.0.0.0:0'], 2, 'mcp.keys'],
    [['--http', '0.0.0.0:0', '--open', '--allowed-hosts', 'router.example'], 2, 'this machine only'],
  ])('%j ends with %i and says what to do', async (args, code, says) => {
    const ran = await runCli(['mcp', '--sandbox', ...args], { cwd: cwd() });
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(says);
  });

  it('says on a port where it is, and the key that it made for the run', async () => {
    const child = startCli(['mcp', '--sandbox', '--http', '127.0.0.1:0', '--json'], { cwd: cwd() });
    const ended = once(child, 'close');
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const ready = JSON.parse(line);
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/),
      user: 'ada',
      key: expect.any(String),
    });
    expect((await fetch(ready.url, { method: 'POST', body: '{}' })).status).toBe(401);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
