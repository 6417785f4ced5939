import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Descriptors } from './descriptors.ts';
import * as accounts from './door-accounts.ts';
import type { Call, Desk } from './door-desk.ts';
import { getMagicLink, listAppConnections, verifyConnectedAccountUser } from './door-links.ts';
import * as tools from './door-tools.ts';

/** A method with its REST twin. Source: the google.api.http options inside the descriptors, backends page §5. */
export interface Endpoint {
  readonly rpc: DescMethodUnary;
  readonly rest: readonly [verb: 'GET' | 'POST' | 'PUT', path: string];
  serve(desk: Desk, request: MessageShape<DescMessage>, call: Call): Promise<MessageInitShape<DescMessage>>;
}

export function endpointsOf({ tools: t, accounts: a, connections: c }: Descriptors): readonly Endpoint[] {
  return [
    endpoint(t.method.executeTool, ['POST', '/api/v1/execute_tool'], tools.executeTool),
    endpoint(t.method.listTools, ['GET', '/api/v1/tools'], tools.listTools),
    endpoint(t.method.listScopedTools, ['GET', '/api/v1/tools/scoped'], tools.listScopedTools),
    endpoint(t.method.listAvailableTools, ['GET', '/api/v1/tools/available'], tools.listAvailableTools),
    endpoint(a.method.listConnectedAccounts, ['GET', '/api/v1/connected_accounts'], accounts.listConnectedAccounts),
    endpoint(a.method.createConnectedAccount, ['POST', '/api/v1/connected_accounts'], accounts.createConnectedAccount),
    endpoint(a.method.updateConnectedAccount, ['PUT', '/api/v1/connected_accounts'], accounts.updateConnectedAccount),
    endpoint(a.method.deleteConnectedAccount, ['POST', '/api/v1/connected_accounts:delete'], accounts.deleteConnectedAccount),
    endpoint(a.method.getMagicLinkForConnectedAccount, ['POST', '/api/v1/connected_accounts/magic_link'], getMagicLink),
    endpoint(a.method.getConnectedAccountAuth, ['GET', '/api/v1/connected_accounts/auth'], accounts.getConnectedAccountAuth),
    endpoint(a.method.getConnectedAccountDetails, ['GET', '/api/v1/connected_accounts/details'], accounts.getConnectedAccountDetails),
    endpoint(a.method.verifyConnectedAccountUser, ['POST', '/api/v1/connected_accounts/user/verify'], verifyConnectedAccountUser),
    endpoint(a.method.getConnectedAccount, ['GET', '/api/v1/connected_accounts/{id}'], accounts.getConnectedAccount),
    endpoint(
      a.method.disconnectConnectedAccount,
      ['POST', '/api/v1/connected_accounts/{id}:disconnect'],
      accounts.disconnectConnectedAccount,
    ),
    endpoint(c.method.listAppConnections, ['GET', '/api/v1/connections/app'], listAppConnections),
  ];
}

function endpoint<I extends DescMessage, O extends DescMessage>(
  rpc: DescMethodUnary<I, O>,
  rest: Endpoint['rest'],
  serve: (desk: Desk, request: MessageShape<I>, call: Call) => Promise<MessageInitShape<O>>,
): Endpoint {
  // The method says which messages it takes and gives; whoever carries it creates them from the same method.
  return { rpc, rest, serve } as unknown as Endpoint;
}
