/** A process that works on bulk runs, and kills itself at a step that it is told. Prints the report, if there is one. */
import type { Config } from '../../src/config/config.ts';
import type { BulkBook, BulkReport } from '../../src/contract/bulk.ts';
import type { Keys } from '../../src/contract/journal.ts';
import { type Core, openBulk, openCore } from '../../src/core.ts';

/** The row was taken; its key says that it is being sent; the app has answered; its result is on record. */
export type Step = 'taken' | 'marked' | 'answered' | 'settled';

export interface BulkJob {
  readonly config: Config;
  readonly folder: string;
  readonly settleMs: number;
  readonly concurrency: number;
  readonly task: { readonly input: string; readonly timeoutMs: number; readonly dryRun?: boolean } | { readonly resume: string } | 'work';
  /** At the step's nth time. */
  readonly dieAt?: { readonly step: Step; readonly nth: number };
}

/** As sudden as a power cut. */
function deadly({ journal }: Core, { step: dieAt, nth }: NonNullable<BulkJob['dieAt']>): void {
  let times = 0;
  const at = (step: Step): void => {
    if (step === dieAt) times += 1;
    if (times === nth) process.kill(process.pid, 'SIGKILL');
  };
  // Asked by these names each time; their types are read-only for everybody else.
  const book = journal.bulk as { -readonly [Name in keyof BulkBook]: BulkBook[Name] };
  const keys = journal.keys as { -readonly [Name in keyof Keys]: Keys[Name] };
  const { take, settle } = journal.bulk;
  const { sending } = journal.keys;
  book.take = async (...args) => after('taken', await take(...args));
  keys.sending = async (...args) => after('marked', await sending(...args));
  book.settle = async (...args) => {
    at('answered');
    return after('settled', await settle(...args));
  };
  function after<Value>(step: Step, value: Value): Value {
    at(step);
    return value;
  }
}

async function main({ config, folder, settleMs, concurrency, task, dieAt }: BulkJob): Promise<BulkReport | undefined> {
  await using core = await openCore(config, { settleMs });
  if (dieAt) deadly(core, dieAt);
  const bulk = await openBulk(core, { folder, spoolFolder: folder });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const quiet = { onProblem: () => undefined, onResult: () => undefined, onProgress: () => undefined, onNote: () => undefined };
  const effort = { concurrency, stop: stop.signal, listener: quiet };
  if (task === 'work') return void (await bulk.work(effort, { untilIdle: true }));
  if ('resume' in task) return await bulk.resume(task.resume, effort);
  const { input, timeoutMs, dryRun = false } = task;
  const request = {
    operation: 'close.lead.create',
    user: config.defaultUser,
    onError: 'stop',
    duplicates: 'file',
    approved: false,
  } as const;
  return await bulk.begin({ ...request, dryRun, again: false, input, timeoutMs }, effort);
}

if (process.argv[2] !== undefined) {
  // Written by the test that started this process.
  const report = await main(JSON.parse(process.argv[2]) as BulkJob);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1000);
  if (report) process.stdout.write(JSON.stringify({ report, peakMb }));
}
