import type { Adapter } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';

/**
 * The adapter, told of connections under our names for users: what it sends goes out under the backend's own. Whoever asks it for
 * connections says already who the user is there.
 */
export function knownAs(adapter: Adapter, identity: (user: string, backend: BackendId) => string): Adapter {
  const { backend, can, revocation } = adapter;
  const tools = adapter.tools?.bind(adapter);
  const theirs = <Call extends { readonly connection: Connection }>(call: Call): Call => {
    const { connection } = call;
    const user = identity(connection.user, backend);
    return user === connection.user ? call : { ...call, connection: { ...connection, user } };
  };
  return {
    backend,
    can,
    ...(revocation ? { revocation } : {}),
    ...(tools ? { tools } : {}),
    connections: (query, signal) => adapter.connections(query, signal),
    connect: (query, signal) => adapter.connect(query, signal),
    invoke: (call, signal) => adapter.invoke(theirs(call), signal),
    request: (call, signal) => adapter.request(theirs(call), signal),
    close: () => adapter.close(),
  };
}
