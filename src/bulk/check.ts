import type { BulkRequest, RowProblem } from '../contract/bulk.ts';
import { isRouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { permit } from '../router/policy.ts';
import { validate } from '../router/validate.ts';
import type { Duplicates } from './duplicates.ts';
import type { BulkParts } from './parts.ts';
import type { Row } from './rows.ts';

export interface Checking {
  readonly entry: Operation | Intent;
  readonly duplicates: Duplicates;
  readonly onProblem: (problem: RowProblem) => Promise<void>;
  readonly onRow: (rows: number) => void;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

export interface Checked {
  readonly rows: number;
  readonly problems: number;
  /** An input that is fit to be sent. */
  readonly sample?: JsonObject;
}

/** Reads every row, and sends none: is it valid, is it permitted, was it there before? Throws what concerns the whole run. */
export async function checkRows(
  { policy }: BulkParts,
  rows: AsyncGenerator<Row, void, undefined>,
  { approved }: Pick<BulkRequest, 'approved'>,
  checking: Checking,
): Promise<Checked> {
  const { entry, duplicates, onProblem, onRow, concurrency, signal } = checking;
  let [count, problems] = [0, 0];
  let sample: JsonObject | undefined;
  const checker = async (): Promise<void> => {
    for await (const row of shared(rows)) {
      signal.throwIfAborted();
      count += 1;
      onRow(count);
      const { input, problem } = validated(entry, row);
      if (input) permit(entry, input, policy, approved);
      sample ??= input;
      const found = problem ?? (input && (await duplicates(row.line, input)));
      if (found) {
        problems += 1;
        await onProblem(found);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, checker));
  return { rows: count, problems, ...(sample === undefined ? {} : { sample }) };
}

/** Several readers of one generator: ending one must not end it for the others. */
function shared<Item>(generator: AsyncGenerator<Item, void, undefined>): AsyncIterable<Item> {
  return { [Symbol.asyncIterator]: () => ({ next: () => generator.next() }) };
}

/** The row's input in its canonical form, or what is wrong with it. */
export function validated(entry: Operation | Intent, row: Row): { readonly input?: JsonObject; readonly problem?: RowProblem } {
  const { line } = row;
  if (row.problem !== undefined) return { problem: { line, code: 'invalid_input', what: row.problem, fields: [] } };
  try {
    return { input: validate(entry, row.input) };
  } catch (error) {
    if (!isRouterError(error)) throw error;
    const { what, fields = [] } = error.details;
    return { problem: { line, code: 'invalid_input', what, fields: fields.map(({ path }) => path) } };
  }
}
