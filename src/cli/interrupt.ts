import type { ErrorJson } from '../contract/errors.ts';
import type { Terminal } from './terminal.ts';

/** What Ctrl-C came to. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Tells how to go on after a call that was interrupted. */
  explain(error: ErrorJson, key: string | undefined): void;
}

/** Ctrl-C ends the call, not the process: whether a write happened still has to be told. A second one ends everything. */
export function interruptible(terminal: Terminal, told: string = ENDING): Interrupt {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    terminal.say(told);
    controller.abort(new Error('interrupted'));
  });
  return {
    signal: controller.signal,
    explain: ({ code }, key) => {
      if (controller.signal.aborted) terminal.say(howToGoOn(code, key));
    },
  };
}

const ENDING = 'Interrupted: ending the call to tell what is known of it. Ctrl-C again ends at once.';

function howToGoOn(code: string, key: string | undefined): string {
  const again = key === undefined ? undefined : `Repeat the call with --idempotency-key ${key}`;
  if (code !== 'outcome_unknown')
    return `The request under way was not executed. ${again ? `${again} to go on where it ended.` : 'The call can be repeated.'}`;
  if (again) return `The write may have happened. ${again}: it looks first, and writes only what is not there.`;
  return 'The write may have happened: look before you repeat it. With --idempotency-key <key> the next call can be repeated safely.';
}
