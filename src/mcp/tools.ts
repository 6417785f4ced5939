import type { Services } from './services.ts';
import type { Caller, Tool } from './tool.ts';
import { connect } from './tools/connect.ts';
import { connections } from './tools/connections.ts';
import { describeOperation } from './tools/describe-operation.ts';
import { operationTool } from './tools/operation.ts';
import { runOperation } from './tools/run-operation.ts';
import { searchOperations } from './tools/search-operations.ts';

/** `meta`: five tools for the whole catalogue. `direct`: one per operation. `mixed`: both. */
export type Expose = 'meta' | 'direct' | 'mixed';

/** The tools that a caller sees: always the same for the same caller, in the same order, so that a prompt's cache holds. */
export function toolsOf(
  services: Services,
  { expose, operations }: { readonly expose: Expose; readonly operations: readonly string[] },
): (caller: Caller) => Promise<readonly Tool[]> {
  const accounts = [connections(services), connect(services)];
  const meta = [searchOperations(services), describeOperation(services), runOperation(services), ...accounts];
  if (expose === 'meta') return async () => meta;
  return async ({ scope }) => {
    const direct = (await services.specs(operations, scope)).map((spec) => operationTool(services, spec));
    return [...direct, ...(expose === 'mixed' ? meta : accounts)];
  };
}
