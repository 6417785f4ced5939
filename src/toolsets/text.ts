/** What a model reads of an outcome: what happened in the first line, then the data, no longer than its budget. */
import type { ErrorJson } from '../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';

/** Characters; about 2,000 tokens. Whatever is cut off is announced. */
export const LONGEST_TEXT = 8000;

/** "close.lead.get: done" and the data as JSON without what is empty; of a list that is too long, whole rows and how to get the others. */
export function doneText(what: string, data: unknown, longest = LONGEST_TEXT): string {
  const shown = trimmed(data);
  const whole = JSON.stringify(shown) ?? 'null';
  const rows = isObject(shown) && Array.isArray(shown['data']) ? (shown['data'] as readonly unknown[]) : undefined;
  const head = `${what}: ${rows ? counted(rows.length, isObject(shown) ? shown : {}) : done(shown)}`;
  if (whole.length <= longest) return `${head}\n${whole}`;
  if (rows) return listText(head, rows, longest);
  const narrow = 'ask for fewer with `fields`, where the operation has it';
  return `${head}\n${whole.slice(0, longest)}\n[cut off after ${longest} of ${whole.length} characters; ${narrow}]`;
}

export function failedText({ code, message, details }: ErrorJson): string {
  const steps = details['steps'];
  return `${code}: ${message}${Array.isArray(steps) && steps.length > 0 ? `\nnext: ${JSON.stringify(steps)}` : ''}`;
}

function done(data: unknown): string {
  const id = stringAt(data, 'id');
  return id === undefined ? 'done' : `done, ${id}`;
}

function counted(count: number, { has_more: more, total_results: total }: JsonObject): string {
  const all = typeof total === 'number' ? ` of ${total}` : '';
  return `${count}${all} ${count === 1 ? 'object' : 'objects'}${more === true ? ', more follow' : ''}`;
}

function listText(head: string, rows: readonly unknown[], longest: number): string {
  const lines: string[] = [];
  let length = 0;
  for (const row of rows) {
    const line = JSON.stringify(row);
    length += line.length + 1;
    if (length > longest && lines.length > 0) break;
    lines.push(line.length > longest ? `${line.slice(0, longest)}…` : line);
  }
  const left = rows.length - lines.length;
  const more = `[${left} more ${left === 1 ? 'object' : 'objects'} of this page not shown; take a smaller limit, name fields, or filter]`;
  return [head, ...lines, ...(left > 0 ? [more] : [])].join('\n');
}

/** Without null, empty lists and empty objects: they say nothing that their absence does not. */
function trimmed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trimmed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const kept = trimmed(item);
      return isEmpty(kept) && key !== 'data' ? [] : [[key, kept]];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
