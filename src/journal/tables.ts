import { BULK_COLUMNS, type BulkTables } from './bulk-tables.ts';
import { SWITCH_COLUMNS, type SwitchTables } from './switch-tables.ts';

/** One finished call. `verdicts` is JSON: it is shown whole and never searched. */
export interface CallRow {
  readonly id: string;
  /** ISO instant, UTC. */
  readonly at: string;
  readonly operation: string;
  readonly user: string;
  readonly outcome: string;
  readonly delivery: string | null;
  readonly backend: string | null;
  readonly connection: string | null;
  readonly transport: string | null;
  readonly verdicts: string;
  readonly ms: number;
  readonly confirmed: string | null;
  /** 1: nothing was sent, the result of an earlier call was given again. */
  readonly replayed: number | null;
  /** What was changed in the input, a list as JSON. */
  readonly notes: string | null;
  /** What could not be kept before this. */
  readonly unrecorded: string | null;
}

/** One request of a call; `position` counts from 0. */
export interface AttemptRow {
  readonly call_id: string;
  readonly position: number;
  readonly operation: string | null;
  readonly backend: string;
  readonly connection: string;
  readonly transport: string;
  readonly delivery: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly ms: number;
  /** When its call began (ISO, UTC). Null before there was this column. */
  readonly at: string | null;
  /** `works` or `fails`: what it shows of its connection. Null: nothing. */
  readonly shows: string | null;
}

/** Who a connection was seen to be; the newest row of a connection counts. */
export interface AccountRow {
  readonly backend: string;
  readonly connection: string;
  readonly organization: string;
  readonly user: string;
  readonly label: string | null;
  readonly at: string;
}

/** An object of the app that is known as the work of a call: its id, nothing else. */
export interface ObjectRow {
  readonly app: string;
  readonly object: string;
  readonly call_id: string;
}

/** An idempotency key and how far its request is. `data` is the result to replay, JSON, once it is done. */
export interface KeyRow {
  readonly user: string;
  readonly key: string;
  readonly operation: string;
  readonly hash: string;
  readonly state: string;
  readonly owner: string;
  /** When it was taken, last sent, or settled (ISO, UTC). */
  readonly at: string;
  /** Until when its owner may be silent. */
  readonly until: string;
  readonly data: string | null;
}

/**
 * How one write of a call can be taken back; `position` counts the call's writes from 0. `image` is JSON and may hold personal
 * data: the values that were there before and those that the call left. It goes as soon as the write is undone, or too old.
 */
export interface InverseRow {
  readonly call_id: string;
  readonly position: number;
  /** ISO, UTC. */
  readonly at: string;
  readonly user: string;
  /** The larger piece of work that the call was part of. */
  readonly run: string | null;
  /** Full name. */
  readonly operation: string;
  readonly object: string | null;
  readonly backend: string;
  readonly connection: string;
  readonly how: string;
  readonly image: string | null;
  readonly why: string | null;
  /** When it was undone (ISO). */
  readonly undone: string | null;
}

/** Something that one process found out and the others should know, until an instant (ISO, UTC). */
export interface NoteRow {
  readonly kind: string;
  readonly subject: string;
  readonly count: number;
  readonly at: string;
  readonly until: string;
}

/** What is left to an account in an endpoint group until its window ends (ISO, UTC), as the app told it at `at`. */
export interface LimitRow {
  readonly account: string;
  readonly endpoint: string;
  readonly capacity: number;
  readonly remaining: number;
  readonly at: string;
  readonly resets: string;
}

/** The journal's tables, the same in every database. */
export interface Tables extends BulkTables, SwitchTables {
  readonly calls: CallRow;
  readonly attempts: AttemptRow;
  readonly accounts: AccountRow;
  readonly objects: ObjectRow;
  readonly keys: KeyRow;
  readonly notes: NoteRow;
  readonly limits: LimitRow;
  readonly inverses: InverseRow;
}

/** The columns, for whoever has to name them all. */
export const COLUMNS: { readonly [Table in keyof Tables]: readonly (keyof Tables[Table])[] } = {
  calls: [
    'id',
    'at',
    'operation',
    'user',
    'outcome',
    'delivery',
    'backend',
    'connection',
    'transport',
    'verdicts',
    'ms',
    'confirmed',
    'replayed',
    'notes',
    'unrecorded',
  ],
  attempts: ['call_id', 'position', 'operation', 'backend', 'connection', 'transport', 'delivery', 'code', 'status', 'ms', 'at', 'shows'],
  accounts: ['backend', 'connection', 'organization', 'user', 'label', 'at'],
  objects: ['app', 'object', 'call_id'],
  keys: ['user', 'key', 'operation', 'hash', 'state', 'owner', 'at', 'until', 'data'],
  notes: ['kind', 'subject', 'count', 'at', 'until'],
  limits: ['account', 'endpoint', 'capacity', 'remaining', 'at', 'resets'],
  inverses: ['call_id', 'position', 'at', 'user', 'run', 'operation', 'object', 'backend', 'connection', 'how', 'image', 'why', 'undone'],
  ...BULK_COLUMNS,
  ...SWITCH_COLUMNS,
};
