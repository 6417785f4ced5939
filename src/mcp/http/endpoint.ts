import { type AuthInfo, createMcpHandler, type McpRequestContext, type McpServerFactory } from '@modelcontextprotocol/server';
import { METADATA_PATH } from '../metadata-path.ts';
import type { Caller } from '../tool.ts';
import { type AdmissionParts, admissionOf } from './admission.ts';
import { Allowance } from './allowance.ts';
import { BODY_LIMITS, type BodyLimits, readBody } from './body.ts';
import { endTold, Flight } from './flight.ts';
import { gateOf } from './gate.ts';
import { metadataResponse } from './metadata.ts';
import { named, Recall } from './recall.ts';
import { refused } from './refusals.ts';

export interface EndpointParts extends Omit<AdmissionParts, 'metadataUrl'> {
  /** Makes a server for the caller that `callerIn` finds. */
  readonly factory: McpServerFactory;
  /** Names by which the port may be called. */
  readonly allowedHosts: readonly string[];
  /** The origin at which clients reach us. */
  readonly origin: () => string;
  readonly path: string;
  readonly requestsPerMinute: number;
  readonly body?: BodyLimits;
  readonly onRefusal: (error: Error) => void;
}

export interface Endpoint {
  fetch(request: Request): Promise<Response>;
  /** RFC 9728's document; without OAuth there is none. */
  metadata(request: Request): Promise<Response>;
  /** Cancels what is under way. */
  close(): Promise<void>;
}

/** Calls of one caller that may be under way together. */
const MOST_IN_FLIGHT = 64;

/** MCP over HTTP: who calls, by which name and how often is settled before a message is read. */
export function createEndpoint(parts: EndpointParts): Endpoint {
  const { factory, origin, path, oauth, elapsed, onRefusal, body = BODY_LIMITS } = parts;
  const handler = createMcpHandler(factory, { onerror: onRefusal, maxRequestBodySize: body.bytes });
  const gate = gateOf(parts.allowedHosts);
  const admit = admissionOf({ ...parts, metadataUrl: () => `${origin()}${METADATA_PATH}${path}` });
  const allowance = new Allowance({ perMinute: parts.requestsPerMinute }, elapsed);
  const flight = new Flight(MOST_IN_FLIGHT);

  const recall = new Recall();

  const answer = async (request: Request, authInfo: AuthInfo, message: unknown, landed: () => void): Promise<Response> => {
    recall.heed(request, authInfo.clientId, message);
    const { request: callable, done } = recall.callable(request, authInfo.clientId, message);
    const response = await handler.fetch(callable, { authInfo, parsedBody: message });
    return endTold(named(response, message), callable.signal, () => {
      done();
      landed();
    });
  };
  const serve = async (request: Request): Promise<Response> => {
    const stranger = gate(request);
    if (stranger) return stranger;
    const authInfo = await admit(request);
    if (authInfo instanceof Response) return authInfo;
    if (request.method !== 'POST') return handler.fetch(request, { authInfo });
    const landed = flight.begin(authInfo.clientId);
    if (!landed) return refused(429, `at most ${MOST_IN_FLIGHT} requests at a time`, { 'retry-after': '1' });
    try {
      const read = await readBody(request, body);
      const wait = allowance.take(authInfo.clientId, read instanceof Response ? 1 : read.messages);
      const early = wait === undefined ? read : refused(429, 'too many requests; wait', { 'retry-after': `${wait}` });
      if (!(early instanceof Response)) return await answer(request, authInfo, early.value, landed);
      landed();
      return early;
    } catch (error) {
      landed();
      throw error;
    }
  };
  return {
    fetch: serve,
    metadata: async (request) =>
      oauth
        ? metadataResponse(request, { resource: `${origin()}${path}`, issuer: oauth.issuer, scopes: oauth.scopes })
        : refused(404, 'this server takes no access tokens'),
    close: () => handler.close(),
  };
}

/** Whom a request was admitted as. */
export function callerIn({ authInfo }: McpRequestContext): Caller {
  const caller: unknown = authInfo?.extra?.['caller'];
  if (isCaller(caller)) return caller;
  throw new Error('a request reached the server unadmitted');
}

function isCaller(value: unknown): value is Caller {
  return typeof value === 'object' && value !== null && 'user' in value && 'scope' in value;
}
