/**
 * The SDK's own descriptors, which it ships although they are no public API: the only place that names their paths. They pin
 * @scalekit-sdk/node to 2.11.0. Loading them does not load the SDK itself.
 */
import type { ConnectedAccountService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
// biome-ignore lint/style/noRestrictedImports: a folder of the package that has the name of one of ours
import type { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import type { ErrorInfo, ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import type { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { RouterError } from '../../src/contract/errors.ts';

/** The version of the API that the descriptors describe (pkg lib/core.js, apiVersion). */
export const API_VERSION = '20260727';

export type { ErrorInfo };

export interface Descriptors {
  readonly tools: typeof ToolService;
  readonly accounts: typeof ConnectedAccountService;
  readonly connections: typeof ConnectionService;
  readonly errorInfo: typeof ErrorInfoSchema;
}

export async function loadDescriptors(): Promise<Descriptors> {
  const [tools, accounts, connections, errors] = await Promise.all([
    import('@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js'),
    import('@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js'),
    // biome-ignore lint/style/noRestrictedImports: a folder of the package that has the name of one of ours
    import('@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js'),
    import('@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js'),
  ]).catch((cause: unknown) => {
    throw new RouterError(
      'configuration',
      { what: 'the package @scalekit-sdk/node is not installed', next: 'Install @scalekit-sdk/node 2.11.0.', backend: 'scalekit' },
      { cause },
    );
  });
  return {
    tools: tools.ToolService,
    accounts: accounts.ConnectedAccountService,
    connections: connections.ConnectionService,
    errorInfo: errors.ErrorInfoSchema,
  };
}
