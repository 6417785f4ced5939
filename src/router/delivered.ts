import type { Bounded, Call, Marks, PerformParts, Trace } from './call.ts';
import { type Delivered, deliver, type Lost } from './deliver.ts';
import { look } from './look.ts';
import { errorOf } from './outcome.ts';
import { callerOf } from './permits.ts';
import type { Route } from './resolve.ts';

/** Delivers a call over its routes, with what the router knows of it. */
export function deliverOver(
  routes: readonly [Route, ...Route[]],
  parts: PerformParts,
  call: Call,
  options: Bounded,
  { keyed, hash }: Marks,
): Promise<Delivered> {
  const { adapters, elapsed, connections, random, budget, permits } = parts;
  const { signal, leftMs } = options;
  return deliver(routes, {
    ...call,
    adapters,
    elapsed,
    random,
    budget,
    signal,
    leftMs,
    witness: connections,
    permits,
    caller: callerOf(options),
    pause: (ms) => parts.pause(ms, signal),
    sending: async () => keyed?.sending(),
    settleMs: parts.settleMs,
    confirm: (lost: Lost) => look(parts, call, options, { hash, lost }),
    onWait: options.onWait ?? (() => undefined),
  });
}

/** What came of it, noted for the receipt. Throws what the caller is told of a failure. */
export function resultOf(delivered: Delivered, { operation }: Call, trace: Trace): unknown {
  const { result, route, attempts, confirmed, unsure } = delivered;
  trace.route = route;
  trace.attempts = [...trace.attempts, ...attempts];
  if (confirmed) trace.confirmed = confirmed;
  if (result.ok) return result.data;
  throw errorOf(result.failure, operation, route, unsure);
}
