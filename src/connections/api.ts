import type { Adapter, Failure } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Connection, ConnectLink } from '../contract/connection.ts';
import type { ConnectionEvidence, ConnectionsReport, ListedConnection } from '../contract/connections-report.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import { pause } from '../contract/pause.ts';
import type { Bulletin } from './bulletin.ts';
import { type EvidenceParts, evidenceOf } from './evidence-report.ts';
import type { Snapshots } from './snapshot.ts';

export interface ConnectionsParts extends EvidenceParts {
  readonly adapters: ReadonlyMap<BackendId, Adapter>;
  readonly identity: (user: string, backend: BackendId) => string;
  readonly snapshots: Snapshots;
  readonly bulletin: Bulletin;
}

interface Query {
  readonly app: string;
  readonly user: string;
}

/** All connections of a user, freshly read, with the accounts that are remembered and what calls have shown of each. */
export async function list(parts: ConnectionsParts, { app, user }: Query): Promise<ConnectionsReport> {
  parts.snapshots.forget(app, user);
  const [{ connections, unreachable }] = await Promise.all([parts.snapshots.get(app, user), parts.bulletin.refresh()]);
  return { connections: await Promise.all(connections.map((connection) => listed(parts, connection))), unreachable };
}

/** The connections as lately read, for who looks at every call; while one is being authorised they are read again. */
export async function recent(parts: ConnectionsParts, { app, user }: Query): Promise<readonly Connection[]> {
  const held = await parts.snapshots.get(app, user);
  if (!held.connections.some(({ status }) => status === 'pending')) return held.connections;
  parts.snapshots.forget(app, user);
  return (await parts.snapshots.get(app, user)).connections;
}

/** Truth over status: asks the app through every active connection who it is. */
export async function check(parts: ConnectionsParts, query: Query): Promise<ConnectionsReport & { readonly failed: number }> {
  parts.snapshots.forget(query.app, query.user);
  const [{ connections, unreachable }] = await Promise.all([parts.snapshots.get(query.app, query.user), parts.bulletin.refresh()]);
  const rows = await Promise.all(
    connections.map((connection) => (connection.status === 'active' ? probed(parts, connection) : listed(parts, connection))),
  );
  return { connections: rows, unreachable, failed: rows.filter(({ status }) => status === 'failed').length + unreachable.length };
}

/** Starts a connection on one backend. Opens nothing. */
export function connect(parts: ConnectionsParts, { app, user, backend }: Query & { readonly backend: BackendId }): Promise<ConnectLink> {
  parts.snapshots.forget(app, user);
  return adapterOf(parts, backend).connect({ app, user: parts.identity(user, backend) }, AbortSignal.timeout(PATIENCE_MS));
}

/** One link, or one instruction, per backend. A backend that cannot make one now is left out. */
export async function links(
  parts: ConnectionsParts,
  query: Query,
): Promise<readonly { readonly backend: BackendId; readonly url?: string; readonly how: string }[]> {
  const made = await Promise.all(
    [...parts.adapters.keys()].map(async (backend) => {
      try {
        const { url, how } = await connect(parts, { ...query, backend });
        return [{ backend, how, ...(url ? { url } : {}) }];
      } catch (error) {
        if (isRouterError(error)) return [];
        throw error;
      }
    }),
  );
  return made.flat();
}

