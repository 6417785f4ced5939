import { openSession, openSwitching } from '../../app.ts';
import { ERRORS, RouterError } from '../../contract/errors.ts';
import type { PanicReport } from '../../contract/migration.ts';
import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import { isSet, type Values } from '../flags.ts';
import { printTable, type TableCell } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** `panic <backend>`: stops it first, then talks. Exit code 4 when something could not be revoked that was to be. */
export async function panic(context: Context, [backend = '']: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  if (isSet(values, 'lift') && isSet(values, 'revoke'))
    throw new RouterError('invalid_input', {
      what: '--lift and --revoke together make no sense',
      next: 'Choose one; nothing was changed.',
    });
  await using session = await openSession(context);
  const switching = await openSwitching(session, context.app);
  if (isSet(values, 'lift')) return show(terminal, await switching.lift(backend));
  const stopped = await switching.stop(backend);
  if (!isSet(values, 'revoke')) return show(terminal, stopped);
  const open = stopped.connections.filter(({ state }) => state === 'listed');
  if (!terminal.json) await showConnections(terminal, stopped);
  const agreed =
    open.length > 0 && (isSet(values, 'yes') || (await consent(terminal, `Revoke ${open.length}? It cannot be undone.`, refusal(backend))));
  const report = agreed ? await switching.revoke(stopped) : stopped;
  if (report.connections.some(({ state }) => state === 'failed')) process.exitCode = ERRORS.rejected.exit;
  await show(terminal, report);
}

function refusal(backend: string): { readonly what: string; readonly next: string } {
  return {
    what: `all traffic through ${backend} is stopped, but revoking cannot be undone, and there is nobody to ask`,
    next: `Look at "skillrouter panic ${backend}", then add --yes; nothing was revoked.`,
  };
}

async function show(terminal: Terminal, report: PanicReport): Promise<void> {
  if (terminal.json) return terminal.result(report);
  const { backend, state, by, at, underway, unread } = report;
  terminal.print(`${terminal.paint(state === 'stopped' ? 'red' : 'green', state)}  ${backend}, by ${by} at ${at}`);
  terminal.say(underway);
  await showConnections(terminal, report);
  for (const { user, code } of unread) terminal.say(`${terminal.tint('yellow', user)}  its connections could not be read: ${code}`);
}

const COLOURS = { revoked: 'green', failed: 'red', by_hand: 'yellow', listed: 'cyan' } as const;

async function showConnections(terminal: Terminal, { connections }: PanicReport): Promise<void> {
  if (connections.length === 0) return;
  const rows = connections.map(({ user, connection, state, how }): readonly TableCell[] => [
    user,
    connection,
    [COLOURS[state], state.replace('_', ' ')],
    how,
  ]);
  await printTable(terminal, ['user', 'connection', 'state', 'what'], rows);
}
