import type { ErrorCode } from '../contract/errors.ts';
import { RouterError } from '../contract/errors.ts';

/** PostgreSQL's error codes (postgresql.org/docs/current/errcodes-appendix.html) that say more than that it is down. */
export const SQLSTATE = { undefinedTable: '42P01', noSchema: '3F000' } as const;

interface Meaning {
  readonly code: Extract<ErrorCode, 'configuration' | 'backend_unavailable'>;
  readonly what: string;
  readonly next: string;
}

const foreign: Meaning = {
  code: 'configuration',
  what: 'holds tables that are not a journal’s',
  next: 'Give the journal a database or a schema of its own (`?options=-csearch_path=…`).',
};
const refused: Meaning = {
  code: 'configuration',
  what: 'refuses the user or the password',
  next: 'Correct them in the address of the store.',
};
const full: Meaning = { code: 'backend_unavailable', what: 'has no room left', next: 'Free some space there and repeat the call.' };

const MEANINGS: Readonly<Record<string, Meaning>> = {
  '28P01': refused,
  '28000': refused,
  '3D000': { code: 'configuration', what: 'has no database of that name', next: 'Create it, or correct the address of the store.' },
  '3F000': { code: 'configuration', what: 'has no schema to keep tables in', next: 'Create the schema that the address names.' },
  '42501': { code: 'configuration', what: 'does not let this user make or write tables', next: 'Grant it create and write on the schema.' },
  '25006': { code: 'configuration', what: 'can only be read', next: 'Point the store at the primary server, not at a replica.' },
  '42P01': foreign,
  '42P07': foreign,
  '42703': foreign,
  '42804': foreign,
  '53100': full,
};

const DOWN: Meaning = {
  code: 'backend_unavailable',
  what: 'does not answer',
  next: 'Start it or wait for it, then repeat the call; until then only reads, and writes without an idempotency key, go on.',
};

/** No connection could be had a moment ago. */
export class StoreDown extends Error {
  override readonly name = 'StoreDown';
}

/** What the server's trouble means to the caller. Its own words are left out: they can hold names and values. */
export function postgresFailure(name: string, error: unknown): unknown {
  if (isBug(error)) return error;
  const { code, what, next } = MEANINGS[stateOf(error) ?? ''] ?? DOWN;
  return new RouterError(code, { what: `the journal ${name} ${what}`, next }, { cause: error });
}

export function stateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The connection, not the query, is at fault: classes 08 and 57 (shut down, starting), or the socket itself. */
export function isLost(error: unknown): boolean {
  if (isBug(error) || error instanceof StoreDown) return false;
  const state = stateOf(error);
  return state === undefined || /^(?:08|57)/.test(state);
}

function isBug(error: unknown): boolean {
  return !(error instanceof Error) || 'isRouterError' in error || /^(?:Type|Reference|Range|Syntax)Error$/.test(error.name);
}
