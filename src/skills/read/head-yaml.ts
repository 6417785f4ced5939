import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Remark } from '../diagnostics.ts';
import type { Head } from './head.ts';

type ReadYaml = Pick<Head, 'values' | 'coerced' | 'lines' | 'remarks'> & {
  /** Why nothing could be read. */
  readonly broken?: { readonly line: number; readonly why: string };
};

const DEEPEST = 8;
const MOST_NODES = 2000;

/** Walks the nodes instead of building their value: no alias is followed, no tag means anything, a scalar stays what was written. */
export function readHeadYaml(text: string, offset: number): ReadYaml {
  try {
    return read(text, offset);
  } catch {
    // The parser gives up on text that is nested too deeply.
    return { ...EMPTY, broken: { line: offset + 1, why: 'it is nested too deeply' } };
  }
}

const EMPTY = { values: {}, coerced: [], lines: {}, remarks: [] } as const;

function read(text: string, offset: number): ReadYaml {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: counter,
  });
  const lineOf = (at: number | undefined): number => offset + counter.linePos(at ?? 0).line;
  const [error] = document.errors;
  if (error) return { ...EMPTY, broken: { line: lineOf(error.pos[0]), why: error.code.toLowerCase().replaceAll('_', ' ') } };
  const root = document.contents;
  if (!isMap(root)) return { ...EMPTY, broken: { line: offset + 1, why: 'it is no map of keys' } };
  const walk = new Walk(lineOf);
  const values = new Map<string, unknown>();
  const lines = new Map<string, number>();
  const coerced: string[] = [];
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? sourceOf(key) : '';
    const line = lineOf(key.range[0]);
    if (values.has(name)) walk.remark(line, 'duplicate_key', `the key ${name.slice(0, 40)} is there twice`, 'Keep one; the first counted.');
    else {
      values.set(name, walk.plain(value, 1));
      lines.set(name, line);
      if (isScalar(value) && typeof value.value !== 'string' && value.value !== null) coerced.push(name);
    }
  }
  return { values: Object.fromEntries(values), lines: Object.fromEntries(lines), coerced, remarks: walk.remarks };
}

class Walk {
  readonly remarks: Remark[] = [];
  readonly #lineOf: (at: number | undefined) => number;
  #nodes = 0;

  constructor(lineOf: (at: number | undefined) => number) {
    this.#lineOf = lineOf;
  }

  remark(line: number, code: Remark['code'], what: string, fix: string): void {
    this.remarks.push({ line, code, what, fix });
  }

  plain(node: ParsedNode | null, depth: number): unknown {
    this.#nodes += 1;
    if (node === null || depth > DEEPEST || this.#nodes > MOST_NODES) return '';
    if (isAlias(node) || node.anchor !== undefined) {
      this.remark(
        this.#lineOf(node.range[0]),
        'yaml_reference',
        'an anchor or alias stands in the frontmatter',
        'Write the value out; it was not resolved.',
      );
    }
    if (isScalar(node)) return sourceOf(node);
    if (isSeq(node)) return node.items.map((item) => this.plain(item, depth + 1));
    if (!isMap(node)) return '';
    return Object.fromEntries(node.items.map(({ key, value }) => [isScalar(key) ? sourceOf(key) : '', this.plain(value, depth + 1)]));
  }
}

/** `247` and `1e3` as they were written; text that was folded or quoted as it reads. */
function sourceOf(node: { readonly value: unknown; readonly source?: string | undefined }): string {
  if (typeof node.value === 'string') return node.value;
  return node.value === null ? '' : (node.source ?? String(node.value));
}
