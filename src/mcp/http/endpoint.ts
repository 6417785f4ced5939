import {
  type AuthInfo,
  createMcpHandler,
  type McpHttpHandler,
  type McpRequestContext,
  type McpServerFactory,
} from '@modelcontextprotocol/server';
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
  const { origin, path, oauth } = parts;
  const gate = gateOf(parts.allowedHosts);
  const admit = admissionOf({ ...parts, metadataUrl: () => `${origin()}${METADATA_PATH}${path}` });
  const desk = new Desk(parts);
  return {
    fetch: async (request) => {
      const stranger = gate(request);
      if (stranger) return stranger;
      const authInfo = await admit(request);
      return authInfo instanceof Response ? authInfo : desk.receive(request, authInfo);
    },
    metadata: async (request) =>
      oauth
        ? metadataResponse(request, { resource: `${origin()}${path}`, issuer: oauth.issuer, scopes: oauth.scopes })
        : refused(404, 'this server takes no access tokens'),
    close: () => desk.close(),
  };
}

/** Takes the messages of callers who are known, no more of each than is fair to the others. */
class Desk {
  readonly #handler: McpHttpHandler;
  readonly #body: BodyLimits;
  readonly #allowance: Allowance;
  readonly #flight = new Flight(MOST_IN_FLIGHT);
  readonly #recall = new Recall();

  constructor({ factory, body = BODY_LIMITS, requestsPerMinute, elapsed, onRefusal }: EndpointParts) {
    this.#handler = createMcpHandler(factory, { onerror: onRefusal, maxRequestBodySize: body.bytes });
    this.#body = body;
    this.#allowance = new Allowance({ perMinute: requestsPerMinute }, elapsed);
  }

  async receive(request: Request, authInfo: AuthInfo): Promise<Response> {
    if (request.method !== 'POST') return this.#handler.fetch(request, { authInfo });
    const landed = this.#flight.begin(authInfo.clientId);
    if (!landed) return refused(429, `at most ${MOST_IN_FLIGHT} requests at a time`, { 'retry-after': '1' });
    try {
      const read = await readBody(request, this.#body);
      const wait = this.#allowance.take(authInfo.clientId, read instanceof Response ? 1 : read.messages);
      const early = wait === undefined ? read : refused(429, 'too many requests; wait', { 'retry-after': `${wait}` });
      return early instanceof Response
        ? endTold(early, request.signal, landed)
        : await this.#answer(request, authInfo, early.value, landed);
    } catch (error) {
      landed();
      throw error;
    }
  }

  async #answer(request: Request, authInfo: AuthInfo, message: unknown, landed: () => void): Promise<Response> {
    const { clientId } = authInfo;
    this.#recall.heed(request, clientId, message);
    const call = this.#recall.callable(request, clientId, message);
    const ended = (): void => {
      call.done();
      landed();
    };
    try {
      const response = await this.#handler.fetch(call.request, { authInfo, parsedBody: message });
      return endTold(named(response, message), call.request.signal, ended);
    } catch (error) {
      ended();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#handler.close();
  }
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
