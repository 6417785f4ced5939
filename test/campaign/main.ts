/** `npm run campaign -- --writes 10000 --seed 7 [--lanes 8] [--replicas 2] [--kills] [--store postgres://…] [--lane 3] [--json]` */
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type CampaignOptions, type Figures, isKept, type Row, runCampaign } from './campaign.ts';
import { withSchema } from './schema.ts';

const { values } = parseArgs({
  options: {
    writes: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now()) },
    lanes: { type: 'string', default: '8' },
    lane: { type: 'string' },
    replicas: { type: 'string', default: '1' },
    kills: { type: 'boolean', default: false },
    store: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const options: CampaignOptions = {
  writes: numberOf('writes', values.writes),
  seed: values.seed,
  lanes: numberOf('lanes', values.lanes),
  replicas: numberOf('replicas', values.replicas),
  kills: values.kills,
  ...(values.lane === undefined ? {} : { lane: Number(values.lane) }),
  onProgress: (done) => {
    if (!values.json && process.stderr.isTTY) process.stderr.write(`\r${done} of ${values.writes} `);
  },
};
const figures = await withSchema(values.store, (store) => runCampaign({ ...options, ...(store === undefined ? {} : { store }) }));
if (values.json) console.log(JSON.stringify({ ...options, ...figures, kept: isKept(figures) }));
else print(figures);
process.exitCode = isKept(figures) ? 0 : 1;

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} takes a whole number above 0`);
  process.exit(2);
}

function print({ byTrouble, findings, unresolved, ...all }: Figures): void {
  const cells = ({ wishes, done, confirmed, refused, unknown, died }: Row) => [wishes, done, confirmed, refused, unknown, died];
  const table = new Table({
    head: ['what went wrong', 'writes', 'done', 'confirmed', 'not done, told so', 'unknown, told so', 'caller died'],
  });
  for (const [name, row] of Object.entries(byTrouble)) table.push([name, ...cells(row)]);
  table.push(['all', ...cells(all)]);
  console.log(table.toString());
  const share = all.doubtful === 0 ? 100 : (100 * all.resolved) / all.doubtful;
  console.log(`seed ${all.seed}, ${all.writes} writes in ${all.seconds} s`);
  console.log(`duplicates ${all.duplicates} · lost ${all.lost} · wrong successes ${all.wrongSuccesses} · unreported ${all.unreported}`);
  console.log(`doubtful ${all.doubtful}, of which ${share.toFixed(2)} % were resolved without a person`);
  console.log(`harmless repeats ${all.repeats} · answers that the journal lacks ${all.unjournaled}`);
  for (const { lane, step, why, trouble } of unresolved)
    console.log(`unknown: ${why} (${trouble}; --seed ${all.seed} --lane ${lane}, step ${step})`);
  for (const { lane, step, kind, what, trouble, history } of findings) {
    console.log(`${kind}: ${what} (${trouble}; --seed ${all.seed} --lane ${lane}, step ${step})`);
    for (const line of history) console.log(`  ${line}`);
  }
}
