import { type Block, plain, type Span } from './blocks.ts';

/** A heading with everything up to the next one. The text before the first heading is a section too. */
export interface Section {
  readonly title: string;
  /** 0: before any heading. */
  readonly depth: number;
  readonly line: number;
  /** Titles of the headings above, outermost first. */
  readonly above: readonly string[];
  readonly spans: readonly Span[];
  readonly blocks: readonly Block[];
}

export function sectionsOf(blocks: readonly Block[]): readonly Section[] {
  const sections: { title: string; depth: number; line: number; above: string[]; spans: readonly Span[]; blocks: Block[] }[] = [
    { title: '', depth: 0, line: 1, above: [], spans: [], blocks: [] },
  ];
  const open: { readonly title: string; readonly depth: number }[] = [];
  for (const block of blocks) {
    if (block.kind !== 'heading') {
      sections.at(-1)?.blocks.push(block);
      continue;
    }
    while ((open.at(-1)?.depth ?? 0) >= block.depth) open.pop();
    const title = plain(block.spans);
    sections.push({ title, depth: block.depth, line: block.line, above: open.map((one) => one.title), spans: block.spans, blocks: [] });
    open.push({ title, depth: block.depth });
  }
  return sections;
}

/** The spans line by line, as the author broke them. */
export function linesOf(spans: readonly Span[]): readonly (readonly Span[])[] {
  return [...Map.groupBy(spans, ({ line }) => line).values()];
}
