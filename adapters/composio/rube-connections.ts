import type { Connection } from '../../src/contract/connection.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type ArgumentNames, readArguments, sessionIn, textsAt } from './rube-arguments.ts';
import { type Envelope, type RubeCall, type RubeDesk, RubeRefusal, sessionOf, success } from './rube-desk.ts';

/** guess: how many toolkits at once is not published. */
export const MOST_TOOLKITS = 50;

const KNOWN: ArgumentNames = {
  names: ['toolkits', 'reinitiate_all', 'session_id'],
  // `toolkit` is what a reader of "call it with toolkit `close`" writes; the last two are of 2025.
  also: ['toolkit', 'session', 'specify_custom_auth', 'reinitiate_specific'],
};

/** MANAGE_CONNECTIONS: the user's connection, or a link on which the user makes one. */
export async function manageConnections(desk: RubeDesk, call: RubeCall, raw: unknown): Promise<Envelope> {
  const args = readArguments(raw, KNOWN);
  if (isObject(args['specify_custom_auth']) && Object.keys(args['specify_custom_auth']).length > 0) {
    throw new RubeRefusal('specify_custom_auth is not taken: keys never pass through an agent. Leave it out and show the user the link.');
  }
  const toolkits = textsAt({ toolkits: args['toolkits'] ?? args['toolkit'] }, 'toolkits', MOST_TOOLKITS);
  const again = args['reinitiate_specific'];
  const isAgain = (toolkit: string): boolean => args['reinitiate_all'] === true || (Array.isArray(again) && again.includes(toolkit));
  const results = await Promise.all(
    toolkits.map(async (toolkit) => [toolkit, await manage(desk, call, toolkit, isAgain(toolkit))] as const),
  );
  const count = (status: string): number => results.filter(([, result]) => result['status'] === status).length;
  return success({
    message: `${count('active')} active, ${count('initiated')} waiting for the user, ${count('failed')} failed`,
    results: Object.fromEntries(results),
    summary: {
      total_toolkits: results.length,
      active_connections: count('active'),
      initiated_connections: count('initiated'),
      failed_connections: count('failed'),
    },
    ...sessionOf(sessionIn(args), call.prefix),
  });
}

async function manage(desk: RubeDesk, call: RubeCall, toolkit: string, isAgain: boolean): Promise<JsonObject> {
  if (!isServed(desk, toolkit)) return failed(toolkit, `There is no toolkit of that name here; served: ${desk.app.id}.`);
  try {
    const active = isAgain ? undefined : (await connectionsOf(desk, call)).findLast(isActive);
    return active ? shown(toolkit, active) : await start(desk, call, toolkit, isAgain);
  } catch (error) {
    if (!isRouterError(error)) throw error;
    return failed(toolkit, error.message);
  }
}

async function start({ host, app }: RubeDesk, { user, prefix }: RubeCall, toolkit: string, isAgain: boolean): Promise<JsonObject> {
  const { url, connection, how } = await host.directory.connect({ app: app.id, user });
  if (url === undefined) return failed(toolkit, how);
  return {
    toolkit,
    status: 'initiated',
    has_active_connection: false,
    redirect_url: url,
    instruction: `Show the user this link to connect ${app.id}, then call ${prefix}WAIT_FOR_CONNECTIONS: [Connect ${app.id}](${url})`,
    connected_account_id: connection,
    was_reinitiated: isAgain,
  };
}

function shown(toolkit: string, connection: Connection): JsonObject {
  return { toolkit, status: 'active', has_active_connection: true, ...detailsOf(connection), was_reinitiated: false };
}

function failed(toolkit: string, message: string): JsonObject {
  return { toolkit, status: 'failed', has_active_connection: false, error_message: message };
}

/** What a search says about the app. */
export async function toolkitStatus(desk: RubeDesk, call: RubeCall): Promise<JsonObject> {
  const { id } = desk.app;
  const active = (await connectionsOf(desk, call)).findLast(isActive);
  const connect = `No active connection. Call ${call.prefix}MANAGE_CONNECTIONS with toolkits ["${id}"] before running its tools.`;
  return {
    toolkit: id,
    description: `Every operation of ${id}`,
    has_active_connection: active !== undefined,
    connection_details: active ? detailsOf(active) : {},
    status_message: active ? 'Connected; its tools can be run.' : connect,
  };
}

/** The user's connections, oldest first. */
export function connectionsOf({ host, app }: RubeDesk, { user }: RubeCall): Promise<readonly Connection[]> {
  return host.directory.list({ app: app.id, users: [user] });
}

export function isServed({ app }: RubeDesk, toolkit: string): boolean {
  return toolkit.toLowerCase() === app.id;
}

export function isActive({ status }: Connection): boolean {
  return status === 'active';
}

export function detailsOf({ id, createdAt, account }: Connection): JsonObject {
  return {
    connected_account_id: id,
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
    ...(account === undefined ? {} : { current_user_info: account }),
    account_type: 'PRIVATE',
  };
}
