import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseFrontmatter, validate } from 'skills-ref';
import { parse } from 'yaml';
import { readHead } from '../../src/skills/read/head.ts';
import { headRemarks } from '../../src/skills/read/head-remarks.ts';

/** Everything that a reviewer of skills would object to, about a skill in its folder. */
export async function objections(folder: string, text: string, name: string): Promise<readonly string[]> {
  const [, head = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  const strict = parse(head, { strict: true, uniqueKeys: true }) as Readonly<Record<string, unknown>>;
  return [
    ...(await validate(folder)),
    ...headRemarks(readHead(text.split('\n')), name).map(({ what }) => what),
    ...(parseFrontmatter(text)[0]['name'] === strict['name'] ? [] : ['two readers read two names']),
    // StrictYAML takes neither flow collections nor anchors, tags, tabs or repeated keys. Quoted text may hold anything.
    ...(/[[\]{}&*!|>\t]/.test(head.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')) ? ['the head is no strict YAML'] : []),
    ...(body.split('\n').length < 500 ? [] : ['more than 500 lines']),
    ...links(body).filter((target) => !existsSync(join(folder, target))),
  ];
}

function links(body: string): readonly string[] {
  return [...body.matchAll(/(?<!\\)\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
}
