import type { Connection } from '../../src/contract/connection.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { type AccountName, accountNamed, accountsNamed, type Call, CODE, type Desk, paged, Refusal, visible } from './door-desk.ts';
import { providerOf, toRow } from './door-rows.ts';
import { enforce, RULES } from './door-rules.ts';
import type { AccountMethods, Handler, Request } from './door-types.ts';

export const listConnectedAccounts: Handler<AccountMethods['listConnectedAccounts']> = async (desk, request, call) => {
  const { connector, identifier, provider, query, connectionNames, pageSize, pageToken } = request;
  checkName(request);
  enforce([
    ['provider', provider, RULES.provider],
    ['query', query, RULES.query],
    ['page_size', pageSize, RULES.accountPage],
    ['page_token', pageToken, RULES.pageToken],
    ['connection_names', connectionNames, RULES.names],
  ]);
  if (connector && connectionNames.length > 0) throw new Refusal(CODE.invalid, 'connector and connection_names exclude each other');
  const names = connector ? [connector] : connectionNames;
  const found = await visible(desk, call, identifier ? { users: [identifier] } : {});
  const wanted = found
    .filter(() => names.length === 0 || names.includes(desk.connector))
    .filter(() => provider === '' || provider === providerOf(desk))
    .filter(({ id, user }) => query === '' || id.includes(query) || user.includes(query));
  const { items, ...paging } = paged(wanted, { pageSize, pageToken });
  return { connectedAccounts: items.map((account) => toRow(desk, account)), ...paging };
};

/** guess: an account exists once per connector and identifier. */
export const createConnectedAccount: Handler<AccountMethods['createConnectedAccount']> = async (desk, request, call) => {
  const { connector, identifier } = request;
  checkName(request);
  if (!connector || !identifier) throw new Refusal(CODE.invalid, 'connector and identifier are required');
  if (connector !== desk.connector) throw new Refusal(CODE.notFound, 'connection not found');
  if ((await accountsNamed(desk, call, { connector, identifier })).length > 0)
    throw new Refusal(CODE.exists, 'connected account already exists');
  const key = keyIn(request.connectedAccount?.authorizationDetails);
  return { connectedAccount: toRow(desk, await startAccount(desk, call, { identifier, key })) };
};

/** A new credential makes a new account in the old one's place, because what is behind the door cannot change one. guess: nothing else can be updated. */
export const updateConnectedAccount: Handler<AccountMethods['updateConnectedAccount']> = async (desk, request, call) => {
  const account = await named(desk, request, call);
  const key = keyIn(request.connectedAccount?.authorizationDetails);
  if (key === undefined) return { connectedAccount: toRow(desk, account) };
  await changed(desk, account, 'delete');
  return { connectedAccount: toRow(desk, await startAccount(desk, call, { identifier: account.user, key })) };
};

export const deleteConnectedAccount: Handler<AccountMethods['deleteConnectedAccount']> = async (desk, request, call) => {
  await changed(desk, await named(desk, request, call), 'delete');
  return {};
};

export const disconnectConnectedAccount: Handler<AccountMethods['disconnectConnectedAccount']> = async (desk, { id }, call) => ({
  connectedAccount: toRow(desk, await changed(desk, await named(desk, { id }, call), 'revoke')),
});

export const getConnectedAccount: Handler<AccountMethods['getConnectedAccount']> = async (desk, { id }, call) => ({
  connectedAccount: toRow(desk, await named(desk, { id }, call)),
});

export const getConnectedAccountDetails: Handler<AccountMethods['getConnectedAccountDetails']> = async (desk, request, call) => ({
  connectedAccount: toRow(desk, await named(desk, request, call)),
});

/** The real one shows the tokens. The door has none: their place is empty. */
export const getConnectedAccountAuth: Handler<AccountMethods['getConnectedAccountAuth']> = async (desk, request, call) => {
  const value = { accessToken: '', refreshToken: '', scopes: ['all.full_access', 'offline_access'], domain: '' };
  const authorizationDetails = { details: { case: 'oauthToken', value } } as const;
  return { connectedAccount: { ...toRow(desk, await named(desk, request, call)), authorizationDetails } };
};

/** The fields by which every call names an account. */
export function checkName(
  name: AccountName & { readonly organizationId?: string | undefined; readonly userId?: string | undefined },
): void {
  enforce([
    ['id', name.id, RULES.accountId],
    ['connector', name.connector, RULES.connector],
    ['identifier', name.identifier, RULES.identifier],
    ['organization_id', name.organizationId, RULES.shortId],
    ['user_id', name.userId, RULES.shortId],
  ]);
}

/** Starts an account for a user: usable at once with a credential, waiting for its user without. */
export async function startAccount(
  { host, app, ...desk }: Desk,
  call: Call,
  { identifier, key }: { readonly identifier: string; readonly key?: string | undefined },
): Promise<Connection> {
  const own = call.caller.user;
  if (own !== undefined && own !== identifier) throw new Refusal(CODE.denied, 'this client stands for another user');
  const { connection, url } = await host.directory.connect({ app: app.id, user: identifier, ...(key === undefined ? {} : { key }) });
  const [made] = await visible({ host, app, ...desk }, call, { ids: [connection] });
  if (!made) throw new Error('the directory does not show the connection that it has just made');
  return url === undefined ? made : { ...made, connectUrl: url };
}

export async function changed({ host }: Desk, { id }: Connection, change: 'delete' | 'revoke' | 'refresh'): Promise<Connection> {
  const found = await host.directory.change(id, change).catch((error: unknown) => {
    if (isRouterError(error) && error.code === 'unsupported_operation') throw new Refusal(CODE.unimplemented, error.details.what);
    throw error;
  });
  if (!found) throw new Refusal(CODE.notFound, 'connected account not found');
  return found;
}

async function named(desk: Desk, request: Parameters<typeof checkName>[0], call: Call): Promise<Connection> {
  checkName(request);
  return accountNamed(desk, call, request);
}

type Details = NonNullable<Request<AccountMethods['createConnectedAccount']>['connectedAccount']>['authorizationDetails'];

/** guess: a stored token or key is taken as it is. An empty token, which the SDK sends when it is given none, is none. */
function keyIn(details: Details): string | undefined {
  const found = details?.details;
  if (found?.case === 'oauthToken') return found.value.accessToken || undefined;
  const key = found?.case === 'staticAuth' ? found.value.details?.['api_key'] : undefined;
  return typeof key === 'string' && key !== '' ? key : undefined;
}
