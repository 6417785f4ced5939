import { openSession, openSwitching } from '../../app.ts';
import type { Exposure } from '../../contract/migration.ts';
import type { Context } from '../context.ts';
import { counted, printTable, type TableCell } from '../table.ts';

/** `exposure`: what each backend could reach today. */
export async function exposure(context: Context): Promise<void> {
  const { terminal } = context;
  await using session = await openSession(context);
  const report = await (await openSwitching(session, context.app)).exposure();
  if (terminal.json) return terminal.result(report);
  const connections = report.backends.flatMap(({ backend, connections: own }) =>
    own.map(({ user, connection, status, account, last_used }): readonly TableCell[] => [
      backend,
      user,
      connection,
      [status === 'active' ? 'green' : 'dim', status],
      account ?? '',
      last_used ?? 'never',
    ]),
  );
  if (connections.length > 0) await printTable(terminal, ['backend', 'user', 'connection', 'status', 'account', 'last used'], connections);
  for (const one of report.backends) {
    terminal.print('');
    for (const line of linesOf(one)) terminal.print(line);
  }
  terminal.say(terminal.tint('dim', report.note));
}

function linesOf({ backend, stopped, usable, accounts, operations, reach, last_used, unread }: Exposure): readonly string[] {
  const ways = Object.entries(operations).flatMap(([way, count]) => (count > 0 ? [`${count} by ${way}`] : []));
  return [
    `${backend}: reaches ${reach}`,
    `  ${counted(usable, 'usable connection')}, ${counted(accounts.length, 'account')}${ways.length > 0 ? `; operations: ${ways.join(', ')}` : ''}; last used ${last_used ?? 'never'}`,
    ...(stopped ? [`  stopped by ${stopped.by} at ${stopped.at}`] : []),
    ...(unread.length > 0 ? [`  could not be asked about ${unread.map(({ user, code }) => `${user} (${code})`).join(', ')}`] : []),
  ];
}
