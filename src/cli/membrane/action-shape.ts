/** What Membrane's CLI prints of an action. Source: backends/membrane.md §3.2 */

import type { JsonObject } from '../../contract/guards.ts';
import { findAction, showOperation } from '../../operations.ts';

export interface MembraneAction {
  /** The operation; `key` runs it as well. */
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly state: 'READY';
  readonly isReadOnly: boolean;
  readonly integrationKey: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
}

/** An action whole, by any of its names. Throws `unknown_operation`. */
export async function describeAction(app: string, name: string): Promise<MembraneAction> {
  const { operation, key } = await findAction(app, name);
  const { summary, effect, input, output, pitfalls } = await showOperation(app, operation);
  return {
    id: operation,
    key,
    name: nameOf(key),
    description: [summary, ...pitfalls].join('. ').replaceAll('..', '.'),
    state: 'READY',
    isReadOnly: effect === 'read',
    integrationKey: app,
    inputSchema: input,
    outputSchema: output,
  };
}

/** `create-lead` → `Create Lead`, and `call.log` → `Call Log`. */
function nameOf(key: string): string {
  return key.replaceAll(/(?:^|[-_.])(\w)/g, (_, letter: string) => ` ${letter.toUpperCase()}`).trim();
}
