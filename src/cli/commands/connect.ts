import { openSession, type Session } from '../../app.ts';
import type { ConnectLink } from '../../contract/connection.ts';
import { RouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { isSet, type Values } from '../flags.ts';
import { noteEndOfSandbox } from '../sandbox-note.ts';

/** `connections connect [backend]`: prints the link; opening it is the user's part. Exit code 3 when there is none to open. */
export async function connect(context: Context, [named]: readonly string[], values: Values): Promise<void> {
  const { app, via } = context;
  await using session = await openSession(context);
  const backend = named ?? via?.split(':')[0] ?? only(session.backends);
  if (!session.backends.includes(backend)) throw unknownBackend(backend, session.backends);
  const present = isSet(values, 'another') ? undefined : await usable(context, session, backend);
  if (present !== undefined) return showPresent(context, session, { backend, connection: present });
  showLink(context, session, backend, await session.router.connections.connect({ app, user: session.user, backend }));
}

/** The user's connection on this backend through which the app answers, if there is one. */
async function usable({ app }: Context, { router, user }: Session, backend: string): Promise<string | undefined> {
  const { connections } = await router.connections.check({ app, user });
  return connections.find((one) => one.backend === backend && one.status === 'active')?.connection;
}

interface Present {
  readonly backend: string;
  readonly connection: string;
}

function showPresent({ terminal }: Context, { user }: Session, present: Present): void {
  const how = `${user} is connected already; --another starts one more connection.`;
  if (terminal.json) terminal.result({ ...present, user, status: 'active', how });
  else {
    terminal.print(`${present.backend} ${present.connection} is ${terminal.paint('green', 'active')}`);
    terminal.say(how);
  }
}

function showLink(context: Context, { user }: Session, backend: string, { expiresAt, ...link }: ConnectLink): void {
  const { terminal, sandbox } = context;
  const nothing = link.url === undefined && link.connection === undefined;
  if (nothing) process.exitCode = 3;
  const wait = nothing || sandbox ? undefined : waitCommand(context, backend, link.connection);
  const more = { ...(expiresAt === undefined ? {} : { expires_at: expiresAt }), ...(wait === undefined ? {} : { wait }) };
  if (terminal.json) terminal.result({ backend, user, ...link, ...more });
  else {
    terminal.print(link.url ?? link.how);
    const until = expiresAt === undefined ? '' : ` (until ${expiresAt}${sandbox ? ", by the sandbox's own clock" : ''})`;
    if (link.url) terminal.say(`${link.how}${until}`);
    if (wait !== undefined) terminal.say(`Then: ${wait}`);
  }
  if (link.url) noteEndOfSandbox(context, 'This link leads nowhere');
}

/** What waits for this connection and no other. */
function waitCommand({ config, user }: Context, backend: string, connection: string | undefined): string {
  const words = ['skillrouter', 'connections', 'wait', ...(connection === undefined ? [] : [connection]), '--via', backend];
  const flags = [...(user === undefined ? [] : ['--user', user]), ...(config === undefined ? [] : ['--config', config])];
  return [...words, ...flags].map(quoted).join(' ');
}

/** As a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function only(backends: readonly string[]): string {
  const [first, ...others] = backends;
  if (first !== undefined && others.length === 0) return first;
  throw new RouterError('invalid_input', { what: 'name the backend to connect', next: `One of: ${backends.join(', ')}.` });
}

function unknownBackend(backend: string, known: readonly string[]): RouterError {
  return new RouterError('configuration', {
    what: `the backend "${backend.replaceAll(/[^\w:.-]/g, '?').slice(0, 60)}" is not configured`,
    next: `Configured are: ${known.join(', ') || 'none'}; nothing was sent.`,
    choices: known,
  });
}
