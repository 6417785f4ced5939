import type { Dispatcher } from 'undici';
import { CLOSE_API } from '../../src/binding/match.ts';
import type { HttpCall, Reply } from '../../src/contract/adapter.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { type Answer, createAgent, type Exchanged, exchange } from '../../src/wire/exchange.ts';
import { urlBelow } from '../../src/wire/target.ts';
import { readGateway, readHttp, readRefusal } from './errors.ts';
import type { Mint } from './token.ts';

/** The HTTP/1.1 side of an environment: its token endpoint and its proxy. */
export interface ScalekitHttp {
  readonly mint: Mint;
  /** undefined: the path would leave the proxy. */
  proxied(call: HttpCall, sender: Sender): Dispatcher.DispatchOptions | undefined;
  send(request: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<Exchanged>;
  close(): Promise<void>;
}

export interface Sender {
  readonly token: string;
  readonly connector: string;
  readonly identifier: string;
}

export interface HttpParts {
  /** Without trailing slash. */
  readonly envUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** As long as the SDK waits for a token. Callers have deadlines of their own; the token is everybody's. */
const TOKEN_TIMEOUT_MS = 20_000;
/** Where the app's API begins behind the proxy: the connector's proxy_url is the bare host. */
const API_PATH = new URL(CLOSE_API).pathname;

/**
 * Our own client: the SDK's `actions.request` never fetches a token, loses status and headers of a failure, follows redirects
 * with the identity headers on, and lets a path leave `/proxy` (CHANGELOG 2.19.1; 2.11.0 is affected).
 */
export function createHttp(parts: HttpParts): ScalekitHttp {
  let agent: Promise<Dispatcher> | undefined;
  const send = async (request: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<Exchanged> => {
    agent ??= createAgent();
    return exchange(await agent, request, signal);
  };
  return {
    mint: async () => readToken(await send(tokenRequest(parts), AbortSignal.timeout(TOKEN_TIMEOUT_MS))),
    proxied: (call, sender) => {
      const url = urlBelow(`${parts.envUrl}/proxy${API_PATH}`, call);
      return url && proxyRequest(url, call, sender);
    },
    send,
    close: async () => {
      const open = await agent;
      agent = undefined;
      await open?.destroy();
    },
  };
}

function tokenRequest({ envUrl, clientId, clientSecret }: HttpParts): Dispatcher.DispatchOptions {
  const url = new URL(`${envUrl}/oauth/token`);
  return {
    origin: url.origin,
    path: url.pathname,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'skillrouter' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }).toString(),
  };
}

/** Whatever became of the token, the call that wanted it was not sent. */
function readToken(exchanged: Exchanged): Awaited<ReturnType<Mint>> {
  if (!exchanged.ok) return { ok: false, failure: { ...exchanged.failure, delivery: 'not-sent' } };
  const { status, headers, text } = exchanged.answer;
  const body = parse(text);
  const token = stringAt(body, 'access_token');
  if (status === 200 && token !== undefined && /^[!-~]+$/.test(token)) {
    const seconds = isObject(body) ? body['expires_in'] : undefined;
    const lasts = typeof seconds === 'number' && seconds > 0 ? { lifetimeMs: seconds * 1000 } : {};
    return { ok: true, minted: { token, ...lasts } };
  }
  // RFC 6749 §5.2: a wrong secret is 400 or 401 with `error: invalid_client`.
  if (status === 401 || (status === 400 && stringAt(body, 'error') === 'invalid_client')) {
    return {
      ok: false,
      failure: {
        code: 'unauthenticated',
        delivery: 'not-sent',
        what: 'Scalekit refused client_id or client_secret',
        origin: 'backend',
        status,
      },
    };
  }
  return { ok: false, failure: { ...readHttp(status, new Map(Object.entries(headers))), delivery: 'not-sent' } };
}

function proxyRequest(url: URL, { method, body }: HttpCall, { token, connector, identifier }: Sender): Dispatcher.DispatchOptions {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    connection_name: connector,
    identifier,
    'user-agent': 'skillrouter',
  };
  const request = { origin: url.origin, path: `${url.pathname}${url.search}`, method };
  if (body === undefined) return { ...request, headers };
  return { ...request, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/**
 * Whether the token was what the proxy refused. The app's own 401 is about the connection, and has a body of the app's. One that is
 * nobody's may be about the token, and may come after the work was done.
 */
export function isTokenRefused({ status, text }: Answer): boolean | 'perhaps' {
  if (status !== 401) return false;
  const body = parse(text);
  return isObject(body) ? readGateway(status, body)?.code === 16 : 'perhaps';
}

/** The app's answer with its status and headers, unless it is no answer of the app. */
export function readProxied({ status, headers, text }: Answer): Reply {
  const body = parse(text);
  if (status >= 300 && status < 400) return unreadable(status, 'the proxy redirected the request');
  const refusal = readGateway(status, body);
  if (refusal) return readRefusal(refusal);
  const isText = typeof body === 'string' || body === undefined;
  if (status >= 400 && status < 500 && isText) return { kind: 'failed', failure: readHttp(status, new Map(Object.entries(headers))) };
  if (status < 300 && typeof body === 'string') return unreadable(status, 'the answer through the proxy is not JSON');
  return { kind: 'http', status, headers, body };
}

function unreadable(status: number, what: string): Reply {
  return { kind: 'failed', failure: { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'backend', status } };
}

/** Nothing for an empty body, the text itself for what is not JSON. */
function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
