import type { BackendId, Transport } from './backend.ts';
import type { JsonObject } from './guards.ts';

/** What an operator decided for every process on the store, under a name; the newest decision replaces the one before. */
export interface Ruling {
  readonly name: string;
  /** Counts the decisions under this name, from 1. */
  readonly revision: number;
  /** Who decided, for people. */
  readonly by: string;
  /** ISO instant. */
  readonly at: string;
  readonly value: JsonObject;
}

/** What one process has counted since it began. Absolute, so that telling it twice does no harm. */
export interface Tally {
  /** What the counting is for. */
  readonly subject: string;
  /** Which process counted. */
  readonly counter: string;
  /** Full name of the operation. */
  readonly operation: string;
  readonly measure: string;
  readonly count: number;
  /** Of a measure that has one: the sum of its values, e.g. milliseconds. */
  readonly total: number;
}

/** The tallies of all processes, added up. */
export type Counted = Pick<Tally, 'operation' | 'measure' | 'count' | 'total'>;

/** How often one operation went one way. */
export interface OperationUse {
  /** Full name of the call. */
  readonly call: string;
  /** Of an intent's call: the id of the operation that the requests were for. */
  readonly step?: string;
  readonly backend: BackendId;
  readonly transport: Transport;
  readonly requests: number;
  /** ISO instant. */
  readonly last: string;
}

export interface UserUse {
  readonly user: string;
  readonly calls: number;
  readonly last: string;
}

/** How the requests through one backend ended; without a code they succeeded. */
export interface Ending {
  readonly backend: BackendId;
  readonly code?: string;
  readonly requests: number;
  readonly ms: number;
}

/** Rulings, tallies, and what the journal tells of use: all that processes on one store need to move together. */
export interface Switchboard {
  rulings(): Promise<readonly Ruling[]>;
  /** Puts a ruling in the place of the revision before it. False: somebody else was quicker. */
  rule(ruling: Ruling): Promise<boolean>;
  tell(tallies: readonly Tally[]): Promise<void>;
  counted(subject: string): Promise<readonly Counted[]>;
  /** Forgets the tallies of every subject that begins so, but for one. */
  forget(prefix: string, except: string): Promise<void>;
  /** Of calls since an instant (ISO). */
  operations(since: string): Promise<readonly OperationUse[]>;
  users(since: string): Promise<readonly UserUse[]>;
  /** The minute in which most calls went through a backend. */
  busiest(backend: BackendId, since: string): Promise<{ readonly minute: string; readonly calls: number } | undefined>;
  /** Of the last calls since an instant, no more than `limit` of them. */
  endings(since: string, limit: number): Promise<readonly Ending[]>;
}
