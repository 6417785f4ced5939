/** One bulk run. `options` is JSON: it is read whole and never searched. */
export interface BulkRunRow {
  readonly id: string;
  readonly at: string;
  readonly operation: string;
  readonly user: string;
  readonly file: string;
  readonly hash: string;
  readonly rows: number;
  readonly options: string;
  readonly state: string;
  readonly reason: string | null;
  readonly loaded: number;
}

/** One row of a run that somebody has touched; `begun` and `at` are ISO, UTC. */
export interface BulkRowRow {
  readonly run: string;
  readonly line: number;
  readonly state: string;
  readonly owner: string;
  readonly begun: string;
  /** Until when its owner may be silent. */
  readonly until: string;
  /** When it was taken, or settled. */
  readonly at: string;
  readonly code: string | null;
  readonly object: string | null;
  /** Names of refused fields, JSON. */
  readonly fields: string | null;
}

export interface BulkTables {
  readonly bulk_runs: BulkRunRow;
  readonly bulk_rows: BulkRowRow;
}

export const BULK_COLUMNS: { readonly [Table in keyof BulkTables]: readonly (keyof BulkTables[Table])[] } = {
  bulk_runs: ['id', 'at', 'operation', 'user', 'file', 'hash', 'rows', 'options', 'state', 'reason', 'loaded'],
  bulk_rows: ['run', 'line', 'state', 'owner', 'begun', 'until', 'at', 'code', 'object', 'fields'],
};
