import type { Connection } from '../../src/contract/connection.ts';
import { changed, checkName, startAccount } from './door-accounts.ts';
import { accountsNamed, type Call, CODE, type Desk, paged, Refusal, visible } from './door-desk.ts';
import { connectionIdOf, providerOf, toTimestamp } from './door-rows.ts';
import { enforce, RULES } from './door-rules.ts';
import type { AccountMethods, ConnectionMethods, Handler, Request } from './door-types.ts';

const LINK_SECONDS = 600;

/**
 * guess: an account that does not exist yet is made, as the connector's page never makes one first; the link of an ACTIVE one
 * leaves it as it is; a link lives ten minutes.
 */
export const getMagicLink: Handler<AccountMethods['getMagicLinkForConnectedAccount']> = async (desk, request, call) => {
  checkName(request);
  enforce([
    ['state', request.state, RULES.state],
    ['user_verify_url', request.userVerifyUrl, RULES.userVerifyUrl],
  ]);
  const [account] = await accountsNamed(desk, call, request);
  const waiting = account ? await awaitingLink(desk, account) : await startNamed(desk, request, call);
  const link = waiting.connectUrl ?? connectedPage(desk, waiting);
  return { link, expiry: toTimestamp(new Date(desk.host.now().getTime() + LINK_SECONDS * 1000)) };
};

/** guess: the request to be verified is named by the account's id; a real one comes with the redirect after consent. */
export const verifyConnectedAccountUser: Handler<AccountMethods['verifyConnectedAccountUser']> = async (desk, request, call) => {
  const { authRequestId, identifier } = request;
  enforce([
    ['auth_request_id', authRequestId, RULES.authRequestId],
    ['identifier', identifier, RULES.verifiedIdentifier],
  ]);
  const [account] = await visible(desk, call, { ids: [authRequestId] });
  if (!account) throw new Refusal(CODE.notFound, 'auth request not found');
  if (account.user !== identifier) throw new Refusal(CODE.denied, 'the identifier is not the one that the link was made for');
  return { postUserVerifyRedirectUrl: connectedPage(desk, account) };
};

const OAUTH = 4;
const COMPLETED = 3;

/** The environment has one connection. ConnectionType has other numbers than the type of an account. */
export const listAppConnections: Handler<ConnectionMethods['listAppConnections']> = async (desk, request) => {
  const { pageSize, pageToken, provider, query } = request;
  enforce([
    ['page_size', pageSize, RULES.connectionPage],
    ['page_token', pageToken, RULES.pageToken],
    ['provider', provider || undefined, RULES.provider],
    ['query', query || undefined, RULES.search],
  ]);
  const own = {
    id: connectionIdOf(desk),
    keyId: desk.connector,
    providerKey: providerOf(desk),
    type: OAUTH,
    status: COMPLETED,
    enabled: true,
  };
  const wanted = (!provider || provider === own.providerKey) && (!query || desk.connector.includes(query)) ? [own] : [];
  const { items, ...paging } = paged(wanted, { pageSize, pageToken });
  return { connections: [...items], ...paging };
};

/** Where a user ends up who has nothing left to do. */
export function connectedPage({ host }: Desk, { id }: Connection): string {
  return `${host.url()}/connected/${encodeURIComponent(id)}`;
}

async function startNamed(
  desk: Desk,
  { id, connector, identifier }: Request<AccountMethods['getMagicLinkForConnectedAccount']>,
  call: Call,
): Promise<Connection> {
  if (id || !connector || !identifier) throw new Refusal(CODE.notFound, 'connected account not found');
  if (connector !== desk.connector) throw new Refusal(CODE.notFound, 'connection not found');
  return startAccount(desk, call, { identifier });
}

async function awaitingLink(desk: Desk, account: Connection): Promise<Connection> {
  return account.status === 'active' || account.connectUrl !== undefined ? account : changed(desk, account, 'refresh');
}
