import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();

describe('skillrouter verify', () => {
  it('says what to add when it is not told what to work on', async () => {
    const ran = await runCli(['verify', '--json'], { cwd: scratch() });
    expect(ran.code).toBe(2);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(/--sandbox[\s\S]*--live/);
  });

  it('prints one report, and writes it for builds too', async () => {
    const folder = scratch();
    const flags = ['--sandbox', '--operations', 'lead.get,me.get', '--backends', 'rest,membrane', '--junit', 'junit.xml', '--json'];
    const ran = await runCli(['verify', ...flags], { cwd: folder });
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true, counts: { equal: 4, failed: 0 } });
    const xml = readFileSync(join(folder, 'junit.xml'), 'utf8');
    expect(xml).toContain('<testsuite name="membrane" tests="2" failures="0" skipped="0">');
    expect(xml).toContain('<testcase classname="rest" name="lead.get"/>');
  });
});
