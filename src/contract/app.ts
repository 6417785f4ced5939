import type { Failure } from './adapter.ts';
import type { Account } from './connection.ts';
import type { RouterError } from './errors.ts';
import type { RateLimit } from './executor.ts';
import type { Effect, Intent, Operation } from './operation.ts';

/** What the app's own HTTP error bodies mean, both ways. */
export interface AppErrors {
  /**
   * Reads a status of 400 or above, or a body that is not what a success looks like. Never copies payload text of a person.
   * `effect` is what the request was meant to do: only the app's own words prove that a write was not executed.
   */
  read(reply: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
    readonly effect?: Effect;
  }): Failure;
  /** Writes our error the way the app would. */
  write(error: RouterError): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown };
}

/** One app: its operations, loaded noun by noun, and what the router must know of its HTTP dialect. */
export interface App {
  readonly id: string;
  /** Every operation and intent id, without loading any. */
  readonly ids: readonly string[];
  /** Loads the noun's file. undefined: no such operation or intent. */
  find(id: string): Promise<Operation | Intent | undefined>;
  /** Loads everything, in the order of `ids`. */
  all(): Promise<readonly (Operation | Intent)[]>;
  readonly errors: AppErrors;
  /** The rate limit that reply headers tell, in any dialect the app has used. */
  rateLimit(headers: Readonly<Record<string, string>>): RateLimit | undefined;
  /** The read that tells who a connection is, and how to read its canonical output. */
  readonly identity: { readonly operation: string; account(output: unknown): Account | undefined };
}

export function isIntent(entry: Operation | Intent): entry is Intent {
  return 'run' in entry;
}
