import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import { withTrailers } from '../../src/wire/trailers.ts';
import type { Descriptors } from './descriptors.ts';
import type { Call, Desk } from './door-desk.ts';
import type { Endpoint } from './door-endpoints.ts';
import { tell } from './door-refusal.ts';

export interface RpcDoorParts extends Pick<Descriptors, 'errorInfo'> {
  readonly desk: Desk;
  readonly endpoints: readonly Endpoint[];
  /** Throws Refusal. */
  readonly callOf: (headers: Headers, signal: AbortSignal) => Call;
}

/** gRPC in front of the handlers; a method that has none is answered as unimplemented. */
export function createRpcDoor({ desk, endpoints, callOf, errorInfo }: RpcDoorParts): (request: Request) => Promise<Response> {
  const router = createConnectRouter({ connect: false, grpcWeb: false });
  for (const { rpc, serve } of endpoints) {
    router.rpc(rpc, async (message, { requestHeader, signal }) => {
      try {
        return await serve(desk, message, callOf(requestHeader, signal));
      } catch (error) {
        const { code, message: text, detail } = tell(error);
        throw new ConnectError(text, code, undefined, [{ desc: errorInfo, value: detail }]);
      }
    });
  }
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return async (request) => {
    const { pathname } = new URL(request.url);
    const handler = handlers.get(pathname);
    if (!handler) return trailersOnly({ 'grpc-status': String(Code.Unimplemented), 'grpc-message': 'unknown method' });
    const { method, headers, signal, url } = request;
    const body = request.body ?? new Blob([]).stream();
    const answer = await handler({ httpVersion: '2', method, url, header: headers, body, signal });
    const content = Buffer.concat(await Array.fromAsync(answer.body ?? []));
    if (content.length === 0)
      return trailersOnly({ ...Object.fromEntries(answer.header ?? []), ...Object.fromEntries(answer.trailer ?? []) });
    const { status, header = new Headers(), trailer = new Headers() } = answer;
    return withTrailers(new Response(content, { status, headers: header }), trailer);
  };
}

/** Without a message there is nothing that trailers could come after: they are the headers. */
function trailersOnly(headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 200, headers: { 'content-type': 'application/grpc+proto', ...headers } });
}
