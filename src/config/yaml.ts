import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { RouterError } from '../contract/errors.ts';
import type { Path } from './check.ts';

export interface YamlText {
  readonly value: unknown;
  readonly locate: (path: Path) => string;
}

/**
 * `${NAME}` may stand unquoted inside `{ … }`, where YAML takes its braces for a map. While YAML reads, they are
 * other characters, one for one, so that columns stay true.
 */
const HIDDEN = { open: '\uE000', close: '\uE001' };

/** Reads a YAML file. Throws `configuration` with file, line and column; no text of the file is repeated. */
export function readYamlText(text: string, file: string): YamlText {
  const lines = new LineCounter();
  const hidden = text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, `$$${HIDDEN.open}$1${HIDDEN.close}`);
  const document = parseDocument(hidden, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error) {
    throw new RouterError('configuration', {
      what: `${place(error.pos[0])}: this is not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`,
      next: 'Correct the file: check indentation, quotes and brackets near that line; nothing was sent.',
    });
  }
  return { value: shown(document.toJS()), locate: (path) => place(offsetOf(document, path)) };
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(HIDDEN.open, '{').replaceAll(HIDDEN.close, '}');
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

/** Where the last key of the path stands that the file has. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
    if (!pair) break;
    offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
    node = pair.value;
  }
  return offset;
}
