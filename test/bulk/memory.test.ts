/** A file need not fit into memory: rows are read, checked and forgotten one by one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Seen } from '../../src/bulk/seen.ts';
import { ended, openStage, SETTLE_MS, start } from './stage.ts';

const ROWS = 20_000;
const BYTES = 4000;
/** What the process needs to begin with, and half of what the file has. */
const HEAP_MB = 96;

const row = {
  csv: (at: number): string => `Company ${at},${'x'.repeat(BYTES)}\n`,
  jsonl: (at: number): string => `${JSON.stringify({ name: `Company ${at}`, description: 'x'.repeat(BYTES) })}\n`,
};

it.each([
  'csv',
  'jsonl',
] as const)('a %s file of 80 MB is checked in a heap of 96 MB, most of which the program itself takes', async (format) => {
  await using stage = await openStage();
  const path = join(stage.folder, `leads.${format}`);
  writeFileSync(path, format === 'csv' ? 'name,description\n' : '');
  for (let at = 0; at < ROWS; at += 1000) {
    const rows = Array.from({ length: 1000 }, (_, next) => row[format](at + next));
    writeFileSync(path, rows.join(''), { flag: 'a' });
  }
  const { config, folder } = stage;
  const job = { config, folder, settleMs: SETTLE_MS, concurrency: 4, task: { input: path, timeoutMs: 5000, dryRun: true } };
  const { report, signal } = await ended(start(job, [`--max-old-space-size=${HEAP_MB}`]));
  expect(signal).toBeNull();
  expect(report).toMatchObject({ ok: true, state: 'checked', rows: ROWS, problem_count: 0 });
}, 120_000);

it('of 200,000 texts the first line of each is remembered, and none is taken for another', () => {
  const seen = new Seen();
  const lines = Array.from({ length: 200_000 }, (_, at) => at + 1);
  expect(lines.filter((line) => seen.first(`Company ${line}`, line) !== undefined)).toEqual([]);
  expect(lines.filter((line) => seen.first(`Company ${line}`, 1) !== line)).toEqual([]);
});
