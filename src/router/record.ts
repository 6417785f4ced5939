import { randomUUID } from 'node:crypto';
import { isRouterError, type RouterError } from '../contract/errors.ts';
import type { Outcome } from '../contract/executor.ts';
import type { Inverse, Journal } from '../contract/journal.ts';
import type { Receipt, RunReport } from '../contract/receipt.ts';

/**
 * Writes the receipt to the journal. The call is over by then: a journal that fails must not turn a success into an error that
 * invites a second write, so the receipt says that it was not kept.
 */
export async function record(
  journal: Journal,
  receipt: Receipt,
  error: RouterError | undefined,
  inverses: readonly Inverse[] = [],
): Promise<Receipt> {
  try {
    await journal.record({ receipt, outcome: error ? error.code : 'ok' }, inverses);
    return receipt;
  } catch (failure) {
    if (!isRouterError(failure)) throw failure;
    return { ...receipt, unrecorded: failure.message };
  }
}

export function receiptId(): string {
  return `call_${randomUUID().replaceAll('-', '')}`;
}

/** What `run --json` prints of an outcome. */
export function reportOf(operation: string, outcome: Outcome): RunReport {
  if (!outcome.ok) return { ok: false, operation, error: outcome.error.toJSON(), ...(outcome.receipt ? { receipt: outcome.receipt } : {}) };
  return { ok: true, operation, data: outcome.data, receipt: outcome.receipt ?? emptyReceipt(operation) };
}

function emptyReceipt(operation: string): Receipt {
  return { id: receiptId(), operation, user: '', at: new Date(0).toISOString(), verdicts: [], attempts: [], ms: 0 };
}
