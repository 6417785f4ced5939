/** `npm run migration-demo -- [--users 50] [--callers 6] [--replicas 2] [--rounds 8] [--store postgres://…] [--json]` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { withSchema } from '../campaign/schema.ts';
import { isKept, type Part, type Story, tellStory } from './story.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '50' },
    callers: { type: 'string', default: '6' },
    replicas: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '8' },
    store: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'skillrouter-migration-'));
try {
  const story = await withSchema(values.store, (store) =>
    tellStory({
      users: numberOf('users', values.users),
      callers: numberOf('callers', values.callers),
      replicas: numberOf('replicas', values.replicas),
      rounds: numberOf('rounds', values.rounds),
      store: store ?? join(folder, 'journal.db'),
      onPart: (part) => {
        if (!values.json) console.error(lineOf(part));
      },
    }),
  );
  if (values.json) console.log(JSON.stringify({ ...story, kept: isKept(story) }));
  else print(story);
  process.exitCode = isKept(story) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} takes a whole number above 0`);
  process.exit(2);
}

function lineOf({ name, calls }: Part): string {
  return `${name}: ${calls} calls`;
}

function print({ parts, compared, calls, failed, duplicates, lost, untold, rollbackMs, followedMs }: Story): void {
  const backends = [...new Set(parts.flatMap(({ by }) => Object.keys(by)))].toSorted();
  const table = new Table({ head: ['', 'calls', ...backends.map((backend) => `through ${backend}`), 'failed'] });
  for (const { name, by, ...part } of parts)
    table.push([name, part.calls, ...backends.map((backend) => by[backend] ?? 0), part.failed.length]);
  console.log(table.toString());
  const reads = compared.reduce((sum, { equal, different }) => sum + equal + different, 0);
  const differing = compared.reduce((sum, { different }) => sum + different, 0);
  const planned = compared.reduce((sum, one) => sum + one.planned, 0);
  console.log(`compared ${reads} reads, of which ${differing} differ; planned ${planned} writes on the target`);
  console.log(
    `rollback: ${Math.round(rollbackMs)} ms for the command, ${Math.round(followedMs)} ms until no call began on the target any more`,
  );
  console.log(`${calls} calls · failed ${failed.length} · duplicates ${duplicates} · lost ${lost} · done and not told ${untold}`);
  for (const line of new Set(failed)) console.log(`  ${line}`);
}
