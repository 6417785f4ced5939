import type { Dispatcher } from 'undici';
import type { Adapter, HttpCall, Reply } from '../../src/contract/adapter.ts';
import type { Connection, ConnectionQuery, ConnectLink } from '../../src/contract/connection.ts';
import { type Answer, createAgent, exchange } from '../../src/wire/exchange.ts';
import { urlBelow } from '../../src/wire/target.ts';
import { unreadable } from './errors.ts';
import { authorization, connectionId, type Keys, keyOf } from './keys.ts';

export interface RestOptions {
  readonly keys: Keys;
  /** Default: Close's own. */
  readonly baseUrl?: string;
  readonly now: () => Date;
}

/** The API of Close has no call that ends a key. Source: backends/close-rest.md §2. */
const BY_HAND = 'Delete the key in Close (Settings, API Keys), and take it out of the configuration and the environment.';

const CLOSE_API = 'https://api.close.com/api/v1';

/** Close's own REST API, with keys from our configuration. */
export function createRestAdapter(options: RestOptions): Adapter {
  const base = (options.baseUrl ?? CLOSE_API).replace(/\/+$/, '');
  let agent: Promise<Dispatcher> | undefined;
  const dispatcher = (): Promise<Dispatcher> => {
    agent ??= createAgent();
    return agent;
  };
  return {
    backend: 'rest',
    can: { tool: false, http: 'direct', connect: 'key' },
    connections: async (query) => connectionsOf(query, options),
    connect: async (query) => linkFor(query),
    invoke: async () => refused('unsupported_operation', 'Close has no named tools'),
    request: async (call, signal) => {
      const key = keyOf(options.keys, call.connection.user);
      if (key === undefined || connectionId(key) !== call.connection.id)
        return refused('connection_required', 'no key is configured for this connection');
      const url = urlBelow(base, call);
      if (!url) return refused('invalid_input', 'the path leads outside the API');
      const exchanged = await exchange(await dispatcher(), message(url, call, key), signal);
      return exchanged.ok ? read(exchanged.answer) : { kind: 'failed', failure: exchanged.failure };
    },
    revocation: { byHand: BY_HAND },
    close: async () => {
      await (await agent)?.destroy();
      agent = undefined;
    },
  };
}

/** A configured key counts as active until the app refuses it. */
function connectionsOf({ app, user }: ConnectionQuery, { keys, now }: RestOptions): readonly Connection[] {
  const key = app === 'close' ? keyOf(keys, user) : undefined;
  if (key === undefined) return [];
  return [{ id: connectionId(key), backend: 'rest', app, user, status: 'active', detail: 'configured', checkedAt: now().toISOString() }];
}

function linkFor({ user }: ConnectionQuery): ConnectLink {
  return {
    how: `Create an API key in Close (Settings, API Keys) and configure it as users.${user}.rest.api_key, or as backends.rest.api_key for everybody`,
  };
}

function message(url: URL, { method, body }: HttpCall, key: string): Dispatcher.DispatchOptions {
  const headers = { accept: 'application/json', authorization: authorization(key), 'user-agent': 'skillrouter' };
  const request = { origin: url.origin, path: `${url.pathname}${url.search}`, method };
  if (body === undefined) return { ...request, headers };
  return { ...request, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function read({ status, headers, text }: Answer): Reply {
  if (status >= 300 && status < 400) return { kind: 'failed', failure: unreadable(status, 'the app redirected the request') };
  const body = parse(text);
  if (typeof body === 'string' && status < 300) return { kind: 'failed', failure: unreadable(status, 'the answer is not JSON') };
  return { kind: 'http', status, headers, body };
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

function refused(code: 'unsupported_operation' | 'connection_required' | 'invalid_input', what: string): Reply {
  return { kind: 'failed', failure: { code, delivery: 'not-sent', what, origin: 'backend' } };
}
