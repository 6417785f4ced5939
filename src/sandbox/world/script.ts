import type { RouterError } from '../../contract/errors.ts';
import { scripted, tooManyRequests } from './refuse.ts';

/** A failure of the app that a test asks for. */
export interface ScriptedFailure {
  /** Short or full name; absent: any operation. */
  readonly operation?: string;
  /** before: nothing happens. after: the effect happens, and then the failure is answered. */
  readonly when: 'before' | 'after';
  /** The HTTP status that Close answers, or its 429. */
  readonly error: number | 'rate_limited';
  /** How often; default once. */
  readonly times?: number;
  /** How many matching calls go well first; default none. */
  readonly skip?: number;
  readonly retryAfterMs?: number;
}

interface Waiting {
  readonly failure: ScriptedFailure;
  skip: number;
  left: number;
}

export class Script {
  readonly #waiting: Waiting[] = [];

  add(failure: ScriptedFailure): void {
    this.#waiting.push({ failure, skip: failure.skip ?? 0, left: failure.times ?? 1 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** The failure of this call at this point, if one is due. Counts it. */
  next(operation: string, when: ScriptedFailure['when']): RouterError | undefined {
    for (const one of this.#waiting) {
      const { failure } = one;
      if (one.left === 0 || failure.when !== when || !isFor(failure, operation)) continue;
      if (one.skip > 0) {
        one.skip -= 1;
        continue;
      }
      one.left -= 1;
      return failure.error === 'rate_limited' ? tooManyRequests(failure.retryAfterMs ?? 1000) : scripted(failure.error);
    }
    return undefined;
  }
}

function isFor(failure: ScriptedFailure, operation: string): boolean {
  return failure.operation === undefined || failure.operation === operation || failure.operation === `close.${operation}`;
}
