/** Whether a call may go ahead: by what it risks with this very input, and by what the operator wants. */
import { isMeant } from '../catalog/pattern.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { ToolSpec } from './spec.ts';

/** `auto`: go ahead. `ask`: a person says yes first. `deny`: nobody can. */
export type Approval = 'auto' | 'ask' | 'deny';

/** As in the configuration's policy: effects, `sends`, or operations, with `*` too. */
export interface ApprovalRules {
  readonly ask: readonly string[];
  readonly deny: readonly string[];
}

/** What an agent should not do unasked: delete, and reach people. */
export const CAUTIOUS: ApprovalRules = { ask: ['destructive', 'sends'], deny: [] };

type Judged = Pick<ToolSpec, 'operation' | 'effect' | 'sends'>;

/** The verdict on one call. `rules` default to asking before anything is deleted or reaches a person. */
export function approvalFor(spec: Judged, input: JsonObject, rules: ApprovalRules = CAUTIOUS): Approval {
  if (rules.deny.some((rule) => concerns(rule, spec, input))) return 'deny';
  return rules.ask.some((rule) => concerns(rule, spec, input)) ? 'ask' : 'auto';
}

/** Nothing that a call may contain could get it past the rules. */
export function isForbidden({ operation }: Pick<ToolSpec, 'operation'>, { deny }: ApprovalRules): boolean {
  return deny.some((rule) => isMeant(rule, partsOf(operation)));
}

function concerns(rule: string, { operation, effect, sends }: Judged, input: JsonObject): boolean {
  if (rule === 'sends') return sends(input);
  return rule === effect || isMeant(rule, partsOf(operation));
}

function partsOf(operation: string): { readonly app: string; readonly id: string } {
  const [app = '', ...id] = operation.split('.');
  return { app, id: id.join('.') };
}
