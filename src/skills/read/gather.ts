/** Everything that a page says about apps and tools, put together. */
import { isObject, isStrings } from '../../contract/guards.ts';
import type { Remark } from '../diagnostics.ts';
import { everyBlock, everySpans, type Page, plain, type Span } from './blocks.ts';
import { readCode } from './code.ts';
import { readCommand, type Told } from './commands.ts';
import { grammarOf } from './grammar.ts';
import type { Head } from './head.ts';
import { isActionKey, isMetaTool, slugOf } from './names.ts';
import { pitfallsOf, restOf } from './passages.ts';
import { type Section, sectionsOf } from './sections.ts';
import { commandsIn } from './shell.ts';
import type { Line, Need, Skill, Use } from './skill.ts';
import { loneTool, lostTables, usesInTable } from './tables.ts';
import { type FoundWorkflow, workflowsOf } from './workflows.ts';

type Gathered = Pick<
  Skill,
  'title' | 'grammar' | 'needs' | 'connectors' | 'workflows' | 'pitfalls' | 'uses' | 'words' | 'passages' | 'housekeeping'
> & {
  readonly remarks: readonly Remark[];
};

export function gather(page: Page, head: Head): Gathered {
  const sections = sectionsOf(page.blocks);
  const workflows = sections.flatMap(workflowsOf);
  const told = codeOf(page);
  const tables = sections.flatMap(tablesOf);
  const words = wordsOf(page);
  const uses = inOrder([...workflows.flatMap(usesOf), ...tables, ...told.uses]);
  const title = sections.find(({ depth }) => depth === 1)?.title;
  const isActions = tables.some(({ kind }) => kind === 'action');
  const isRube =
    words.some(({ text }) => isMetaTool(text)) ||
    asksForRube(head) ||
    uses.some(({ name, kind }) => kind === 'tool' && /^[A-Z]/.test(name));
  const direct = uses.some(({ request }) => /^https?:/.test(request?.url ?? ''));
  const needs: readonly Need[] = [
    ...told.needs,
    ...(isActions ? (['membrane'] as const) : []),
    ...(isRube ? (['rube'] as const) : []),
    ...(direct ? (['rest'] as const) : []),
  ];
  return {
    ...(title === undefined || title === '' ? {} : { title }),
    grammar: grammarOf({ workflows, uses, words, head }),
    needs: [...new Set(needs)].toSorted(),
    connectors: connectorsOf(page, head, told, isActions),
    workflows: workflows.map(({ by: _by, ...workflow }) => workflow),
    pitfalls: pitfallsOf(sections, workflows),
    uses,
    words: words.filter(({ text }) => !isMetaTool(text)),
    ...restOf(sections, workflows),
    remarks: told.remarks,
  };
}

function usesOf({ steps, parameters, by }: FoundWorkflow): readonly Use[] {
  const several = steps.reduce((sum, { names }) => sum + names.length, 0) > 1;
  return steps.flatMap(({ names, text, line }) =>
    names.map((name): Use => {
      const own = parameters.filter(({ of }) => (of === undefined ? !several : of === name));
      const given = own.map((one) => ({ name: one.name, line: one.line }));
      return {
        kind: 'tool',
        name,
        line,
        place: by === 'label' ? 'label' : 'step',
        arguments: given,
        complete: false,
        ...(text === '' ? {} : { about: text }),
      };
    }),
  );
}

function tablesOf({ blocks, spans }: Section): readonly Use[] {
  let owner = loneTool(spans);
  const uses: Use[] = [];
  for (const block of everyBlock(blocks)) {
    if (block.kind === 'paragraph') {
      owner = ownerIn(block.spans) ?? owner;
      uses.push(...lostTables(block.spans).flatMap((table) => usesInTable(table, owner)));
    }
    if (block.kind === 'table') {
      uses.push(...usesInTable(block, owner));
      owner = undefined;
    }
  }
  return uses;
}

/** The last line of a paragraph that is a tool's name and nothing else. */
function ownerIn(spans: readonly Span[]): string | undefined {
  return [...Map.groupBy(spans, ({ line }) => line).values()].map(loneTool).findLast((name) => name !== undefined);
}

/** Code blocks; code spans, which often hold a whole command; and code that lost its fence. */
function codeOf(page: Page): Told {
  const blocks = [...everyBlock(page.blocks)].flatMap((block) => (block.kind === 'code' ? [readCode(block.text, block.line)] : []));
  const runs = [...everySpans(page.blocks)];
  const spans = runs.flat().filter(({ kind, text }) => kind === 'code' && /\s/.test(text));
  const all = [...blocks, ...spans.map(({ text, line }) => readCode(text, line)), ...runs.flatMap(unfenced)];
  const sum = <T>(part: (told: Told) => readonly T[]): readonly T[] => all.flatMap(part);
  return {
    uses: sum(({ uses }) => uses),
    connectors: sum(({ connectors }) => connectors),
    needs: sum(({ needs }) => needs),
    remarks: sum(({ remarks }) => remarks),
  };
}

