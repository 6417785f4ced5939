import { openSession, type Session } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { numberFlag, type Values } from '../flags.ts';
import { printTable, type TableCell } from '../table.ts';
import type { Terminal } from '../terminal.ts';

type Report = Awaited<ReturnType<Session['router']['connections']['list']>>;

/** `connections list`. */
export async function list(context: Context): Promise<void> {
  await using session = await openSession(context);
  await show(context.terminal, await session.router.connections.list({ app: context.app, user: session.user }));
}

/** `connections check`: asks the app through each. Exit code 3 when one failed, or none is there. */
export async function check(context: Context): Promise<void> {
  await using session = await openSession(context);
  const report = await session.router.connections.check({ app: context.app, user: session.user });
  await show(context.terminal, report);
  if (report.failed > 0 || report.connections.length === 0) process.exitCode = 3;
}

/** `connections wait [connection]`: until it is usable. */
export async function wait(context: Context, [connection]: readonly string[], values: Values): Promise<void> {
  const { terminal, app, via } = context;
  const seconds = numberFlag(values, 'timeout', { least: 0.001, most: 86_400 }) ?? 300;
  await using session = await openSession(context);
  const [backend, pinned] = via?.split(':') ?? [];
  const id = connection ?? pinned;
  if (id !== undefined) await checkKnown(context, session, { backend, id });
  const found = await session.router.connections.wait(
    {
      app,
      user: session.user,
      timeoutMs: seconds * 1000,
      ...(backend === undefined ? {} : { backend }),
      ...(id === undefined ? {} : { connection: id }),
    },
    (status) => terminal.say(terminal.tint('dim', `waiting: ${status}`)),
  );
  if (terminal.json) return terminal.result({ ready: true, backend: found.backend, connection: found.id, status: found.status });
  terminal.print(`${found.backend} ${found.id} is ${terminal.paint('green', found.status)}`);
}

/** Waiting for what does not exist would only end with the time. A backend that cannot be asked may know better. */
async function checkKnown(
  { app }: Context,
  { router, user }: Session,
  { backend, id }: { readonly backend: string | undefined; readonly id: string },
): Promise<void> {
  const { connections, unreachable } = await router.connections.list({ app, user });
  const asked = <Row extends { readonly backend: string }>(row: Row): boolean => backend === undefined || row.backend === backend;
  const known = connections.filter(asked);
  if (known.some(({ connection }) => connection === id) || unreachable.some(asked)) return;
  throw new RouterError('configuration', {
    what: `${user} has no connection "${id.replaceAll(/[^\w.-]/g, '?').slice(0, 60)}"${backend === undefined ? '' : ` on ${backend}`}`,
    next: `There are: ${known.map((row) => `${row.backend} ${row.connection} (${row.status})`).join(', ') || 'none'}.`,
    choices: known.map((row) => `${row.backend}:${row.connection}`),
  });
}

async function show(terminal: Terminal, report: Report): Promise<void> {
  if (terminal.json) return terminal.result(report);
  const rows = report.connections.map(({ backend, connection, user, status, account, detail, connect_url }): readonly TableCell[] => [
    backend,
    connection,
    user,
    [status === 'active' ? 'green' : 'yellow', status],
    account ?? '',
    connect_url ?? detail ?? '',
  ]);
  if (rows.length > 0) await printTable(terminal, ['backend', 'connection', 'user', 'status', 'account', 'note'], rows);
  else terminal.say('No connections. "skillrouter connections connect <backend>" starts one.');
  for (const { backend, code, message } of report.unreachable) terminal.say(`${terminal.tint('red', `${backend} ${code}`)}  ${message}`);
}
