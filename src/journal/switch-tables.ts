/** What an operator decided for every process; one row per name. */
export interface RulingRow {
  readonly name: string;
  readonly revision: number;
  readonly by: string;
  /** ISO, UTC. */
  readonly at: string;
  /** JSON. */
  readonly value: string;
}

/** What one process has counted; one row per process, operation and measure. */
export interface TallyRow {
  readonly subject: string;
  readonly counter: string;
  readonly operation: string;
  readonly measure: string;
  readonly count: number;
  readonly total: number;
}

export interface SwitchTables {
  readonly rulings: RulingRow;
  readonly tallies: TallyRow;
}

export const SWITCH_COLUMNS: { readonly [Table in keyof SwitchTables]: readonly (keyof SwitchTables[Table])[] } = {
  rulings: ['name', 'revision', 'by', 'at', 'value'],
  tallies: ['subject', 'counter', 'operation', 'measure', 'count', 'total'],
};