/** What only code of an SDK holds. */
const SDK = /@scalekit-sdk\/|\bexecute_?[tT]ool\b|\btool_?[nN]ame\s*[:=]|\bactions\.request\(|\bexecute\("/;

function unfenced(spans: readonly Span[]): readonly Told[] {
  const texts = spans.filter(({ kind }) => kind === 'text');
  const [first] = texts;
  if (first === undefined) return [];
  const commands = texts.flatMap(({ text, line }) => commandsIn(text, line).map(readCommand));
  if (!texts.some(({ text }) => SDK.test(text))) return commands;
  return [...commands, readCode(texts.map(({ text }) => text).join('\n'), first.line)];
}

/** More different words of the shape of a tool than any skill has. */
const MOST_WORDS = 3000;

const WORD = /\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){2,}|[a-z][a-z0-9]*(?:_[a-z0-9]+){2,})\b/g;

function wordsOf(page: Page): readonly Line[] {
  const found = new Map<string, number>();
  const add = (text: string, line: number): void => {
    if (!found.has(text) && found.size < MOST_WORDS) found.set(text, line);
  };
  for (const { kind, text, line } of [...everySpans(page.blocks)].flat()) {
    if (kind === 'code' && isActionKey(text)) add(text, line);
    for (const [word] of text.matchAll(WORD)) add(word, line);
    const key = kind === 'text' ? gluedKey(text.trim()) : undefined;
    if (key !== undefined) add(key, line);
  }
  for (const block of everyBlock(page.blocks)) {
    if (block.kind !== 'code') continue;
    for (const [at, text] of block.text.split('\n').entries()) for (const [word] of text.matchAll(WORD)) add(word, block.line + at);
  }
  return [...found].map(([text, line]) => ({ text, line }));
}

/** The key in a line of a table that lost its cells: `List Leadslist-leadsList leads with …`. */
function gluedKey(text: string): string | undefined {
  const found = /[a-z]{1,40}(?:-[a-z]{1,40})+/.exec(text.slice(0, 200));
  if (!found || found.index === 0) return undefined;
  const { 0: run, index } = found;
  const starts = Array.from({ length: run.indexOf('-') }, (_, at) => at);
  return starts.map((at) => run.slice(at)).find((key) => slugOf(text.slice(0, index + run.length - key.length)) === key);
}

function connectorsOf(page: Page, head: Head, told: Told, isActions: boolean): readonly Line[] {
  const found = [
    ...declared(head),
    ...hosts(told),
    ...[...everySpans(page.blocks)].flatMap(inText),
    ...page.links.flatMap(({ url, line }) => toolkitOf(url, line)),
    ...told.connectors,
  ];
  const name = typeof head.values['name'] === 'string' ? head.values['name'] : '';
  // Membrane's generator names the skill after the connector, and often nothing else does.
  const all = found.length === 0 && isActions && name !== '' ? [{ text: slugOf(name), line: head.lines['name'] ?? 1 }] : found;
  return [...new Map(all.toReversed().map((one) => [one.text, one])).values()].toReversed();
}

/** The hosts that requests go to. */
function hosts({ uses }: Told): readonly Line[] {
  return uses.flatMap(({ request, line }) => {
    const host = URL.parse(request?.url.replaceAll(/[{}<>$]/g, '') ?? '')?.hostname;
    return host === undefined || host === '' ? [] : [{ text: host, line }];
  });
}

function inText(spans: readonly Span[]): readonly Line[] {
  const text = plain(spans);
  const line = spans[0]?.line ?? 1;
  const patterns = [/\btoolkits?:?\s+`([\w-]+)`/gi, /`([\w-]+)`\s+toolkit\b/gi, /\btoolkits?\s+([a-z][a-z0-9_]{2,})(?=\s*[.,;)]|$)/g];
  const named = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => ({ text: name.toLowerCase(), line })));
  return [...named, ...toolkitOf(text, line)];
}

function toolkitOf(text: string, line: number): readonly Line[] {
  return [...text.matchAll(/composio\.dev\/toolkits\/([\w-]+)/g)].map(([, name = '']) => ({ text: name.toLowerCase(), line }));
}

function declared({ values, lines }: Head): readonly Line[] {
  const metadata = isObject(values['metadata']) ? values['metadata'] : {};
  const app = metadata['skillrouter-app'];
  return typeof app === 'string' ? [{ text: app, line: lines['metadata'] ?? 1 }] : [];
}

/** `requires: { mcp: [rube] }`, as text, flow list or block list. */
function asksForRube({ values }: Head): boolean {
  const requires = values['requires'];
  const mcp = isObject(requires) ? requires['mcp'] : undefined;
  return mcp === 'rube' || (isStrings(mcp) && mcp.includes('rube'));
}

/** A place once; one with arguments says more than one without. */
function inOrder(uses: readonly Use[]): readonly Use[] {
  const groups = Map.groupBy(uses, ({ kind, name, line }) => `${kind} ${name} ${line}`);
  const best = [...groups.values()].flatMap((same) => same.toSorted((a, b) => b.arguments.length - a.arguments.length).slice(0, 1));
  return best.toSorted((a, b) => a.line - b.line);
}
