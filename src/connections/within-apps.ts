import type { Adapter } from '../contract/adapter.ts';
import { RouterError } from '../contract/errors.ts';

/** The adapter for these apps only: about any other it is not asked, and has no connection. */
export function withinApps(adapter: Adapter, apps: ReadonlySet<string>): Adapter {
  const tools = adapter.tools?.bind(adapter);
  return {
    backend: adapter.backend,
    can: adapter.can,
    ...(adapter.revocation ? { revocation: adapter.revocation } : {}),
    ...(tools ? { tools: async (query, signal) => (apps.has(query.app) ? tools(query, signal) : { tools: [] }) } : {}),
    connections: async (query, signal) => (apps.has(query.app) ? adapter.connections(query, signal) : []),
    connect: async (query, signal) => {
      if (apps.has(query.app)) return adapter.connect(query, signal);
      throw new RouterError('unsupported_operation', {
        backend: adapter.backend,
        what: `it has no binding for the app "${query.app}"`,
        next: 'Connect through a backend that has one.',
      });
    },
    invoke: (call, signal) => adapter.invoke(call, signal),
    request: (call, signal) => adapter.request(call, signal),
    close: () => adapter.close(),
  };
}
