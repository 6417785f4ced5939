import type { Connection } from '../../contract/connection.ts';
import type { ConnectionRow } from '../../contract/connections-report.ts';
import { isRouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag } from '../flags.ts';
import { printTable, type TableCell } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { meansApp } from './app-name.ts';
import { guarded } from './guard.ts';
import { anyOf, connectionOf, type MembraneConnection, rowOf } from './shapes.ts';
import { inOrder, rowNamed, type Session, sessionFor } from './target.ts';

/** `connection list`. */
export const list = guarded(async (context, _args, values) => {
  const { terminal, app } = context;
  await using session = await sessionFor(context, values);
  const { connections, unreachable } = await session.router.connections.list({ app, user: session.user });
  const items = inOrder(session, connections).map(connectionOf);
  if (terminal.json) terminal.result({ items, ...(unreachable.length > 0 ? { unreachable } : {}) });
  else if (items.length > 0) await printTable(terminal, ['id', 'name', 'state'], items.map(lineOf));
  for (const { backend, code, message } of unreachable) terminal.say(`${backend} ${code}  ${message}`);
  if (items.length === 0) terminal.say(`No connections. "connection ensure ${app}" starts one.`);
});

/** `connection get`: as it is, or with --wait when it is usable; a wait that ends early tells the state it found. */
export const get = guarded(async (context, [named = ''], values) => {
  const seconds = numberFlag(values, 'timeout', { least: 0.001, most: 86_400 }) ?? 30;
  await using session = await sessionFor(context, values);
  const usable = isSet(values, 'wait') ? await awaited(context, session, { named, timeoutMs: seconds * 1000 }) : undefined;
  const found = usable ?? (await present(context, session, named));
  showConnection(context.terminal, found);
});

export function showConnection(terminal: Terminal, found: MembraneConnection): void {
  if (terminal.json) {
    terminal.result(found);
    return;
  }
  terminal.print(`${found.id}  ${found.state}`);
  if (found.clientAction) terminal.print(found.clientAction.uiUrl ?? found.clientAction.agentInstructions);
  const note = found.clientAction?.description ?? found.error?.message;
  if (note !== undefined) terminal.say(note);
}

/** undefined: the time is over, or it will not become usable. */
async function awaited(
  { app, terminal }: Context,
  { router, user }: Session,
  { named, timeoutMs }: { readonly named: string; readonly timeoutMs: number },
): Promise<MembraneConnection | undefined> {
  const any = meansApp(app, named);
  const { connections } = await router.connections.list({ app, user });
  const row = any ? undefined : rowNamed(connections, named);
  try {
    const usable = await router.connections.wait(
      { app, user, timeoutMs, ...(row ? { backend: row.backend, connection: row.connection } : {}) },
      (state) => terminal.say(terminal.tint('dim', `waiting: ${state}`)),
    );
    return shown(app, usable, any);
  } catch (error) {
    if (isRouterError(error) && ['timeout', 'connection_required'].includes(error.code)) return undefined;
    throw error;
  }
}

function shown(app: string, usable: Connection, any: boolean): MembraneConnection | undefined {
  return any ? anyOf(app, [rowOf(usable)]) : connectionOf(rowOf(usable));
}

async function present({ app }: Context, session: Session, named: string): Promise<MembraneConnection> {
  const { connections } = await session.router.connections.list({ app, user: session.user });
  const rows: readonly ConnectionRow[] = inOrder(session, connections);
  if (!meansApp(app, named)) return connectionOf(rowNamed(rows, named));
  const ready = rows.filter(({ status }) => status === 'active');
  const [first] = rows;
  return anyOf(app, ready) ?? connectionOf(first ?? rowNamed(rows, named));
}

function lineOf({ id, name, state }: MembraneConnection): readonly TableCell[] {
  return [id, name, [state === 'READY' ? 'green' : 'yellow', state]];
}
