import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Connection, ConnectionQuery, ConnectLink } from '../../src/contract/connection.ts';
import { isRouterError, RouterError } from '../../src/contract/errors.ts';
import type { Descriptors } from './descriptors.ts';

type Accounts = Descriptors['accounts']['method'];

/** The two calls that making a link takes. */
export interface Linking {
  create(
    request: MessageInitShape<Accounts['createConnectedAccount']['input']>,
  ): Promise<MessageShape<Accounts['createConnectedAccount']['output']>>;
  link(
    request: MessageInitShape<Accounts['getMagicLinkForConnectedAccount']['input']>,
  ): Promise<MessageShape<Accounts['getMagicLinkForConnectedAccount']['output']>>;
}

/** Makes a link for the user's account, and the account first when there is none. Opens nothing. */
export async function startLink(
  query: ConnectionQuery & { readonly connector: string },
  present: readonly Connection[],
  linking: Linking,
): Promise<ConnectLink> {
  const { connector, user: identifier, app } = query;
  const [first] = present.toSorted((a, b) => Number(a.status === 'active') - Number(b.status === 'active'));
  const id = first?.id ?? (await createAccount(query, linking));
  const { link, expiry } = await linking.link({ connector, identifier, ...(id === undefined ? {} : { id }) });
  if (link === '')
    throw new RouterError('reply_unexpected', {
      what: 'Scalekit answered no link',
      next: 'Try again, or add the account in the Scalekit dashboard.',
      backend: 'scalekit',
    });
  return {
    url: link,
    how: `Open the link and approve access to ${app}.`,
    ...(id === undefined ? {} : { connection: id }),
    ...(expiry === undefined ? {} : { expiresAt: new Date(Number(expiry.seconds) * 1000).toISOString() }),
  };
}

/** An empty token stands for "not yet": without details the service refuses (sdk-python PR 97). undefined: somebody else was first. */
async function createAccount({ connector, user }: { connector: string; user: string }, { create }: Linking): Promise<string | undefined> {
  const details = { details: { case: 'oauthToken', value: {} } } as const;
  try {
    const { connectedAccount } = await create({ connector, identifier: user, connectedAccount: { authorizationDetails: details } });
    return connectedAccount?.id || undefined;
  } catch (error) {
    if (isRouterError(error) && error.code === 'conflict') return undefined;
    throw error;
  }
}
