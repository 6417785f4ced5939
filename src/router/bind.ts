import { toHttp } from '../binding/http.ts';
import { toTool } from '../binding/tool.ts';
import type { HttpCall, ToolCall } from '../contract/adapter.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import type { Route } from './resolve.ts';

export type Bound = { readonly kind: 'tool'; readonly call: ToolCall } | { readonly kind: 'http'; readonly call: HttpCall };

/** Spells a canonical call as the route's backend wants it. */
export function bind(operation: Operation, input: JsonObject, { connection, transport, cell }: Route): Bound {
  const read = operation.effect === 'read';
  if (transport === 'tool' && cell.transport === 'tool') {
    return { kind: 'tool', call: { connection, tool: cell.tool, arguments: toTool(cell, input), read } };
  }
  return { kind: 'http', call: { connection, ...toHttp(operation, input), read } };
}
