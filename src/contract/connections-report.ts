import type { BackendId } from './backend.ts';
import type { ConnectionStatus } from './connection.ts';
import type { ErrorCode } from './errors.ts';

/** A connection and its state, for whoever looks at it from outside. */
export interface ConnectionRow {
  readonly backend: BackendId;
  readonly connection: string;
  readonly app: string;
  readonly user: string;
  readonly status: ConnectionStatus;
  /** For people, when it is known: "Acme (Ada Lovelace)". */
  readonly account: string | null;
  /** ISO instant at which the status was read. */
  readonly checked_at: string;
  readonly detail?: string;
  readonly connect_url?: string;
}

/** What calls have shown of a connection, whatever its status says. Instants are ISO. */
export interface ConnectionEvidence {
  /** The app refused its credential, last at that instant: not used until the app answers through it again. */
  readonly demoted: { readonly at: string; readonly code: ErrorCode } | null;
  readonly last_success_at: string | null;
  /** Not what a caller did wrong: what the connection, its credential or the road to it did. */
  readonly last_failure: { readonly at: string; readonly code: ErrorCode } | null;
}

/** One row of `connections list` and `check`. */
export interface ListedConnection extends ConnectionRow, ConnectionEvidence {}

/** What `connections list --json` prints. */
export interface ConnectionsReport {
  readonly connections: readonly ListedConnection[];
  readonly unreachable: readonly { readonly backend: BackendId; readonly code: string; readonly message: string }[];
}
