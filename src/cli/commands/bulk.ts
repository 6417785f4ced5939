import { openBulk, openSession } from '../../app.ts';
import type { BulkRequest } from '../../contract/bulk.ts';
import { RouterError } from '../../contract/errors.ts';
import { effortOf } from '../bulk-effort.ts';
import { exitCodeOfBulk, showBulk } from '../bulk-report.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag, textFlag, type Values } from '../flags.ts';
import { progressOn } from '../progress.ts';
import { resultsFile } from '../results-file.ts';

/** `bulk <op> --input …` and `bulk --resume <run>`: one summary, and a result per row as it comes. */
export async function bulk(context: Context, [name]: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const id = textFlag(values, 'resume');
  const wanted = id === undefined ? wishOf(context, name, values) : undefined;
  using results = resultsFile(textFlag(values, 'output'));
  const progress = progressOn(terminal);
  const effort = effortOf(terminal, values, {
    // Rows that are skipped come again as results, once the run has begun.
    onProblem: (problem) => (wanted?.onError === 'skip' && !wanted.dryRun ? undefined : results.problem(problem)),
    onResult: (result) => results.result(result),
    onProgress: (event) => progress.show(event),
    onNote: (text) => terminal.say(terminal.tint('dim', text)),
  });
  await using session = await openSession(context);
  const runs = await openBulk(session);
  const report = wanted ? await runs.begin({ ...wanted, user: session.user }, effort) : await runs.resume(id ?? '', effort);
  progress.end();
  process.exitCode = exitCodeOfBulk(report);
  showBulk(terminal, report);
}

type Wish = Omit<BulkRequest, 'user'>;

function wishOf({ app, via }: Context, name: string | undefined, values: Values): Wish {
  const input = textFlag(values, 'input');
  if (name === undefined || input === undefined) throw incomplete();
  const timeout = numberFlag(values, 'timeout', { least: 0.001, most: 86_400 });
  const format = textFlag(values, 'format');
  const duplicates = textFlag(values, 'checkDuplicates');
  return {
    operation: name.startsWith(`${app}.`) ? name : `${app}.${name}`,
    input: input === '-' ? process.stdin : input.replace(/^@/, ''),
    onError: textFlag(values, 'onError') === 'skip' ? 'skip' : 'stop',
    duplicates: duplicates === 'off' || duplicates === 'app' ? duplicates : 'file',
    approved: isSet(values, 'yes'),
    dryRun: isSet(values, 'dryRun'),
    again: isSet(values, 'again'),
    ...(isSet(values, 'undoable') ? { undoable: true } : {}),
    ...(format === 'csv' || format === 'jsonl' ? { format } : {}),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(via === undefined ? {} : { via }),
  };
}

function incomplete(): RouterError {
  return new RouterError('invalid_input', {
    what: 'a bulk run needs an operation and --input, or --resume <run>',
    next: 'Write "skillrouter bulk lead.create --input leads.csv"; nothing was sent.',
  });
}
