import type { App } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import { RouterError } from '../contract/errors.ts';
import type { Verification } from '../contract/verification.ts';
import type { Router } from '../router/router.ts';

export interface Usable {
  readonly backends: readonly BackendId[];
  readonly unusable: Verification['unusable'];
}

/**
 * Which backends answer for the user, and that they all lead to one account: answers about two organizations differ without anything
 * being wrong. Throws `ambiguous_account`, and the first backend's own error when none answers.
 */
export async function usableOf(
  {
    app,
    router,
    user,
    signal,
  }: { readonly app: App; readonly router: Pick<Router, 'run'>; readonly user: string; readonly signal: AbortSignal },
  backends: readonly BackendId[],
): Promise<Usable> {
  const accounts = new Map<BackendId, string>();
  const unusable: Verification['unusable'][number][] = [];
  for (const backend of backends) {
    const report = await router.run(`${app.id}.${app.identity.operation}`, {}, { user, via: backend, signal, approved: true });
    if (!report.ok) unusable.push({ backend, code: report.error.code, message: report.error.message });
    else accounts.set(backend, JSON.stringify(app.identity.account(report.data) ?? backend));
  }
  if (new Set(accounts.values()).size > 1) throw apart([...accounts.keys()]);
  const usable = backends.filter((backend) => accounts.has(backend));
  const [first] = unusable;
  if (usable.length === 0 && first)
    throw new RouterError(first.code, {
      what: `no backend can be asked; ${first.backend} says: ${first.message.replace(/\.$/, '')}`,
      next: 'Connect the user ("skillrouter connections connect <backend>"), then try again; nothing was compared.',
    });
  return { backends: usable, unusable };
}

function apart(backends: readonly BackendId[]): RouterError {
  return new RouterError('ambiguous_account', {
    what: `the connections on ${backends.join(', ')} are not all of one account, so that their answers cannot be compared`,
    next: 'Look at "skillrouter connections list", then name backends of one account with --backends; nothing was compared.',
    choices: backends,
  });
}
