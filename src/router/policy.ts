import { isMeant } from '../catalog/pattern.ts';
import type { BackendId } from '../contract/backend.ts';
import { RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { Policy } from './router.ts';

/** Throws `policy_denied` or `approval_required`. */
export function permit(entry: Operation | Intent, input: JsonObject, policy: Policy, approved: boolean): void {
  const operation = `${entry.app}.${entry.id}`;
  const denied = policy.deny.find((pattern) => isMeant(pattern, entry));
  if (denied !== undefined) {
    throw new RouterError('policy_denied', {
      operation,
      what: `the policy denies it (deny: ${denied})`,
      next: 'Ask whoever keeps the configuration; nothing was sent.',
    });
  }
  const asks = approved ? undefined : policy.ask.find((rule) => concerns(rule, entry, input));
  if (asks !== undefined) {
    throw new RouterError('approval_required', {
      operation,
      what: `the policy wants consent first (ask: ${asks})`,
      next: 'Get the consent of the person concerned and call again with approval (--yes on the command line); nothing was sent.',
    });
  }
}

/** The pinned route of an operation: a backend, and a connection where one is named. */
export function pinned(
  operation: Operation,
  policy: Policy,
  via: string | undefined,
): { readonly backend: BackendId; readonly connection?: string } | undefined {
  const pin = via ?? Object.entries(policy.pin).find(([pattern]) => isMeant(pattern, operation))?.[1];
  if (pin === undefined) return undefined;
  const [backend = '', ...rest] = pin.split(':');
  return rest.length > 0 ? { backend, connection: rest.join(':') } : { backend };
}

/** Whether a rule of `ask`, an effect, `sends` or an operation's name, means this call. */
export function concerns(rule: string, entry: Pick<Operation, 'app' | 'id' | 'effect' | 'sends'>, input: JsonObject): boolean {
  if (rule === 'sends') return entry.sends(input);
  return rule === entry.effect || isMeant(rule, entry);
}
