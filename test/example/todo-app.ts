/** A second app: a to-do list with four operations, and the read that tells whose list it is. */
import { z } from 'zod';
import type { JsonObject } from '../../src/contract/index.ts';
import { createApp, operation } from '../../src/index.ts';

const id = z.string().regex(/^todo_\w+$/);
const todo = z.looseObject({ id, text: z.string(), done: z.boolean() });

const whoami = operation({
  app: 'todo',
  id: 'me.get',
  summary: 'Whose list this is',
  input: z.strictObject({}),
  output: z.looseObject({ id: z.string() }),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/me' },
  example: {},
});

const create = operation({
  app: 'todo',
  id: 'todo.create',
  summary: 'Put something on the list',
  input: z.strictObject({
    text: z.string().min(1).describe('What has to be done'),
    priority: z.enum(['low', 'high']).optional().describe('How urgent it is'),
  }),
  output: todo,
  effect: 'write',
  idempotent: false,
  // A lost answer: the list, filtered by the text, shows whether it is there.
  confirm: { how: 'search', list: 'todo.list', by: ['text'], same: ['text'] },
  http: { method: 'POST', path: '/todos', success: 201 },
  example: { text: 'Buy milk' },
});

const list = operation({
  app: 'todo',
  id: 'todo.list',
  summary: 'What is on the list',
  input: z.strictObject({ text: z.string().optional().describe('Only those with this text'), limit: z.int().min(1).max(100).optional() }),
  output: z.looseObject({ data: z.array(todo), has_more: z.boolean() }),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/todos', rename: { limit: 'limit' } },
  example: { limit: 10 },
});

const complete = operation({
  app: 'todo',
  id: 'todo.update',
  summary: 'Tick something off, or change its text',
  input: z.strictObject({ todo_id: id, text: z.string().min(1).optional(), done: z.boolean().optional() }),
  output: todo,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'todo.get' },
  http: { method: 'PUT', path: '/todos/{todo_id}' },
  example: { todo_id: 'todo_1', done: true },
});

const get = operation({
  app: 'todo',
  id: 'todo.get',
  summary: 'One thing on the list',
  input: z.strictObject({ todo_id: id }),
  output: todo,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/todos/{todo_id}' },
  example: { todo_id: 'todo_1' },
});

export const todoApp = createApp({
  id: 'todo',
  operations: [whoami, create, list, get, complete],
  // Two connections are interchangeable only when they lead to the same account.
  identity: {
    operation: 'me.get',
    account: (output) => {
      const user = (output as JsonObject)['id'];
      return typeof user === 'string' ? { organization: 'todo', user } : undefined;
    },
  },
});
