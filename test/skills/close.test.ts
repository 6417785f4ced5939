import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { closeApp } from '../../src/catalog/close/index.ts';
import { ERRORS } from '../../src/contract/errors.ts';
import { skillFiles } from '../../src/skills/build.ts';
import { anchor } from '../../src/skills/reference.ts';
import { ROOT } from '../support/sources.ts';

const SKILLS = join(ROOT, 'skills');
const files = await skillFiles();
const skill = files.get('close/SKILL.md') ?? '';
const [, head = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(skill) ?? [];

describe('skills/close', () => {
  it('is what `npm run generate` writes today', () => {
    const kept = globSync('close/**/*.md', { cwd: SKILLS }).map((path) => path.replaceAll('\\', '/'));
    expect(kept.toSorted()).toEqual([...files.keys()].toSorted());
    const stale = [...files].filter(([path, text]) => readFileSync(join(SKILLS, path), 'utf8') !== text).map(([path]) => path);
    expect(stale).toEqual([]);
  });

  it('has the same bytes whenever it is made', async () => {
    expect(await skillFiles()).toEqual(files);
  });

  it('has a head that every host and validator reads', () => {
    const values: unknown = parse(head);
    expect(values).toMatchObject({ name: 'close', description: expect.stringMatching(/^[^<>]{1,300}$/) });
    expect(values).toMatchObject({ description: expect.stringContaining('Use when') });
    const allowed = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(Object(values))));
    expect(head).not.toMatch(/[[\]{}&*\t]/); // a strict YAML reader takes neither flow collections nor anchors
  });

  it('asks for the Node that the package asks for', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(head).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
  });

  it('is short enough to be read whole', () => {
    expect(body.split('\n').length).toBeLessThan(150);
    expect(body.length / 4).toBeLessThan(5000); // tokens, roughly
  });

  it('speaks of canonical operations that exist, and of no backend’s names', () => {
    const quoted = skill.matchAll(/`([a-z_]+\.[a-z_]+)`/g);
    const run = skill.matchAll(/skillrouter (?:run|ops show) ([a-z_.]+)/g);
    const named = [...quoted, ...run].map(([, id = '']) => id).filter((id) => !/^(?:error|details)\.|^noun\.verb$/.test(id));
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((id) => !closeApp.ids.includes(id))).toEqual([]);
    expect(skill).not.toMatch(/\b(?:CLOSE|RUBE|COMPOSIO)_[A-Z]/);
  });

  it('shows only commands whose input the operation accepts', async () => {
    const commands = [...files.values()].join('\n').matchAll(/^skillrouter run (\S+) --input '(\{.*\})' --json$/gm);
    const refused: string[] = [];
    for (const [, id = '', input = ''] of commands) {
      const entry = await closeApp.find(id);
      if (entry?.input.safeParse(JSON.parse(input.replaceAll(String.raw`'\''`, "'"))).success !== true) refused.push(id);
    }
    expect(refused).toEqual([]);
  });

  it('says for every error code what to do', () => {
    const codes = [...skill.matchAll(/^\| `([a-z_]+)` \| \d \|/gm)].map(([, code]) => code);
    expect(codes.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  it('describes every operation and intent in the reference of its noun', () => {
    const missing = closeApp.ids.filter(
      (id) => !files.get(`close/references/${id.slice(0, id.lastIndexOf('.'))}.md`)?.includes(`\n## ${id}\n`),
    );
    expect(missing).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const broken = [...files].flatMap(([path, text]) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target).filter((target) => !resolves(path, text, target)),
    );
    expect(broken).toEqual([]);
  });
});

function resolves(path: string, text: string, target: string): boolean {
  if (target.startsWith('#')) return [...text.matchAll(/^## (.+)$/gm)].some(([, heading = '']) => `#${anchor(heading)}` === target);
  return existsSync(join(SKILLS, path, '..', target));
}
