import { listOperations, searchOperations } from '../../operations.ts';
import type { Context } from '../context.ts';
import { isSet, type Values } from '../flags.ts';
import { counted, printTable } from '../table.ts';

/** Further down it gets vague; who needs it asks for it. */
const BEST = 10;

/** `ops [words]`: every operation, or those that fit the words best, best first. */
export async function ops({ terminal, app }: Context, words: readonly string[], values: Values): Promise<void> {
  const found = words.length > 0 ? await searchOperations(app, words.join(' ')) : await listOperations(app);
  const operations = words.length > 0 && !isSet(values, 'all') ? found.slice(0, BEST) : found;
  const more = found.length - operations.length;
  if (terminal.json) return terminal.result({ operations, ...(more > 0 ? { more } : {}) });
  const rows = operations.map(({ id, effect, summary }) => [['cyan', id] as const, effect, summary]);
  if (rows.length > 0) await printTable(terminal, ['operation', 'effect', 'summary'], rows);
  const rest = more > 0 ? `, ${more} more with --all` : '';
  terminal.say(
    terminal.tint('dim', `${counted(operations.length, 'operation')}${rest}. "skillrouter ops show <operation>" has the fields.`),
  );
}
