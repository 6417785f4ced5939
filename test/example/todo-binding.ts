/** How the five operations are spelled as tools of the to-do server; only the differences. */
import type { BindingDeclaration } from '../../src/index.ts';

export function todoOn(backend: string): BindingDeclaration {
  const rename = { todo_id: 'item', text: 'title' };
  return {
    backend,
    app: 'todo',
    source: 'todo-server.ts, today',
    cells: {
      'me.get': { tool: 'who_am_i', accepts: [] },
      'todo.create': {
        tool: 'add_item',
        accepts: ['text', 'priority'],
        rename: { text: 'title' },
        values: { priority: { low: '1', high: '2' } },
      },
      'todo.list': { tool: 'list_items', accepts: ['text', 'limit'], rename: { text: 'title' } },
      'todo.get': { tool: 'get_item', accepts: ['todo_id'], rename: { todo_id: 'item' } },
      'todo.update': { tool: 'change_item', accepts: ['todo_id', 'text', 'done'], rename },
    },
  };
}
