/** One file as a skill. Pure: everything that a hostile file can do is to be told about. */
import { basename, dirname } from 'node:path';
import { stringAt } from '../../contract/guards.ts';
import { diagnosed, type Remark } from '../diagnostics.ts';
import { everyBlock, plain } from './blocks.ts';
import { decode } from './decode.ts';
import { repairFences } from './fences.ts';
import { gather } from './gather.ts';
import { type Head, readHead } from './head.ts';
import { headRemarks } from './head-remarks.ts';
import type { ReadPage } from './markdown.ts';
import { readMarkdown } from './markdown.ts';
import { slugOf } from './names.ts';
import { overridesIn, remarkOf } from './overrides.ts';
import type { Line, Skill } from './skill.ts';

/** A skill, and the links on its page, which only a folder can judge. */
export interface ReadSkill {
  readonly skill: Skill;
  readonly links: ReadPage['links'];
}

/** Reads a file's bytes. Never throws for what is in them. `file` is its name for people. */
export function readSkill(file: string, bytes: Uint8Array, before: readonly Remark[] = []): ReadSkill {
  const { lines, remarks } = decode(bytes);
  const head = readHead(lines);
  const body = repairFences(lines.map((line, at) => (at < head.end ? '' : line)));
  const page = readMarkdown(body.lines.slice(head.end), head.end + 1);
  const folder = isSkillFile(file) ? basename(dirname(file)) : undefined;
  const found = gather(page, head);
  const overrides = overridesIn([...headLines(head), ...textLines(page)]);
  const all = [
    ...before,
    ...remarks,
    ...headRemarks(head, folder),
    ...body.remarks,
    ...page.remarks,
    ...found.remarks,
    ...hidden(page),
    ...overrides.map(remarkOf),
  ];
  const text = (key: string): string | undefined => stringAt(head.values, key) || undefined;
  const [name, description, license] = [text('name'), text('description'), text('license')];
  const { remarks: _told, ...rest } = found;
  const skill: Skill = {
    file,
    slug: slugOf(folder ?? basename(file).replace(/\.[^.]*$/, '')),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(license === undefined ? {} : { license }),
    head: head.values,
    headBy: head.by,
    ...rest,
    overrides,
    diagnostics: diagnosed(file, all),
  };
  return { skill, links: page.links };
}

/** Hosts look for `SKILL.md`; some authors write it otherwise. */
export function isSkillFile(file: string): boolean {
  return basename(file).toLowerCase() === 'skill.md' && !['', '.', '..'].includes(basename(dirname(file)));
}

function headLines({ values, lines }: Head): readonly Line[] {
  return Object.entries(values).flatMap(([key, text]) => (typeof text === 'string' ? [{ text, line: lines[key] ?? 1 }] : []));
}

/** Paragraph by paragraph; code and comments line by line. */
function textLines(page: ReadPage): readonly Line[] {
  return [...everyBlock(page.blocks)].flatMap((block): readonly Line[] => {
    if (block.kind === 'paragraph' || block.kind === 'heading') return [{ text: plain(block.spans), line: block.line }];
    if (block.kind === 'table') return block.rows.map(({ cells, line }) => ({ text: cells.map(plain).join(' '), line }));
    if (block.kind === 'code' || block.kind === 'comment')
      return block.text.split('\n').map((text, at) => ({ text, line: block.line + at }));
    return [];
  });
}

function hidden(page: ReadPage): readonly Remark[] {
  return [...everyBlock(page.blocks)].flatMap((block) =>
    block.kind === 'comment' && /\w+\s+\w+\s+\w+/.test(block.text)
      ? [
          {
            line: block.line,
            code: 'hidden_text' as const,
            what: 'a comment holds text that a page does not show',
            fix: 'Read it: agents do.',
          },
        ]
      : [],
  );
}
