/** What a tool answers: data for the program, a short text for the model. */
import type { ErrorJson } from '../contract/errors.ts';
import { RouterError } from '../contract/errors.ts';
import type { Receipt, RunReport } from '../contract/receipt.ts';
import { doneText, failedText } from './text.ts';

export type ToolOutcome =
  | { readonly ok: true; readonly data: unknown; readonly text: string; readonly receipt?: Receipt }
  | { readonly ok: false; readonly error: ErrorJson; readonly text: string; readonly receipt?: Receipt };

/** A router's report, for the model too. */
export function outcomeOf(report: RunReport): ToolOutcome {
  if (report.ok) return { ok: true, data: report.data, text: doneText(report.operation, report.data), receipt: report.receipt };
  return { ...refusal(report.error), ...(report.receipt === undefined ? {} : { receipt: report.receipt }) };
}

/** Data that came of no operation. */
export function answer(what: string, data: unknown): ToolOutcome {
  return { ok: true, data, text: doneText(what, data) };
}

export function refusal(error: ErrorJson): ToolOutcome {
  return { ok: false, error, text: failedText(error) };
}

/** Runs something that rejects with a RouterError where it refuses. Bugs go through. */
export async function settled(work: () => Promise<ToolOutcome>): Promise<ToolOutcome> {
  try {
    return await work();
  } catch (error) {
    // Another copy of the package may have made it, so that `instanceof` would not do.
    if (isOurs(error)) return refusal(error.toJSON());
    throw error;
  }
}

function isOurs(error: unknown): error is RouterError {
  return error instanceof RouterError || (error instanceof Error && 'isRouterError' in error);
}
