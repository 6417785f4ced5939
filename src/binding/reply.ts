import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { toWire } from './wire.ts';

/** What the app answers on success. A 204 has no body. */
export interface SuccessReply {
  readonly status: number;
  readonly body?: unknown;
}

/** Writes canonical output as the app's own answer. Source: backends/close-rest.md §5, §14, §19. */
export function toReply({ http }: Operation, output: unknown): SuccessReply {
  const status = http.success ?? 200;
  if (status === 204) return { status };
  if (!isObject(output)) return { status, body: output };
  return { status, body: http.method === 'DELETE' && output['deleted'] === true ? {} : toWire(withoutOurPaging(output)) };
}

/** Lists with a cursor have no `has_more` on Close's wire; it is ours. */
function withoutOurPaging(output: JsonObject): JsonObject {
  if (!('cursor' in output) && !('cursor_next' in output)) return output;
  const { has_more: _ours, ...theirs } = output;
  return theirs;
}
