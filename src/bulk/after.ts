import type { ErrorCode, ErrorJson } from '../contract/errors.ts';

/** What to do after a row that did not succeed. */
export type After =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'again'; readonly ms: number }
  /** It concerns every row: the run stops, and the row is as if it had never been begun. */
  | { readonly kind: 'halt' }
  | { readonly kind: 'settle'; readonly state: 'failed' | 'unknown' };

/** What is wrong with the connection, the policy or the configuration is wrong for all rows. */
const HALTING: ReadonlySet<ErrorCode> = new Set([
  'connection_required',
  'ambiguous_account',
  'unauthenticated',
  'configuration',
  'policy_denied',
  'approval_required',
  'unsupported_operation',
  'unknown_operation',
  'internal',
]);

const MOST_TRIES = 5;
const FIRST_WAIT_MS = 1000;
/** The wait that Close itself advises when a 429 names none. Source: backends/close-rest.md §7. */
const UNTOLD_WAIT_MS = 2000;

/** The router has retried already: what comes here lasts longer than one call's patience. */
export function afterFailure({ code, details }: ErrorJson, tries: number): After {
  const asked = details['retry_after_ms'];
  if (code === 'rate_limited') return { kind: 'wait', ms: typeof asked === 'number' ? asked : UNTOLD_WAIT_MS };
  if (code === 'backend_unavailable' || code === 'timeout') {
    return tries < MOST_TRIES
      ? { kind: 'again', ms: typeof asked === 'number' ? asked : FIRST_WAIT_MS * 2 ** (tries - 1) }
      : { kind: 'halt' };
  }
  if (HALTING.has(code)) return { kind: 'halt' };
  return { kind: 'settle', state: code === 'outcome_unknown' ? 'unknown' : 'failed' };
}
