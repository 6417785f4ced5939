import type { BackendId } from './backend.ts';

/** One status for all backends. A state that nobody has seen before is `unknown`, never `active`. */
export const STATUSES = ['active', 'pending', 'expired', 'revoked', 'failed', 'disabled', 'unknown'] as const;
export type ConnectionStatus = (typeof STATUSES)[number];

/** Who a connection is in the app. For Close: the organisation and the user of `/me/`. */
export interface Account {
  readonly organization: string;
  readonly user: string;
  /** For people, e.g. "Acme (Ada Lovelace)". */
  readonly label?: string;
}

/** One user's authorised account for one app on one backend. Holds no credential. */
export interface Connection {
  readonly id: string;
  readonly backend: BackendId;
  readonly app: string;
  readonly user: string;
  readonly status: ConnectionStatus;
  /** The backend's own word for the status, and its reason where it gives one. */
  readonly detail?: string;
  /** Where the user finishes authorising, when `pending`. */
  readonly connectUrl?: string;
  readonly account?: Account;
  /** ISO instants. */
  readonly createdAt?: string;
  readonly checkedAt: string;
}

export interface ConnectionQuery {
  readonly app: string;
  /** The user's id at the backend, already mapped by configuration. */
  readonly user: string;
}

/** What `connect` answers: a link for the user to open, or the fields of a key form. */
export interface ConnectLink {
  readonly connection?: string;
  readonly url?: string;
  readonly expiresAt?: string;
  /** What the user or the caller has to do, one sentence. */
  readonly how: string;
}
