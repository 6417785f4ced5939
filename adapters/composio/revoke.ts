import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, isStrings } from '../../src/contract/guards.ts';
import type { RawClient } from './client.ts';

/** A key of the app outlives what Composio holds of it. Source: backends/close-rest.md §2. */
export const BY_HAND =
  'Revoke or delete the connected account in the Composio dashboard. The user entered a key of Close there: delete that key in Close (Settings, API Keys) as well: a copy is of use until then.';

/**
 * Has Composio revoke the credential. Not in the pinned SDK, whose raw client sends it all the same.
 * Source: backends/composio.md §4, POST /connected_accounts/{id}/revoke.
 */
export async function revoke(client: RawClient, { id }: Connection, signal: AbortSignal): Promise<string> {
  if (!/^[\w-]+$/.test(id))
    throw new RouterError('invalid_input', { what: 'the id of the account cannot be sent', next: 'List the connections.' });
  const answer: unknown = await client.post(`/api/v3.1/connected_accounts/${id}/revoke`, { maxRetries: 0, signal });
  const tokens = isObject(answer) ? answer['revoked_tokens'] : undefined;
  if (!isStrings(tokens) || tokens.length === 0)
    throw new RouterError('reply_unexpected', {
      what: 'Composio did not say that anything was revoked',
      next: 'Look at the account in the Composio dashboard.',
      backend: 'composio',
    });
  return `Composio revoked its ${tokens.map((token) => token.replaceAll('_', ' ')).join(' and ')}`;
}
