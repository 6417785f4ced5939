import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { closeApp } from '../../src/catalog/close/index.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { openRehearsal } from '../../src/sandbox/rehearsal.ts';
import { type BuildWish, buildSkill, type Rehearse } from '../../src/skills/compose.ts';
import { tokensOf } from '../../src/skills/tokens.ts';
import { useScratch } from '../support/scratch.ts';
import { textOf } from '../support/sources.ts';
import { objections } from './valid.ts';

const scratch = useScratch();

const unchecked: Rehearse = async () => ({ ok: true, data: {} });

const build = (wish: Partial<BuildWish> = {}, rehearse = unchecked) =>
  buildSkill(closeApp, { out: join(scratch(), 'out'), host: 'agents', operations: [], force: false, ...wish }, rehearse);

const files = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    globSync('**/*.*', { cwd: folder })
      .toSorted()
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  );

describe('skill build', () => {
  it('runs every example in the sandbox, and writes the skill that the package has', async () => {
    const rehearsal = await openRehearsal(closeApp);
    const { folder, examples, operations } = await build({}, (entry) => rehearsal.run(entry));
    expect([examples, operations]).toEqual([closeApp.ids.length, closeApp.ids.length]);
    expect(files(folder)['SKILL.md']).toBe(textOf('skills/close/SKILL.md'));
    expect(await objections(folder, files(folder)['SKILL.md'] ?? '', 'close')).toEqual([]);
  });

  it('writes nothing when an example fails', async () => {
    const refusal = new RouterError('not_found', { what: 'no', next: 'No.' });
    const failing = buildSkill(
      closeApp,
      { out: join(scratch(), 'out'), host: 'agents', operations: ['lead.*'], force: false },
      async (entry) => (entry.id === 'lead.get' ? { ok: false, error: refusal } : { ok: true, data: {} }),
    );
    await expect(failing).rejects.toThrow('the sandbox refuses the examples of lead.get (not_found)');
    expect(existsSync(join(scratch(), 'out'))).toBe(false);
  });

  it.each([
    ['two nouns', ['lead.*', 'close.call.log']],
    ['what is less usual', ['webhook.list', 'export.*']],
    ['reads', ['*.list', '*.get']],
  ])('of %s only speaks of them', async (_, operations) => {
    const { folder } = await build({ operations });
    const found = files(folder);
    const text = found['SKILL.md'] ?? '';
    expect(await objections(folder, text, 'close')).toEqual([]);
    const described = Object.values(found).flatMap((page) => [...page.matchAll(/^## ([a-z_]+\.[a-z_]+)$/gm)].map(([, id]) => id));
    const told = [...text.matchAll(/^skillrouter run (\S+)/gm)].map(([, id]) => id);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((id) => !described.includes(id))).toEqual([]);
  });

  it('has the same bytes each time', async () => {
    const once = files((await build({ operations: ['lead.*'], out: join(scratch(), 'a') })).folder);
    expect(files((await build({ operations: ['lead.*'], out: join(scratch(), 'b') })).folder)).toEqual(once);
  });

  it.each([2000, 3000, 4000])('keeps a budget of %i tokens, by a tokenizer’s count', async (maxTokens) => {
    const { folder, tokens } = await build({ maxTokens });
    const text = files(folder)['SKILL.md'] ?? '';
    expect(encode(text).length).toBeLessThanOrEqual(tokens);
    expect(tokens).toBeLessThanOrEqual(maxTokens);
    expect(text).toContain('## When it fails');
    expect(await objections(folder, text, 'close')).toEqual([]);
  });

  it('says how many tokens it takes when the budget is too small', async () => {
    await expect(build({ maxTokens: 500 })).rejects.toThrow(/500 tokens are too few for these operations\. They need \d{4}/);
    expect(existsSync(join(scratch(), 'out'))).toBe(false);
  });

  it('counts rather too many tokens than too few', async () => {
    const texts = Object.values(files((await build()).folder));
    expect(texts.filter((text) => encode(text).length > tokensOf(text))).toEqual([]);
  });

  it('says for Codex which server the skill needs, and takes that away again', async () => {
    const { folder } = await build({ host: 'codex', operations: ['lead.*'] });
    expect(parse(files(folder)['agents/openai.yaml'] ?? '')).toMatchObject({
      interface: { display_name: 'Close' },
      policy: { allow_implicit_invocation: true },
      dependencies: { tools: [{ type: 'mcp', value: 'skillrouter', transport: 'stdio', command: 'skillrouter mcp' }] },
    });
    await build({ operations: ['call.*'] });
    expect(Object.keys(files(folder))).toEqual(['SKILL.md', 'references/call.md']);
  });

  it('names the nearest operation for a pattern that fits none', async () => {
    await expect(build({ operations: ['leed.*'] })).rejects.toThrow(/no operation fits leed\.\*\. Did you mean lead\./);
  });

  it('does not overwrite what somebody else wrote, nor writes through a link', async () => {
    const own = join(scratch(), 'out/close/SKILL.md');
    mkdirSync(join(own, '..'), { recursive: true });
    writeFileSync(own, '---\nname: close\n---\nmine\n');
    await expect(build({ operations: ['me.get'] })).rejects.toThrow(/skillrouter did not write it/);
    expect(readFileSync(own, 'utf8')).toContain('mine');
    await build({ operations: ['me.get'], force: true });
    mkdirSync(join(scratch(), 'elsewhere'));
    mkdirSync(join(scratch(), 'linked'));
    symlinkSync(join(scratch(), 'elsewhere'), join(scratch(), 'linked/close'));
    await expect(build({ operations: ['me.get'], out: join(scratch(), 'linked') })).rejects.toThrow(/is a symbolic link/);
    expect(files(join(scratch(), 'elsewhere'))).toEqual({});
  });
});
