import type { ConnectionRow } from '../../contract/connections-report.ts';
import type { Context } from '../context.ts';
import { isSet, textFlag } from '../flags.ts';
import { checkApp, meansApp } from './app-name.ts';
import { showConnection } from './connection.ts';
import { guarded } from './guard.ts';
import { anyOf, connectionOf } from './shapes.ts';
import { backendsOf, startLink } from './start-link.ts';
import { inOrder, rowNamed, type Session, sessionFor } from './target.ts';

/** `connect`: a link for the user. Blocks for nobody: "connection get --wait" does. A usable connection is as good as a new one. */
export const connect = guarded(async (context, _args, values) => {
  const { app } = context;
  const named = textFlag(values, 'connectionId') ?? textFlag(values, 'connectionKey');
  for (const flag of ['connectorId', 'connectorKey', 'integrationKey']) checkApp(app, textFlag(values, flag) ?? app);
  await using session = await sessionFor(context, values);
  const rows = await rowsOf(context, session);
  if (named !== undefined && !meansApp(app, named)) return await reconnect(context, session, rowNamed(rows, named));
  if (isSet(values, 'allowMultipleConnections')) return await start(context, session, backendsOf(context, session));
  return await readyOrStart(context, session, rows);
});

/** `connection ensure`: the usable connection, or the one that waits for the user, or a new one. */
export const ensure = guarded(async (context, [named = ''], values) => {
  checkApp(context.app, named);
  await using session = await sessionFor(context, values);
  const rows = await rowsOf(context, session);
  const waiting = rows.find(({ status, connect_url }) => status === 'pending' && connect_url !== undefined);
  const usable = rows.some(({ status }) => status === 'active');
  if (waiting && !usable) return showConnection(context.terminal, connectionOf(waiting));
  return await readyOrStart(context, session, rows);
});

/** `connection create`: another connection, whatever there is already. The words of the intent are for an agent of Membrane's. */
export const create = guarded(async (context, _args, values) => {
  checkApp(context.app, textFlag(values, 'connectorKey') ?? textFlag(values, 'integrationKey') ?? context.app);
  await using session = await sessionFor(context, values);
  await start(context, session, backendsOf(context, session));
});

/** The user's connections on the backend that --via names, or on all. */
export async function rowsOf({ app, via }: Context, session: Session): Promise<readonly ConnectionRow[]> {
  const { connections } = await session.router.connections.list({ app, user: session.user });
  const [backend, id] = via?.split(':') ?? [];
  const wanted = connections.filter((row) => (backend ?? row.backend) === row.backend && (id ?? row.connection) === row.connection);
  return inOrder(session, wanted);
}

async function readyOrStart(context: Context, session: Session, rows: readonly ConnectionRow[]): Promise<void> {
  const ready = anyOf(
    context.app,
    rows.filter(({ status }) => status === 'active'),
  );
  if (!ready) return start(context, session, backendsOf(context, session));
  context.terminal.say('Already connected; --allowMultipleConnections of "connect" starts another one.');
  return showConnection(context.terminal, ready);
}

async function reconnect(context: Context, session: Session, row: ConnectionRow): Promise<void> {
  if (row.status === 'active') return showConnection(context.terminal, connectionOf(row));
  return start(context, session, [row.backend]);
}

async function start(context: Context, session: Session, backends: readonly string[]): Promise<void> {
  showConnection(context.terminal, await startLink(context, session, backends));
}
