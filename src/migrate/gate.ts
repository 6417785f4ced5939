import type { Adapter, Reply } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import { RouterError } from '../contract/errors.ts';
import { type Stop, stopsOf, stopText } from './stops.ts';
import type { Watch } from './watch.ts';

/**
 * The adapter, as long as nobody has stopped its backend. The resolver passes a stopped backend over; this holds what was decided
 * before, and what goes past it: looks for lost writes, probes, links, mirrored reads.
 */
export function gated(adapter: Adapter, watch: Watch): Adapter {
  const { backend, can, revocation } = adapter;
  const tools = adapter.tools?.bind(adapter);
  const stop = async (): Promise<Stop | undefined> => stopsOf(await watch.current()).find((one) => one.backend === backend);
  const unlessStopped = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const stopped = await stop();
    if (stopped) throw refusal(backend, stopped);
    return work();
  };
  const orHeld = async (send: () => Promise<Reply>): Promise<Reply> => {
    const stopped = await stop();
    return stopped ? held(stopped) : send();
  };
  return {
    backend,
    can,
    ...(revocation ? { revocation } : {}),
    ...(tools ? { tools: (query, signal) => unlessStopped(() => tools(query, signal)) } : {}),
    connections: (query, signal) => unlessStopped(() => adapter.connections(query, signal)),
    connect: (query, signal) => unlessStopped(() => adapter.connect(query, signal)),
    invoke: (call, signal) => orHeld(() => adapter.invoke(call, signal)),
    request: (call, signal) => orHeld(() => adapter.request(call, signal)),
    close: () => adapter.close(),
  };
}

function refusal(backend: BackendId, stop: Stop): RouterError {
  return new RouterError('policy_denied', {
    backend,
    what: `all traffic through it was ${stopText(stop)}`,
    next: `"skillrouter panic --lift ${backend}" lets it through again; nothing was sent.`,
  });
}

function held(stop: Stop): Reply {
  const what = `all traffic through the backend was ${stopText(stop)}`;
  return { kind: 'failed', failure: { code: 'policy_denied', delivery: 'not-sent', what, origin: 'backend' } };
}
