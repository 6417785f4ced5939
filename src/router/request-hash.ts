import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../contract/guards.ts';

/** Tells one request from another: the operation and its input, whatever the order of its keys. Irreversible. */
export function requestHash(operation: string, input: JsonObject): string {
  return createHash('sha256')
    .update(JSON.stringify([operation, ordered(input)]))
    .digest('base64url');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, ordered(value[key])]),
  );
}