/** Blocks until a connection is usable: active, and the app answers through it. */
export async function wait(
  parts: ConnectionsParts,
  query: Query & { readonly backend?: BackendId; readonly connection?: string; readonly timeoutMs: number },
  onWait: (status: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Connection> {
  const until = parts.elapsed() + query.timeoutMs;
  let last: string | undefined;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
    parts.snapshots.forget(query.app, query.user);
    const withinMs = Math.max(1, until - parts.elapsed());
    const { connections, unreachable } = await parts.snapshots.get(query.app, query.user, { only: query.backend, withinMs });
    const [deaf] = unreachable;
    if (deaf && query.backend !== undefined) checkHope(deaf);
    const wanted = connections.filter((one) => isWanted(one, query));
    const usable = await firstUsable(parts, wanted, () => until - parts.elapsed());
    if (usable) return usable;
    last = wanted.at(-1)?.status ?? last;
    const status = last ?? (deaf ? `${deaf.backend} ${deaf.code}` : 'not connected');
    if (query.connection !== undefined && (status === 'failed' || status === 'revoked')) throw dead(query, status);
    const left = until - parts.elapsed();
    if (left <= 0) throw late(query, status);
    onWait(status);
    await pause(Math.min(pauseMs, left), signal);
  }
}

/** What a backend says that no waiting mends. */
const HOPELESS = ['unauthenticated', 'permission_denied', 'configuration', 'invalid_input'] as const;

/** How long a backend may take to make a link. */
const PATIENCE_MS = 15_000;

async function listed(parts: ConnectionsParts, connection: Connection): Promise<ListedConnection> {
  const [account, evidence] = await Promise.all([parts.accounts.remembered(connection), evidenceOf(parts, connection)]);
  return row(connection, account?.label, evidence);
}

async function probed(parts: ConnectionsParts, connection: Connection): Promise<ListedConnection> {
  const answer = await parts.accounts.ask(connection);
  if ('account' in answer) {
    parts.evidence.succeeded(connection);
    return listed(parts, { ...connection, account: answer.account });
  }
  parts.evidence.failed(connection, answer.failure);
  return unproved(parts, connection, answer.failure);
}

/** A probe that failed for reasons of the road says nothing of the connection: only a refusal makes it failed. */
async function unproved(parts: ConnectionsParts, connection: Connection, { code, what }: Failure): Promise<ListedConnection> {
  const refused = code === 'unauthenticated' || code === 'connection_required';
  const shown = await listed(parts, { ...connection, ...(refused ? { status: 'failed' } : {}), detail: `${code}: ${what}` });
  return { ...shown, last_failure: { at: parts.now().toISOString(), code } };
}

async function firstUsable(
  parts: ConnectionsParts,
  connections: readonly Connection[],
  leftMs: () => number,
): Promise<Connection | undefined> {
  for (const connection of connections.filter(({ status }) => status === 'active')) {
    if (leftMs() <= 0) return undefined;
    const answer = await parts.accounts.ask(connection, leftMs());
    if ('account' in answer) {
      parts.evidence.succeeded(connection);
      return { ...connection, account: answer.account };
    }
  }
  return undefined;
}

function isWanted({ backend, id }: Connection, query: { readonly backend?: BackendId; readonly connection?: string }): boolean {
  return (query.backend === undefined || query.backend === backend) && (query.connection === undefined || query.connection === id);
}

function adapterOf({ adapters }: ConnectionsParts, backend: BackendId): Adapter {
  const adapter = adapters.get(backend);
  if (adapter) return adapter;
  const configured = [...adapters.keys()];
  throw new RouterError('configuration', {
    what: `the backend "${backend.replaceAll(/[^\w.-]/g, '?').slice(0, 60)}" is not configured`,
    next: `Configured are: ${configured.join(', ') || 'none'}.`,
    choices: configured,
  });
}

function row(
  { backend, id, app, user, status, account, checkedAt, detail, connectUrl }: Connection,
  label: string | undefined,
  evidence: ConnectionEvidence,
): ListedConnection {
  return {
    backend,
    connection: id,
    app,
    user,
    status,
    account: label ?? account?.label ?? null,
    checked_at: checkedAt,
    ...evidence,
    ...(detail === undefined ? {} : { detail }),
    ...(connectUrl === undefined ? {} : { connect_url: connectUrl }),
  };
}

function checkHope({ backend, code, message }: ConnectionsReport['unreachable'][number]): void {
  const hopeless = HOPELESS.find((one) => one === code);
  if (!hopeless) return;
  const what = 'waiting is of no use, because its connections cannot be read';
  throw new RouterError(hopeless, { backend, what, next: message.replace(`${backend}: `, '') });
}

function dead({ connection, backend }: { readonly connection?: string; readonly backend?: BackendId }, status: string): RouterError {
  return new RouterError('connection_required', {
    backend,
    connection,
    what: `the connection is ${status}`,
    next: 'It will not become usable: start a new one with "skillrouter connections connect".',
  });
}

function late(
  { connection, backend, timeoutMs }: { readonly connection?: string; readonly backend?: BackendId; readonly timeoutMs: number },
  status: string,
): RouterError {
  return new RouterError('timeout', {
    backend,
    connection,
    what: `no connection became usable within ${Math.round(timeoutMs / 1000)} s (${status})`,
    next: 'Finish the authorisation at the link ("skillrouter connections connect" gives one) and wait again, with a longer --timeout if need be.',
  });
}
