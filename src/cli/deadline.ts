import { RouterError } from '../contract/errors.ts';

/** Waits for the work, but not for ever. Rejects with `timeout`; what still runs then runs on. */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate(ms)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(ms: number): RouterError {
  return new RouterError('timeout', {
    what: `it was not done within ${Math.round(ms / 1000)} s`,
    next: 'Run it again when the machine has less to do; nothing outside of the sandbox was touched.',
  });
}
