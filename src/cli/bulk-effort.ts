import type { BulkEffort, BulkListener } from '../contract/bulk.ts';
import { RouterError } from '../contract/errors.ts';
import { numberFlag, type Values } from './flags.ts';
import type { Terminal } from './terminal.ts';

const CONCURRENCY = 4;
const MOST_CONCURRENCY = 64;

/** How hard to work, until Ctrl-C: rows that were begun are finished, and a second Ctrl-C ends at once. */
export function effortOf(terminal: Terminal, values: Values, listener: BulkListener): BulkEffort {
  const concurrency = numberFlag(values, 'concurrency', { least: 1, most: MOST_CONCURRENCY }) ?? CONCURRENCY;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      terminal.say('Stopping: rows that were begun are finished first. Again ends at once; no row is repeated either way.');
      stop.abort(interrupted());
    });
  }
  return { concurrency: Math.floor(concurrency), stop: stop.signal, listener };
}

function interrupted(): RouterError {
  return new RouterError('timeout', { what: 'interrupted while the rows were being checked', next: 'Nothing was sent.' });
}
