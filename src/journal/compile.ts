import type { Kysely } from 'kysely';
import { BULK_FIELDS } from './bulk-queries.ts';
import { QUERIES, type QueryName } from './queries.ts';
import { SWITCH_FIELDS } from './switch-queries.ts';
import { COLUMNS, type Tables } from './tables.ts';

/** A query's text in one dialect, and which field of its argument goes into each place. */
export interface Statement {
  readonly sql: string;
  readonly fields: readonly string[];
}

const FIELDS: Readonly<Record<QueryName, readonly string[]>> = {
  insertCall: COLUMNS.calls,
  insertAttempt: COLUMNS.attempts,
  insertAccount: COLUMNS.accounts,
  insertObject: COLUMNS.objects,
  objectOf: ['app', 'object'],
  insertKey: COLUMNS.keys,
  keyOf: ['user', 'key'],
  passKey: ['user', 'key', 'from', 'owner', 'until'],
  moveKey: ['user', 'key', 'owner', 'next', 'state', 'at', 'data'],
  deleteKey: ['user', 'key', 'owner'],
  forgetKeys: ['before'],
  putNote: COLUMNS.notes,
  dropNote: ['kind', 'subject'],
  liveNotes: ['at'],
  forgetNotes: ['before'],
  putLimit: COLUMNS.limits,
  limitOf: ['account', 'endpoint'],
  takeLimit: ['account', 'endpoint', 'floor', 'at'],
  insertInverse: COLUMNS.inverses,
  inversesOf: ['call_id'],
  inversesOfRun: ['run', 'at', 'call_id', 'limit'],
  countInverses: ['run'],
  undoInverse: ['call_id', 'position', 'undone'],
  forgetInverses: ['before'],
  listCalls: ['operation', 'user', 'outcome', 'since', 'limit'],
  showCall: ['id'],
  attemptsOf: ['id'],
  lastAttempt: ['backend', 'connection', 'shows'],
  accountOf: ['backend', 'connection'],
  ...BULK_FIELDS,
  ...SWITCH_FIELDS,
};

/** Every query in the dialect of `db`. */
export function statementsOn(db: Kysely<Tables>): Readonly<Record<QueryName, Statement>> {
  const compiled = Object.entries(QUERIES).map(([name, query]): [string, Statement] => {
    const { sql, parameters } = query(db, marked(FIELDS[name as QueryName])); // the keys of QUERIES are its names
    return [name, { sql, fields: parameters.map(fieldOf) }];
  });
  return Object.fromEntries(compiled) as Record<QueryName, Statement>; // as above
}

/** An object whose every field holds its own name: the compiled parameters then say which field goes where. */
function marked(columns: readonly string[]): never {
  // Stands in for a row or a filter of any query; only its names are used.
  return Object.fromEntries(columns.map((column) => [column, `:${column}`])) as never;
}

function fieldOf(parameter: unknown): string {
  if (typeof parameter === 'string' && parameter.startsWith(':')) return parameter.slice(1);
  throw new Error('a query of the journal holds a value that is no field of its argument');
}
