/** What a model reads of an outcome: what happened in the first line, then the data, no longer than its budget. */
import type { ErrorJson } from '../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import { plainText } from './plain-text.ts';
import { shortened, sizeOf, withoutEmpty } from './shorten.ts';

/** Characters; about 2,000 tokens. Whatever is cut off is announced. */
export const LONGEST_TEXT = 8000;

/** "close.lead.get: done" and the data as JSON without what is empty; of a list that is too long, whole rows and how to get the others. */
export function doneText(what: string, data: unknown, longest = LONGEST_TEXT): string {
  const shown = withoutEmpty(data);
  const rows = isObject(data) && Array.isArray(data['data']) ? (data['data'] as readonly unknown[]).map(withoutEmpty) : undefined;
  const head = `${what}: ${rows ? counted(rows.length, isObject(data) ? data : {}) : done(shown)}`;
  if (rows && sizeOf(shown) > longest) return plainText(listText(head, rows, longest));
  const { value, cuts } = shortened(shown, longest);
  const cut = [...cuts].map(([place, how]) => `${place || 'all'}: ${how}`).join('; ');
  return plainText(
    [head, JSON.stringify(value) ?? 'null', ...(cut ? [`[shortened: ${cut}; name \`fields\` to see less of the rest]`] : [])].join('\n'),
  );
}

/** The steps after which the call may be made again stand in place of the sentence, which also speaks to people at a command line. */
export function failedText({ code, message, next, details }: ErrorJson): string {
  const steps = Array.isArray(details['steps']) ? details['steps'] : [];
  const isOver = steps.some((step) => ENDS.includes(stringAt(step, 'do') ?? ''));
  if (steps.length === 0 || isOver || !message.endsWith(next)) return [`${code}: ${message}`, ...stepsLine('next', steps)].join('\n');
  return [`${code}: ${message.slice(0, -next.length).trim()}`, ...stepsLine('do this, then call again', steps)].join('\n');
}

/** After these the call is not simply made again. */
const ENDS: readonly string[] = ['look', 'ask_user', 'ask_operator'];

function stepsLine(what: string, steps: readonly unknown[]): readonly string[] {
  return steps.length === 0 ? [] : [`${what}: ${JSON.stringify(steps)}`];
}

function done(data: unknown): string {
  const id = stringAt(data, 'id');
  return id === undefined ? 'done' : `done, ${id}`;
}

function counted(count: number, { has_more: more, total_results: total }: JsonObject): string {
  const all = typeof total === 'number' ? ` of ${total}` : '';
  return `${count}${all} ${count === 1 && all === '' ? 'object' : 'objects'}${more === true ? ', more follow' : ''}`;
}

function listText(head: string, rows: readonly unknown[], longest: number): string {
  const lines: string[] = [];
  let length = 0;
  for (const row of rows) {
    const line = JSON.stringify(shortened(row, longest).value);
    length += line.length + 1;
    if (length > longest && lines.length > 0) break;
    lines.push(line);
  }
  const left = rows.length - lines.length;
  const more = `[${left} more ${left === 1 ? 'object' : 'objects'} of this page not shown; take a smaller limit, name fields, or filter]`;
  return [head, ...lines, ...(left > 0 ? [more] : [])].join('\n');
}
