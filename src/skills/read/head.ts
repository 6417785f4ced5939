/** The frontmatter of a skill, as leniently as any host reads it and as safely as none has to. */
import type { Remark } from '../diagnostics.ts';
import { readHeadYaml } from './head-yaml.ts';

export interface Head {
  /** Every key, scalars as their source text. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys of `values` whose scalar was no text for YAML: `247`, `yes`, `2024-01-01`. */
  readonly coerced: readonly string[];
  /** Key → its line. */
  readonly lines: Readonly<Record<string, number>>;
  readonly by: 'yaml' | 'quoted' | 'lines' | 'none';
  /** Index of the first line after it. */
  readonly end: number;
  readonly remarks: readonly Remark[];
}

/** More than a host would load; what is longer is no frontmatter. */
const MOST_LINES = 400;
const MOST_CHARACTERS = 32_000;

const MARK = /^(?:---|\.\.\.)\s*$/;

export function readHead(lines: readonly string[]): Head {
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0 || !/^---\s*$/.test(lines[start] ?? '')) return none();
  const inside = span(lines, start);
  const text = lines
    .slice(start + 1, inside.end)
    .join('\n')
    .slice(0, MOST_CHARACTERS);
  const read = parsed(text, start + 1);
  return { ...read, end: inside.next, remarks: [...marks(lines, start, inside), ...read.remarks] };
}

interface Inside {
  readonly end: number;
  readonly next: number;
  readonly closed: boolean;
}

/** From the opening mark to the closing one, or to where the body obviously begins. */
function span(lines: readonly string[], start: number): Inside {
  const close = lines.slice(start + 1, start + MOST_LINES).findIndex((line) => MARK.test(line));
  if (close >= 0) return { end: start + 1 + close, next: start + 2 + close, closed: true };
  const stop = lines.slice(start + 1, start + MOST_LINES).findIndex((line) => line.trim() === '' || /^#{1,6} /.test(line));
  const end = stop < 0 ? Math.min(lines.length, start + MOST_LINES) : start + 1 + stop;
  return { end, next: end, closed: false };
}

function marks(lines: readonly string[], start: number, { end, closed }: Inside): readonly Remark[] {
  const code = 'frontmatter_marks';
  const spaced = [start, end].filter((at) => (at === start || closed) && lines[at] !== lines[at]?.trimEnd());
  return [
    ...(start > 0
      ? [{ line: start + 1, code, what: 'blank lines stand before the frontmatter', fix: 'Begin the file with ---.' } as const]
      : []),
    ...(closed
      ? []
      : [{ line: start + 1, code, what: 'the frontmatter is not closed', fix: 'Write --- on a line of its own after it.' } as const]),
    ...spaced.map(
      (at) => ({ line: at + 1, code, what: 'spaces follow the ---', fix: 'Delete them: some hosts see no frontmatter.' }) as const,
    ),
  ];
}

/** YAML as it is, then with its values quoted, then no more than name and description. */
function parsed(text: string, offset: number): Omit<Head, 'end'> {
  const plain = readHeadYaml(text, offset);
  if (plain.broken === undefined) return { ...plain, by: 'yaml' };
  const broken = (how: string): Remark => ({
    line: plain.broken?.line ?? offset + 1,
    code: 'yaml_invalid',
    what: `the frontmatter is not valid YAML (${plain.broken?.why}); ${how}`,
    fix: 'Put values that hold ": ", "#" or quotes into double quotes.',
  });
  const quoted = readHeadYaml(quote(text), offset);
  if (quoted.broken === undefined)
    return { ...quoted, by: 'quoted', remarks: [broken('it could be read with its values quoted'), ...quoted.remarks] };
  return { ...byLines(text, offset), by: 'lines', remarks: [broken('only name and description were taken from it')] };
}

/** Values on a single line that YAML would take for something else. */
function quote(text: string): string {
  const lines = text.split('\n');
  const continues = (at: number): boolean => /^\s+\S/.test(lines[at] ?? '') && !/^\s*(?:- |[\w-]+:)/.test(lines[at] ?? '');
  return lines
    .map((line, at) => {
      const [, before = '', value = ''] = /^(\s*(?:- )?[\w-]+:[ \t]+)(\S.*)$/.exec(line) ?? [];
      if (value === '' || /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[|>[{].*)\s*$/.test(value) || continues(at + 1)) return line;
      return before + JSON.stringify(value.trim().replaceAll(/^["']|["']$/g, ''));
    })
    .join('\n')
    .replaceAll('\t', '  ');
}

function byLines(text: string, offset: number): Pick<Head, 'values' | 'coerced' | 'lines'> {
  const values: Record<string, string> = {};
  const found: Record<string, number> = {};
  for (const [at, line] of text.split('\n').entries()) {
    const [, key, value = ''] = /^(name|description|license):\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || key in values) continue;
    values[key] = value.replaceAll(/^["']|["']$/g, '');
    found[key] = offset + at + 1;
  }
  return { values, coerced: [], lines: found };
}

function none(): Head {
  return { values: {}, coerced: [], lines: {}, by: 'none', end: 0, remarks: [] };
}
