import type { Connection } from '../../src/contract/connection.ts';
import type { Call } from './door-desk.ts';

/** Not of Composio's protocol: a key that callers of ours may send along, so that a repeated call is not a second one. */
export function keyOf(call: Call): { idempotencyKey?: string } {
  const idempotencyKey = call.req.header('idempotency-key');
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}

export function isActive({ status }: Connection): boolean {
  return status === 'active';
}
