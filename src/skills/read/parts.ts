/** The labelled parts of a workflow: `**When to use**:`, `**Tool sequence**:`, `**Key parameters**:`, `**Pitfalls**:`. */
import { type Block, type Item, plain, type Span } from './blocks.ts';
import { linesOf } from './sections.ts';

export type Label = 'when' | 'tools' | 'tool' | 'parameters' | 'pitfalls' | 'other';

export interface Part {
  readonly label: Label;
  readonly line: number;
  /** What stands on lines of their own, the rest of the label's line first. */
  readonly lines: readonly (readonly Span[])[];
  readonly items: readonly Item[];
}

const LABELS: Readonly<Record<string, Label>> = {
  'when to use': 'when',
  'use when': 'when',
  'when to use this': 'when',
  'tool sequence': 'tools',
  'tools sequence': 'tools',
  sequence: 'tools',
  tools: 'tools',
  steps: 'tools',
  tool: 'tool',
  'tool slug': 'tool',
  'key parameters': 'parameters',
  'key params': 'parameters',
  parameters: 'parameters',
  'required parameters': 'parameters',
  pitfalls: 'pitfalls',
  pitfall: 'pitfalls',
  'known pitfalls': 'pitfalls',
  gotchas: 'pitfalls',
};

/** `title` may be a label of its own: some authors write headings where others write bold text. */
export function partsOf(blocks: readonly Block[], title: string): readonly Part[] {
  const parts: { label: Label; line: number; lines: (readonly Span[])[]; items: Item[] }[] = [];
  const first = labelNamed(title);
  if (first) parts.push({ label: first, line: 0, lines: [], items: [] });
  for (const event of events(blocks)) {
    if ('item' in event) {
      parts.at(-1)?.items.push(event.item);
      continue;
    }
    const found = labelled(event.spans);
    if (found)
      parts.push({ label: found.label, line: event.spans[0]?.line ?? 0, lines: found.rest.length > 0 ? [found.rest] : [], items: [] });
    else parts.at(-1)?.lines.push(event.spans);
  }
  return parts;
}

type Event = { readonly spans: readonly Span[] } | { readonly item: Item };

/** Lines and list items in order. A list item that holds labels is no item: the author's indentation went wrong. */
function* events(blocks: readonly Block[]): Generator<Event> {
  for (const block of blocks) {
    if (block.kind === 'paragraph') for (const spans of linesOf(block.spans)) yield { spans };
    if (block.kind === 'quote') yield* events(block.blocks);
    if (block.kind !== 'list') continue;
    for (const item of block.items) {
      if (holdsLabel(item.blocks)) yield* events(item.blocks);
      else yield { item };
    }
  }
}

function holdsLabel(blocks: readonly Block[], depth = 0): boolean {
  return blocks.some((block) => {
    if (block.kind === 'paragraph') return linesOf(block.spans).some((spans) => labelled(spans) !== undefined);
    return block.kind === 'list' && depth < 6 && block.items.some((item) => holdsLabel(item.blocks, depth + 1));
  });
}

/** `**Label**: rest`, `**Label:** rest`, or one of the known labels without its marks. */
export function labelled(spans: readonly Span[]): { readonly label: Label; readonly rest: readonly Span[] } | undefined {
  const [first, ...others] = spans;
  if (first?.kind !== 'text') return undefined;
  const [whole, bold, bare] = /^\s*(?:(?:\*\*|__)([^*_\n]{2,60}?):?(?:\*\*|__)\s*:?|([A-Za-z][A-Za-z ]{2,30}):)/.exec(first.text) ?? [];
  if (whole === undefined) return undefined;
  const known = labelNamed(bold ?? bare ?? '');
  const isLabel = known !== undefined || (bold !== undefined && /:/.test(first.text.slice(0, whole.length)));
  if (!isLabel) return undefined;
  const rest = { ...first, text: first.text.slice(whole.length).replace(/^\s+/, '') };
  return { label: known ?? 'other', rest: rest.text === '' ? others : [rest, ...others] };
}

function labelNamed(text: string): Label | undefined {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z ]/g, '')
    .trim();
  return Object.hasOwn(LABELS, name) ? LABELS[name] : undefined;
}

/** The item's own spans, without those of the lists inside it. */
export function ownSpans({ blocks }: Item): readonly Span[] {
  return blocks.flatMap((block) => (block.kind === 'paragraph' || block.kind === 'heading' ? block.spans : []));
}

export function innerItems({ blocks }: Item): readonly Item[] {
  return blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
}

/** An item as one line of text, its inner items after it. */
export function itemText(item: Item, depth = 0): string {
  const inner = depth < 4 ? innerItems(item).map((one) => itemText(one, depth + 1)) : [];
  return [plain(ownSpans(item)), inner.join('; ')].filter(Boolean).join(' ');
}
