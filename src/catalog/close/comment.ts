/** Comments on activities and opportunities, and their threads. Source: developer.close.com/api/resources/comments */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf, paging } from './fields.ts';
import { anyId, DELETE, READ, textOrHtml, UPDATE } from './shapes.ts';

const commentId = id('comm', 'The comment');

/** A comment as the app returns it. Its stamps are named unlike those of other objects. */
const comment = z.looseObject({
  id: commentId,
  thread_id: answer.ref('comthr', 'The thread it belongs to'),
  lead_id: answer.ref('lead', 'The lead under which the commented object hangs'),
  organization_id: answer.ref('orga', 'The organization that owns it'),
  body: answer.text('What it says, HTML in one <body> root; empty after removal'),
  mentions: answer.list(z.unknown(), 'The users whom it mentions'),
  created_by: answer.ref('user', 'Who wrote it'),
  updated_by: answer.ref('user', 'Who edited it last'),
  created_at: answer.moment('When it was written'),
  updated_at: answer.moment('When it was edited last'),
  removed_at: answer.moment('When it was removed, while its thread lives on'),
  removed_by: answer.ref('user', 'Who removed it'),
});

const thread = z.looseObject({
  id: id('comthr', 'The thread'),
  lead_id: answer.ref('lead', 'The lead under which the commented object hangs'),
  organization_id: answer.ref('orga', 'The organization that owns it'),
  object_id: answer.text('The commented object (acti_…, oppo_…)'),
  object_type: answer.text('Kind of the commented object, e.g. activity.note or opportunity'),
  num_comments: answer.number('How many comments it has'),
  participating: answer.refs('user', 'Who takes part'),
  created_by: answer.ref('user', 'Who started it'),
  updated_by: answer.ref('user', 'Who changed it last'),
  created_at: answer.moment('When it was started'),
  updated_at: answer.moment('When it changed last'),
});

export const commentList = operation({
  app: 'close',
  id: 'comment.list',
  summary: 'List the comments of one object or one thread',
  input: z
    .strictObject({
      object_id: anyId('The commented object, an activity or an opportunity').optional(),
      thread_id: id('comthr', 'The thread').optional(),
      fields,
    })
    .refine((input) => (input.object_id === undefined) !== (input.thread_id === undefined), {
      message: 'needs exactly one of object_id and thread_id',
      path: ['object_id'],
    }),
  output: listOf(comment),
  ...READ,
  http: { method: 'GET', path: '/comment/' },
  example: { object_id: 'acti_9bXq2LmTExampleNote' },
  pitfalls: ['There is no paging: all comments come at once.'],
});

export const commentCreate = operation({
  app: 'close',
  id: 'comment.create',
  summary: 'Comment on an activity or an opportunity, for colleagues; starts a thread when there is none',
  input: z.strictObject({
    object_id: anyId('The object to comment on, an activity or an opportunity'),
    body: textOrHtml('What to say'),
  }),
  output: comment,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'comment.list', by: ['object_id'], same: ['body'] },
  undo: { how: 'delete', operation: 'comment.delete', id: 'comment_id', read: 'comment.get', removed: 'removed_at' },
  http: { method: 'POST', path: '/comment/', success: 201 },
  example: { object_id: 'acti_9bXq2LmTExampleNote', body: '<body><p>Looping in finance.</p></body>' },
});

export const commentGet = operation({
  app: 'close',
  id: 'comment.get',
  summary: 'Read one comment',
  input: z.strictObject({ comment_id: commentId }),
  output: comment,
  ...READ,
  http: { method: 'GET', path: '/comment/{comment_id}/' },
  example: { comment_id: 'comm_9K1ILz0ExampleComment' },
});

export const commentUpdate = operation({
  app: 'close',
  id: 'comment.update',
  summary: 'Edit a comment of your own',
  input: z.strictObject({ comment_id: commentId, body: textOrHtml('The new text, instead of the old one') }),
  output: comment,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'comment.get' },
  http: { method: 'PUT', path: '/comment/{comment_id}/' },
  example: { comment_id: 'comm_9K1ILz0ExampleComment', body: '<body><p>Finance agreed.</p></body>' },
  pitfalls: ['Only the author may edit a comment.'],
});

export const commentDelete = operation({
  app: 'close',
  id: 'comment.delete',
  summary: 'Remove a comment',
  input: z.strictObject({ comment_id: commentId }),
  output: deleted,
  ...DELETE,
  // No read: while its thread lives, a removed comment is still found, only blank.
  confirm: { how: 'gone' },
  http: { method: 'DELETE', path: '/comment/{comment_id}/', success: 204 },
  example: { comment_id: 'comm_9K1ILz0ExampleComment' },
  pitfalls: ['The comment is blanked, and goes for good with the last one of its thread.'],
});

export const commentThreadList = operation({
  app: 'close',
  id: 'comment_thread.list',
  summary: 'List comment threads, with how many comments each has',
  input: z.strictObject({
    ids: z.array(id('comthr', 'A thread')).min(1).optional().describe('Only these threads'),
    object_ids: z.array(anyId('A commented object')).min(1).optional().describe('Only threads on these objects'),
    ...paging,
  }),
  output: listOf(thread),
  ...READ,
  http: { method: 'GET', path: '/comment_thread/' },
  example: { object_ids: ['acti_9bXq2LmTExampleNote'] },
  pitfalls: ['A user with restricted visibility has to give a filter.'],
  core: false,
});

export const commentThreadGet = operation({
  app: 'close',
  id: 'comment_thread.get',
  summary: 'Read one comment thread, without its comments',
  input: z.strictObject({ thread_id: id('comthr', 'The thread') }),
  output: thread,
  ...READ,
  http: { method: 'GET', path: '/comment_thread/{thread_id}/' },
  example: { thread_id: 'comthr_Tqw0MnoExampleThread' },
  core: false,
});
