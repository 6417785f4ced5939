import { openLog } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import type { Context } from '../context.ts';
import { numberFlag, textFlag, type Values } from '../flags.ts';
import { printAttempts, printReceipts, printVerdicts } from '../receipts.ts';
import { noteEndOfSandbox } from '../sandbox-note.ts';

/** `log`: receipts, newest first. */
export async function log(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal, app, user } = context;
  const operation = textFlag(values, 'operation');
  await using journal = await openLog(context);
  const entries = await journal.list({
    limit: numberFlag(values, 'limit', { least: 1 }) ?? 50,
    ...(operation === undefined ? {} : { operation: operation.startsWith(`${app}.`) ? operation : `${app}.${operation}` }),
    ...pick('outcome', textFlag(values, 'outcome')),
    ...pick('since', textFlag(values, 'since')),
    ...pick('user', user),
  });
  if (terminal.json) return terminal.result({ calls: entries.map(flat) });
  if (entries.length === 0) return terminal.say('No calls yet.');
  await printReceipts(terminal, entries);
  noteEndOfSandbox(context, 'The ids in these calls lead nowhere');
}

/** `log show <id>`: one receipt whole. */
export async function logShow(context: Context, [id = '']: readonly string[]): Promise<void> {
  const { terminal } = context;
  await using journal = await openLog(context);
  const entry = await journal.show(id);
  if (!entry) {
    throw new RouterError('not_found', { what: 'the journal has no call with that id', next: 'See "skillrouter log" for the ids.' });
  }
  if (terminal.json) return terminal.result(flat(entry));
  await printReceipts(terminal, [entry]);
  await printVerdicts(terminal, entry.receipt.verdicts);
  await printAttempts(terminal, entry.receipt.attempts);
  const { notes = [], unrecorded } = entry.receipt;
  for (const note of notes) terminal.print(`note: ${note}`);
  if (unrecorded !== undefined) terminal.print(`not kept: ${unrecorded}`);
}

function flat({ receipt, outcome }: JournalEntry): object {
  return { ...receipt, outcome };
}

function pick<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  // The key is the type parameter itself; an object literal cannot say so.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
}
