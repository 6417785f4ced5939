import type { MigrationPlan, PlannedConnection, PlannedOperation } from '../contract/migration.ts';
import { counted, printTable, type TableCell } from './table.ts';
import type { Style, Terminal } from './terminal.ts';

/** A plan as a person reads it: who, what, and whether. */
export async function showPlan(terminal: Terminal, plan: MigrationPlan): Promise<void> {
  const { from, to, users, operations } = plan;
  const rows = users.map(({ user, calls, does, why, link, ...sides }): readonly TableCell[] => [
    user,
    `${calls}`,
    sideText(user, sides.from),
    sideText(user, sides.to),
    [COLOURS[does], does.replace('_', ' ')],
    link ?? why,
  ]);
  if (rows.length > 0) await printTable(terminal, ['user', 'calls', `on ${from}`, `on ${to}`, 'does', 'because'], rows);
  if (operations.length > 0) {
    terminal.print('');
    await printTable(terminal, ['operation', 'requests', 'was', `on ${to}`, 'note'], operations.map(operationRow));
  }
  terminal.print('');
  for (const line of loadLines(plan)) terminal.say(terminal.tint('dim', line));
  const [style, text] = VERDICTS[plan.verdict];
  terminal.print(`${terminal.paint(style, plan.verdict)}  ${text}`);
  for (const line of plan.because) terminal.print(`  ${line}`);
}

const COLOURS: Readonly<Record<MigrationPlan['users'][number]['does'], Style>> = {
  move: 'green',
  consent: 'yellow',
  enter_key: 'yellow',
  refuse: 'red',
  wait: 'yellow',
  nothing: 'dim',
};

const VERDICTS: Readonly<Record<MigrationPlan['verdict'], readonly [Style, string]>> = {
  ready: ['green', 'everything that is in use goes by a tool of its own'],
  ready_with_proxy: ['green', 'everything that is in use can go; some of it by proxy, see the notes'],
  blocked: ['red', 'this has to be settled first'],
};

function sideText(user: string, { as, connection, status, account }: PlannedConnection): string {
  const name = as === user ? '' : `as ${as}: `;
  return `${name}${connection ?? ''} ${status}${account === undefined ? '' : `, ${account}`}`.trim();
}

function operationRow({ operation, requests, was, becomes, tool, why, pinned, ...limits }: PlannedOperation): readonly TableCell[] {
  const { byProxyWith, notWith, needs, losses } = limits;
  const notes = [
    pinned === undefined ? undefined : `policy.pin keeps it on ${pinned}`,
    why,
    notWith && `cannot carry ${notWith.join(', ')}`,
    needs && `by proxy without ${needs.join(', ')}`,
    byProxyWith && `by proxy with ${shortened(byProxyWith)}`,
    losses?.join('; '),
  ].filter((note) => note !== undefined);
  const way: TableCell = [becomes === 'none' ? 'red' : becomes === 'tool' ? 'green' : 'yellow', tool ?? becomes];
  return [operation, `${requests}`, was.join(', '), way, notes.join(' · ')];
}

const MOST_FIELDS = 6;

function shortened(fields: readonly string[]): string {
  const few = fields.slice(0, MOST_FIELDS).join(', ');
  return fields.length > MOST_FIELDS ? `${few} and ${fields.length - MOST_FIELDS} more (--json shows all)` : few;
}

function loadLines({ from, load }: MigrationPlan): readonly string[] {
  const { busiest, limited, note } = load;
  const refusals = Object.entries(limited).map(([backend, requests]) => `${backend} ${requests}`);
  return [
    ...(busiest ? [`The busiest minute on ${from}: ${counted(busiest.calls, 'call')}, at ${busiest.minute.replace('T', ' ')} UTC.`] : []),
    ...(refusals.length > 0 ? [`Requests that were told to wait lately: ${refusals.join(', ')}.`] : []),
    note,
  ];
}
