/** A process that does one write under an idempotency key, and kills itself at a step that it is told. Prints the report. */
import type { Config } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Journal } from '../../src/contract/journal.ts';
import { openCore } from '../../src/core.ts';

export type Step = 'taken' | 'marked' | 'answered' | 'found' | 'claimed' | 'settled' | 'recorded';

export interface Job {
  readonly config: Config;
  readonly settleMs: number;
  readonly operation: string;
  readonly input: JsonObject;
  readonly key: string;
  readonly user: string;
  readonly timeoutMs: number;
  readonly dieAt?: Step;
}

/** As sudden as a power cut: no handler runs, nothing is flushed. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Dies right before or right after a step of the journal. */
function deadly(journal: Journal, dieAt: Step | undefined): void {
  // The router asks the journal by these names each time; their types are read-only for everybody else.
  const keys = journal.keys as { -readonly [Name in keyof Journal['keys']]: Journal['keys'][Name] };
  const open = journal as { -readonly [Name in keyof Journal]: Journal[Name] };
  const { take, sending, settle } = journal.keys;
  const { claim, record } = journal;
  const at = (step: Step): void => (step === dieAt ? die() : undefined);
  keys.take = async (...args) => after('taken', await take(...args));
  keys.sending = async (...args) => after('marked', await sending(...args));
  keys.settle = async (...args) => after('settled', await settle(...args));
  open.record = async (...args) => after('recorded', await record(...args));
  open.claim = async (...args) => {
    const isMark = args[1].startsWith('found ');
    if (!isMark) at('answered');
    return after(isMark ? 'found' : 'claimed', await claim(...args));
  };
  function after<T>(step: Step, value: T): T {
    at(step);
    return value;
  }
}

if (process.argv[2] !== undefined) {
  // Written by the test that started this process.
  const { config, settleMs, operation, input, key, user, timeoutMs, dieAt } = JSON.parse(process.argv[2]) as Job;
  await using core = await openCore(config, { settleMs });
  deadly(core.journal, dieAt);
  const report = await core.router.run(operation, input, { user, timeoutMs, idempotencyKey: key, approved: true });
  process.stdout.write(JSON.stringify(report));
}
