/** Addresses that want no e-mail. Source: developer.close.com/api/resources/unsubscribes */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, listOf } from './fields.ts';
import { READ, UPDATE } from './shapes.ts';

const entry = z.looseObject({
  email: z.string().describe('The address'),
  source: answer.text('How it came on the list, e.g. api'),
  ...answer.stamps,
});

export const unsubscribeList = operation({
  app: 'close',
  id: 'unsubscribe.list',
  summary: 'List addresses that are unsubscribed from e-mail',
  input: z.strictObject({}),
  output: listOf(entry),
  ...READ,
  http: { method: 'GET', path: '/unsubscribe/email/' },
  example: {},
  core: false,
});

export const unsubscribeCreate = operation({
  app: 'close',
  id: 'unsubscribe.create',
  summary: 'Unsubscribe an address: sequences and bulk e-mail leave it out',
  input: z.strictObject({ email: z.email().describe('The address') }),
  output: entry.partial(),
  ...UPDATE,
  confirm: { how: 'search', list: 'unsubscribe.list', by: [], same: ['email'] },
  // Of an address that was unsubscribed before, the answer is the same.
  undo: { how: 'none', why: 'the address may have been unsubscribed already, and its owner has asked for no mail; see unsubscribe.delete' },
  http: { method: 'POST', path: '/unsubscribe/email/', success: 201 },
  example: { email: 'ingrid@northpine.example' },
  core: false,
});

export const unsubscribeDelete = operation({
  app: 'close',
  id: 'unsubscribe.delete',
  summary: 'Take an address off the unsubscribe list; only with its consent',
  input: z.strictObject({ email_address: z.email().describe('The address') }),
  output: deleted,
  ...UPDATE,
  confirm: { how: 'gone' },
  undo: { how: 'none', why: 'unsubscribe the address again with unsubscribe.create' },
  http: { method: 'DELETE', path: '/unsubscribe/email/{email_address}/' },
  example: { email_address: 'ingrid@northpine.example' },
  core: false,
});
