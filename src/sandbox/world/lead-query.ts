import type { JsonObject } from '../../contract/guards.ts';
import { momentMs } from './clock.ts';
import type { Scope } from './kind.ts';
import { type Token, tokenize } from './lead-query-tokens.ts';
import { compare } from './listing.ts';
import { toE164 } from './phone.ts';
import { asList, objects, type Row, textOf } from './row.ts';
import { rowsOf } from './rows.ts';
import { type Subject, valuesOf, wordsOf } from './search-values.ts';
import { fold, hasPhrase } from './text.ts';

/** The language of Close's search box, `GET /lead/?query=`. guess: keys and operators beyond those of close-rest.md §9. */
export interface LeadQuery {
  readonly matches: (row: Row) => boolean;
  readonly sort: (rows: readonly Row[]) => readonly Row[];
}

type Test = (scope: Scope, row: Row) => boolean;
type Term = Extract<Token, { readonly kind: 'term' }>;

export function parseLeadQuery(scope: Scope, query: unknown): LeadQuery {
  const tokens = tokenize(typeof query === 'string' ? query : '');
  const order = tokens.find((token): token is Term => token.kind === 'term' && token.key === 'sort');
  const test = parseOr(tokens.filter((token) => token !== order));
  return { matches: (row) => test(scope, row), sort: (rows) => sortBy(scope, rows, order?.value) };
}

/** or binds weaker than and; and may be left out. */
function parseOr(tokens: readonly Token[]): Test {
  const parts = split(tokens, 'or').map(parseAnd);
  return (scope, row) => parts.some((part) => part(scope, row));
}

function parseAnd(tokens: readonly Token[]): Test {
  const tests = split(tokens, 'and').flatMap((part) => factors(part));
  return (scope, row) => tests.every((test) => test(scope, row));
}

function split(tokens: readonly Token[], word: 'and' | 'or'): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth -= 1;
    if (depth === 0 && token.kind === word) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.length > 1 ? parts.filter((part) => part.length > 0) : parts;
}

function factors(tokens: readonly Token[]): readonly Test[] {
  const tests: Test[] = [];
  let negated = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'not') {
      negated = !negated;
      continue;
    }
    const end = token?.kind === 'open' ? closing(tokens, at) : at;
    const test = token?.kind === 'open' ? parseOr(tokens.slice(at + 1, end)) : token?.kind === 'term' ? termTest(token) : undefined;
    if (test) tests.push(negated ? (scope, row) => !test(scope, row) : test);
    negated = false;
    at = end;
  }
  return tests;
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.kind === 'open') depth += 1;
    if (tokens[at]?.kind === 'close') depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function termTest(term: Term): Test {
  const { key, value, operator } = term;
  if (key === undefined) return value === '*' ? () => true : (scope, row) => hasPhrase(wordsOf(scope, subjectOf(row)), value);
  if (operator !== ':') return (scope, row) => compareTo(scope, row, key, operator, value);
  const test = KEYS[key];
  if (test) return (scope, row) => test(scope, row, value);
  if (key.startsWith('custom.')) return (scope, row) => customMatches(scope, row, key.slice('custom.'.length), value);
  return (scope, row) => valuesOf(scope, subjectOf(row), key).some((one) => hasPhrase(String(one), value));
}

const subjectOf = (row: Row): Subject => ({ type: 'lead', row });

type KeyTest = (scope: Scope, row: Row, value: string) => boolean;

const byName: KeyTest = (scope, row, value) => valuesOf(scope, subjectOf(row), 'display_name').some((one) => hasPhrase(String(one), value));
const byStatus: KeyTest = (scope, row, value) =>
  valuesOf(scope, subjectOf(row), 'status_label').some((one) => fold(String(one)) === fold(value));
const byEmail: KeyTest = (scope, row, value) =>
  details(scope, row, 'emails', 'email').some((one) => (value.includes('@') ? fold(one) === fold(value) : hasPhrase(one, value)));
const byPhone: KeyTest = (scope, row, value) =>
  details(scope, row, 'phones', 'phone').some((one) => one === toE164(value) || one.includes(value.replaceAll(/\D/g, '') || value));
const byUrl: KeyTest = (scope, row, value) =>
  [textOf(row, 'url'), ...details(scope, row, 'urls', 'url')].some((one) => hasPhrase(one, value));
const byContact: KeyTest = (scope, row, value) =>
  scope.store.under('contact', row.id).some((one) => hasPhrase(`${textOf(one, 'name')} ${textOf(one, 'title')}`, value));
const byId: KeyTest = (_, row, value) => row.id === value;

const KEYS: Readonly<Record<string, KeyTest>> = {
  name: byName,
  company: byName,
  display_name: byName,
  status: byStatus,
  lead_status: byStatus,
  status_label: byStatus,
  status_id: (_, row, value) => row['status_id'] === value,
  email: byEmail,
  email_address: byEmail,
  phone: byPhone,
  phone_number: byPhone,
  url: byUrl,
  contact: byContact,
  contact_name: byContact,
  id: byId,
  lead_id: byId,
};

function details(scope: Scope, row: Row, list: string, field: string): readonly string[] {
  return scope.store.under('contact', row.id).flatMap((contact) => objects(contact[list]).map((one) => textOf(one, field)));
}

/** By field id, `custom.cf_x:"v"`, or by name, `custom.Services:"v"`. */
function customMatches(scope: Scope, row: Row, name: string, value: string): boolean {
  const id = name.startsWith('cf_') ? name : rowsOf(scope, 'custom_field').find((one) => fold(textOf(one, 'name')) === fold(name))?.id;
  const custom = row['custom'];
  const held = id && typeof custom === 'object' && custom !== null ? asList((custom as JsonObject)[id]) : []; // rows hold JSON
  return held.some((one) => fold(one) === fold(value) || hasPhrase(one, value));
}

const DATES: Readonly<Record<string, string>> = { created: 'date_created', updated: 'date_updated' };

function compareTo(scope: Scope, row: Row, key: string, operator: Term['operator'], value: string): boolean {
  const [own] = valuesOf(scope, subjectOf(row), DATES[key] ?? key);
  const wanted = momentMs(value, scope.actor.tzOffset) ?? Number(value);
  const held = typeof own === 'number' ? own : momentMs(own, scope.actor.tzOffset);
  if (held === undefined || Number.isNaN(wanted)) return false;
  switch (operator) {
    case '>':
      return held > wanted;
    case '>=':
      return held >= wanted;
    case '<':
      return held < wanted;
    case '<=':
      return held <= wanted;
    default:
      return held === wanted;
  }
}

/** Without `sort:` newest first. */
function sortBy(scope: Scope, rows: readonly Row[], asked: string | undefined): readonly Row[] {
  if (asked === undefined) return rows.toReversed();
  const down = asked.startsWith('-');
  const name = down ? asked.slice(1) : asked;
  const field = name === 'name' ? 'display_name' : (DATES[name] ?? name);
  const key = (row: Row): string | number => {
    const [value] = valuesOf(scope, subjectOf(row), field);
    return typeof value === 'number' ? value : fold(String(value ?? ''));
  };
  const sorted = rows.toSorted((one, other) => compare(key(one), key(other)));
  return down ? sorted.toReversed() : sorted;
}
