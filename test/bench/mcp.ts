import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import type { Config } from '../../src/config/config.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { openCore } from '../../src/core.ts';
import { against, type Figure } from './figure.ts';
import { interleaved, p50 } from './measure.ts';
import type { BenchSandbox } from './sandbox.ts';

const ROUNDS = { rounds: 300, warmup: 100 };
const LEAD = { name: 'Northpine Logistics' };
/** Clients that call one after the other, all at the same time. */
const CLIENTS = 16;
const CALLS = 3000;

/** What an MCP server in another process adds to a call, and how many it answers. A bare HTTP client speaks, so that none of a client library is counted. */
export async function mcpFigures(sandbox: BenchSandbox): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'skillrouter-bench-'));
  const core = await openCore(configOf(sandbox, join(folder, 'router.db')));
  const child = fork(fileURLToPath(new URL('./mcp-process.ts', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const agent = new Agent({ connections: CLIENTS });
  try {
    child.send(configOf(sandbox, join(folder, 'mcp.db')));
    const [ready]: unknown[] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    const call = caller(agent, stringAt(ready, 'url') ?? '');
    const routed = async (): Promise<void> => {
      const report = await core.router.run('close.lead.create', LEAD, { user: sandbox.user });
      if (!report.ok) throw new Error(report.error.message);
    };
    const timings = await interleaved(
      [
        { name: 'mcp', run: call },
        { name: 'router', run: routed },
      ],
      ROUNDS,
    );
    return [
      added('lead.create by an MCP tool over HTTP', p50(timings, 'mcp'), p50(timings, 'router')),
      { what: `MCP tool calls over HTTP, ${CLIENTS} clients`, value: await perSecond(call), unit: '/s' },
    ];
  } finally {
    child.disconnect();
    await Promise.all([core.close(), agent.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf({ user, rest }: BenchSandbox, store: string): Config {
  const backends = { rest: { base_url: rest.url, api_key: rest.apiKey } };
  const policy = { prefer: [], pin: {}, deny: [], ask: [], account: 'user' as const };
  return { backends, users: { [user]: {} }, defaultUser: user, policy, store };
}

/** One `tools/call` of the 2026-07-28 revision. */
function caller(dispatcher: Agent, url: string): () => Promise<void> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'run_operation', arguments: { operation: 'close.lead.create', input: LEAD }, _meta };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'run_operation',
  };
  return async () => {
    const reply = await request(url, { dispatcher, method: 'POST', headers, body });
    const answer: unknown = await reply.body.json();
    const result = isObject(answer) ? answer['result'] : undefined;
    if (!isObject(result) || result['isError'] === true) throw new Error(`the tool call failed: ${JSON.stringify(answer).slice(0, 300)}`);
  };
}

async function perSecond(call: () => Promise<void>): Promise<number> {
  let left = CALLS;
  const begun = performance.now();
  const client = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (CALLS * 1000) / (performance.now() - begun);
}

/** What a server of ours may add. */
const ADDED_MS = 1;

function added(what: string, value: number, peerValue: number): Figure {
  return { ...against(what, value, 'router.run', peerValue), target: `≤ router.run + ${ADDED_MS} ms`, met: value <= peerValue + ADDED_MS };
}
