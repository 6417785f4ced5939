/** Bulk runs as somebody at the command line meets them: exit codes, the results file, Ctrl-C and how to go on. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../support/cli-rig.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();

function file(name: string, lines: readonly string[]): string {
  writeFileSync(join(scratch(), name), [...lines, ''].join('\n'));
  return name;
}

function resultsIn(name: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = readFileSync(join(scratch(), name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

async function made(rig: Rig): Promise<number> {
  return (await rig.requests('rest')).filter((request) => request === 'POST /api/v1/lead/').length;
}

describe('bulk', { timeout: 120_000 }, () => {
  it('says which lines are wrong, sends nothing, and takes the others when told to', async () => {
    await using rig = await startRig(scratch());
    const header = await rig.run('bulk', 'lead.create', '--input', file('header.csv', ['name,nmae', 'A,B']));
    expect(header.code).toBe(2);
    expect(header.stderr).toContain('nmae is not a field of this operation; did you mean name?');
    const input = file('leads.csv', ['name,url', 'Acme,', ',https://b.example', 'Gamma,', 'ACME,']);
    const refused = await rig.run('bulk', 'lead.create', '--input', input, '--via', 'rest');
    expect([refused.code, await made(rig)]).toEqual([2, 0]);
    expect(refused.stderr).toContain('line 3: name');
    expect(refused.stderr).toContain('line 5: is probably the same as line 2 (name)');

    const skipping = await rig.run(
      'bulk',
      'lead.create',
      '--input',
      input,
      '--via',
      'rest',
      '--on-error',
      'skip',
      '--output',
      'results.jsonl',
    );
    expect([skipping.code, await made(rig)]).toEqual([4, 2]);
    expect(skipping.stdout).toMatch(/bulk_\w+ done: 2 done, 2 failed \(.*1 conflict.*\) of 4 rows/);
    expect(resultsIn('results.jsonl').toSorted((a, b) => Number(a['line']) - Number(b['line']))).toMatchObject([
      { line: 2, ok: true, id: expect.stringMatching(/^lead_/) },
      { line: 3, ok: false, code: 'invalid_input', fields: ['name'] },
      { line: 4, ok: true },
      { line: 5, ok: false, code: 'conflict' },
    ]);
    const again = await rig.run('bulk', 'lead.create', '--input', input, '--via', 'rest', '--on-error', 'skip', '--json');
    expect([again.code, again.lines[0]]).toMatchObject([4, { error: { code: 'conflict', message: expect.stringContaining('--again') } }]);
  });

  it('ends what it has begun on Ctrl-C, tells how to go on, and then repeats no row', async () => {
    await using rig = await startRig(scratch());
    const input = file('leads.csv', ['name', ...Array.from({ length: 120 }, (_, at) => `Company ${at}`)]);
    const child = rig.start('bulk', 'lead.create', '--input', input, '--via', 'rest', '--json');
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ended = once(child, 'close');
    await expect.poll(() => made(rig), { timeout: 60_000, interval: 20 }).toBeGreaterThan(3);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(5);
    const report = JSON.parse(Buffer.concat(chunks).toString());
    expect(report).toMatchObject({ ok: false, state: 'stopped', failed: 0, unknown: 0, resume: `skillrouter bulk --resume ${report.run}` });
    expect(await made(rig)).toBe(report.done);
    expect(report.left).toBe(120 - report.done);

    const listed = await rig.run('bulk', 'list', '--json');
    expect(listed.lines[0]).toMatchObject({ runs: [{ run: report.run, state: 'stopped', left: report.left }] });
    const resumed = await rig.run('bulk', '--resume', report.run, '--json');
    expect([resumed.code, resumed.lines.at(-1)]).toMatchObject([0, { ok: true, state: 'done', done: 120 }]);
    expect(await made(rig)).toBe(120);
    expect((await rig.run('bulk', 'show', report.run)).stdout).toContain('120 done, 0 failed of 120 rows');
  });
});
