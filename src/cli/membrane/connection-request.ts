/** Requests for a connection, as Membrane's CLI prints them. Source: backends/membrane.md §2.4 */
import type { ConnectionStatus } from '../../contract/connection.ts';
import type { Context } from '../context.ts';
import { isSet, textFlag } from '../flags.ts';
import { checkApp } from './app-name.ts';
import { rowsOf } from './connect.ts';
import { guarded } from './guard.ts';
import { connectionOf, type MembraneConnection } from './shapes.ts';
import { backendsOf, startLink } from './start-link.ts';
import { rowNamed, sessionFor } from './target.ts';

const OUTCOME: Readonly<Record<ConnectionStatus, 'pending' | 'success' | 'cancelled' | 'error'>> = {
  active: 'success',
  pending: 'pending',
  unknown: 'pending',
  disabled: 'error',
  expired: 'error',
  failed: 'error',
  revoked: 'cancelled',
};

/** `connection-request create`: a link for the user to open, or the connection that is usable already. */
export const create = guarded(async (context, _args, values) => {
  const { app } = context;
  for (const flag of ['connectorId', 'connectorKey', 'integrationId', 'integrationKey']) checkApp(app, textFlag(values, flag) ?? app);
  const again = textFlag(values, 'connectionId') ?? textFlag(values, 'connectionKey');
  await using session = await sessionFor(context, values);
  const rows = await rowsOf(context, session);
  const named = again === undefined ? undefined : rowNamed(rows, again);
  const usable = (named ? [named] : rows).find(({ status }) => status === 'active');
  if (usable && !isSet(values, 'allowMultipleConnections')) return show(context, connectionOf(usable), usable.status);
  show(context, await startLink(context, session, named ? [named.backend] : backendsOf(context, session)), 'pending');
});

/** `connection-request get`: what became of it. */
export const get = guarded(async (context, [id = ''], values) => {
  await using session = await sessionFor(context, values);
  const row = rowNamed(await rowsOf(context, session), id);
  show(context, connectionOf(row), row.status);
});

/** The connection's own id stands for the request's: one leads to the other, and nothing else has to be remembered. */
function show({ terminal }: Context, found: MembraneConnection, ours: ConnectionStatus): void {
  const status = OUTCOME[ours];
  const url = found.clientAction?.uiUrl;
  const done = status === 'success' ? { resultConnectionId: found.id } : {};
  if (terminal.json) {
    terminal.result({ requestId: found.id, status, ...(url === undefined ? {} : { url }), ...done });
    return;
  }
  terminal.print(`${found.id}  ${status}`);
  if (url !== undefined) terminal.print(url);
  if (status === 'pending') terminal.say(`Then "connection-request get ${found.id}" says what became of it.`);
}
