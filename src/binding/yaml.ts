import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { BindingPath } from './check.ts';

/** Something wrong at a line of a file, counted from 1. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

export interface YamlFile {
  readonly value: unknown;
  /** What is wrong with the text itself; `value` then means nothing. */
  readonly problems: readonly Problem[];
  /** The line of the key or item at a path, or of the nearest thing around it that exists. Aliases are followed. */
  lineOf(path: BindingPath): number;
}

/** Reads one YAML document and remembers where everything stood. Build time only. */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const line = (offset: number): number => lines.linePos(offset).line;
  const problems = document.errors.map(({ pos: [start], message }) => ({ line: line(start), message }));
  return {
    value: problems.length > 0 ? undefined : document.toJS(),
    problems,
    lineOf: (path) => line(offsetOf(document.contents, path, (node) => (isAlias(node) ? node.resolve(document) : node))),
  };
}

function offsetOf(root: Node | null, path: BindingPath, follow: (node: unknown) => unknown): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = follow(root);
  for (const step of path) {
    const child = childOf(node, step);
    if (!child) break;
    offset = child.offset;
    node = follow(child.node);
  }
  return offset;
}

function childOf(node: unknown, step: string | number): { readonly offset: number; readonly node: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && isScalar(pair.key) ? { offset: pair.key.range?.[0] ?? 0, node: pair.value } : undefined;
  }
  const item: unknown = isSeq(node) ? node.items[Number(step)] : undefined;
  return item === undefined ? undefined : { offset: (item as Node).range?.[0] ?? 0, node: item }; // a sequence holds nodes once parsed
}
