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

export interface Rest {
  readonly passages: readonly Passage[];
  readonly housekeeping: readonly Line[];
}

/** What is left when workflows and pitfalls are taken. */
export function restOf(sections: readonly Section[], workflows: readonly Workflow[]): Rest {
  const taken = new Set(workflows.map(({ line }) => line));
  const left = sections.filter(
    ({ title, above, line, depth }) => !taken.has(line) && depth > 1 && ![title, ...above].some((one) => PITFALLS.test(one)),
  );
  const isHousekeeping = ({ title, above }: Section): boolean => [title, ...above.slice(1)].some((one) => HOUSEKEEPING.test(one));
  return {
    passages: left
      .filter((section) => !isHousekeeping(section))
      .map(({ title, line, blocks }) => ({ title, line, lines: blocks.flatMap(textOf) }))
      .filter(({ lines }) => lines.length > 0),
    housekeeping: left.filter(isHousekeeping).map(({ title, line }) => ({ text: title, line })),
  };
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
