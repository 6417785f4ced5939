import { fileURLToPath } from 'node:url';
import { type CallToolResult, Client, type ClientOptions, type RequestOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';

const BIN = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

/** The revisions with `initialize`, and the one without. */
export const ERAS = { 2025: { mode: 'legacy' }, 2026: { mode: { pin: '2026-07-28' } } } as const;
export type Era = keyof typeof ERAS;

/** A client of the official SDK for one era; with `asks` it can put questions to its person. */
export function clientOf(era: Era, options: ClientOptions = {}): Client {
  return new Client({ name: 'test', version: '1' }, { versionNegotiation: ERAS[era], ...options });
}

/** Starts `skillrouter mcp` as a host does, in a folder of its own. */
export async function connectStdio(
  client: Client,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Record<string, string> },
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, 'mcp', ...args],
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NO_PROXY: '127.0.0.1,localhost', ...env },
    stderr: 'pipe',
  });
  await client.connect(transport);
  return { transport, [Symbol.asyncDispose]: () => client.close() };
}

/** One tool call, as a model makes it. */
export function call(client: Client, name: string, input: JsonObject = {}, options: RequestOptions = {}): Promise<CallToolResult> {
  return client.callTool({ name, arguments: { ...input } }, options);
}

export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

export function dataOf({ structuredContent }: CallToolResult): JsonObject {
  return isObject(structuredContent) ? structuredContent : {};
}
