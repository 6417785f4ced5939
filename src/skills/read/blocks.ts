/** A page as a small tree of blocks: what the extraction needs of Markdown, and nothing of the parser. */

export interface Span {
  readonly kind: 'text' | 'code';
  readonly text: string;
  readonly line: number;
}

export interface Item {
  readonly blocks: readonly Block[];
  readonly line: number;
}

export interface Row {
  /** Each cell as its spans. */
  readonly cells: readonly (readonly Span[])[];
  readonly line: number;
}

export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly spans: readonly Span[]; readonly line: number }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[]; readonly line: number }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Item[]; readonly line: number }
  | { readonly kind: 'table'; readonly head: Row; readonly rows: readonly Row[]; readonly line: number }
  /** `line` is that of the first line inside the fence. */
  | { readonly kind: 'code'; readonly language: string; readonly text: string; readonly line: number }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[]; readonly line: number }
  /** A comment that no reader of the page sees. */
  | { readonly kind: 'comment'; readonly text: string; readonly line: number };

export interface Link {
  readonly url: string;
  readonly line: number;
}

export interface Page {
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
}

/** The text of spans, without the marks of emphasis. */
export function plain(spans: readonly Span[]): string {
  let line = spans[0]?.line ?? 0;
  let text = '';
  for (const span of spans) {
    if (span.line > line) text += ' ';
    line = span.line;
    text += span.kind === 'code' ? `\`${span.text}\`` : unmarked(span.text);
  }
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Emphasis is not parsed: its rules make a hostile page slow, and here it only gets in the way. */
export function unmarked(text: string): string {
  return text.replaceAll(/\*{1,3}|~~/g, '').replaceAll(/(?<!\w)(_{1,2})([^_\s](?:[^_]*[^_\s])?)\1(?!\w)/g, '$2');
}

/** Every block, those inside others after the one that holds them. */
export function* everyBlock(blocks: readonly Block[]): Generator<Block> {
  for (const block of blocks) {
    yield block;
    if (block.kind === 'quote') yield* everyBlock(block.blocks);
    if (block.kind === 'list') for (const { blocks: inner } of block.items) yield* everyBlock(inner);
  }
}

/** Every run of spans: of headings, paragraphs and cells. */
export function* everySpans(blocks: readonly Block[]): Generator<readonly Span[]> {
  for (const block of everyBlock(blocks)) {
    if (block.kind === 'heading' || block.kind === 'paragraph') yield block.spans;
    if (block.kind === 'table') for (const { cells } of [block.head, ...block.rows]) yield* cells;
  }
}
