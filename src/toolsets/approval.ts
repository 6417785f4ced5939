/** Whether a call may go ahead: by what it risks with this very input, and by what the operator wants. */
import type { JsonObject } from '../contract/guards.ts';
import type { Scope } from '../contract/scope.ts';
import { isWithin, question } from '../router/scope.ts';
import type { ToolSpec } from './spec.ts';

/** `auto`: go ahead. `ask`: a person says yes first. `deny`: nobody can. */
export type Approval = 'auto' | 'ask' | 'deny';

/** What an agent should not do unasked: delete, and reach people. */
export const CAUTIOUS: Scope = { ask: ['destructive', 'sends'] };

type Judged = Pick<ToolSpec, 'operation' | 'effect' | 'sends'>;

/** The verdict on one call; each of the scopes has to agree. Without any, whatever deletes or reaches a person asks first. */
export function approvalFor(spec: Judged, input: JsonObject, scopes: readonly Scope[] = [CAUTIOUS]): Approval {
  const entry = { ...partsOf(spec.operation), effect: spec.effect, sends: spec.sends };
  if (scopes.some((scope) => !isWithin(entry, scope))) return 'deny';
  return scopes.some((scope) => question(entry, input, scope) !== undefined) ? 'ask' : 'auto';
}

/** `close.lead.create` → the app and the rest. */
export function partsOf(operation: string): { readonly app: string; readonly id: string } {
  const at = operation.indexOf('.');
  return { app: operation.slice(0, at), id: operation.slice(at + 1) };
}
