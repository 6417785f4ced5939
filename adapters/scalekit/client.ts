import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Failure, HttpCall, Reply } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { Exchanged } from '../../src/wire/exchange.ts';
import { type Descriptors, loadDescriptors } from './descriptors.ts';
import { readRefusal } from './errors.ts';
import { createHttp, isTokenRefused, readProxied } from './http.ts';
import { openRpc, type Rpc, type RpcAnswer } from './rpc.ts';
import { createTokens } from './token.ts';

export interface ClientOptions {
  readonly envUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly now: () => Date;
}

export interface Sending {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface Proxying {
  readonly signal: AbortSignal;
  readonly connector: string;
}

/** One environment: its RPC and its proxy, with a token that both share. */
export interface Client {
  descriptors(): Promise<Descriptors>;
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    sending: Sending,
  ): Promise<RpcAnswer<MessageShape<O>>>;
  /** The answer of a call that runs no tool. Throws RouterError for every other outcome. */
  ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    signal: AbortSignal,
  ): Promise<MessageShape<O>>;
  proxy(call: HttpCall, proxying: Proxying): Promise<Reply>;
  close(): Promise<void>;
}

/** As long as the SDK waits for everything but tools. */
const CONTROL_TIMEOUT_MS = 20_000;
const UNAUTHENTICATED = 16;

/** Loads and opens nothing before it is needed. Tokens are fetched first, not after a refusal as the SDK does. */
export function createClient(options: ClientOptions): Client {
  const envUrl = options.envUrl.replace(/\/+$/, '');
  const http = createHttp({ ...options, envUrl });
  const tokens = createTokens(http.mint, options.now);
  let loading: Promise<Descriptors> | undefined;
  let opening: Promise<Rpc> | undefined;
  const descriptors = async (): Promise<Descriptors> => {
    checkOptions(options);
    loading ??= loadDescriptors();
    return loading;
  };
  const rpc = (): Promise<Rpc> => {
    opening ??= descriptors().then((found) => openRpc(envUrl, found));
    return opening;
  };

  /**
   * A token that Scalekit refused was refused before anything was executed, so the call may be sent once more with a fresh one.
   * `perhaps`: the next call gets a fresh one, this one is not sent again.
   */
  const withToken = async <T>(signal: AbortSignal, isRefused: (answer: T) => boolean | 'perhaps', send: (token: string) => Promise<T>) => {
    const held = await tokens.get(signal);
    if (!held.ok) return held;
    const answer = await send(held.token);
    const refused = isRefused(answer);
    if (refused) tokens.drop(held.token);
    if (refused !== true) return { ok: true, answer } as const;
    const fresh = await tokens.get(signal);
    return fresh.ok ? ({ ok: true, answer: await send(fresh.token) } as const) : fresh;
  };

  const call: Client['call'] = async (method, input, sending) => {
    const wire = await rpc();
    const sent = await withToken(sending.signal, isUnauthenticated, (token) => wire.call(method, input, { ...sending, token }));
    return sent.ok ? sent.answer : { kind: 'failed', failure: sent.failure };
  };

  return {
    descriptors,
    call,
    ask: async (method, input, signal) => {
      const answer = await call(method, input, { signal, timeoutMs: CONTROL_TIMEOUT_MS });
      if (answer.kind === 'message') return answer.message;
      const reply = answer.kind === 'failed' ? failed(answer.failure) : readRefusal(answer.refusal);
      throw asRouterError(reply.kind === 'failed' ? reply.failure : UNEXPECTED);
    },
    proxy: async (request, { signal, connector }) => {
      checkOptions(options);
      const identifier = request.connection.user;
      if (!http.proxied(request, { token: '', connector, identifier })) return failed(OUTSIDE);
      const sent = await withToken<Exchanged>(
        signal,
        (answer) => answer.ok && refusedFor(request, isTokenRefused(answer.answer)),
        async (token) => {
          const message = http.proxied(request, { token, connector, identifier });
          return message ? http.send(message, signal) : ({ ok: false, failure: OUTSIDE } as const);
        },
      );
      if (!sent.ok) return failed(sent.failure);
      return sent.answer.ok ? readProxied(sent.answer.answer) : failed(sent.answer.failure);
    },
    close: async () => {
      const open = await opening?.catch(() => undefined);
      opening = undefined;
      open?.close();
      await http.close();
    },
  };
}

export function failed(failure: Failure): Reply {
  return { kind: 'failed', failure };
}

function isUnauthenticated(answer: RpcAnswer<unknown>): boolean | 'perhaps' {
  if (answer.kind === 'failed') return answer.failure.status === 401 && 'perhaps';
  return answer.kind === 'refused' && answer.refusal.code === UNAUTHENTICATED && answer.refusal.tool === undefined;
}

/** A read may be sent again on a mere suspicion. */
function refusedFor({ read }: HttpCall, refused: boolean | 'perhaps'): boolean | 'perhaps' {
  return read ? refused !== false : refused;
}

const OUTSIDE: Failure = { code: 'invalid_input', delivery: 'not-sent', what: 'the path leads outside the proxy', origin: 'backend' };
const UNEXPECTED: Failure = {
  code: 'reply_unexpected',
  delivery: 'answered',
  what: 'Scalekit answers for an app that nobody asked',
  origin: 'backend',
};

function checkOptions({ envUrl, clientId, clientSecret }: ClientOptions): void {
  const url = URL.parse(envUrl);
  const wrong =
    url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== ''
      ? 'env_url'
      : clientId.trim() === ''
        ? 'client_id'
        : clientSecret.trim() === ''
          ? 'client_secret'
          : undefined;
  if (wrong === undefined) return;
  throw new RouterError('configuration', {
    what: `the Scalekit ${wrong} is empty or malformed`,
    next: `Set backends.scalekit.${wrong}.`,
    backend: 'scalekit',
  });
}

export function asRouterError({ code, what, status, retryAfterMs, fields }: Failure): RouterError {
  const next = NEXT[code] ?? 'Try again later.';
  return new RouterError(code, { what, next, backend: 'scalekit', status, retryAfterMs, fields });
}

const NEXT: Readonly<Record<string, string>> = {
  unauthenticated: 'Check backends.scalekit.client_id and client_secret: they belong to one environment.',
  permission_denied: 'Give the Scalekit client the right to read and create connected accounts.',
  invalid_input: 'Check backends.scalekit.connector and the user id.',
  unsupported_operation: 'Check backends.scalekit.env_url, and that the connector exists there under exactly that name.',
  reply_unexpected: 'Check backends.scalekit.env_url, and that nothing stands between here and Scalekit.',
};
