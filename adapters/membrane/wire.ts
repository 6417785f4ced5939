import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { MembraneClient } from '@membranehq/sdk';
import type { Failure } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { abortFailure, networkFailure } from '../../src/wire/network.ts';
import { urlBelow } from '../../src/wire/target.ts';
import type { Answered } from './errors.ts';

export interface WireOptions {
  readonly workspaceKey: string;
  readonly workspaceSecret: string;
  /** Default https://api.getmembrane.com */
  readonly baseUrl?: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Encoded, starts with `/`. */
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly body?: JsonObject;
}

export type Asked = { readonly ok: true; readonly answer: Answered } | { readonly ok: false; readonly failure: Failure };

/** One tenant's client of the SDK. It mints its own token, which names the tenant and lives an hour. */
export type Client = Pick<MembraneClient, 'get' | 'post' | 'put' | 'delete' | 'retrieveLogs' | 'token'>;

export interface Wire {
  /** A client that acts for this user and nobody else. Throws RouterError `configuration`. */
  client(user: string): Promise<Client>;
  send(client: Client, question: Question, signal: AbortSignal): Promise<Asked>;
  close(): void;
}

/** Membrane's documented limit of an answer. */
const LARGEST_ANSWER_BYTES = 30 * 1024 * 1024;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The SDK's client, one layer lower: its `get` and `post` pass axios's own options on, and these keep status, headers and text,
 * which the client drops, and stop it from taking an app's error for Membrane's (api-client, handleRequestError). Redirects are not
 * followed, because the token would travel along. No option of the SDK sets a deadline: every call has a signal.
 */
export function openWire({ workspaceKey, workspaceSecret, baseUrl = 'https://api.getmembrane.com' }: WireOptions): Wire {
  const base = baseUrl.replace(/\/+$/, '');
  const agents = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true }) };
  const proxy = LOOPBACK.test(URL.parse(base)?.hostname ?? '') ? { proxy: false as const } : {};
  return {
    client: async (user) => {
      if (workspaceKey.trim() === '' || workspaceSecret.trim() === '') throw unconfigured();
      const { MembraneClient: Sdk } = await loadSdk();
      return new Sdk({ workspaceKey, workspaceSecret, tenantKey: user, apiUri: base });
    },
    send: async (client, question, signal) => {
      if (signal.aborted) return { ok: false, failure: abortFailure(signal.reason, false) };
      const url = urlBelow(base, { path: question.path, query: question.query ?? [] });
      if (!url) return elsewhere();
      const line: Line = { open: false };
      const options = { ...agents, ...proxy, ...SETTINGS, signal, transport: watched(line) };
      try {
        return read(await call(client, { ...question, path: `${question.path}${url.search}` }, options));
      } catch (error) {
        return { ok: false, failure: signal.aborted ? abortFailure(signal.reason, line.open) : networkFailure(error, line.open) };
      } finally {
        // Nothing of the error is kept either: axios puts the token into it.
        client.retrieveLogs(); // the client keeps every request and answer until somebody takes them
      }
    },
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

const SETTINGS = {
  maxRedirects: 0,
  maxContentLength: LARGEST_ANSWER_BYTES,
  validateStatus: () => true,
  transformResponse: (text: unknown, headers: unknown, status?: number) => ({ text, headers: { ...Object(headers) }, status }),
};

/** Whether a byte of the request may have left. */
interface Line {
  open: boolean;
}

type Options = typeof SETTINGS & { readonly signal: AbortSignal; readonly transport: ReturnType<typeof watched> };

function call(client: Client, { method, path, body }: Question, options: Options): Promise<unknown> {
  switch (method) {
    case 'GET':
      return client.get(path, undefined, options);
    case 'POST':
      return client.post(path, body, options);
    case 'PUT':
      return client.put(path, body, options);
    case 'DELETE':
      return client.delete(path, body, options);
    default:
      return method satisfies never;
  }
}

/** Node's own transport, which tells when the line stands: until then nothing was sent, from then on nobody can tell. */
function watched(line: Line): { request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest } {
  return {
    request: (options, onResponse) => {
      const secure = options.protocol === 'https:';
      const request = (secure ? httpsRequest : httpRequest)(options, onResponse);
      return request.once('socket', (socket) => {
        const open = (): void => {
          line.open = true;
        };
        if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', open);
        else open();
      });
    },
  };
}

function read(envelope: unknown): Asked {
  const { status, headers, text } = isObject(envelope) ? envelope : {};
  if (typeof status !== 'number') return { ok: false, failure: networkFailure(undefined, true) };
  return { ok: true, answer: { status, headers: flat(headers), body: parse(typeof text === 'string' ? text : '') } };
}

/** Nothing for an empty body, the text itself for what is not JSON. */
function parse(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function flat(headers: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isObject(headers) ? headers : {}).filter(([, value]) => typeof value === 'string' || Array.isArray(value));
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function elsewhere(): Asked {
  return { ok: false, failure: { code: 'invalid_input', delivery: 'not-sent', what: 'the path leads elsewhere', origin: 'backend' } };
}

function loadSdk(): Promise<typeof import('@membranehq/sdk')> {
  return import('@membranehq/sdk').catch((cause: unknown) => {
    throw new RouterError(
      'configuration',
      { what: 'the package @membranehq/sdk is not installed', next: 'Install @membranehq/sdk 0.28.3.', backend: 'membrane' },
      { cause },
    );
  });
}

function unconfigured(): RouterError {
  return new RouterError('configuration', {
    what: 'the Membrane workspace key or secret is empty',
    next: 'Set backends.membrane.workspace_key and workspace_secret.',
    backend: 'membrane',
  });
}
