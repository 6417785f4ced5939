import { openSession, type Session } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import { ago } from '../ago.ts';
import type { Context } from '../context.ts';
import { numberFlag, type Values } from '../flags.ts';
import { playConnections, wishedConnections } from '../sandbox-connections.ts';
import { printTable, type TableCell } from '../table.ts';
import type { Terminal } from '../terminal.ts';

type Report = Awaited<ReturnType<Session['router']['connections']['list']>>;

/** `connections list`. */
export async function list(context: Context, _: readonly string[], values: Values): Promise<void> {
  await using session = await opened(context, values);
  const report = await session.router.connections.list({ app: context.app, user: session.user });
  await show(context.terminal, report);
  if (report.connections.some(({ demoted }) => demoted))
    context.terminal.say('What the app has refused is used again when the app answers: "skillrouter connections check" asks it.');
}

/** `connections check`: asks the app through each. Exit code 3 when one failed, or none is there. */
export async function check(context: Context, _: readonly string[], values: Values): Promise<void> {
  await using session = await opened(context, values);
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

/** A session, in the sandbox with the connections that the flags want there. */
async function opened(context: Context, values: Values): Promise<Session> {
  const wished = wishedConnections(values);
  if (wished.length > 0 && !context.sandbox)
    throw new RouterError('invalid_input', { what: '--connection is for --sandbox', next: 'Add --sandbox, or leave it out.' });
  const session = await openSession(context);
  if (session.sandbox) await playConnections(session.sandbox, wished);
  return session;
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

const HEAD = ['backend', 'connection', 'user', 'status', 'read', 'account', 'last use', 'note'];

/** What calls have shown, newest first: a failure that was followed by a success is history. */
function evidence({ demoted, last_success_at: worked, last_failure: failed }: Report['connections'][number], now: Date): TableCell {
  const lastWorked = worked === null ? [] : [`worked ${ago(worked, now)}`];
  if (demoted) return ['red', [`refused by the app ${ago(demoted.at, now)}`, ...lastWorked].join(', ')];
  if (!failed || (worked !== null && worked > failed.at)) return lastWorked.join('');
  return ['yellow', [`failed ${ago(failed.at, now)}: ${failed.code}`, ...lastWorked].join(', ')];
}

async function show(terminal: Terminal, report: Report): Promise<void> {
  if (terminal.json) return terminal.result(report);
  const now = new Date();
  const rows = report.connections.map((row): readonly TableCell[] => [
    row.backend,
    row.connection,
    row.user,
    [row.status === 'active' ? 'green' : 'yellow', row.status],
    ago(row.checked_at, now),
    row.account ?? '',
    evidence(row, now),
    row.connect_url ?? row.detail ?? '',
  ]);
  if (rows.length > 0) await printTable(terminal, HEAD, rows);
  else terminal.say('No connections. "skillrouter connections connect <backend>" starts one.');
  for (const { backend, code, message } of report.unreachable) terminal.say(`${terminal.tint('red', `${backend} ${code}`)}  ${message}`);
}
