import type { Actor, Scope } from './kind.ts';
import { forbidden } from './refuse.ts';
import { asList, textOf } from './row.ts';
import { rowsOf } from './rows.ts';
import type { Store } from './store.ts';

/** Who a key is; undefined for a key that is unknown or revoked. */
export function actorOf(store: Store, key: string, tzOffset: number): Actor | undefined {
  const row = store.all('key').find((one) => one['secret'] === key && one['revoked'] !== true);
  if (!row) return undefined;
  return { userId: textOf(row, 'user_id'), organizationId: textOf(row, 'organization_id'), keyId: row.id, tzOffset };
}

/** guess: which permission an operation needs; only the names `bulk_edit` and `export` were seen in a membership. */
const NEEDS: readonly (readonly [operation: RegExp, permission: string])[] = [
  [/^bulk_\w+\.create$/, 'bulk_edit'],
  [/^export\.(lead|opportunity)$/, 'export'],
  [/^(pipeline|lead_status|opportunity_status|custom_field_\w+)\.(create|update|delete)$/, 'manage_customizations'],
  [/^lead\.(delete|merge)$/, 'delete_leads'],
];

export function refuseForbidden(scope: Scope): void {
  const needed = NEEDS.find(([operation]) => operation.test(scope.operation))?.[1];
  if (needed === undefined) return;
  const membership = rowsOf(scope, 'membership').find((one) => one['user_id'] === scope.actor.userId);
  if (!asList(membership?.['permissions_granted']).includes(needed)) forbidden('This user may not do that in Close');
}
