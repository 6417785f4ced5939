/** `npm run matrix`: every pair of door and adapter, as a table, as JSON and as a heat map. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MatrixCell } from './pair.ts';

// A proxy variable would send the vendors' SDKs, and with them loopback traffic, to another machine.
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) for (const one of [name, name.toLowerCase()]) delete process.env[one];

const [{ tellOver }, { tellReference }, { NAMES }, { heatMap, spotsOf, VERDICTS }, { default: Table }] = await Promise.all([
  import('./pair.ts'),
  import('./reference.ts'),
  import('./rig.ts'),
  import('./heat-map.ts'),
  import('cli-table3'),
]);

const { values } = parseArgs({ options: { out: { type: 'string', default: 'matrix' } } });
const cases = await tellReference();
const cells: MatrixCell[] = [];
for (const door of NAMES) for (const adapter of NAMES) cells.push(...(await tellOver(door, adapter, cases)));

const spots = spotsOf(cells);
const pairs = [...new Set(spots.map(({ pair }) => pair))];
const counts = pairs.map((pair) => {
  const own = spots.filter((spot) => spot.pair === pair);
  return { pair, ...Object.fromEntries(VERDICTS.map((verdict) => [verdict, own.filter((spot) => spot.verdict === verdict).length])) };
});

const table = new Table({ head: ['door → adapter', ...VERDICTS], style: { head: [], border: [] } });
for (const { pair, ...results } of counts) table.push([pair, ...Object.values(results).map(String)]);
console.log(table.toString());

const excuses = [
  ...new Set(spots.filter(({ verdict }) => verdict === 'excused').map(({ entry, pair, why }) => `${pair}  ${entry}: ${why}`)),
];
const failures = cells.filter(({ result }) => result === 'failing');
if (excuses.length > 0) console.log(`\nexcused:\n${excuses.map((line) => `  ${line}`).join('\n')}`);
for (const { door, adapter, entry, why } of failures) console.log(`failing  ${door} → ${adapter}  ${entry}: ${why}`);

mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, 'matrix.json'), `${JSON.stringify({ counts, cells }, null, 1)}\n`);
writeFileSync(join(values.out, 'matrix.html'), heatMap(cells));
const asked = new Set(cells.map(({ entry }) => entry)).size;
console.log(
  `\n${pairs.length} pairs × ${asked} operations and intents, ${cells.length} calls, ${failures.length} failing; ${join(values.out, 'matrix.html')}`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
