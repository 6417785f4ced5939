import { isSegment } from '../../src/binding/path.ts';
import type { Adapter, Failure, HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject } from '../../src/contract/guards.ts';
import { type Actions, createActions } from './actions.ts';
import { startLink } from './connect.ts';
import { listConnections } from './connections.ts';
import { type Answered, isMembraneError, readRefusal } from './errors.ts';
import { readProxied, readRun } from './replies.ts';
import { BY_HAND, revoke } from './revoke.ts';
import { readStatus } from './status.ts';
import { createTenants, type Tenants } from './tenants.ts';
import { openWire, type Question, type WireOptions } from './wire.ts';

export interface MembraneOptions extends WireOptions {
  /** Membrane's key of the integration that stands for an app; default the app's own name. */
  readonly integrations?: Readonly<Record<string, string>>;
  readonly now: () => Date;
}

/** The apps' own domains, for `connections/ensure`. */
const APP_URLS: Readonly<Record<string, string>> = { close: 'close.com' };

export function createMembraneAdapter(options: MembraneOptions): Adapter {
  const { now, integrations = {} } = options;
  const wire = openWire(options);
  const tenants = createTenants(wire);
  const actions = createActions(tenants, now);
  const integrationOf = (app: string): string => integrations[app] ?? app;

  return {
    backend: 'membrane',
    can: { tool: true, http: 'proxy', connect: 'link' },
    connections: async (query, signal) => {
      const listed = await listConnections(tenants, query, { integration: integrationOf(query.app), now: now(), signal });
      if ('failure' in listed) throw asRouterError(listed.failure);
      return listed.connections;
    },
    invoke: (call, signal) => invoke(tenants, actions, call, signal),
    request: (call, signal) => request(tenants, call, signal),
    connect: async (query, signal) => {
      const { app } = query;
      const started = await startLink(tenants, query, { integration: integrationOf(app), appUrl: APP_URLS[app] ?? `${app}.com`, signal });
      if ('failure' in started) throw asRouterError(started.failure);
      return started.link;
    },
    tools: async ({ app, user }, signal) => {
      const query = { integration: integrationOf(app), now: now(), signal };
      const listed = await listConnections(tenants, { app, user }, query);
      if ('failure' in listed) throw asRouterError(listed.failure);
      const active = listed.connections.find(({ status }) => status === 'active');
      const of = { user, integration: query.integration, ...(active ? { connection: active.id } : {}) };
      const found = await actions.list(of, signal);
      if ('failure' in found) throw asRouterError(found.failure);
      return found;
    },
    revocation: {
      byHand: BY_HAND,
      revoke: async (connection, signal) => {
        const done = await revoke(tenants, connection, signal);
        if ('failure' in done) throw asRouterError(done.failure);
        return done.how;
      },
    },
    close: async () => wire.close(),
  };
}

/** The run form that wraps its input: the connection's own form takes it bare, and what the server makes of that is not said. */
async function invoke(
  tenants: Tenants,
  actions: Actions,
  { connection, tool, arguments: args }: ToolCall,
  signal: AbortSignal,
): Promise<Reply> {
  if (!isSegment(connection.id)) return failed(noConnection());
  const fit = await actions.fit(connection, tool, args, signal);
  if ('failure' in fit) return failed(fit.failure);
  if (!isSegment(fit.id)) return failed({ ...noConnection(), code: 'unsupported_operation', what: 'the id of the action cannot be sent' });
  const path = `/actions/${encodeURIComponent(fit.id)}/run`;
  const question: Question = { method: 'POST', path, query: [['connectionId', connection.id]], body: { input: args } };
  const asked = await tenants.ask(connection.user, question, signal);
  if (!asked.ok) return failed(asked.failure);
  const reply = readRun(asked.answer);
  if (reply.kind === 'failed' && isOutdated(reply.failure)) actions.forget(connection);
  return reply;
}

