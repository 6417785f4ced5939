import type { Delivery } from '../contract/backend.ts';
import type { ErrorCode } from '../contract/errors.ts';

/** Failures that say something of the connection or of the road to it. All others are about what the caller asked for. */
const TELLING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unauthenticated',
  'connection_required',
  'permission_denied',
  'rate_limited',
  'backend_unavailable',
  'timeout',
  'outcome_unknown',
  'reply_unexpected',
]);

/** What one request shows of its connection; null: nothing. A request that the router itself held back was never on the road. */
export function shows({ code, delivery }: { readonly code: ErrorCode | undefined; readonly delivery: Delivery }): 'works' | 'fails' | null {
  if (code === undefined) return 'works';
  if (code === 'rate_limited' && delivery === 'not-sent') return null;
  return TELLING.has(code) ? 'fails' : null;
}
