import type { CallToolResult } from '@modelcontextprotocol/server';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Receipt } from '../contract/receipt.ts';
import { shortened, withoutEmpty } from '../toolsets/shorten.ts';
import type { Place } from './cursor.ts';
import { type Paged, type PageNote, pageOf } from './page.ts';
import { answered } from './results.ts';
import type { OperationFacts } from './services.ts';

export type Detail = 'concise' | 'detailed';

/** Characters of JSON: a token of names, ids and punctuation is about three of them. */
const BUDGETS: Readonly<Record<Detail, { readonly page: number; readonly row: number }>> = {
  concise: { page: 6000, row: 1000 },
  detailed: { page: 30_000, row: 30_000 },
};

/** A call that succeeded. */
export interface Done {
  readonly facts: OperationFacts;
  readonly call: string;
  readonly asked: JsonObject;
  readonly place: Place;
  readonly data: unknown;
  readonly receipt: Receipt;
  readonly detail: Detail;
}

/** The result of a call, in as much as a reader asked for. What is left out is told, and how to see it. */
export function doneResult(done: Done): CallToolResult {
  const { facts, receipt, detail } = done;
  const { value, cuts, page } = sized(done);
  const notes = [...(receipt.notes ?? []), ...cutNotes(cuts, done)];
  const head = `ok ${facts.operation}${wayOf(receipt)}, ${receipt.id}`;
  return answered([head, ...notes.map((note) => `note: ${note}`), page ? pageLine(page) : '', `data: ${JSON.stringify(value)}`], {
    operation: facts.operation,
    data: value,
    ...(page ? { page } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    receipt: detail === 'detailed' ? receipt : brief(receipt),
  });
}

function sized({ facts, call, asked, place, data, detail }: Done): Paged {
  const output = detail === 'concise' ? withoutEmpty(data) : data;
  const budget = BUDGETS[detail];
  if (facts.effect !== 'read' || !isObject(output) || !isObject(data) || !Array.isArray(data['data']))
    return shortened(output, budget.page);
  return pageOf({ call, asked, schema: facts.input, output: { ...output, data: output['data'] ?? [] }, place }, budget);
}

const MOST_CUTS = 6;

function cutNotes(cuts: ReadonlyMap<string, string>, { facts, detail }: Done): readonly string[] {
  if (cuts.size === 0) return [];
  const named = [...cuts].slice(0, MOST_CUTS).map(([path, what]) => (path ? `${path}: ${what}` : what));
  const more = cuts.size > MOST_CUTS ? `; and ${cuts.size - MOST_CUTS} more places` : '';
  return [`shortened (${named.join('; ')}${more}). ${wholeBy(facts, detail)}`];
}

function wholeBy({ effect, input }: OperationFacts, detail: Detail): string {
  const hasFields = isObject(input['properties']) && 'fields' in input['properties'];
  const fields = hasFields ? 'Name the fields that you need in "fields"' : '';
  if (effect !== 'read') return 'It was written whole; read the object to see it.';
  if (detail === 'concise') return [fields, 'detail "detailed" shows more'].filter(Boolean).join('; ').concat('.');
  return `${fields || 'Read its parts by operations of their own'}.`;
}

function pageLine({ shown, remaining, more, cursor, narrow }: PageNote): string {
  if (!more) return '';
  const left = remaining === undefined ? 'more remain' : `${remaining} remain`;
  if (cursor === undefined) return `page: ${shown} shown, ${left}`;
  return `page: ${shown} shown, ${left}. Next: the same call with cursor ${cursor}. Fewer: ${narrow}.`;
}

function wayOf({ route, confirmed, replayed }: Receipt): string {
  const how = replayed ? ' (stored result of the same idempotency_key)' : confirmed === 'present' ? ' (confirmed by looking)' : '';
  return `${route ? ` via ${route.backend}` : ''}${how}`;
}

function brief({ id, route, delivery, confirmed, replayed, unrecorded }: Receipt): JsonObject {
  return {
    id,
    ...(route ? { via: `${route.backend}:${route.connection}`, transport: route.transport } : {}),
    ...(delivery ? { delivery } : {}),
    ...(confirmed ? { confirmed } : {}),
    ...(replayed ? { replayed } : {}),
    ...(unrecorded ? { unrecorded } : {}),
  };
}
