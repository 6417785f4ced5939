/** A backend of one's own: any MCP server whose tools are an app's operations. Sends and reports; the router does the rest. */
import { createHash } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Adapter, BackendId, Connection, Failure, JsonObject, Reply, ToolCall } from '../../src/contract/index.ts';
import { Refused, readResult, readThrown } from './mcp-replies.ts';

export interface McpOptions {
  readonly backend: BackendId;
  /** The endpoint. */
  readonly url: string;
  readonly app: string;
  /** user → bearer token at that server */
  readonly tokens: Readonly<Record<string, string>>;
}

/** The router's deadline comes first. */
const LONGEST_MS = 600_000;

export function createMcpAdapter({ backend, url, app, tokens }: McpOptions): Adapter {
  const clients = new Map<string, Promise<Client>>();
  const connected = async (user: string, token: string, signal: AbortSignal): Promise<Client> => {
    const opening = clients.get(user) ?? open(url, token, signal);
    clients.set(user, opening);
    // Who could not connect tries again with the next call.
    return opening.catch((error: unknown) => {
      clients.delete(user);
      throw error;
    });
  };
  const idOf = (token: string): string => `mcp_${createHash('sha256').update(`${url} ${token}`).digest('hex').slice(0, 16)}`;
  const refused = (code: Failure['code'], what: string): Reply => ({
    kind: 'failed',
    failure: { code, delivery: 'not-sent', what, origin: 'backend' },
  });

  return {
    backend,
    can: { tool: true, http: 'none', connect: 'key' },
    connections: async (query) => {
      const token = tokens[query.user];
      if (query.app !== app || token === undefined) return [];
      const held: Connection = {
        id: idOf(token),
        backend,
        ...query,
        status: 'active',
        detail: 'configured',
        checkedAt: new Date().toISOString(),
      };
      return [held];
    },
    invoke: async ({ connection, tool, arguments: args }: ToolCall, signal) => {
      const token = tokens[connection.user];
      if (token === undefined || connection.id !== idOf(token))
        return refused('connection_required', 'no token is configured for this connection');
      if (signal.aborted) return refused('timeout', 'the deadline passed before anything was sent');
      const client = await connected(connection.user, token, signal).catch((error: unknown) => error);
      if (!(client instanceof Client)) return { kind: 'failed', failure: { ...readThrown(client, signal), delivery: 'not-sent' } };
      try {
        return readResult(await client.callTool({ name: tool, arguments: { ...(args as JsonObject) } }, { signal, timeout: LONGEST_MS }));
      } catch (error) {
        return { kind: 'failed', failure: readThrown(error, signal) };
      }
    },
    request: async () => refused('unsupported_operation', 'an MCP server has tools only'),
    connect: async ({ user }) => ({ how: `Configure a token of ${user} for the MCP server.` }),
    tools: async ({ user }, signal) => {
      const { tools } = await (await connected(user, tokens[user] ?? '', signal)).listTools({}, { signal });
      return {
        tools: tools.map(({ name, description = '', inputSchema }) => ({
          name,
          description,
          input: { ...inputSchema },
          deprecated: false,
          disabled: false,
        })),
      };
    },
    close: async () => {
      const open = [...clients.values()];
      clients.clear();
      await Promise.allSettled(open.map(async (client) => (await client).close()));
    },
  };
}

async function open(url: string, token: string, signal: AbortSignal): Promise<Client> {
  const client = new Client({ name: 'skillrouter-example', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    // A stream that broke off is not taken up again: what is lost is unknown, and the router asks.
    reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1, maxReconnectionDelay: 1, reconnectionDelayGrowFactor: 1 },
    fetch: sendOnce,
  });
  await client.connect(transport, { signal });
  return client;
}

/** The SDK shows the text of a refusal in its errors, and forgets its headers. A call that was refused ends here. */
async function sendOnce(input: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const isCall = typeof init?.body === 'string' && init.body.includes('"tools/call"');
  if (!isCall) return response;
  // Read whole: the SDK does not notice a stream that breaks off, and would wait for the deadline. The kit found it.
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, response.headers.get('retry-after'));
  return new Response(text, { status: response.status, headers: response.headers });
}
