/** The to-do list itself, in memory, as an MCP server: somebody else's, as far as the adapter is concerned. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { type CallToolResult, createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

export interface Todo {
  readonly id: string;
  readonly text: string;
  readonly priority?: string;
  readonly done: boolean;
}

export interface TodoServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** From now on the token is refused. */
  revoke(): void;
  /** How many writes it has done. */
  writes(): number;
  close(): Promise<void>;
}

export interface TodoServerOptions {
  /** The list, when two servers show the same one. */
  readonly todos?: Map<string, Todo>;
}

const TOKEN = 'todo-token-5f1c9b7a2e';

export async function startTodoServer({ todos = new Map() }: TodoServerOptions = {}): Promise<TodoServer> {
  let writes = 0;
  let isRevoked = false;
  const put = (todo: Todo): CallToolResult => {
    writes += 1;
    todos.set(todo.id, todo);
    return result({ ...todo });
  };
  const mcp = toNodeHandler(createMcpHandler(() => serverOf(todos, put)));
  const server = createServer((request, response) => {
    if (!isRevoked && request.headers.authorization === `Bearer ${TOKEN}`)
      void mcp(Object.assign(request, { method: request.method ?? 'GET', url: request.url ?? '/' }), response);
    else response.writeHead(401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port } = server.address() as AddressInfo;
  const revoke = (): void => {
    isRevoked = true;
  };
  return { url: `http://127.0.0.1:${port}/mcp`, token: TOKEN, revoke, writes: () => writes, close, [Symbol.asyncDispose]: close };
}

function serverOf(todos: Map<string, Todo>, put: (todo: Todo) => CallToolResult): McpServer {
  const server = new McpServer({ name: 'todo', version: '1' });
  const find = (id: string, found: (todo: Todo) => CallToolResult): CallToolResult => {
    const todo = todos.get(id);
    return todo ? found(todo) : { ...result({ code: 'not_found' }), isError: true };
  };
  server.registerTool('who_am_i', { description: 'Whose list', inputSchema: z.object({}) }, () => result({ id: 'ada' }));
  server.registerTool(
    'add_item',
    { description: 'Add', inputSchema: z.object({ title: z.string(), priority: z.enum(['1', '2']).optional() }) },
    ({ title, priority }) => put({ id: `todo_${todos.size + 1}`, text: title, done: false, ...(priority ? { priority } : {}) }),
  );
  server.registerTool(
    'list_items',
    { description: 'List', inputSchema: z.object({ title: z.string().optional(), limit: z.int().optional() }) },
    ({ title, limit = 100 }) => {
      const found = [...todos.values()].filter(({ text }) => title === undefined || text === title);
      return result({ data: found.slice(0, limit), has_more: found.length > limit });
    },
  );
  server.registerTool('get_item', { description: 'Get', inputSchema: z.object({ item: z.string() }) }, ({ item }) =>
    find(item, (todo) => result({ ...todo })),
  );
  server.registerTool(
    'change_item',
    { description: 'Change', inputSchema: z.object({ item: z.string(), title: z.string().optional(), done: z.boolean().optional() }) },
    ({ item, title, done }) => find(item, (todo) => put({ ...todo, text: title ?? todo.text, done: done ?? todo.done })),
  );
  return server;
}

function result(data: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(data) }], structuredContent: data };
}
