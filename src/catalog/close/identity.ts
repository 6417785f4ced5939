import type { App } from '../../contract/app.ts';
import type { Account } from '../../contract/connection.ts';
import { isObject, stringAt } from '../../contract/guards.ts';

/** Who a connection is: Close says so in `/me/`. */
export const identity: App['identity'] = { operation: 'me.get', account };

/** A user of several organizations whose answer does not say which one is meant stays unknown: a guess could lend one organization's rights to another. */
function account(output: unknown): Account | undefined {
  const user = stringAt(output, 'id');
  const organizations = isObject(output) && Array.isArray(output['organizations']) ? output['organizations'] : [];
  const named = stringAt(output, 'organization_id') ?? (organizations.length === 1 ? idOf(organizations[0]) : undefined);
  if (user === undefined || named === undefined) return undefined;
  const organization = organizations.find((one) => idOf(one) === named);
  return { organization: named, user, label: labelOf(stringAt(organization, 'name') ?? named, output) };
}

/** `/me/` holds whole organizations, other answers only their ids. */
function idOf(organization: unknown): string | undefined {
  return typeof organization === 'string' ? organization : stringAt(organization, 'id');
}

function labelOf(organization: string, output: unknown): string {
  const person = [stringAt(output, 'first_name'), stringAt(output, 'last_name')].filter(Boolean).join(' ');
  return person ? `${organization} (${person})` : organization;
}
