import type { BackendId } from './backend.ts';
import type { Account } from './connection.ts';
import type { ErrorCode } from './errors.ts';
import type { JsonObject } from './guards.ts';
import type { Receipt } from './receipt.ts';
import type { Switchboard } from './switchboard.ts';

/** One finished call as the journal keeps it. */
export interface JournalEntry {
  readonly receipt: Receipt;
  readonly outcome: 'ok' | ErrorCode;
}

export interface JournalQuery {
  /** Newest first; default 50. */
  readonly limit?: number;
  readonly operation?: string;
  readonly user?: string;
  readonly outcome?: string;
  /** ISO instant. */
  readonly since?: string;
}

/** What calls have shown of a connection, in whichever process on this store. ISO instants at which the calls began. */
export interface LastUses {
  readonly succeededAt?: string;
  /** Not what the caller did wrong: what the connection, its credential or the road to it did. */
  readonly failed?: { readonly at: string; readonly code: ErrorCode };
}

/** What happened, append-only and redacted: no input, no output, no credential. */
export interface Journal {
  /** With how the call's writes can be taken back, in their order. */
  record(entry: JournalEntry, inverses?: readonly Inverse[]): Promise<void>;
  list(query: JournalQuery): Promise<readonly JournalEntry[]>;
  show(id: string): Promise<JournalEntry | undefined>;
  /** The account that a connection was last seen to be, and when that was read (ISO). */
  account(backend: BackendId, connection: string): Promise<{ readonly account: Account; readonly at: string } | undefined>;
  rememberAccount(backend: BackendId, connection: string, account: Account, at: string): Promise<void>;
  /** When calls last went well through a connection, and when they last failed for its sake. */
  lastUses(backend: BackendId, connection: string): Promise<LastUses>;
  /** Which of these objects of the app are known as the work of calls. Ids only. */
  claimed(app: string, objects: readonly string[]): Promise<ReadonlySet<string>>;
  /** Notes that an object is the work of a call. False: it is another call's already. */
  claim(app: string, object: string, call: string): Promise<boolean>;
  readonly keys: Keys;
  /** Absent: nothing is shared, each process learns for itself. */
  readonly shared?: Shared;
  /** Absent: nothing can be undone. */
  readonly inverses?: Inverses;
  /** Absent: nobody moves users, or stops a backend, while calls are running. */
  readonly switchboard?: Switchboard;
  close(): Promise<void>;
}

/** What a caller wants done at most once. */
export interface KeyRequest {
  readonly user: string;
  readonly key: string;
  /** Full name of the operation. */
  readonly operation: string;
  /** Of operation and input; tells a repetition from a reuse. */
  readonly hash: string;
}

/** How a key stands. `sent`: a request may have been executed, since `at`; `owner` was working on it. */
export type KeyState =
  | { readonly state: 'mine' }
  | { readonly state: 'done'; readonly hash: string; readonly data: unknown }
  | { readonly state: 'open' | 'sent'; readonly hash: string; readonly owner: string; readonly at: string; readonly until: string };

/** Idempotency keys: written before anything is sent, so that they hold when the process dies in between. */
export interface Keys {
  /** Takes the key for `owner` until an instant (ISO), or says how it stands. One caller at a time gets `mine`. */
  take(request: KeyRequest, owner: string, at: string, until: string): Promise<KeyState>;
  /** Takes over a key whose owner died. False: somebody else was quicker. */
  takeOver(request: KeyRequest, from: string, owner: string, until: string): Promise<boolean>;
  /** From now on a request may have been executed. False: somebody else has taken the key over, and nothing may be sent. */
  sending(request: KeyRequest, owner: string, at: string): Promise<boolean>;
  /** The result to replay. */
  settle(request: KeyRequest, owner: string, data: unknown, at: string): Promise<void>;
  /** Nothing was executed: the key is as if it had never been used. */
  release(request: KeyRequest, owner: string): Promise<void>;
  /** Nobody works on it any more, and its outcome is unknown: the next caller confirms first. */
  abandon(request: KeyRequest, owner: string, at: string): Promise<void>;
  /** Forgets keys that were settled before an instant (ISO). Returns how many. */
  forget(before: string): Promise<number>;
}

/** Something that one process found out. */
export interface Note {
  readonly kind: string;
  /** What it is about; ids only. */
  readonly subject: string;
  readonly count: number;
  /** ISO instants: when it was found out, and how long it is worth something. */
  readonly at: string;
  readonly until: string;
}

/** What the app last told of an account's limit in one endpoint group. */
export interface SharedLimit {
  readonly account: string;
  readonly endpoint: string;
  readonly capacity: number;
  readonly remaining: number;
  /** ISO instants: when it was told, and when the window ends. */
  readonly at: string;
  readonly resets: string;
}

/** What processes on one store tell each other of the world. All of it is short-lived, and can be lost without harm. */
export interface Shared {
  /** All notes that still hold at an instant (ISO). */
  notes(at: string): Promise<readonly Note[]>;
  note(note: Note): Promise<void>;
  withdraw(kind: string, subject: string): Promise<void>;
  /** Drops notes that ran out before an instant (ISO). Returns how many. */
  forget(before: string): Promise<number>;
  limit(account: string, endpoint: string): Promise<SharedLimit | undefined>;
  learn(limit: SharedLimit): Promise<void>;
  /** Takes one of what is left, if more than `floor` is. False: there is not, or no window is running. */
  take(account: string, endpoint: string, floor: number, at: string): Promise<boolean>;
}

/** How one write can be taken back, as far as that was known when it was done. */
export interface Inverse {
  /** The write: full name of the operation, and the route that it took. */
  readonly operation: string;
  readonly backend: BackendId;
  readonly connection: string;
  readonly how: 'delete' | 'restore' | 'none';
  /** What is to be deleted or restored: its id, or what else its operation names it by. */
  readonly object?: string;
  /**
   * What the write left, to tell whether somebody has changed it since, and of an update what was there before. May be personal:
   * it is never part of a receipt, an error or a log, and goes when it is no longer needed.
   */
  readonly image?: JsonObject;
  /** Why it cannot be undone. */
  readonly why?: string;
  /** The larger piece of work that the call was part of. */
  readonly run?: string;
}

export interface KeptInverse extends Inverse {
  readonly call: string;
  /** Among the writes of the call, from 0. */
  readonly position: number;
  readonly user: string;
  /** ISO instants. */
  readonly at: string;
  readonly undone?: string;
}

/** What undo has to go by. */
export interface Inverses {
  /** Of one call, in the order in which they were made. */
  of(call: string): Promise<readonly KeptInverse[]>;
  /** Of the calls of a run, a page of them: the last write first, each call whole. `before`: where the page before ended. Empty: that was all. */
  ofRun(run: string, before?: Pick<KeptInverse, 'at' | 'call'>): Promise<readonly KeptInverse[]>;
  /** How many writes the calls of a run have made. */
  count(run: string): Promise<number>;
  /** The write is undone; its image is dropped. */
  undone(call: string, position: number, at: string): Promise<void>;
  /** Forgets writes of before an instant (ISO). Returns how many. */
  forget(before: string): Promise<number>;
}
