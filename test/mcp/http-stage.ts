import { type Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { type Core, openCore } from '../../src/core.ts';
import { type McpHttp, type McpHttpOptions, type McpSource, openMcpHttp } from '../../src/mcp/open.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../src/sandbox.ts';
import { serve } from '../../src/server/host.ts';
import { clientOf, type Era } from './stage.ts';

export interface HttpStage {
  readonly sandbox: Sandbox;
  readonly core: Core;
  readonly mcp: McpHttp;
  /** What broke in the server; a test that makes nothing break expects it empty. */
  readonly faults: unknown[];
  /** A connected client; `key` in place of the one that was made for the run. */
  connect(era: Era, options?: ClientOptions & { readonly key?: string }): Promise<Client>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

export interface StageOptions extends Partial<McpHttpOptions> {
  /** The sections of the configuration beside the backends, as they stand in the file. */
  readonly config?: JsonObject;
  /** The order of backends; those that are not named are not configured. */
  readonly backends?: readonly string[];
  readonly source?: (source: McpSource) => McpSource;
}

/** `skillrouter mcp --http` over a sandbox, in this process. */
export async function openStage({
  config = {},
  backends = ['composio', 'rest'],
  source = (one) => one,
  ...options
}: StageOptions = {}): Promise<HttpStage> {
  const sandbox = await startSandbox({ switches: { rateLimits: false } });
  const reach = sandboxBackends(sandbox.ready);
  const settings = parseConfig({
    value: { ...reach, backends: pick(reach.backends, backends), policy: { prefer: [...backends] }, store: ':memory:', ...config },
    environment: {},
    folder: '.',
    secretsAllowed: true,
    operations: ['lead.create', 'lead.get', 'lead.delete', 'lead.list', 'sms.send', 'call.log'],
  });
  const core = await openCore(settings, { settleMs: 1000 });
  const faults: unknown[] = [];
  const mcp = await openMcpHttp(serve, source({ ...core, user: 'ada', mcp: settings.mcp }), {
    address: { host: '127.0.0.1', port: 0 },
    onFault: (error) => faults.push(error),
    onRefusal: () => undefined,
    ...options,
  });
  open.push(async () => {
    await mcp[Symbol.asyncDispose]();
    await core.close();
    await sandbox.close();
  });
  const connect: HttpStage['connect'] = async (era, { key = mcp.key, ...rest } = {}) => {
    const client = clientOf(era, rest);
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(mcp.url), { requestInit: { headers } }));
    open.push(() => client.close());
    return client;
  };
  return { sandbox, core, mcp, faults, connect };
}

function pick<Value>(all: Readonly<Record<string, Value>>, names: readonly string[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const])));
}
