import type { Failure } from '../../src/contract/adapter.ts';

/** A success that nobody can read, or a redirect: Close redirects only paths without their closing slash, and we send none. */
export function unreadable(status: number, what: string): Failure {
  return { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'app', status };
}
