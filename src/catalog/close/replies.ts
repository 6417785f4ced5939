/** Reading what a step of an intent brought. */
import { RouterError } from '../../contract/errors.ts';
import { isObject, type JsonObject } from '../../contract/guards.ts';

/** The objects of a list. An unreadable answer is not an empty list. */
export function itemsOf(reply: unknown, operation: string): readonly JsonObject[] {
  const data = objectOf(reply, operation)['data'];
  if (Array.isArray(data) && data.every(isObject)) return data;
  throw unreadable(operation, 'a list');
}

export function objectOf(reply: unknown, operation: string): JsonObject {
  if (isObject(reply)) return reply;
  throw unreadable(operation, 'an object');
}

function unreadable(operation: string, expected: string): RouterError {
  return new RouterError('reply_unexpected', {
    operation: `close.${operation}`,
    what: `the answer is not ${expected}`,
    next: 'Try again; if it stays so, run "skillrouter doctor".',
  });
}
