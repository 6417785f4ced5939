/** Tables that name tools: quick references, Membrane's actions, and the parameters of one tool. */
import { type Block, plain, type Row, type Span } from './blocks.ts';
import { argumentNamesIn, isActionKey, isToolName, toolNamesIn } from './names.ts';
import type { Use } from './skill.ts';

type Table = Extract<Block, { kind: 'table' }>;

const TOOL_COLUMN = /^(?:composio )?(?:tools?|action)(?: (?:slugs?|names?))?$|^slugs?$|^tool to get .*$/;
const PARAMETER_COLUMN = /^(?:name|parameter|argument|field|param)$/;
const ARGUMENTS_COLUMN = /\b(?:params?|parameters?|arguments?|inputs?)\b/;

/** `owner`: the tool that was named last before the table, which may list its parameters. */
export function usesInTable(table: Table, owner: string | undefined): readonly Use[] {
  return tablesIn(table, owner).flatMap(({ table: one, owner: own }) => {
    const head = one.head.cells.map((cell) =>
      plain(cell)
        .toLowerCase()
        .replaceAll(/[^a-z ]/g, '')
        .trim(),
    );
    if (head[0] === 'name' && head[1] === 'key') return actions(one);
    if (PARAMETER_COLUMN.test(head[0] ?? '') && head.some((name) => name === 'type' || name === 'required'))
      return own === undefined ? [] : [parameters(one, own)];
    const column = head.findIndex((name) => TOOL_COLUMN.test(name));
    return column < 0 ? [] : references(one, head, column);
  });
}

interface Owned {
  readonly table: Table;
  readonly owner: string | undefined;
}

/** Where no blank line follows a table, the next heading and table have become rows of it: their row of dashes tells. */
function tablesIn({ head, rows, line }: Table, owner: string | undefined): readonly Owned[] {
  const found: { head: Row; rows: Row[]; owner: string | undefined }[] = [{ head, rows: [], owner }];
  let named: string | undefined;
  for (const [at, row] of rows.entries()) {
    const next = rows[at + 1];
    if (isRule(row)) continue;
    named = row.cells.slice(1).every((cell) => cell.length === 0) ? (loneTool(row.cells[0] ?? []) ?? named) : named;
    if (next && isRule(next)) {
      found.push({ head: row, rows: [], owner: named });
      named = undefined;
    } else found.at(-1)?.rows.push(row);
  }
  return found.map((one) => ({ table: { kind: 'table', head: one.head, rows: one.rows, line }, owner: one.owner }));
}

function isRule({ cells }: Row): boolean {
  return cells.length > 1 && cells.every((cell) => /^:?-+:?$/.test(plain(cell)));
}

function actions({ rows }: Table): readonly Use[] {
  return rows.flatMap(({ cells: [name = [], key = [], about = []], line }) => {
    const text = bare(key);
    if (!isActionKey(text)) return [];
    const said = plain(about) === 'No description' ? plain(name) : plain(about) || plain(name);
    return [{ kind: 'action', name: text, line, place: 'table', about: said, arguments: [], complete: false } as const];
  });
}

function references({ rows }: Table, head: readonly string[], column: number): readonly Use[] {
  const about = head.findIndex((_, at) => at !== column);
  const given = head.findIndex((name, at) => at !== column && ARGUMENTS_COLUMN.test(name));
  return rows.flatMap(({ cells, line }) => {
    const names = toolNamesIn(plain(cells[column] ?? [])).slice(0, 8);
    const said = about < 0 ? '' : plain(cells[about] ?? []);
    const args = given < 0 || names.length !== 1 ? [] : argumentNamesIn(plain(cells[given] ?? [])).map((name) => ({ name, line }));
    return names.map(
      (name): Use => ({
        kind: 'tool',
        name,
        line,
        place: 'table',
        arguments: args,
        complete: false,
        ...(said === '' ? {} : { about: said }),
      }),
    );
  });
}

/** `| Name | Type | Required | Description |` of one tool. */
function parameters({ rows, head }: Table, tool: string): Use {
  const names = rows
    .filter(({ cells }) => cells.slice(1).some((cell) => cell.length > 0))
    .map(({ cells, line }) => ({ name: bare(cells[0] ?? []), line }))
    .filter(({ name }) => /^_{0,2}[a-z][\w.]*$/i.test(name));
  return { kind: 'tool', name: tool, line: head.line, place: 'table', arguments: names, complete: true };
}

function bare(spans: readonly Span[]): string {
  return plain(spans).replaceAll('`', '').trim();
}

/** The tool that a line is about, when it holds nothing else than it, or it behind its label. */
export function loneTool(spans: readonly Span[]): string | undefined {
  const text = bare(spans).replace(/^tool(?: slug)?\s*:\s*/i, '');
  return isToolName(text) ? text : undefined;
}

/** Tables that stand in a paragraph, because the list item before them has no blank line after it. */
export function lostTables(spans: readonly Span[]): readonly Table[] {
  const found: { head: Row; rows: Row[] }[] = [];
  let before: Row | undefined;
  for (const { kind, text, line } of spans) {
    const cells = kind === 'text' && /^\s*\|.*\|\s*$/.test(text) ? text.trim().slice(1, -1).split('|') : [];
    const row: Row | undefined =
      cells.length > 1 ? { line, cells: cells.map((cell) => [{ kind: 'text', text: cell.trim(), line }]) } : undefined;
    if (row && isRule(row) && before) found.push({ head: before, rows: [] });
    else if (row && before) found.at(-1)?.rows.push(row);
    before = row;
  }
  return found.map(({ head, rows }) => ({ kind: 'table', head, rows, line: head.line }));
}
