import type { ErrorCode, ErrorJson } from './errors.ts';
import type { JsonObject } from './guards.ts';

export type BulkFormat = 'csv' | 'jsonl';

/** `stopped`: it can be resumed. */
export type BulkState = 'running' | 'stopped' | 'done';

/** One file whose rows are calls of one operation. Holds nothing of what is in the rows. */
export interface BulkRun {
  readonly id: string;
  /** Full name. */
  readonly operation: string;
  readonly user: string;
  /** `backend` or `backend:connection`: that one or nothing. */
  readonly via?: string;
  /** Absolute path. */
  readonly file: string;
  readonly format: BulkFormat;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly rows: number;
  readonly onError: 'stop' | 'skip';
  /** For each row. */
  readonly timeoutMs: number;
  /** The caller had the consent that the policy wants. */
  readonly approved: boolean;
  /** Updates keep what was there before. */
  readonly undoable?: boolean;
  /** `file` is our own copy of what came through stdin. */
  readonly spooled: boolean;
  readonly state: BulkState;
  /** Why it stopped: an error code, or `interrupted`. */
  readonly reason?: string;
  /** Every row is in the job queue, so that nobody needs the file any more. */
  readonly loaded: boolean;
  /** When it began (ISO). */
  readonly at: string;
}

/** `open`: begun and let go, provably without effect. `taken`: somebody works on it. The others are results. */
export type RowState = 'open' | 'taken' | 'done' | 'failed' | 'unknown';

/** What became of a row. Holds ids, codes and names of fields only. */
export interface RowResult {
  readonly line: number;
  readonly state: Extract<RowState, 'done' | 'failed' | 'unknown'>;
  readonly code?: ErrorCode;
  /** The id of what was made or changed. */
  readonly object?: string;
  /** Fields that were refused. */
  readonly fields?: readonly string[];
  /** When it was settled (ISO). */
  readonly at: string;
}

/** How a row stands. `begun` is when somebody first took it (ISO). */
export interface RowStanding {
  readonly line: number;
  readonly state: RowState;
  readonly owner: string;
  readonly begun: string;
  readonly until: string;
}

/** Runs and their rows, in the journal's database. A row that nobody has touched has no record. */
export interface BulkBook {
  begin(run: BulkRun): Promise<void>;
  run(id: string): Promise<BulkRun | undefined>;
  /** Newest first. */
  runs(limit: number): Promise<readonly BulkRun[]>;
  /** Runs of the same content for the same user, newest first. */
  alike(run: Pick<BulkRun, 'hash' | 'operation' | 'user'>): Promise<readonly BulkRun[]>;
  move(id: string, state: BulkState, reason?: string): Promise<void>;
  /** From now on nobody needs the file. */
  loaded(id: string): Promise<void>;
  /** Takes a row for `owner`. One caller gets `mine`; the others hear how it stands. */
  take(id: string, line: number, owner: string, at: string, until: string): Promise<'mine' | RowStanding>;
  /** Takes a row that stands as was told. False: somebody else was quicker. */
  takeOver(id: string, from: RowStanding, owner: string, until: string): Promise<boolean>;
  /** False: somebody else has taken the row over, and it must be left alone. */
  renew(id: string, line: number, owner: string, until: string): Promise<boolean>;
  /** The result, unless somebody else has taken the row over. What the idempotency key kept of it is dropped. */
  settle(id: string, owner: string, result: RowResult, key: { readonly user: string; readonly key: string }): Promise<void>;
  /** Lets go of a row that was provably not executed, or has to be looked at again. */
  leave(id: string, line: number, owner: string): Promise<void>;
  /** Rows that somebody works on, or died over. */
  taken(id: string): Promise<readonly RowStanding[]>;
  /** The result of a row that is never sent. */
  refuse(id: string, result: RowResult): Promise<void>;
  /** Results in the order in which they came, after a place in that order. */
  results(id: string, after: { readonly at: string; readonly line: number }, limit: number): Promise<readonly RowResult[]>;
  counts(id: string): Promise<readonly { readonly state: RowState; readonly code?: ErrorCode; readonly rows: number }[]>;
}

