/** Workflows with their steps, parameters and pitfalls, in the two ways in which skills for Composio write them. */
import { type Item, plain, type Span } from './blocks.ts';
import { isSlug, isToolName, slugsIn } from './names.ts';
import { innerItems, itemText, labelled, ownSpans, type Part, partsOf } from './parts.ts';
import type { Section } from './sections.ts';
import type { Line, Parameter, Role, Step, Workflow } from './skill.ts';

export interface FoundWorkflow extends Workflow {
  /** `sequence`: a list of steps; `label`: one tool behind a label. */
  readonly by: 'sequence' | 'label';
}

/** The workflows of a section: one, unless the headings between them got lost. */
export function workflowsOf(section: Section): readonly FoundWorkflow[] {
  const groups = grouped(partsOf(section.blocks, section.title));
  return groups.flatMap((parts) => workflow(section, parts, groups.length > 1));
}

function grouped(parts: readonly Part[]): readonly (readonly Part[])[] {
  if (parts.filter(({ label }) => label === 'tools').length < 2) return [parts];
  const groups: Part[][] = [];
  for (const part of parts) {
    const current = groups.at(-1);
    const isFull = current?.some(({ label }) => label === 'tools') ?? false;
    if (current === undefined || (isFull && (part.label === 'when' || part.label === 'tools'))) groups.push([part]);
    else current.push(part);
  }
  return groups;
}

function workflow({ title, line }: Section, parts: readonly Part[], shared: boolean): readonly FoundWorkflow[] {
  const of = (...labels: readonly Part['label'][]): readonly Part[] => parts.filter(({ label }) => labels.includes(label));
  const steps = of('tools', 'tool').flatMap(stepsOf);
  if (!steps.some(({ names }) => names.length > 0)) return [];
  const when = of('when')
    .flatMap((part) => textsOf(part).map(({ text }) => text))
    .join(' ');
  return [
    {
      by: of('tools').length > 0 ? 'sequence' : 'label',
      title: shared ? when || title : title.replace(/^\d+[.)]\s*/, ''),
      line: shared ? (parts[0]?.line ?? line) : line,
      ...(when === '' ? {} : { when }),
      steps,
      parameters: of('parameters').flatMap(parametersOf),
      pitfalls: of('pitfalls').flatMap(textsOf),
    },
  ];
}

function stepsOf(part: Part): readonly Step[] {
  const items = part.items.map((item) => stepOf(ownSpans(item), item.line));
  return [...loneSteps(part.lines), ...items];
}

/** Steps on lines without a list: the tool behind `**Tool**:`, or a slug that lost its place in the line above it. */
function loneSteps(lines: Part['lines']): readonly Step[] {
  const steps: Step[] = [];
  let before: readonly Span[] = [];
  for (const spans of lines) {
    const step = stepOf(spans, spans[0]?.line ?? 0);
    if (step.names.length > 0)
      steps.push(step.text === '' && before.length > 0 ? { ...stepOf(before, step.line), names: step.names } : step);
    before = step.names.length > 0 ? [] : spans;
  }
  return steps;
}

const ROLE = /[[(]\s*(required|optional|prerequisite|alternative|fallback)\b([^\])]*)[\])]\s*\.?\s*$/i;

function stepOf(spans: readonly Span[], line: number): Step {
  const ticked = spans.filter(({ kind, text }) => kind === 'code' && isToolName(text));
  const slugs = ticked.filter(({ text }) => isSlug(text));
  const whole = plain(spans);
  const names = [...new Set((slugs.length > 0 ? leading(spans, slugs) : leading(spans, ticked)).map(({ text }) => text))];
  const found = names.length > 0 ? names : slugsIn(whole);
  const [, kind = '', more = ''] = ROLE.exec(whole) ?? [];
  const role = kind === '' ? {} : { role: roleOf(kind, more) };
  return { names: found, text: told(whole.replace(ROLE, ''), found), line, ...role };
}

/** Names joined at the beginning, `A` or `B`; a name further on is only talked about. */
function leading(spans: readonly Span[], names: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    if (names.includes(span)) kept.push(span);
    else if (kept.length > 0 && !/^\s*(?:or|\/|,|and|then|\+|→|->|with)\s*$/i.test(span.text)) break;
  }
  return kept;
}

function roleOf(kind: string, more: string): Role {
  // The pattern allows these words only.
  const plainKind = kind.toLowerCase() as Role['kind'];
  return more.trim() === '' ? { kind: plainKind } : { kind: plainKind, note: `${kind}${more}`.toLowerCase().trim() };
}

/** What is said of the step, without the names that were taken from it. */
function told(text: string, names: readonly string[]): string {
  const without = names.reduce((rest, name) => rest.replace(`\`${name}\``, '').replace(name, ''), text);
  return without.replace(/^(?:\s|or\b|[-–—:,/])+/, '').trim();
}

function parametersOf({ lines, items }: Part): readonly Parameter[] {
  return [...lines.flatMap((spans) => inSentence(spans)), ...items.flatMap((item) => fromItem(item, undefined))];
}

/** `Key parameters: `a`, `b` (required)` */
function inSentence(spans: readonly Span[]): readonly Parameter[] {
  return spans
    .filter(({ kind, text }) => kind === 'code' && isParameter(text))
    .map(({ text, line }) => ({ name: text, text: plain(spans), line }));
}

function fromItem(item: Item, of: string | undefined): readonly Parameter[] {
  const spans = ownSpans(item);
  const [, owner] = /^\W*for\s+[`*]*([A-Z][A-Z0-9_]+)/i.exec(plain(spans)) ?? [];
  if (owner !== undefined && isSlug(owner)) return innerItems(item).flatMap((inner) => fromItem(inner, owner));
  return parameterOf(spans, item.line).map((one) => (of === undefined ? one : { ...one, of }));
}

function parameterOf(spans: readonly Span[], line: number): readonly Parameter[] {
  const whole = plain(spans);
  const [head = '', ticks = '', flag = ''] =
    /^((?:`[^`]+`(?:\s*(?:\/|,|or|and|&)\s*)?)+)\s*(?:\((required|optional)[^)]*\))?\s*[:–—-]?\s*/i.exec(whole) ?? [];
  const names = [...ticks.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/\s*[:=].*$/, '')).filter(isParameter);
  if (names.length > 0) return names.map((name) => ({ name, text: whole.slice(head.length), line, ...needed(flag) }));
  const [, bare = '', said = '', rest = ''] = /^([a-z_][\w.]*)\s*(?:\((required|optional)\))?\s*:\s*(.+)$/i.exec(whole) ?? [];
  return bare !== '' && labelled(spans) === undefined && isParameter(bare) ? [{ name: bare, text: rest, line, ...needed(said) }] : [];
}

function needed(flag: string): { readonly required?: boolean } {
  return flag === '' ? {} : { required: flag.toLowerCase() === 'required' };
}

function isParameter(text: string): boolean {
  return /^_{0,2}[a-z][\w.]*(?:\[\])?$/i.test(text) && !isSlug(text);
}

/** Sentences and items of a part, one each. */
function textsOf({ lines, items }: Part): readonly Line[] {
  return [
    ...lines.map((spans) => ({ text: plain(spans), line: spans[0]?.line ?? 0 })),
    ...items.map((item) => ({ text: itemText(item), line: item.line })),
  ].filter(({ text }) => text !== '');
}
