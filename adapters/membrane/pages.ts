import type { Failure } from '../../src/contract/adapter.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { readRefusal } from './errors.ts';
import type { Asked, Question } from './wire.ts';

/** 100 pages of 1000: a list that goes on after that never ends. */
const MOST_PAGES = 100;
/** The most that Membrane gives at once (FindConnectionsQuery). */
const PAGE = 1000;

export interface Listed {
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** For messages. */
  readonly what: string;
}

/** All items of a list of Membrane. A cursor that comes twice would go round for ever. */
export async function pagesOf(
  ask: (question: Question) => Promise<Asked>,
  { path, query, what }: Listed,
): Promise<{ readonly items: readonly unknown[] } | { readonly failure: Failure }> {
  const items: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const next = cursor === undefined ? [] : [['cursor', cursor] as const];
    const asked = await ask({ method: 'GET', path, query: [...query, ['limit', String(PAGE)], ...next] });
    if (!asked.ok) return asked;
    const { status, body } = asked.answer;
    if (status >= 300) return { failure: readRefusal(asked.answer) };
    if (!isObject(body) || !Array.isArray(body['items'])) return unreadable(`Membrane answered no readable ${what}`);
    items.push(...body['items']);
    cursor = stringAt(body, 'cursor') || undefined;
    if (cursor === undefined) return { items };
    if (seen.has(cursor)) return unreadable(`Membrane repeats a page of the ${what}`);
    seen.add(cursor);
  }
  return unreadable(`the ${what} at Membrane does not end`);
}

function unreadable(what: string): { readonly failure: Failure } {
  return { failure: { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'backend' } };
}
