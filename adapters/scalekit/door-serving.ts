import type { DoorHost } from '../../src/contract/door.ts';
import { TOOL_SETS } from './close-tools-newer.ts';
import { loadDescriptors } from './descriptors.ts';
import type { ScalekitDoorOptions } from './door.ts';
import { type Call, CODE, type Desk, Refusal } from './door-desk.ts';
import { endpointsOf } from './door-endpoints.ts';
import { proxy } from './door-proxy.ts';
import { tell, unauthenticated } from './door-refusal.ts';
import { findTwin, serveTwin } from './door-rest.ts';
import { createRpcDoor } from './door-rpc.ts';
import { createDoorTokens } from './door-token.ts';

/** Loads what gRPC takes, and answers every path of an environment. */
export async function openServing(
  host: DoorHost,
  { app, binding, connector = app.id, toolSet }: ScalekitDoorOptions,
): Promise<(request: Request) => Promise<Response>> {
  const descriptors = await loadDescriptors();
  const tools = toolSet === '103' ? TOOL_SETS['103'] : TOOL_SETS['81'];
  const desk: Desk = { host, app, binding, connector, tools };
  const tokens = createDoorTokens(host);
  const endpoints = endpointsOf(descriptors);
  const callOf = (headers: Headers, signal: AbortSignal): Call => {
    const caller = tokens.caller(headers.get('authorization'));
    if (!caller) throw unauthenticated;
    const idempotencyKey = headers.get('idempotency-key');
    return { caller, signal, ...(idempotencyKey === null ? {} : { idempotencyKey }) };
  };
  const rpc = createRpcDoor({ desk, endpoints, callOf, errorInfo: descriptors.errorInfo });

  const plain = async (request: Request, path: string): Promise<Response> => {
    const call = callOf(request.headers, request.signal);
    if (path.startsWith('/proxy/')) return proxy(desk, request, path.slice('/proxy'.length), call);
    const twin = findTwin(endpoints, request.method, path);
    if (!twin) throw new Refusal(CODE.notFound, 'no such path');
    return serveTwin(desk, twin, request, call);
  };

  return async (request) => {
    if (/^application\/grpc\b/.test(request.headers.get('content-type') ?? '')) return rpc(request);
    const path = new URL(request.url).pathname;
    if (request.method === 'POST' && path === '/oauth/token') return tokens.grant(request);
    // Its tokens are opaque: there is no key to check them with.
    if (request.method === 'GET' && path === '/keys') return Response.json({ keys: [] });
    if (request.method === 'GET' && path.startsWith('/connected/')) return new Response('Connected. You can close this page.\n');
    return plain(request, path).catch(gatewayError);
  };
}

/** guess: the error body of gRPC's HTTP gateway. */
function gatewayError(error: unknown): Response {
  const { code, status, message, detail } = tell(error);
  const info = { '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: detail.errorCode ?? '' };
  return Response.json({ code, message, details: [info] }, { status });
}
