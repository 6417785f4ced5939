import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Composio } from '@composio/core';
import { Agent, request } from 'undici';
import { CLOSE_TOOLKIT_VERSION } from '../../adapters/composio/adapter.ts';
import { type Core, openCore } from '../../src/core.ts';
import { CLIENTS } from '../contract/clients.ts';
import { configFor, NAMES, type Name } from '../contract/rig.ts';
import { against, type Figure } from './figure.ts';
import { interleaved, p50, type Subject } from './measure.ts';
import type { BenchSandbox } from './sandbox.ts';

const ROUNDS = { rounds: 300, warmup: 60 };
const LEAD = { name: 'Northpine Logistics' };
const TOOL = 'CLOSE_CREATE_LEAD';

/** What the router may add to a call over the vendor's own SDK. Close publishes none for Node: there, a bare HTTP client is the peer. */
const ADDED_MS = 0.15;

/** One lead.create through each adapter, the vendor's own SDK and a bare HTTP client, in one interleaved run. */
export async function callFigures(sandbox: BenchSandbox): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'skillrouter-bench-'));
  const agent = new Agent();
  const cores = new Map<Name, Core>();
  try {
    for (const name of NAMES) cores.set(name, await openCore({ ...configFor(name, sandbox[name]), store: join(folder, `${name}.db`) }));
    const subjects = [
      ...[...cores].map(([name, core]) => routed(name, core, sandbox.user)),
      bareRest(sandbox, agent),
      vendor(sandbox),
      bareComposio(sandbox, agent),
      await documented('membrane', 'create-lead', sandbox),
      await documented('scalekit', 'close_lead_create', sandbox),
    ];
    const timings = await interleaved(subjects, ROUNDS);
    const time = (name: string) => p50(timings, name);
    return [
      added('lead.create over rest', time('rest'), 'undici', time('rest, undici')),
      faster('lead.create over composio', time('composio'), '@composio/core', time('composio, SDK')),
      against('lead.create over composio', time('composio'), 'undici', time('composio, undici')),
      added('lead.create over membrane', time('membrane'), '@membranehq/sdk', time('membrane, SDK')),
      added('lead.create over scalekit', time('scalekit'), '@scalekit-sdk/node', time('scalekit, SDK')),
    ];
  } finally {
    await Promise.all([...[...cores.values()].map((core) => core.close()), agent.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function routed(name: string, { router }: Core, user: string): Subject {
  const run = async (): Promise<void> => {
    const report = await router.run('close.lead.create', LEAD, { user });
    if (!report.ok) throw new Error(report.error.message);
  };
  return { name, run };
}

function bareRest({ rest }: BenchSandbox, agent: Agent): Subject {
  const authorization = `Basic ${Buffer.from(`${rest.apiKey}:`).toString('base64')}`;
  return { name: 'rest, undici', run: () => post(agent, `${rest.url}/lead/`, { authorization }, LEAD) };
}

function bareComposio({ user, composio }: BenchSandbox, agent: Agent): Subject {
  const body = { user_id: user, connected_account_id: composio.connection, version: CLOSE_TOOLKIT_VERSION, arguments: LEAD };
  const url = `${composio.url}/api/v3.1/tools/execute/${TOOL}`;
  return { name: 'composio, undici', run: () => post(agent, url, { 'x-api-key': composio.apiKey }, body) };
}

/** As Composio's documentation shows it; telemetry and version check are off because they call other hosts. */
function vendor({ user, composio }: BenchSandbox): Subject {
  const sdk = new Composio({ apiKey: composio.apiKey, baseURL: composio.url, allowTracking: false, disableVersionCheck: true });
  const call = { userId: user, connectedAccountId: composio.connection, version: CLOSE_TOOLKIT_VERSION, arguments: LEAD };
  const run = async (): Promise<void> => {
    const { successful, error } = await sdk.tools.execute(TOOL, call);
    if (!successful) throw new Error(`@composio/core: ${error}`);
  };
  return { name: 'composio, SDK', run };
}

/** As the vendor's documentation shows it, see test/contract/clients.ts. */
async function documented(name: 'membrane' | 'scalekit', tool: string, sandbox: BenchSandbox): Promise<Subject> {
  const client = await CLIENTS[name]?.(sandbox[name]);
  const run = async (): Promise<void> => {
    const heard = await client?.tool(tool, LEAD);
    if (heard?.kind !== 'result') throw new Error(`the SDK of ${name}: ${heard?.text}`);
  };
  return { name: `${name}, SDK`, run };
}

async function post(dispatcher: Agent, url: string, headers: Readonly<Record<string, string>>, body: object): Promise<void> {
  const { statusCode, body: answer } = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.json();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
}

function added(what: string, value: number, peer: string, peerValue: number): Figure {
  return { ...against(what, value, peer, peerValue), target: `≤ ${peer} + ${ADDED_MS} ms`, met: value <= peerValue + ADDED_MS };
}

function faster(what: string, value: number, peer: string, peerValue: number): Figure {
  return { ...against(what, value, peer, peerValue), target: `faster than ${peer}`, met: value < peerValue };
}
