/** The only file that knows the Markdown parser. Loaded when a skill is read, and never before. */
import type { Nodes, PhrasingContent, RootContent, Table, TableRow } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Remark } from '../diagnostics.ts';
import type { Block, Link, Page, Row, Span } from './blocks.ts';
import { insideFences } from './fences.ts';

/** Emphasis and reference definitions cost more than linear time on hostile text, and nothing here needs them. */
const EXTENSIONS = [gfm(), { disable: { null: ['attention', 'strikethrough', 'gfmFootnoteCall', 'gfmFootnoteDefinition', 'definition'] } }];
const MDAST = [gfmFromMarkdown()];

/** What is longer without a blank line is parsed in parts: some constructs look back to the last one. */
const LONGEST_RUN = 12_000;
const LONGEST_LINE = 12_000;
const DEEPEST = 24;

export interface ReadPage extends Page {
  readonly remarks: readonly Remark[];
}

/** Parses the lines of a page; `first` is the number of the first one. */
export function readMarkdown(lines: readonly string[], first: number): ReadPage {
  const blocks: Block[] = [];
  const links: Link[] = [];
  const remarks: Remark[] = [];
  for (const { from, to } of parts(lines)) {
    const text = lines
      .slice(from, to)
      .map((line) => line.slice(0, LONGEST_LINE))
      .join('\n');
    try {
      const root = fromMarkdown(text, { extensions: EXTENSIONS, mdastExtensions: MDAST });
      const made = new Maker(first + from - 1, links);
      blocks.push(...made.blocks(root.children, 1));
    } catch {
      // Containers nested without end exhaust the parser's stack; their text still counts.
      remarks.push({
        line: first + from,
        code: 'markup_unreadable',
        what: 'the Markdown could not be parsed here',
        fix: 'Nest lists and quotes less deeply.',
      });
      blocks.push(...lines.slice(from, to).map((line, at) => paragraph(line, first + from + at)));
    }
  }
  return { blocks, links, remarks };
}

function paragraph(text: string, line: number): Block {
  return { kind: 'paragraph', spans: [{ kind: 'text', text: text.slice(0, LONGEST_LINE), line }], line };
}

/** Cuts very long runs of lines; a fence is never cut. */
function parts(lines: readonly string[]): readonly { readonly from: number; readonly to: number }[] {
  const fenced = insideFences(lines);
  const found: { from: number; to: number }[] = [];
  let [from, run] = [0, 0];
  for (const [at, line] of lines.entries()) {
    run = line.trim() === '' ? 0 : run + line.length + 1;
    if (run <= LONGEST_RUN || at === from || fenced[at]) continue;
    found.push({ from, to: at });
    [from, run] = [at, line.length];
  }
  return [...found, { from, to: lines.length }];
}

class Maker {
  readonly #before: number;
  readonly #links: Link[];

  /** `before`: how many lines stand before the parsed text. */
  constructor(before: number, links: Link[]) {
    this.#before = before;
    this.#links = links;
  }

  blocks(nodes: readonly RootContent[], depth: number): readonly Block[] {
    return depth > DEEPEST ? [] : nodes.flatMap((node) => this.#block(node, depth));
  }

  #line(node: Nodes): number {
    return this.#before + (node.position?.start.line ?? 1);
  }

  #block(node: RootContent, depth: number): readonly Block[] {
    const line = this.#line(node);
    switch (node.type) {
      case 'heading':
        return [{ kind: 'heading', depth: node.depth, spans: this.#spans(node.children), line }];
      case 'paragraph':
        return [{ kind: 'paragraph', spans: this.#spans(node.children), line }];
      case 'list': {
        const items = node.children.map((item) => ({ blocks: this.blocks(item.children, depth + 1), line: this.#line(item) }));
        return [{ kind: 'list', ordered: node.ordered === true, items, line }];
      }
      case 'table':
        return this.#table(node);
      case 'code':
        // An indented block has no line of marks before it.
        return [{ kind: 'code', language: (node.lang ?? '').toLowerCase(), text: node.value, line: this.#fenced(node) ? line + 1 : line }];
      case 'blockquote':
        return [{ kind: 'quote', blocks: this.blocks(node.children, depth + 1), line }];
      case 'html':
        return /^\s*<!--/.test(node.value)
          ? [{ kind: 'comment', text: node.value.replaceAll(/<!--|-->/g, '').trim(), line }]
          : this.#html(node.value, line);
      default:
        return [];
    }
  }

  /** Text between tags is text of the page. */
  #html(value: string, line: number): readonly Block[] {
    const lines = value
      .split('\n')
      .map((text, at) => ({ kind: 'text' as const, text: text.replaceAll(/<[^<>]*>/g, ' '), line: line + at }));
    const spans = lines.filter(({ text }) => text.trim() !== '');
    return spans.length > 0 ? [{ kind: 'paragraph', spans, line }] : [];
  }

  #fenced(node: Extract<RootContent, { type: 'code' }>): boolean {
    const { start, end } = node.position ?? {};
    return node.lang !== null || (start !== undefined && end !== undefined && end.line - start.line + 1 > node.value.split('\n').length);
  }

  #table({ children }: Table): readonly Block[] {
    const [head, ...rows] = children.map((row) => this.#row(row));
    return head ? [{ kind: 'table', head, rows, line: head.line }] : [];
  }

  #row(node: TableRow): Row {
    return { cells: node.children.map(({ children }) => this.#spans(children)), line: this.#line(node) };
  }

  #spans(nodes: readonly PhrasingContent[], depth = 1): readonly Span[] {
    if (depth > DEEPEST) return [];
    return nodes.flatMap((node): readonly Span[] => {
      const line = this.#line(node);
      if (node.type === 'text') return node.value.split('\n').map((text, at) => ({ kind: 'text', text, line: line + at }));
      if (node.type === 'inlineCode') return [{ kind: 'code', text: node.value, line }];
      if (node.type === 'link' || node.type === 'image') this.#links.push({ url: node.url, line });
      if (node.type === 'image') return node.alt ? [{ kind: 'text', text: node.alt, line }] : [];
      return 'children' in node ? this.#spans(node.children, depth + 1) : [];
    });
  }
}
