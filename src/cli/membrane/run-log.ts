/** What Membrane keeps of a run, from the journal. Source: backends/membrane.md §3.3 */
import { openLog } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { numberFlag, textFlag } from '../flags.ts';
import { printAttempts, printReceipts, printVerdicts } from '../receipts.ts';
import { guarded } from './guard.ts';

/** `action-run-log list`: newest first. */
export const list = guarded(async (context, _args, values) => {
  const { terminal } = context;
  const user = context.user ?? textFlag(values, 'tenantKey');
  await using journal = await openLog(context);
  const limit = numberFlag(values, 'limit', { least: 1, most: 1000, whole: true }) ?? 20;
  const entries = await journal.list({ limit, ...(user === undefined ? {} : { user }) });
  if (terminal.json) terminal.result({ items: entries.map(recordOf) });
  else if (entries.length > 0) await printReceipts(terminal, entries);
  else terminal.say('No runs yet.');
});

/** `action-run-log get`: by the actionRunId that a run printed. */
export const get = guarded(async (context, [id = '']) => {
  const { terminal } = context;
  await using journal = await openLog(context);
  const entry = await journal.show(id);
  if (!entry) throw new RouterError('not_found', { what: 'there is no run with that id', next: 'See "action-run-log list" for the ids.' });
  if (terminal.json) return terminal.result(recordOf(entry));
  await printReceipts(terminal, [entry]);
  await printVerdicts(terminal, entry.receipt.verdicts);
  await printAttempts(terminal, entry.receipt.attempts);
});

/** No input and no output: the journal keeps neither. */
function recordOf({ receipt, outcome }: JournalEntry): object {
  const { id, operation, user, at, ms, route, verdicts, attempts } = receipt;
  return {
    id,
    name: operation,
    integrationActionId: operation,
    userId: user,
    ...(route ? { connectionId: `${route.backend}:${route.connection}` } : {}),
    status: outcome === 'ok' ? 'success' : 'error',
    createdAt: at,
    completedAt: new Date(Date.parse(at) + ms).toISOString(),
    duration: Math.round(ms),
    ...(outcome === 'ok' ? {} : { error: { message: outcome, key: outcome } }),
    meta: { verdicts, attempts },
  };
}
