import type { App } from '../contract/app.ts';
import type { BulkBook, Jobs } from '../contract/bulk.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import type { Policy, RunOptions } from '../router/router.ts';

/** What bulk runs are made of. */
export interface BulkParts {
  readonly apps: readonly App[];
  readonly run: (operation: string, input: JsonObject, options: RunOptions) => Promise<RunReport>;
  readonly policy: Policy;
  readonly book: BulkBook;
  /** Where the store is shared by many machines. */
  readonly jobs?: () => Promise<Jobs>;
  readonly now: () => Date;
  /** Milliseconds, monotonic. */
  readonly elapsed: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Where copies of stdin are kept. */
  readonly spoolFolder: string;
  /** The folder that paths are relative to. */
  readonly folder: string;
}
