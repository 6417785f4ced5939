import { openSession } from '../../app.ts';
import type { ConnectionRow } from '../../contract/connections-report.ts';
import { RouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { textFlag, type Values } from '../flags.ts';
import { meansApp } from './app-name.ts';

export type Session = Awaited<ReturnType<typeof openSession>>;

/** `--tenantKey` is Membrane's word for the user; what is the configuration's business is said not to count. */
export function sessionFor(context: Context, values: Values): Promise<Session> {
  const unused = ['workspaceKey', 'apiUri'].filter((name) => textFlag(values, name) !== undefined);
  if (unused.length > 0) context.terminal.say(`--${unused.join(' and --')} not used: the configuration decides.`);
  return openSession({ ...context, user: context.user ?? textFlag(values, 'tenantKey') });
}

/** The connection that the flags name, whichever of them. */
export function connectionFlag(values: Values): string | undefined {
  return textFlag(values, 'connectionId') ?? textFlag(values, 'connectionKey') ?? textFlag(values, 'integrationKey');
}

/** What `via` of a call has to be: one connection, or undefined for whichever is ACTIVE. Throws `connection_required`. */
export async function viaOf({ app, via }: Context, session: Session, named: string | undefined): Promise<string | undefined> {
  if (named === undefined || meansApp(app, named)) return via;
  const [backend = ''] = named.split(':');
  if (named.includes(':') && session.backends.includes(backend)) return named;
  const { connections } = await session.router.connections.list({ app, user: session.user });
  return nameOf(rowNamed(connections, named));
}

/** The row of a connection, by `backend:connection` or the connection alone. Throws `connection_required`, or `ambiguous_account`. */
export function rowNamed(rows: readonly ConnectionRow[], named: string): ConnectionRow {
  const [found, ...others] = rows.filter((row) => named === row.connection || named === nameOf(row));
  const choices = rows.map(nameOf);
  const shown = named.replaceAll(/[^\w:.@-]/g, '?').slice(0, 80);
  if (found && others.length === 0) return found;
  if (found) {
    throw new RouterError('ambiguous_account', {
      what: `several backends have a connection "${shown}"`,
      next: 'Write the backend before it, backend:connection; nothing was sent.',
      choices: [found, ...others].map(nameOf),
    });
  }
  throw new RouterError('connection_required', {
    what: `the user has no connection "${shown}"`,
    next: choices.length > 0 ? `There are ${choices.join(', ')}; nothing was sent.` : 'Start one with "connect"; nothing was sent.',
    choices,
  });
}

/** Usable ones first, then in the order that the policy prefers. */
export function inOrder({ config }: Session, rows: readonly ConnectionRow[]): readonly ConnectionRow[] {
  const rank = ({ status, backend }: ConnectionRow): number => {
    const at = config.policy.prefer.indexOf(backend);
    return (status === 'active' ? 0 : 1000) + (at < 0 ? 100 : at);
  };
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

export function nameOf({ backend, connection }: ConnectionRow): string {
  return `${backend}:${connection}`;
}
