import type { BackendId } from './backend.ts';
import type { ConnectionStatus } from './connection.ts';

/** One row of `connections list`. */
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

/** What `connections list --json` prints. */
export interface ConnectionsReport {
  readonly connections: readonly ConnectionRow[];
  readonly unreachable: readonly { readonly backend: BackendId; readonly code: string; readonly message: string }[];
}
