import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { RowProblem, RowResult } from '../contract/bulk.ts';
import { RouterError } from '../contract/errors.ts';

/** `--output`: a line of JSON per row, with ids, codes and names of fields; nothing of what the rows hold. */
export interface ResultsFile extends Disposable {
  result(result: RowResult): void;
  problem(problem: RowProblem): void;
}

/**
 * Begins the file anew with the first line: whoever resumes a run gets the rows of before first, and a command that comes to
 * nothing leaves the old file alone. That it cannot be written is known before the work. Throws `configuration`.
 */
export function resultsFile(path: string | undefined): ResultsFile {
  if (path === undefined) return { result: () => undefined, problem: () => undefined, [Symbol.dispose]: () => undefined };
  const file = reachable(path, () => openSync(path, 'a'));
  let begun = false;
  const write = (line: object): void => {
    reachable(path, () => {
      if (!begun) ftruncateSync(file);
      writeSync(file, `${JSON.stringify(line)}\n`);
    });
    begun = true;
  };
  return {
    result: ({ line, state, code, object, fields }) => write({ line, ok: state === 'done', id: object, code, fields }),
    problem: ({ line, code, fields, what }) => write({ line, ok: false, code, fields, what }),
    [Symbol.dispose]: () => closeSync(file),
  };
}

function reachable<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new RouterError('configuration', { what: `the results file ${path} cannot be written`, next: 'Choose another path.' }, { cause });
  }
}
