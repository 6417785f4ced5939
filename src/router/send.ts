import type { Adapter, Reply } from '../contract/adapter.ts';
import type { Bound } from './bind.ts';

/** Sends a bound call once. The adapter keeps its word not to throw for what the far side did; whatever it throws is a bug. */
export function send(adapter: Adapter, bound: Bound, signal: AbortSignal): Promise<Reply> {
  return bound.kind === 'tool' ? adapter.invoke(bound.call, signal) : adapter.request(bound.call, signal);
}