/** A row in the queue. */
export interface Job {
  readonly id: string;
  readonly line: number;
  readonly input: JsonObject;
}

/** Rows that wait for workers, on a store that many machines share. Unlike the journal it holds their content, until they are done. */
export interface Jobs {
  /** Makes a run's queue; a job that is held longer goes to somebody else. */
  open(run: string, holdMs: number): Promise<void>;
  /** Adding a row a second time does nothing. */
  add(run: string, rows: readonly { readonly line: number; readonly input: JsonObject }[]): Promise<void>;
  /** undefined: nothing waits. */
  fetch(run: string): Promise<Job | undefined>;
  done(run: string, job: string): Promise<void>;
  /** Back into the queue. */
  back(run: string, job: string): Promise<void>;
  /** Takes jobs away from those who hold them too long, or whose rows are not among those that somebody works on. */
  recover(run: string, held: ReadonlySet<number>): Promise<void>;
  /** The queue and all that is in it. */
  drop(run: string): Promise<void>;
  close(): Promise<void>;
}

export interface BulkRequest {
  /** Full name. */
  readonly operation: string;
  readonly user: string;
  readonly via?: string;
  /** A path, or the stream that has to be kept first. */
  readonly input: string | AsyncIterable<Uint8Array>;
  readonly format?: BulkFormat;
  readonly onError: 'stop' | 'skip';
  /** `file`: within the file. `app`: there, and among what the app has. */
  readonly duplicates: 'off' | 'file' | 'app';
  readonly timeoutMs?: number;
  readonly approved: boolean;
  readonly undoable?: boolean;
  readonly dryRun: boolean;
  /** The same file may be run again. */
  readonly again: boolean;
}

/** How the work is done; may differ each time a run is resumed. */
export interface BulkEffort {
  readonly concurrency: number;
  /** Aborted when the person wants it to end: rows that were begun are finished first. */
  readonly stop: AbortSignal;
  readonly listener: BulkListener;
}

/** Why a row is not fit to be sent. Holds no value. */
export interface RowProblem {
  readonly line: number;
  readonly code: Extract<ErrorCode, 'invalid_input' | 'conflict'>;
  readonly what: string;
  readonly fields: readonly string[];
}

export interface BulkProgress {
  readonly stage: 'checking' | 'queueing' | 'running';
  /** Absent while nobody knows. */
  readonly rows?: number;
  readonly done: number;
  readonly failed: number;
  /** Rows per second since this process began. */
  readonly rate: number;
  readonly etaMs?: number;
}

export interface BulkListener {
  onProblem(problem: RowProblem): void;
  onResult(result: RowResult): void;
  onProgress(progress: BulkProgress): void;
  /** A wait, or whatever else a person wants to know. */
  onNote(text: string): void;
}

/** How a run ended, for the time being. */
export interface BulkReport {
  readonly ok: boolean;
  readonly operation: string;
  /** Absent when nothing was begun. */
  readonly run?: string;
  /** `checked`: a dry run. `refused`: rows are not fit to be sent, and nothing was. */
  readonly state: BulkState | 'checked' | 'refused';
  readonly rows: number;
  readonly done: number;
  readonly failed: number;
  readonly unknown: number;
  /** Neither done nor failed. */
  readonly left: number;
  /** How many rows failed, by error code. */
  readonly codes: Readonly<Partial<Record<ErrorCode, number>>>;
  /** The first problems, and how many there are in all. */
  readonly problems: readonly RowProblem[];
  readonly problem_count: number;
  /** Why it stopped. */
  readonly error?: ErrorJson;
  /** The command that goes on with it. */
  readonly resume?: string;
  readonly ms: number;
}
