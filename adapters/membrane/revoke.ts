import { isSegment } from '../../src/binding/path.ts';
import type { Failure } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { readRefusal } from './errors.ts';
import type { Tenants } from './tenants.ts';

/** Source: backends/membrane.md §2.1 and close-rest.md §2. */
export const BY_HAND =
  'Disconnect or archive the connection in the Membrane console. In Close, end what the user has granted to the app as well: a token that was copied is of use until then.';

/** Has Membrane erase the credentials of a connection. Source: backends/membrane.md, POST /connections/{id}/disconnect. */
export async function revoke(
  tenants: Tenants,
  { id, user }: Connection,
  signal: AbortSignal,
): Promise<{ readonly how: string } | { readonly failure: Failure }> {
  if (!isSegment(id))
    return { failure: { code: 'invalid_input', delivery: 'not-sent', what: 'the id of the connection cannot be sent', origin: 'backend' } };
  const asked = await tenants.ask(user, { method: 'POST', path: `/connections/${encodeURIComponent(id)}/disconnect` }, signal);
  if (!asked.ok) return { failure: asked.failure };
  return asked.answer.status < 300 ? { how: 'Membrane erased the credentials' } : { failure: readRefusal(asked.answer) };
}
