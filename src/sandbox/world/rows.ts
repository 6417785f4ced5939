import type { JsonObject } from '../../contract/guards.ts';
import { inOrganization } from './checks.ts';
import { dayOf } from './clock.ts';
import { newId, type Prefix } from './ids.ts';
import type { Scope } from './kind.ts';
import { notFound } from './refuse.ts';
import { type Row, textOf } from './row.ts';
import type { Shelf } from './store.ts';

/** A row of the caller's organization. */
export function find(scope: Scope, shelf: Shelf, id: unknown): Row | undefined {
  const row = typeof id === 'string' ? scope.store.get(shelf, id) : undefined;
  return row && (shelf === 'user' || inOrganization(scope, row)) ? row : undefined;
}

export function must(scope: Scope, shelf: Shelf, id: unknown): Row {
  return find(scope, shelf, id) ?? notFound(shelf);
}

export function rowsOf(scope: Scope, shelf: Shelf): readonly Row[] {
  return scope.store.all(shelf).filter((row) => inOrganization(scope, row));
}

export function keep(scope: Scope, shelf: Shelf, row: Row): void {
  scope.store.put(shelf, row, scope.at);
  scope.touched.add(row.id);
}

export function idFor(scope: Scope, prefix: Prefix): string {
  return newId(scope.random, prefix);
}

export function userName(scope: Scope, id: unknown): string | null {
  const user = typeof id === 'string' ? scope.store.get('user', id) : undefined;
  return user ? `${textOf(user, 'first_name')} ${textOf(user, 'last_name')}` : null;
}

export function organization(scope: Scope): Row {
  return must(scope, 'organization', scope.actor.organizationId);
}

export function currency(scope: Scope): string {
  const row = scope.store.get('organization', scope.actor.organizationId);
  return row ? textOf(row, 'currency') : 'USD';
}

export function today(scope: Scope): string {
  return dayOf(scope.at, scope.actor.tzOffset);
}

/** The id under any of its names, as text. */
export function idIn(input: JsonObject, names: readonly string[]): string {
  for (const name of names) if (typeof input[name] === 'string') return input[name];
  return '';
}

/** Does `what` to the row `target` when the time has come. */
export function later(scope: Scope, due: number, what: string, target: string): void {
  const id = idFor(scope, 'timer');
  const { organizationId, userId, keyId } = scope.actor;
  const row = { id, organization_id: organizationId, user_id: userId, key_id: keyId, due, what, target, operation: scope.operation };
  scope.store.put('timer', row, scope.at);
}
