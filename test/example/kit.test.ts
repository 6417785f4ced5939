/** What a team writes to have its own adapter, binding and app held against the promises. */
import { describe, it } from 'vitest';
import { describeAdapter, describeApp, describeBinding } from '../../src/contract-kit.ts';
import { createMcpAdapter } from './mcp-adapter.ts';
import { todoApp } from './todo-app.ts';
import { todoOn } from './todo-binding.ts';
import { startTodoServer } from './todo-server.ts';

const runner = { describe, it };

describeApp(todoApp, runner);

describeBinding(
  {
    app: todoApp,
    binding: todoOn('mcp'),
    tools: async () => {
      await using server = await startTodoServer();
      const adapter = createMcpAdapter({ backend: 'mcp', url: server.url, app: 'todo', tokens: { ada: server.token } });
      const listing = await adapter.tools?.({ app: 'todo', user: 'ada' }, AbortSignal.timeout(10_000));
      await adapter.close();
      return listing?.tools ?? [];
    },
  },
  runner,
);

describeAdapter(
  {
    name: 'mcp',
    carries: /#tools\/call$/,
    strangeStatus: { none: 'a configured token has no status' },
    calls: [
      { name: 'todo.create', tool: 'add_item', arguments: { title: 'Buy milk' }, read: false },
      { name: 'todo.list', tool: 'list_items', arguments: {}, read: true },
    ],
    start: async () => {
      const server = await startTodoServer();
      return {
        upstream: server.url,
        open: (url) => createMcpAdapter({ backend: 'mcp', url, app: 'todo', tokens: { ada: server.token } }),
        query: { app: 'todo', user: 'ada' },
        secrets: [server.token],
        effects: server.writes,
        close: server.close,
      };
    },
  },
  runner,
);
