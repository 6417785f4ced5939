import { inspect } from 'node:util';
import type { Reply } from '../contract/adapter.ts';
import { isRouterError } from '../contract/errors.ts';
import type { Observed } from './trial.ts';

/** What came of a call, for people; never what a reply holds. */
export function told({ reply, thrown, isSettled }: Observed): string {
  if (!isSettled) return 'nothing came of it';
  if (reply === undefined) return `it threw ${nameOf(thrown)}`;
  switch (reply.kind) {
    case 'tool':
      return 'it was reported as done by the tool';
    case 'http':
      return `it was reported as the app's answer ${reply.status}`;
    case 'failed':
      return `it was reported as ${reply.failure.code}, ${reply.failure.delivery}`;
    default:
      return `it was reported as ${String((reply satisfies never as { readonly kind: unknown }).kind)}, which is no kind of reply`;
  }
}

export function isSuccess(reply: Reply | undefined): boolean {
  return reply?.kind === 'tool' || (reply?.kind === 'http' && reply.status < 300);
}

/** Everything that would be logged or shown. */
export function shown({ reply, thrown }: Observed): string {
  if (reply?.kind === 'failed') return JSON.stringify(reply.failure);
  return thrown === undefined ? '' : shownError(thrown);
}

/** Of our own errors what `--json` shows; a cause can hold headers, and nobody shows it. Of others all there is. */
export function shownError(error: unknown): string {
  return isRouterError(error) ? JSON.stringify([error.message, error.toJSON()]) : inspect(error, { depth: 5 });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
