import type { Adapter, Failure, HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { isRouterError, RouterError } from '../../src/contract/errors.ts';
import { urlBelow } from '../../src/wire/target.ts';
import { listAccounts } from './accounts.ts';
import { openClient, type RawClient, readThrown, tooLate } from './client.ts';
import { startLink } from './connect.ts';
import { createOwners } from './owners.ts';
import { readExecution, readProxied } from './replies.ts';
import { BY_HAND, revoke } from './revoke.ts';
import { listTools } from './tools.ts';

/** The toolkit version that close.yaml was read from. Without one Composio takes the first release, which lacks most tools. */
export const CLOSE_TOOLKIT_VERSION = '20260915_00';

export interface ComposioOptions {
  /** Project key, `ak_…`. */
  readonly apiKey: string;
  /** Default https://backend.composio.dev */
  readonly baseUrl?: string;
  /** The auth config under which new connections are made, `ac_…`. Without it the only one of the toolkit is taken. */
  readonly authConfig?: string;
  /** Where the user returns to after authorising. */
  readonly callbackUrl?: string;
  /** Toolkit version per app; default `{ close: '20260915_00' }`. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly now: () => Date;
}

export function createComposioAdapter(options: ComposioOptions): Adapter {
  const { now, versions = { close: CLOSE_TOOLKIT_VERSION } } = options;
  let opening: Promise<RawClient> | undefined;
  const client = (): Promise<RawClient> => {
    opening ??= open(options);
    return opening;
  };
  const owners = createOwners(async (query, signal) => listAccounts(await client(), query, { now: now(), signal }));

  const sendOnce = async (connection: Connection, signal: AbortSignal, request: (raw: RawClient) => Promise<Reply>): Promise<Reply> => {
    if (signal.aborted) return failed(tooLate());
    const raw = await client();
    const isTheirs = await owners.prove(connection, signal).catch((error: unknown) => beforeSending(error, signal));
    if (isTheirs !== true) return failed(isTheirs || notTheirs());
    if (signal.aborted) return failed(tooLate());
    return request(raw).catch((error: unknown) => failed(readThrown(error, signal)));
  };
  const orRouterError = (signal: AbortSignal) => (error: unknown) => Promise.reject(asRouterError(error, signal));

  return {
    backend: 'composio',
    can: { tool: true, http: 'proxy', connect: 'link' },
    connections: (query, signal) => owners.list(query, signal).catch(orRouterError(signal)),
    invoke: (call, signal) =>
      sendOnce(call.connection, signal, async ({ tools }) =>
        readExecution(await tools.execute(call.tool, toExecution(call, versions), { maxRetries: 0, signal })),
      ),
    request: (call, signal) =>
      urlBelow(ANY_API, call) === undefined
        ? Promise.resolve(failed(OUTSIDE))
        : sendOnce(call.connection, signal, async ({ tools }) =>
            readProxied(await tools.proxy(toProxied(call), { maxRetries: 0, signal })),
          ),
    connect: async (query, signal) => startLink(await client(), query, { ...options, signal }).catch(orRouterError(signal)),
    tools: async (query, signal) => listTools(await client(), query, { asked: versions[query.app], signal }).catch(orRouterError(signal)),
    revocation: {
      byHand: BY_HAND,
      revoke: async (connection, signal) => revoke(await client(), connection, signal).catch(orRouterError(signal)),
    },
    close: async () => {
      // The client sends over Node's own fetch, whose idle sockets neither hold the process nor can be closed from here.
      opening = undefined;
    },
  };
}

/** The SDK prints a coloured block when it finds no key: it is not asked without one. */
async function open({ apiKey, baseUrl = 'https://backend.composio.dev' }: ComposioOptions): Promise<RawClient> {
  if (apiKey.trim() === '') {
    throw new RouterError('configuration', {
      what: 'the Composio project key is empty',
      next: 'Set backends.composio.api_key.',
      backend: 'composio',
    });
  }
  return openClient({ apiKey, baseUrl });
}

function toExecution(
  { arguments: args, connection }: ToolCall,
  versions: Readonly<Record<string, string>>,
): Parameters<RawClient['tools']['execute']>[1] {
  const version = versions[connection.app];
  return {
    arguments: { ...args },
    user_id: connection.user,
    connected_account_id: connection.id,
    ...(version === undefined ? {} : { version }),
  };
}

/** Always with an account: without one Composio takes "the default account for the project". */
function toProxied({ connection, method, path, query, body }: HttpCall): Parameters<RawClient['tools']['proxy']>[0] {
  return {
    endpoint: path,
    method,
    connected_account_id: connection.id,
    parameters: query.map(([name, value]) => ({ name, value, type: 'query' as const })),
    ...(body === undefined ? {} : { body: { ...body } }),
  };
}

/** Composio joins the path to the app's API by itself, with the user's credential: one that leads elsewhere is not given to it. */
const ANY_API = 'https://app.invalid/api';
const OUTSIDE: Failure = { code: 'invalid_input', delivery: 'not-sent', what: 'the path leads outside the API', origin: 'backend' };

/** Whatever goes wrong while ownership is being proved, the call itself has not been sent. */
function beforeSending(error: unknown, signal: AbortSignal): Failure {
  if (isRouterError(error)) return { code: error.code, delivery: 'not-sent', what: error.details.what, origin: 'backend' };
  return { ...readThrown(error, signal), delivery: 'not-sent' };
}

function asRouterError(error: unknown, signal: AbortSignal): RouterError {
  if (isRouterError(error)) return error;
  const { code, what, status, retryAfterMs } = readThrown(error, signal);
  return new RouterError(
    code,
    { what, next: NEXT[code] ?? 'Try again later.', backend: 'composio', status, retryAfterMs },
    { cause: error },
  );
}

const NEXT: Readonly<Record<string, string>> = {
  unauthenticated: 'Check backends.composio.api_key: it is the key of one project (ak_…).',
  permission_denied: 'Give the project key the right to read and create connected accounts.',
  invalid_input: 'Check backends.composio.auth_config and the user id.',
  unsupported_operation: 'Check backends.composio.base_url and auth_config.',
  reply_unexpected: 'Check backends.composio.base_url, and that nothing stands between here and Composio.',
};

function notTheirs(): Failure {
  return {
    code: 'connection_required',
    delivery: 'not-sent',
    what: 'Composio knows no such connected account of this user',
    origin: 'backend',
  };
}

function failed(failure: Failure): Reply {
  return { kind: 'failed', failure };
}
