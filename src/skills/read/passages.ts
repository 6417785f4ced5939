/** What a skill says outside of its workflows: pitfalls, and passages that somebody may want to keep. */
import { type Block, plain } from './blocks.ts';
import { itemText } from './parts.ts';
import { linesOf, type Section } from './sections.ts';
import type { Line, Passage, Workflow } from './skill.ts';

const PITFALLS = /\b(?:pitfalls?|gotchas?|caveats?|limitations?)\b/i;

/** Which tools there are and how they are connected is the router's business, and tables are read elsewhere. */
const HOUSEKEEPING =
  /\b(?:prerequisites?|set ?up|install(?:ation|ing)?|authenticat\w+|connect(?:ing|ion|ions)?|quick reference|tool discovery|popular actions|searching|running actions|proxy requests|first-time|tool list|table of contents|overview|when to use|relevant skills|credentials?)\b/i;

export function pitfallsOf(sections: readonly Section[], workflows: readonly Workflow[]): readonly Line[] {
  const taken = new Set(workflows.map(({ line }) => line));
  const own = sections.filter(({ title, above, line }) => !taken.has(line) && [title, ...above].some((one) => PITFALLS.test(one)));
  return own.flatMap(({ blocks }) => blocks.flatMap((block) => textOf(block)));
}

export function passagesOf(sections: readonly Section[], workflows: readonly Workflow[]): readonly Passage[] {
  const taken = new Set(workflows.map(({ line }) => line));
  return sections.flatMap(({ title, line, depth, above, blocks }) => {
    const titles = [title, ...above.slice(1)];
    if (taken.has(line) || depth < 2 || titles.some((one) => PITFALLS.test(one) || HOUSEKEEPING.test(one))) return [];
    const lines = blocks.flatMap((block) => textOf(block));
    return lines.length > 0 ? [{ title, line, lines }] : [];
  });
}

function textOf(block: Block): readonly Line[] {
  switch (block.kind) {
    case 'paragraph':
      return linesOf(block.spans)
        .map((spans) => ({ text: plain(spans), line: spans[0]?.line ?? block.line }))
        .filter(({ text }) => !/^[^.]{0,60}:$/.test(text) && text !== '');
    case 'list':
      return block.items.map((item) => ({ text: itemText(item), line: item.line }));
    case 'code':
      return block.text
        .split('\n')
        .map((text, at) => ({ text: text.trim(), line: block.line + at }))
        .filter(({ text }) => text !== '');
    case 'quote':
      return block.blocks.flatMap(textOf);
    default:
      return [];
  }
}
