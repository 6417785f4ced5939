import type { JournalEntry } from '../contract/journal.ts';
import type { Attempt, Receipt, Verdict } from '../contract/receipt.ts';
import { printTable, type TableCell } from './table.ts';
import type { Terminal } from './terminal.ts';

/** One line per call: when, what, through which route, with which outcome. */
export async function printReceipts(terminal: Terminal, entries: readonly JournalEntry[]): Promise<void> {
  const rows = entries.map(({ receipt, outcome }): readonly TableCell[] => [
    ['dim', receipt.at.slice(0, 19).replace('T', ' ')],
    receipt.operation,
    routeText(receipt),
    [outcome === 'ok' ? 'green' : 'red', outcome],
    howKnown(receipt),
    `${receipt.attempts.length}`,
    `${Math.round(receipt.ms)} ms`,
    ['dim', receipt.id],
  ]);
  await printTable(terminal, ['at', 'operation', 'route', 'outcome', 'known by', 'attempts', 'took', 'receipt'], rows);
}

export async function printVerdicts(terminal: Terminal, verdicts: readonly Verdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  const rows = verdicts.map(({ backend, connection, transport, reason, detail }): readonly TableCell[] => [
    backend,
    connection ?? '',
    transport ?? '',
    reason === 'chosen' ? ['green', reason] : reason,
    detail ?? '',
  ]);
  await printTable(terminal, ['backend', 'connection', 'transport', 'verdict', 'because'], rows);
}

export async function printAttempts(terminal: Terminal, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(({ backend, connection, transport, delivery, code, status, ms }) => [
    backend,
    connection,
    transport,
    delivery,
    code ?? 'ok',
    status === undefined ? '' : `${status}`,
    `${Math.round(ms)} ms`,
  ]);
  await printTable(terminal, ['attempt', 'connection', 'transport', 'delivery', 'result', 'status', 'took'], rows);
}

/** What is known otherwise than by the answer to this call. */
export function howKnown({ confirmed, replayed }: Pick<Receipt, 'confirmed' | 'replayed'>): string {
  if (replayed) return 'replayed, nothing sent';
  if (confirmed === 'present') return 'looking: it had happened';
  return confirmed === 'absent' ? 'looking: it had not, sent again' : '';
}

/** `composio (tool) ca_1`, or a dash. */
export function routeText({ route }: Pick<Receipt, 'route'>): string {
  return route ? `${route.backend} (${route.transport}) ${route.connection}` : '–';
}
