/** `npm run bulk -- --rows 100000 [--dry-run] [--store postgres://…] [--concurrency 16]`: a long run over the sandbox, with its rate and memory. */
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { withSchema } from '../campaign/schema.ts';
import { ended, leadRow, openStage, SETTLE_MS, start } from './stage.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    'dry-run': { type: 'boolean', default: false },
    store: { type: 'string' },
    concurrency: { type: 'string', default: '16' },
  },
});
const rows = Number(values.rows);
const dryRun = values['dry-run'];

process.exitCode = await withSchema(values.store, run);

/** 0: every row exactly once. */
async function run(store: string | undefined): Promise<number> {
  await using stage = await openStage({ only: 'rest', ...(store === undefined ? {} : { store }) });
  const input = join(stage.folder, 'leads.csv');
  await pipeline(Readable.from(lines()), createWriteStream(input));
  const { config, folder } = stage;
  const task = { input, timeoutMs: 120_000, dryRun };
  const job = { config, folder, settleMs: SETTLE_MS, concurrency: Number(values.concurrency), task };
  const { report, peakMb } = await ended(start(job));
  if (!report) return 1;
  const seconds = report.ms / 1000;
  const made = stage.leads();
  console.log(`${report.state}: ${report.rows} rows in ${seconds.toFixed(1)} s, ${Math.round(report.rows / seconds)} rows/s`);
  console.log(
    `peak memory ${peakMb} MB, input ${megabytes(input)} MB${store === undefined && !dryRun ? `, journal ${megabytes(config.store)} MB` : ''}`,
  );
  console.log(`leads in the app: ${made.length}, of which twice: ${made.length - new Set(made).size}`);
  return report.ok && new Set(made).size === made.length && made.length === (dryRun ? 0 : rows) ? 0 : 1;
}

function* lines(): Generator<string> {
  yield `${leadRow()}\n`;
  for (let at = 0; at < rows; at += 1) yield `${leadRow(at)}\n`;
}

function megabytes(path: string): number {
  return Math.round(statSync(path).size / 1e6);
}
