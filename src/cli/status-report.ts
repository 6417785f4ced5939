import type { ComparedOperation, MigrationStatus } from '../contract/migration.ts';
import { counted, printTable, type TableCell } from './table.ts';
import type { Style, Terminal } from './terminal.ts';

type Shown = NonNullable<MigrationStatus['migration']>;

/** What stands, as a person reads it. */
export async function showStatus(terminal: Terminal, { migration, operations, stopped }: MigrationStatus): Promise<void> {
  for (const { backend, by, at } of stopped) terminal.print(`${terminal.paint('red', 'stopped')}  ${backend}, by ${by} at ${at}`);
  if (!migration)
    return terminal.say('No migration. "skillrouter migrate plan --from <backend> --to <backend>" looks at what one would mean.');
  const { from, to, state, revision, by, at, reason } = migration;
  terminal.print(`${terminal.paint(COLOURS[state], state)}  ${from} to ${to}: ${extentOf(migration)}`);
  if (reason !== undefined) terminal.print(`  because ${reason}`);
  terminal.print(terminal.paint('dim', `  revision ${revision}, by ${by} at ${at}`));
  for (const line of sightLines(migration)) terminal.print(`  ${line}`);
  if (operations.length === 0) {
    if (migration.mirroring) terminal.say('Nothing was compared yet; calls of a running router are.');
    return;
  }
  terminal.print('');
  await printTable(terminal, ['operation', 'equal', 'different', 'planned', 'dropped', 'takes', 'what'], operations.map(rowOf));
}

const COLOURS: Readonly<Record<Shown['state'], Style>> = {
  shadow: 'cyan',
  cutover: 'green',
  stopped: 'red',
  rolled_back: 'yellow',
  finished: 'green',
};

function extentOf({ state, percent, users, sample, until, mirroring, from }: Shown): string {
  const moved = state === 'cutover' ? [`${percent} % of the users${users.length > 0 ? `, and ${users.join(', ')}` : ''}`] : [];
  const home = state === 'stopped' || state === 'rolled_back' ? [`everybody is on ${from}`] : [];
  const end = until === undefined ? '' : ` until ${until}`;
  const mirrored = mirroring ? [`${Math.round((sample ?? 0) * 1000) / 10} % of the calls are compared${end}`] : [];
  const over = state === 'shadow' && !mirroring ? [`comparing ended${end.replace('until', 'at')}`] : [];
  return [...moved, ...home, ...mirrored, ...over].join('; ');
}

function sightLines({ from, to, sight, limits }: Shown): readonly string[] {
  if (!sight || !limits) return [];
  const share = ({ of, bad }: { readonly of: number; readonly bad: number }): string => `${bad} of ${of}`;
  return [
    `failed lately: ${share(sight.target)} requests through ${to}, ${share(sight.source)} through ${from} (goes back above ${percentText(limits.errors)} more)`,
    `differ: ${share(sight.compared)} compared reads (goes back above ${percentText(limits.differences)})`,
  ];
}

function percentText(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function rowOf({
  operation,
  equal,
  different,
  planned,
  dropped,
  latency,
  fields,
  notes,
  unsettled,
}: ComparedOperation): readonly TableCell[] {
  const told = [
    ...fields.map(({ field, count }) => `${field}: ${count}`),
    ...notes.map(({ note, count }) => `${note}: ${count}`),
    ...(unsettled > 0 ? [`changed meanwhile: ${unsettled}`] : []),
  ];
  const more = told.length > MOST_NOTES ? [counted(told.length - MOST_NOTES, 'further note')] : [];
  return [
    operation,
    `${equal}`,
    [different > 0 ? 'red' : 'dim', `${different}`],
    `${planned}`,
    `${dropped}`,
    latency === undefined ? '' : `× ${latency}`,
    [...told.slice(0, MOST_NOTES), ...more].join(' · '),
  ];
}

const MOST_NOTES = 4;
