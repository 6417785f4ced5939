import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/skills/diagnostics.ts';
import { collisions } from '../../src/skills/read/collisions.ts';
import { loadSkills } from '../../src/skills/read/load.ts';
import type { Skill } from '../../src/skills/read/skill.ts';
import { useScratch } from '../support/scratch.ts';
import { HEAD } from './pages.ts';

const scratch = useScratch();

function put(path: string, text: string | Uint8Array = HEAD): string {
  const file = join(scratch(), path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const below = (path = ''): { readonly skills: readonly Skill[]; readonly diagnostics: readonly Diagnostic[] } => {
  const all = [...loadSkills([join(scratch(), path)])];
  return {
    skills: all.flatMap((one) => ('skill' in one ? [one.skill] : [])),
    diagnostics: all.flatMap((one) => ('skill' in one ? one.skill.diagnostics : one.diagnostics)),
  };
};
const told = (path = '') =>
  below(path)
    .diagnostics.filter(({ code }) => !code.startsWith('name_'))
    .map(({ line, code }) => `${line} ${code}`);

describe('a tree of skills', () => {
  it('is read whole, hidden folders included, in the order of names', () => {
    for (const path of [
      'b/SKILL.md',
      '.agents/skills/deals/SKILL.md',
      'a/skill.md',
      'a/README.md',
      'node_modules/x/SKILL.md',
      '.git/x/SKILL.md',
    ])
      put(path);
    expect(below().skills.map(({ slug }) => slug)).toEqual(['deals', 'a', 'b']);
  });

  it('does not fail for one bad file', () => {
    put('good/SKILL.md');
    put('bad/SKILL.md', Buffer.from([0, 0xff, 0xfe, 0x2d, 0x2d, 0x2d, 0x0a, 0x00, 0xc3]));
    mkdirSync(join(scratch(), 'folder/SKILL.md'), { recursive: true });
    expect(below().skills.map(({ slug }) => slug)).toEqual(['bad', 'good']);
  });

  it('takes a file of any name when it is named', () => {
    expect([...loadSkills([put('pages/Deals of 2026.txt')])]).toMatchObject([{ skill: { slug: 'deals-of-2026', name: 'deals' } }]);
  });

  it('has two skills that come down to one name, and says so at both', () => {
    put('docker-hub/SKILL.md', HEAD.replace('deals', 'docker-hub'));
    put('docker_hub/SKILL.md', HEAD.replace('deals', 'Docker Hub'));
    const found = [...collisions(below().skills).values()];
    expect(found).toHaveLength(2);
    expect(found[0]?.what).toMatch(/docker-hub and .*docker_hub both come down to the name docker-hub/);
  });

  it('is left where it is not: links out of it are not followed, and rings end', () => {
    put('tree/own/SKILL.md');
    put('secret/SKILL.md');
    symlinkSync(join(scratch(), 'secret'), join(scratch(), 'tree/away'));
    symlinkSync(join(scratch(), 'secret/SKILL.md'), join(scratch(), 'tree/SKILL.md'));
    symlinkSync(join(scratch(), 'tree'), join(scratch(), 'tree/own/ring'));
    symlinkSync(join(scratch(), 'tree/own'), join(scratch(), 'tree/twin'));
    symlinkSync(join(scratch(), 'nowhere'), join(scratch(), 'tree/dead'));
    const found = below('tree');
    expect(found.skills.map(({ slug }) => slug)).toEqual(['own']);
    expect(told('tree')).toEqual(['1 link_outside', '1 link_outside']);
  });

  it('is no deeper than anybody looks', () => {
    put(`${'d/'.repeat(30)}SKILL.md`);
    expect(below().skills).toEqual([]);
    expect(told()).toEqual(['1 too_many_files']);
  });

  it('throws for a path that is not there', () => {
    expect(() => below('nothing')).toThrow(/does not exist/);
  });
});

describe('a link on a page', () => {
  it.each([
    ['references/here.md', []],
    ['references/here.md#part', []],
    ['https://close.com', []],
    ['#part', []],
    ['references/gone.md', ['5 link_missing']],
    ['../other/SKILL.md', ['5 link_escapes']],
    ['references/../../other/SKILL.md', ['5 link_escapes']],
    ['%2e%2e/other/SKILL.md', ['5 link_escapes']],
    ['/etc/hosts', ['5 link_escapes']],
    ['file:///etc/hosts', ['5 link_escapes']],
    ['references/out.md', ['5 link_escapes']],
    ['..%5cother', ['5 link_escapes']],
  ])('to %s', (target, expected) => {
    put('other/SKILL.md', 'elsewhere');
    put('own/references/here.md', 'here');
    symlinkSync(join(scratch(), 'other/SKILL.md'), join(scratch(), 'own/references/out.md'));
    put('own/SKILL.md', `${HEAD}[a link](${target})\n`);
    expect(told('own')).toEqual(expected);
  });
});

describe('what is too much', () => {
  it('is cut at a line, and told', () => {
    put('large/SKILL.md', `${HEAD}${'x '.repeat(5000)}\n`.repeat(14));
    expect(told()).toContain('1 file_too_large');
  });

  it.each([
    ['brackets', '['.repeat(20_000)],
    ['links', '[a]('.repeat(5000)],
    ['emphasis', '**a_ '.repeat(5000)],
    ['quotes', '> '.repeat(6000)],
    ['lists', '* '.repeat(6000)],
    ['references', '[a]\n'.repeat(3000)],
    ['tables', '|a|b|\n|-|-|\n'.repeat(800)],
    ['open quotes of a shell', `\`\`\`sh\n${'curl "\n'.repeat(3000)}`],
    ['open objects', `\`\`\`json\n${'{"tool_slug": "A_B_C", "arguments": {'.repeat(800)}`],
    ['fences', '```\n'.repeat(3001)],
    ['headings in an open fence', `\`\`\`\n${'\n## a\n'.repeat(2000)}`],
    ['fences and headings', '```\n\n## a\n\n'.repeat(1501)],
    ['rows of words', 'CLOSE_A_B '.repeat(5000)],
  ])('ends, although it is made of %s', (_, text) => {
    put('hostile/SKILL.md', HEAD + text);
    expect(below().skills).toHaveLength(1);
  });

  it('ends on a tree of many skills, and holds one at a time', () => {
    const paths = Array.from({ length: 300 }, (_, at) => `many/${at % 7}/skill-${at}/SKILL.md`);
    for (const path of paths) put(path, `${HEAD}\n1. \`CLOSE_CREATE_LEAD\` - Make it\n`);
    const all = loadSkills([join(scratch(), 'many')]);
    rmSync(join(scratch(), 'many/6'), { recursive: true });
    expect(all.next().value).toMatchObject({ skill: { slug: 'skill-0' } });
    expect([...all].filter((one) => 'skill' in one)).toHaveLength(257);
  });
});
