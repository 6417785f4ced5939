/** The only file that names the MCP SDK, which is loaded with the first request: it would cost every start a tenth of a second. */
import type { CallToolResult, McpHttpHandler, McpServer, McpServerFactory, ServerContext, Tool } from '@modelcontextprotocol/server';
import { closest } from '../../src/binding/closest.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { answered, answerTo } from './rube-call.ts';
import type { Envelope, Prefix, RubeCall, RubeDesk } from './rube-desk.ts';
import { META_TOOLS } from './rube-tools.ts';

/** Who calls, and by which names. */
export interface RubeCaller {
  readonly user: string;
  readonly prefix: Prefix;
}

type Sdk = typeof import('@modelcontextprotocol/server');

/** Serves the protocol's both eras over HTTP, one fresh server per request: nothing is kept between requests. */
export async function openHttp(desk: RubeDesk): Promise<McpHttpHandler> {
  const sdk = await load();
  return sdk.createMcpHandler(({ authInfo }) => createServer(sdk, desk, callerIn(authInfo?.extra)));
}

/** For stdio: makes the server of a connection that belongs to one user. */
export async function openFactory(desk: RubeDesk, caller: RubeCaller): Promise<McpServerFactory> {
  const sdk = await load();
  return () => createServer(sdk, desk, caller);
}

function load(): Promise<Sdk> {
  return import('@modelcontextprotocol/server');
}

/** The door itself put it there. */
function callerIn(extra: Readonly<Record<string, unknown>> | undefined): RubeCaller {
  const user = stringAt(extra, 'user');
  if (user === undefined) throw new Error('the door let a request through without a user');
  return { user, prefix: stringAt(extra, 'prefix') === 'COMPOSIO_' ? 'COMPOSIO_' : 'RUBE_' };
}

function createServer({ McpServer, ProtocolError, ProtocolErrorCode }: Sdk, desk: RubeDesk, caller: RubeCaller): McpServer {
  const mcp = new McpServer({ name: 'skillrouter-rube', version: '1' }, { capabilities: { tools: { listChanged: false } } });
  const tools = listed(caller.prefix);
  mcp.server.setRequestHandler('tools/list', () => ({ tools }));
  mcp.server.setRequestHandler('tools/call', async ({ params }, context): Promise<CallToolResult> => {
    const found = answerTo(desk, params.name);
    if (!found) throw new ProtocolError(ProtocolErrorCode.InvalidParams, unknownTool(params.name, tools, desk));
    const call = callOf({ ...caller, prefix: found.prefix ?? caller.prefix }, context);
    return toResult(await answered(desk, call, found.answer, params.arguments));
  });
  return mcp;
}

/** What works; what the door only refuses is not on the list. */
function listed(prefix: Prefix): Tool[] {
  return Object.entries(META_TOOLS).map(([name, { title, description, inputSchema, annotations }]) => ({
    name: `${prefix}${name}`,
    title,
    description: description(prefix),
    // The SDK types a schema as one of an object, which these are.
    inputSchema: inputSchema as Tool['inputSchema'],
    annotations: { title, ...annotations },
  }));
}

function callOf({ user, prefix }: RubeCaller, { mcpReq, http }: ServerContext): RubeCall {
  const token = mcpReq._meta?.progressToken;
  const key = mcpReq._meta?.['idempotency-key'];
  const gone = http?.req?.signal;
  return {
    user,
    prefix,
    // Clients of the older era end a call by hanging up: the notification of it reaches another request, and nobody there knows the call.
    signal: gone ? AbortSignal.any([mcpReq.signal, gone]) : mcpReq.signal,
    ...(typeof key === 'string' && key !== '' ? { idempotencyKey: key } : {}),
    progress: async (progress, total, message) => {
      if (token === undefined) return;
      const params = { progressToken: token, progress, total, message };
      // A client that has gone hears nothing; what it started is still finished.
      await mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    },
  };
}

/**
 * guess: that the text is the envelope itself, as meta-tools.json has it; in 2025 it was `{ requestId, successful, data: <envelope> }`.
 * A call of which a part succeeded is no error of the protocol: clients hide the results of those.
 */
function toResult(envelope: Envelope): CallToolResult {
  const { data, successful } = envelope;
  const partly = isObject(data) && Number(data['success_count']) > 0;
  return { content: [{ type: 'text', text: JSON.stringify(envelope) }], ...(successful || partly ? {} : { isError: true }) };
}

function unknownTool(name: string, tools: readonly Tool[], { toolbox }: RubeDesk): string {
  const close = closest(name.toUpperCase(), [...tools.map((tool) => tool.name), ...toolbox.names]);
  const hint = close.length > 0 ? ` Did you mean ${close.join(', ')}?` : '';
  return `Tool ${name.slice(0, 100)} not found.${hint} Nothing was run.`;
}
