import type { FieldProblem } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/guards.ts';
import type { Prefix } from './ids.ts';
import type { Random } from './random.ts';
import type { Row } from './row.ts';
import type { Shelf, Store } from './store.ts';
import type { Switches } from './switches.ts';

/** Who calls: one user in one organization, by one key. */
export interface Actor {
  readonly userId: string;
  readonly organizationId: string;
  readonly keyId: string;
  /** Hours, as in Close's `x-tz-offset`. */
  readonly tzOffset: number;
}

/** One signed webhook request, as Close would send it; nothing leaves the process. */
export interface Delivery {
  readonly subscriptionId: string;
  readonly at: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a handler sees of the world during one call. */
export interface Scope {
  readonly operation: string;
  readonly actor: Actor;
  readonly store: Store;
  readonly switches: Switches;
  readonly random: Random;
  /** Milliseconds; one instant for the whole call. */
  readonly at: number;
  readonly requestId: string;
  readonly kind: (noun: string) => Kind;
  readonly deliver: (delivery: Delivery) => void;
  /** Ids of what this call created, changed or deleted, for the ledger. */
  readonly touched: Set<string>;
}

export type Handler = (scope: Scope, input: JsonObject) => unknown;
export type Handlers = Readonly<Record<string, Handler>>;

export type Check = (scope: Scope, value: unknown, path: string) => readonly FieldProblem[];

/** A field that clients may set. `clean` turns a valid value into what is stored. */
export interface Field {
  readonly check: Check;
  readonly clean?: (value: unknown, scope: Scope) => unknown;
  /** null is refused: the field cannot be cleared. */
  readonly solid?: boolean;
}
export type Fields = Readonly<Record<string, Field>>;

export type Filter = (scope: Scope, row: Row, value: unknown) => boolean;
export type SortKey = (scope: Scope, row: Row) => string | number;

export interface ListSpec {
  /** Query name → test. A name that is not here is ignored, as Close ignores unknown query keys. */
  readonly filters?: Readonly<Record<string, Filter>>;
  /** Names that `order_by` may have, without the minus. */
  readonly order?: Readonly<Record<string, SortKey>>;
  /** The `order_by` when nobody asks. */
  readonly usual?: string;
  /** Without that: in the order of writing, newest or oldest first. */
  readonly newestFirst?: boolean;
  readonly refuse?: (scope: Scope, input: JsonObject) => void;
  /** A test made once per call, for filters that are a language. */
  readonly search?: (scope: Scope, input: JsonObject) => (row: Row) => boolean;
  /** An order that the search itself asks for. */
  readonly sorted?: (scope: Scope, rows: readonly Row[], input: JsonObject) => readonly Row[];
  readonly total?: boolean;
  /** False: no `limit` and no `has_more`. */
  readonly paged?: boolean;
  readonly extra?: (scope: Scope, rows: readonly Row[], input: JsonObject) => JsonObject;
}

export type CustomType = 'lead' | 'contact' | 'opportunity' | 'activity' | 'custom_object_type';

/** One noun of Close as a table row: what it may hold, what follows from it, what goes with it. */
export interface Kind {
  readonly noun: string;
  readonly shelf: Shelf;
  readonly prefix: Prefix;
  /** `_type`, where several kinds share a shelf. */
  readonly type?: string;
  /** Names under which callers give the id; the first is the canonical one. */
  readonly idNames: readonly string[];
  /** Which dialect of time stamps, and whose names stand beside user ids. */
  readonly stamps: 'mongo' | 'sql' | 'sequence' | 'comment' | 'none';
  readonly names?: readonly string[];
  readonly fields: Fields;
  readonly onCreate?: Fields;
  readonly onUpdate?: Fields;
  readonly required?: readonly string[];
  /** Names that travel in the query, not in the body. */
  readonly outside?: readonly string[];
  /** Unknown body keys are refused, by the word of Close's schema. */
  readonly closed?: boolean;
  readonly custom?: CustomType;
  /** `object_type` of its events. */
  readonly event?: (row: Row) => string;
  readonly defaults?: (scope: Scope, body: JsonObject) => JsonObject;
  /** Completes a row before it is stored, and refuses what does not fit together. */
  readonly settle?: (scope: Scope, row: Row, change: Change) => Row;
  /** Effects on other rows, after it is stored. */
  readonly after?: (scope: Scope, row: Row, change: Change) => void;
  /** Refuses a delete. */
  readonly guard?: (scope: Scope, row: Row) => void;
  readonly cascade?: (scope: Scope, row: Row) => void;
  readonly show?: (scope: Scope, row: Row) => JsonObject;
  readonly list?: ListSpec;
}

export interface Change {
  readonly body: JsonObject;
  /** Absent on create. */
  readonly before?: Row;
}
