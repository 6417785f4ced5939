/** The second app, through the router: one operation over two backends of one's own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRouter, type ExtendedRouter } from '../../src/index.ts';
import { createMcpAdapter } from './mcp-adapter.ts';
import { todoApp } from './todo-app.ts';
import { todoOn } from './todo-binding.ts';
import { startTodoServer, type Todo, type TodoServer } from './todo-server.ts';

let first: TodoServer;
let second: TodoServer;
let router: ExtendedRouter;

beforeEach(async () => {
  const todos = new Map<string, Todo>();
  first = await startTodoServer({ todos });
  second = await startTodoServer({ todos });
  const adapters = Object.entries({ mcp: first, 'mcp-spare': second }).map(([backend, { url, token }]) =>
    createMcpAdapter({ backend, url, app: 'todo', tokens: { ada: token } }),
  );
  router = createRouter(
    { backends: {}, default_user: 'ada', store: ':memory:', policy: { prefer: ['mcp', 'mcp-spare'] } },
    { apps: [todoApp], adapters, bindings: [todoOn('mcp'), todoOn('mcp-spare')] },
  );
});
afterEach(async () => {
  await router.close();
  await first.close();
  await second.close();
});

describe('the to-do list', () => {
  it('is written through the backend that is preferred, and read through either', async () => {
    const made = await router.run('todo.todo.create', { text: 'Buy milk', priority: 'high' });
    expect(made).toMatchObject({
      ok: true,
      data: { id: 'todo_1', text: 'Buy milk' },
      receipt: { route: { backend: 'mcp', transport: 'tool' } },
    });
    const read = await router.run('todo.todo.get', { todo_id: 'todo_1' }, { via: 'mcp-spare' });
    expect(read).toMatchObject({ ok: true, data: { text: 'Buy milk' }, receipt: { route: { backend: 'mcp-spare' } } });
    expect([first.writes(), second.writes()]).toEqual([1, 0]);
  });

  it('goes on over the other backend when a token was revoked, and writes once', async () => {
    // Both are known to be the same account.
    await router.run('todo.todo.list', {});
    await router.run('todo.todo.list', {}, { via: 'mcp-spare' });
    first.revoke();
    const made = await router.run('todo.todo.create', { text: 'Buy bread' });
    expect(made).toMatchObject({ ok: true, receipt: { route: { backend: 'mcp-spare' } } });
    expect([first.writes(), second.writes()]).toEqual([0, 1]);
  });

  it('says what is wrong with an input before anything is sent', async () => {
    expect(await router.run('todo.todo.create', { text: 'x', priority: 'urgent' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    });
    expect(await router.run('todo.todo.get', { todo_id: 'todo_9' })).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});
