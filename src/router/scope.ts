import { isMeant } from '../catalog/pattern.ts';
import { RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { Scope } from '../contract/scope.ts';
import { concerns } from './policy.ts';

/** The part of a call that a caller's scope is held against. */
export interface Scoped {
  readonly scope?: Scope | undefined;
  readonly approved?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** A step of an intent: whoever may run the intent may take its steps, unless they are denied by name. */
  readonly step?: boolean;
}

/** What a rule looks at. */
export type Judged = Pick<Operation, 'app' | 'id' | 'effect' | 'sends'>;

/** Throws `policy_denied` or `approval_required`. A preview needs no consent: it sends nothing. */
export function permitWithin(entry: Operation | Intent, input: JsonObject, { scope = {}, approved, dryRun, step }: Scoped): void {
  const refused = refusal(entry, scope, step ?? false);
  if (refused !== undefined) {
    throw new RouterError('policy_denied', {
      operation: `${entry.app}.${entry.id}`,
      what: refused,
      next: 'Do not try another way round: ask whoever gave out this access; nothing was sent.',
    });
  }
  const asks = approved || dryRun ? undefined : question(entry, input, scope);
  if (asks !== undefined) {
    throw new RouterError('approval_required', {
      operation: `${entry.app}.${entry.id}`,
      what: `this needs a person's consent first (ask: ${asks})`,
      next: 'Get the consent of the person concerned and call again with approval; nothing was sent.',
    });
  }
}

/** Whether a caller of this scope may run the operation at all, with consent or without. */
export function isWithin(entry: Pick<Operation, 'app' | 'id' | 'effect'>, scope: Scope): boolean {
  return refusal(entry, scope, false) === undefined;
}

function refusal(
  entry: Pick<Operation, 'app' | 'id' | 'effect'>,
  { readOnly, allow, deny = [] }: Scope,
  step: boolean,
): string | undefined {
  if (readOnly && entry.effect !== 'read') return 'this access only reads';
  const denied = deny.find((pattern) => isMeant(pattern, entry));
  if (denied !== undefined) return `this access denies it (deny: ${denied})`;
  return step || allow === undefined || allow.some((pattern) => isMeant(pattern, entry)) ? undefined : 'this access does not include it';
}

/** The rule by which a call needs consent, if any. */
export function question(entry: Judged, input: JsonObject, { ask = [], approve = [] }: Scope): string | undefined {
  const open = (rule: string): boolean => concerns(rule, entry, input) && !approve.includes(rule);
  return approve.some((rule) => isMeant(rule, entry)) ? undefined : ask.find(open);
}