function isOutdated({ code }: Failure): boolean {
  return code === 'unsupported_operation' || code === 'unsupported_fields';
}

async function request(tenants: Tenants, call: HttpCall, signal: AbortSignal): Promise<Reply> {
  const { connection, method, path, query, body } = call;
  if (!isSegment(connection.id)) return failed(noConnection());
  if (!path.startsWith('/'))
    return failed({ code: 'invalid_input', delivery: 'not-sent', what: 'the path leads elsewhere', origin: 'backend' });
  const proxied = `/connections/${encodeURIComponent(connection.id)}/proxy${path}`;
  const question: Question = { method, path: proxied, query, ...(body === undefined ? {} : { body }) };
  const { asked, renewed } = await tenants.askOnce(connection.user, question, signal);
  if (!asked.ok) return failed(asked.failure);
  if (isTheirLimit(asked.answer)) return failed(readRefusal(asked.answer));
  if (!mayBeTheirs(asked.answer)) return readProxied(asked.answer);
  const own = await standing(tenants, connection, signal);
  if (own.refused) return failed(own.refused);
  if (asked.answer.status === 401 && renewed()) return again(tenants, connection, question, signal);
  return readProxied(asked.answer);
}

/** The first request was refused for its token, which has been renewed: it was not passed on. */
async function again(tenants: Tenants, { user }: Connection, question: Question, signal: AbortSignal): Promise<Reply> {
  const asked = await tenants.ask(user, question, signal);
  return asked.ok ? readProxied(asked.answer) : failed(asked.failure);
}

/** Whether it is Membrane's limit or the app's in the same shape: both refuse before anything is executed. */
function isTheirLimit({ status, body }: Answered): boolean {
  return status === 429 && isMembraneError(body);
}

/** Refusals that Membrane gives before it passes anything on. The app's own may look the same. */
function mayBeTheirs({ status, body }: Answered): boolean {
  if (!isMembraneError(body)) return false;
  return [401, 403, 404].includes(status) || (status === 400 && body['type'] === 'connection');
}

/**
 * The proxy hands an app's errors on unchanged, so that a shape proves nothing: Membrane itself is asked how it stands with the
 * connection. Nothing to say against it: the refusal was the app's.
 */
async function standing(tenants: Tenants, connection: Connection, signal: AbortSignal): Promise<{ readonly refused?: Failure }> {
  const asked = await tenants.ask(connection.user, { method: 'GET', path: `/connections/${encodeURIComponent(connection.id)}` }, signal);
  if (!asked.ok) return { refused: { ...asked.failure, delivery: 'unknown' } };
  const { status, body } = asked.answer;
  if (status === 404) return { refused: noConnection() };
  if (status >= 300) return { refused: readRefusal(asked.answer) };
  const isUsable = isObject(body) && readStatus(body) === 'active';
  return isUsable ? {} : { refused: { ...noConnection(), what: 'Membrane says that the connection cannot be used now' } };
}

function asRouterError({ code, what, status, retryAfterMs }: Failure): RouterError {
  return new RouterError(code, { what, next: NEXT[code] ?? 'Try again later.', backend: 'membrane', status, retryAfterMs });
}

const NEXT: Readonly<Record<string, string>> = {
  unauthenticated: 'Check backends.membrane.workspace_key and workspace_secret, and the clock of this machine: tokens live one hour.',
  permission_denied: 'Check the rights of the tenant in the Membrane workspace.',
  invalid_input: 'Check the user id and backends.membrane.integration.',
  unsupported_operation: 'Check backends.membrane.base_url and integration.',
  configuration: 'Set backends.membrane.workspace_key and workspace_secret.',
  reply_unexpected: 'Check backends.membrane.base_url, and that nothing stands between here and Membrane.',
};

function noConnection(): Failure {
  return { code: 'connection_required', delivery: 'not-sent', what: 'Membrane knows no such connection of this user', origin: 'backend' };
}

function failed(failure: Failure): Reply {
  return { kind: 'failed', failure };
}
