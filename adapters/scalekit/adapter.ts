import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Adapter, Failure, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { Connection, ConnectionQuery } from '../../src/contract/connection.ts';
import { isRouterError, RouterError } from '../../src/contract/errors.ts';
import { isObject } from '../../src/contract/guards.ts';
import { listAccounts } from './accounts.ts';
import { type Client, createClient, failed } from './client.ts';
import { startLink } from './connect.ts';
import type { Descriptors } from './descriptors.ts';
import { readRefusal } from './errors.ts';
import { checkIdentity } from './identity.ts';
import { structProblems } from './payload.ts';
import { listTools } from './tools.ts';

export interface ScalekitOptions {
  /** The environment, `https://<name>.scalekit.com`. */
  readonly envUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Name of Close's connection in the Scalekit dashboard, case-sensitive; default `close`. Other apps have their own names there. */
  readonly connector?: string;
  readonly now: () => Date;
}

/** Source: backends/scalekit.md, deleteConnectedAccount, and close-rest.md §2. */
const BY_HAND =
  'Delete the connected account in the Scalekit dashboard. In Close, end what the user has granted to the app as well: a token that was copied is of use until then.';

/** As long as the SDK waits for a tool. A caller's own deadline may end the call before. */
const TOOL_TIMEOUT_MS = 60_000;
/** More users than that are forgotten and asked for again. */
const MOST_USERS = 10_000;

export function createScalekitAdapter(options: ScalekitOptions): Adapter {
  const { now } = options;
  const connectorOf = (app: string): string => (app === 'close' ? (options.connector ?? app) : app);
  const client = createClient(options);
  /** Which accounts a user was last seen to have: the proxy can only be told the user. */
  const seen = new Map<string, readonly Connection[]>();

  const list = async (query: ConnectionQuery, signal: AbortSignal): Promise<readonly Connection[]> => {
    const connector = connectorOf(query.app);
    checkIdentity({ user: query.user, connector });
    const { accounts } = await client.descriptors();
    const found = await listAccounts(
      (page) => client.ask(accounts.method.listConnectedAccounts, page, signal),
      { ...query, connector },
      now(),
    );
    if (seen.size >= MOST_USERS) seen.clear();
    seen.set(keyOf(query), found);
    return found;
  };
  const accountsOf = async ({ app, user, id }: Connection, signal: AbortSignal): Promise<readonly Connection[]> => {
    const known = seen.get(keyOf({ app, user }));
    return known?.some((one) => one.id === id) ? known : list({ app, user }, signal);
  };

  return {
    backend: 'scalekit',
    can: { tool: true, http: 'proxy', connect: 'link' },
    connections: list,
    invoke: (call, signal) => orRefused(() => invoke(client, { ...call, connector: connectorOf(call.connection.app) }, signal)),
    request: (call, signal) =>
      orRefused(async () => {
        const connector = connectorOf(call.connection.app);
        checkCall({ ...call.connection, connector }, call.body);
        const stranger = notAlone(call.connection, await accountsOf(call.connection, signal));
        return stranger ? failed(stranger) : client.proxy(call, { connector, signal });
      }),
    connect: async (query, signal) => {
      const present = await list(query, signal);
      const { accounts } = await client.descriptors();
      return startLink({ ...query, connector: connectorOf(query.app) }, present, {
        create: (request) => client.ask(accounts.method.createConnectedAccount, request, signal),
        link: (request) => client.ask(accounts.method.getMagicLinkForConnectedAccount, request, signal),
      });
    },
    tools: async ({ app }, signal) => {
      const { tools } = await client.descriptors();
      return { tools: await listTools((page) => client.ask(tools.method.listTools, page, signal), app) };
    },
    revocation: {
      byHand: BY_HAND,
      revoke: async (connection, signal) => {
        seen.delete(keyOf(connection));
        const connector = connectorOf(connection.app);
        const { accounts } = await client.descriptors();
        await client.ask(accounts.method.deleteConnectedAccount, { id: connection.id, identifier: connection.user, connector }, signal);
        return 'the connected account was deleted, and its credentials revoked';
      },
    },
    close: () => client.close(),
  };
}

type Params = MessageInitShape<Descriptors['tools']['method']['executeTool']['input']>['params'];

async function invoke(client: Client, call: ToolCall & { readonly connector: string }, signal: AbortSignal): Promise<Reply> {
  const { connection, connector, tool } = call;
  // Without an account Scalekit takes whichever the user has.
  if (connection.id === '') return failed(NOBODY);
  checkCall({ ...connection, connector }, call.arguments);
  const { tools } = await client.descriptors();
  const params = call.arguments as Params; // checked to hold nothing but JSON
  const answer = await client.call(
    tools.method.executeTool,
    { toolName: tool, params, identifier: connection.user, connector, connectedAccountId: connection.id },
    { signal, timeoutMs: TOOL_TIMEOUT_MS },
  );
  if (answer.kind === 'failed') return failed(answer.failure);
  return answer.kind === 'refused' ? readRefusal(answer.refusal) : readResult(answer.message.data);
}

const ERROR_KEYS = ['error', 'errors', 'field-errors', 'field_errors', 'message', 'status_code'];

/**
 * guess: `data` is the app's raw answer. Whether an app's error can come as a success is not published; one that does is not
 * believed. No data is no answer to anything but a delete.
 */
function readResult(data: unknown): Reply {
  const names = isObject(data) ? Object.keys(data) : [];
  if (names.length === 0 || !names.every((name) => ERROR_KEYS.includes(name))) return { kind: 'tool', data };
  const what = 'the tool reports success with an error as its result';
  return failed({ code: 'reply_unexpected', delivery: 'unknown', what, origin: 'backend' });
}

/** Throws RouterError for what would not arrive as it is. */
function checkCall({ user, connector }: { readonly user: string; readonly connector: string }, payload: unknown): void {
  checkIdentity({ user, connector });
  const fields = payload === undefined ? [] : structProblems(payload);
  if (fields.length === 0) return;
  const what = fields.map(({ path, problem }) => `${path} ${problem}`).join('; ');
  throw new RouterError('invalid_input', { what, next: 'Correct the input; nothing was sent.', backend: 'scalekit', fields });
}

/** With two accounts of one user nobody can say which of them the proxy takes. */
function notAlone({ id }: Connection, accounts: readonly Connection[]): Failure | undefined {
  if (!accounts.some((one) => one.id === id)) return NOBODY;
  if (accounts.length === 1) return undefined;
  return { ...NOBODY, code: 'unsupported_operation', what: 'the proxy of Scalekit cannot tell the accounts of this user apart' };
}

const NOBODY: Failure = {
  code: 'connection_required',
  delivery: 'not-sent',
  what: 'Scalekit knows no such connected account of this user',
  origin: 'backend',
};

/** Apps have no line break in their names. */
function keyOf({ app, user }: ConnectionQuery): string {
  return `${app}\n${user}`;
}

/** Every RouterError here is from before the call was sent. */
async function orRefused(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (!isRouterError(error)) throw error;
    const { what, fields, status, retryAfterMs } = error.details;
    const more = {
      ...(fields === undefined ? {} : { fields }),
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
    return failed({ code: error.code, delivery: 'not-sent', what, origin: 'backend', ...more });
  }
}
