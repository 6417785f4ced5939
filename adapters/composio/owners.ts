import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { AccountQuery } from './accounts.ts';

/** More than that are forgotten and asked for again. */
const MOST_OWNERS = 10_000;

type List = (query: AccountQuery, signal: AbortSignal) => Promise<readonly Connection[]>;

/**
 * Remembers which connections Composio has shown as whose. The project key may act for everybody and an account's own word
 * about its user is deprecated, so only a list asked for by user proves anything, and nobody but us checks.
 */
export function createOwners(ask: List): { readonly list: List; prove(connection: Connection, signal: AbortSignal): Promise<boolean> } {
  const proven = new Set<string>();

  const list: List = async (query, signal) => {
    if (!isAskable(query)) throw cannotAsk();
    const found = await ask(query, signal);
    if (proven.size > MOST_OWNERS) proven.clear();
    for (const connection of found) proven.add(nameOf(connection));
    return found;
  };

  return {
    list,
    prove: async (connection, signal) => {
      if (proven.has(nameOf(connection))) return true;
      const { app, user, id } = connection;
      return (await list({ app, user, id }, signal)).length > 0;
    },
  };
}

/** Lists travel comma-joined, so an id with a comma would ask about two users, and the answer could not be told apart. */
function isAskable({ user, app, id = '' }: AccountQuery): boolean {
  return ![user, app, id].some((value) => value.includes(','));
}

function cannotAsk(): RouterError {
  return new RouterError('invalid_input', {
    what: 'a user id or connection id with a comma cannot be asked for at Composio',
    next: 'Give the user another id for Composio in the configuration, under users.',
    backend: 'composio',
  });
}

function nameOf({ app, user, id }: Connection): string {
  return JSON.stringify([app, user, id]);
}
