/** `npm run matrix`: every pair of door and adapter, with every operation and every error, as a table, as JSON and as a heat map. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Spot } from './heat-map.ts';
import type { MatrixCell } from './pair.ts';

// A proxy variable would send the vendors' SDKs, and with them loopback traffic, to another machine.
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) for (const one of [name, name.toLowerCase()]) delete process.env[one];

const [{ tellOver }, { tellErrorsOver }, { tellReference }, { NAMES }, { heatMap, spotsOf, VERDICTS }, { default: Table }] =
  await Promise.all([
    import('./pair.ts'),
    import('./errors-over.ts'),
    import('./reference.ts'),
    import('./rig.ts'),
    import('./heat-map.ts'),
    import('cli-table3'),
  ]);

const { values } = parseArgs({ options: { out: { type: 'string', default: 'matrix' } } });
const cases = await tellReference();
const cells: MatrixCell[] = [];
for (const door of NAMES)
  for (const adapter of NAMES) cells.push(...(await tellOver(door, adapter, cases)), ...(await tellErrorsOver(door, adapter)));

const spots = spotsOf(cells);
const pairs = [...new Set(spots.map(({ pair }) => pair))];
const counted = (some: readonly Spot[]) =>
  Object.fromEntries(VERDICTS.map((verdict) => [verdict, some.filter((spot) => spot.verdict === verdict).length]));
const counts = pairs.map((pair) => {
  const own = spots.filter((spot) => spot.pair === pair);
  return { pair, ...counted(own.filter(({ error }) => !error)), errors: counted(own.filter(({ error }) => error)) };
});

const table = new Table({
  head: ['door → adapter', ...VERDICTS, 'errors as they should be', 'errors failing'],
  style: { head: [], border: [] },
});
for (const { pair, errors, ...results } of counts) {
  const { failing = 0, ...asTheyShould } = errors;
  const alike = Object.values(asTheyShould).reduce((sum, count) => sum + count, 0);
  table.push([pair, ...Object.values(results), alike, failing].map(String));
}
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
const namesOf = (isError: boolean) =>
  new Set(cells.filter(({ error }) => (error !== undefined) === isError).map(({ entry }) => entry)).size;
console.log(
  `\n${pairs.length} pairs × (${namesOf(false)} operations and intents + ${namesOf(true)} errors), ${cells.length} calls, ${failures.length} failing; ${join(values.out, 'matrix.html')}`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
