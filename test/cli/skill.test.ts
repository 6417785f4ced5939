import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HEAD, LABELS, WORKFLOWS } from '../skills/pages.ts';
import { runCli } from '../support/cli.ts';
import { runSpied } from '../support/loaded.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const run = (...args: readonly string[]) => runCli(['skill', ...args], { cwd: scratch() });

function put(path: string, text: string): void {
  mkdirSync(join(scratch(), path, '..'), { recursive: true });
  writeFileSync(join(scratch(), path), text);
}

const WRONG = `${HEAD}\n**Tool**: \`CLOSE_CREATE_LEED\`\n`;

describe('skill check', () => {
  it('tells a person what runs where, without configuration or secrets', async () => {
    put('skills/deals/SKILL.md', WORKFLOWS);
    const { code, stdout, stderr } = await run('check', 'skills');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('1 skill read: 0 errors') });
    expect(stdout).toMatch(/operation +called +lines +composio +membrane +rest +scalekit/);
    expect(stdout).toMatch(/call\.delete +CLOSE_DELETE_CALL +43 +native +proxy +direct +native/);
  });

  it('looks at the configured backends only, and needs none of their secrets', async () => {
    put(
      'skillrouter.yaml',
      'backends:\n  rest: { api_key: $NOT_SET }\n  composio: { api_key: $NOT_SET }\n'.replaceAll('$NOT_SET', `"$${'{NOT_SET}'}"`),
    );
    put('deals/SKILL.md', LABELS);
    const { code, lines } = await run('check', 'deals', '--json');
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ ok: true, backends: ['rest', 'composio'], skills: [{ about: true, grammar: 'labels' }] });
    expect((await run('check', 'deals', '--sandbox', '--json')).lines[0]).toMatchObject({
      backends: ['composio', 'membrane', 'rest', 'scalekit'],
    });
  });

  it('looks at one backend with --via', async () => {
    put('deals/SKILL.md', LABELS);
    expect((await run('check', 'deals', '--via', 'composio:ca_1', '--json')).lines[0]).toMatchObject({ backends: ['composio'] });
    expect(await run('check', 'deals', '--via', 'compsio')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('that backend is not known'),
    });
  });

  it('ends with 4 for errors, and with --strict for warnings', async () => {
    put('wrong/deals/SKILL.md', WRONG);
    put('odd/deals/SKILL.md', LABELS.replace('name: deals', 'name: others'));
    const wrong = await run('check', 'wrong');
    expect(wrong).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/deals.SKILL\.md:6 {2}error {2}no backend has CLOSE_CREATE_LEED\. The nearest/),
    });
    expect((await run('check', 'odd')).code).toBe(0);
    expect((await run('check', 'odd', '--strict')).code).toBe(4);
  });

  it('ends with 2 for a path that holds no skill, or is not there', async () => {
    expect(await run('check', '.', '--json')).toMatchObject({ code: 2, lines: [{ ok: false, error: { code: 'invalid_input' } }] });
    expect(await run('check', 'nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing does not exist') });
  });

  it('writes SARIF for code scanning', async () => {
    put('wrong/deals/SKILL.md', WRONG);
    const { code, stdout } = await run('check', 'wrong', '--sarif');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              ruleId: 'unknown_tool',
              level: 'error',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'wrong/deals/SKILL.md' } } }],
            },
          ],
        },
      ],
    });
  });

  it('lets no text of a skill move the cursor', async () => {
    put('deals/SKILL.md', WRONG.replace('name: deals', 'name: "a\\e[2Jb\\u202e"'));
    const { stdout } = await run('check', 'deals', '--all');
    expect(stdout).not.toMatch(/\p{Cf}/u);
    expect(stdout).not.toContain('\u001b[2J');
  });
});

describe('skill convert', () => {
  it('writes what it can, and says what it cannot', async () => {
    put('in/deals/SKILL.md', WORKFLOWS);
    put('in/other/SKILL.md', `${HEAD}\n**Tool**: \`HUBSPOT_CREATE_CONTACT\`\n`);
    const { code, stdout, stderr } = await run('convert', 'in', '--out', 'out');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('1 skill written below out, of 2 read.') });
    expect(stdout).toMatch(/:22 {2}note {2}a step names no tool/);
    expect(readFileSync(join(scratch(), 'out/deals/SKILL.md'), 'utf8')).toContain('`call.create` or `sms.create`');
    const again = await run('check', 'out', '--strict', '--json');
    expect(again).toMatchObject({ code: 0, lines: [{ counts: { error: 0, warning: 0 } }] });
  });

  it('ends with 4 when nothing could be converted, and with 2 when it may not write', async () => {
    put('in/SKILL.md', HEAD);
    expect((await run('convert', 'in', '--out', 'out')).code).toBe(4);
    put('in/SKILL.md', LABELS);
    put('out/deals/SKILL.md', 'mine');
    expect(await run('convert', 'in', '--out', 'out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('skillrouter did not write it'),
    });
    expect(readFileSync(join(scratch(), 'out/deals/SKILL.md'), 'utf8')).toBe('mine');
    expect((await run('convert', 'in', '--out', 'out', '--force')).code).toBe(0);
    expect(await run('convert', 'in')).toMatchObject({ code: 2, stderr: expect.stringContaining('--out is missing') });
  });
});

describe('skill build', () => {
  it('writes where the host looks', async () => {
    const { code, lines } = await run('build', '--for', 'claude', '--operations', 'lead.*', '--json');
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({
      ok: true,
      folder: join('.claude', 'skills', 'close'),
      files: ['SKILL.md', 'references/lead.md'],
      examples: 7,
    });
    expect(existsSync(join(scratch(), '.claude/skills/close/references/lead.md'))).toBe(true);
  });

  it('refuses a budget that is no number', async () => {
    expect((await run('build', '--max-tokens', 'few')).code).toBe(2);
  });
});

it('the Markdown parser is loaded by who reads skills, and by nobody else', async () => {
  put('deals/SKILL.md', LABELS);
  const parser = /(?:^|\/)(?:micromark|mdast-util-from-markdown)/;
  const loadedBy = async (...args: readonly string[]) =>
    (await runSpied(args, { cwd: scratch() })).loaded.filter((module) => parser.test(module));
  expect(await loadedBy('skill', 'check', 'deals')).not.toEqual([]);
  expect(await loadedBy('skill', 'build', '--operations', 'me.get', '--out', 'out')).toEqual([]);
  expect(await loadedBy('ops', 'lead')).toEqual([]);
});
