import type { JsonObject } from '../../src/contract/guards.ts';
import type { ItemResult } from './rube-item.ts';

/** Rube keeps what is larger in its workbench and shows a preview; here there is none, so lists are cut and one is told how to go on. */
const MOST_CHARACTERS = 1_000_000;

interface Shortened {
  readonly results: readonly ItemResult[];
  /** What was cut, and how to get the rest. */
  readonly notes: readonly string[];
}

/** The results, together no longer than an agent's client takes; each has an equal share. */
export function shortened(results: readonly ItemResult[]): Shortened {
  const share = Math.floor(MOST_CHARACTERS / Math.max(1, results.length));
  const cut = results.map((result) => cutTo(result, share));
  return { results: cut.map(({ result }) => result), notes: cut.flatMap(({ note }) => (note === undefined ? [] : [note])) };
}

function cutTo(result: ItemResult, share: number): { readonly result: ItemResult; readonly note?: string } {
  const { response, index } = result;
  if (response === null || JSON.stringify(response).length <= share) return { result };
  const { data, how } = cutData(response.data, share);
  return { result: { ...result, response: { ...response, data } }, note: `Result ${index} is shortened: ${how}` };
}

/** A list keeps the rows that fit and says that more follow, which is what a page says too. */
function cutData(data: JsonObject, share: number): { readonly data: JsonObject; readonly how: string } {
  const { data: rows, ...rest } = data;
  if (!Array.isArray(rows)) return { data: { preview: JSON.stringify(data).slice(0, share) }, how: 'ask for fewer fields.' };
  const kept = rows.slice(0, fitting(rows, share - JSON.stringify(rest).length));
  const how = `${kept.length} of ${rows.length} rows of its page are here. Ask for the rest with a smaller limit and skip, or for fewer fields.`;
  return { data: { ...rest, data: kept, has_more: true }, how };
}

function fitting(rows: readonly unknown[], room: number): number {
  let left = room;
  const at = rows.findIndex((row) => {
    left -= (JSON.stringify(row)?.length ?? 0) + 1;
    return left < 0;
  });
  return at < 0 ? rows.length : at;
}
