import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ConnectError, Transport } from '@connectrpc/connect';
import type { Http2SessionManager } from '@connectrpc/connect-node';
import type { Failure } from '../../src/contract/adapter.ts';
import { abortFailure, networkFailure } from '../../src/wire/network.ts';
import { orAborted } from './abort.ts';
import { API_VERSION, type Descriptors, type ErrorInfo } from './descriptors.ts';
import { type Refusal, readHttp, TOOL_ERROR } from './errors.ts';

/** One call on the wire, once. */
export type RpcAnswer<O> =
  | { readonly kind: 'message'; readonly message: O }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RpcOptions {
  readonly token: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Rpc {
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    options: RpcOptions,
  ): Promise<RpcAnswer<MessageShape<O>>>;
  close(): void;
}

/** Longer than that, no connection comes about. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * gRPC over a transport of our own: the SDK repeats `Unavailable` three times, writes too, and nothing turns that off
 * (pkg lib/core.js, _connectExec). Connecting is a step of its own, because until it is done nothing can have been sent.
 */
export async function openRpc(envUrl: string, { errorInfo }: Pick<Descriptors, 'errorInfo'>): Promise<Rpc> {
  const { createGrpcTransport, Http2SessionManager: Manager } = await import('@connectrpc/connect-node');
  const sessionManager = new Manager(envUrl);
  const transport: Transport = createGrpcTransport({ baseUrl: envUrl, sessionManager: noticing(sessionManager) });
  return {
    call: async (method, input, { token, timeoutMs, signal }) => {
      const unconnected = await connect(sessionManager, signal);
      if (unconnected) return { kind: 'failed', failure: unconnected };
      const headers = { authorization: `Bearer ${token}`, 'user-agent': 'skillrouter', 'x-api-version': API_VERSION };
      try {
        const { message } = await transport.unary(method, signal, timeoutMs, headers, input);
        return { kind: 'message', message };
      } catch (error) {
        return readThrown(error, { signal, errorInfo });
      }
    },
    close: () => sessionManager.abort(),
  };
}

/**
 * A stream that ends cleanly before its answer began would be waited for until the deadline: connect-node 2.1.2 hears of resets
 * with an error code only (node-universal-client.js, h2StreamClose).
 */
function noticing(manager: Http2SessionManager): Pick<Http2SessionManager, 'authority' | 'request' | 'notifyResponseByteRead'> {
  return {
    authority: manager.authority,
    notifyResponseByteRead: (stream) => manager.notifyResponseByteRead(stream),
    request: async (...args) => {
      const stream = await manager.request(...args);
      let answered = false;
      stream.once('response', () => {
        answered = true;
      });
      stream.once('close', () => {
        if (!answered) stream.emit('error', Object.assign(new Error('closed before the answer'), { code: 'ECONNRESET' }));
      });
      return stream;
    },
  };
}

/** undefined: connected. Whatever goes wrong here, nothing was sent. */
async function connect(manager: Http2SessionManager, signal: AbortSignal): Promise<Failure | undefined> {
  if (signal.aborted) return abortFailure(signal.reason, false);
  const late = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
  const state = await orAborted<string>(manager.connect(), late, () => 'aborted');
  if (state === 'aborted') {
    if (signal.aborted) return abortFailure(signal.reason, false);
    return { ...networkFailure(undefined, false), what: 'no connection came about in time' };
  }
  return state === 'error' ? networkFailure(rootOf(manager.error()), false) : undefined;
}

interface Circumstances extends Pick<Descriptors, 'errorInfo'> {
  readonly signal: AbortSignal;
}

/** A gRPC status is Scalekit's word; everything else was made up on this side, from an HTTP status or a broken line. */
function readThrown(error: unknown, { signal, errorInfo }: Circumstances): Exclude<RpcAnswer<never>, { readonly kind: 'message' }> {
  if (!isConnectError(error)) return { kind: 'failed', failure: unreadable() };
  if (error.metadata.has('grpc-status')) return { kind: 'refused', refusal: refusalOf(error.code, error.findDetails(errorInfo)) };
  const status = /^HTTP (\d{3})$/.exec(error.rawMessage)?.[1];
  if (status !== undefined) return { kind: 'failed', failure: readHttp(Number(status), error.metadata) };
  return { kind: 'failed', failure: lineFailure(error, signal) };
}

function refusalOf(code: number, details: readonly ErrorInfo[]): Refusal {
  const failure = details.find(({ errorCode }) => errorCode === TOOL_ERROR);
  if (failure) {
    const { toolErrorCode = '', toolErrorMessage = '' } = failure.toolErrorInfo ?? {};
    return { code, tool: { code: toolErrorCode, message: toolErrorMessage } };
  }
  const violations = details.flatMap(({ validationErrorInfo }) => validationErrorInfo?.fieldViolations ?? []);
  return { code, fields: violations.map(({ field }) => ({ path: field.slice(0, 100), problem: 'refused by Scalekit' })) };
}

/** The codes that this client gives of itself: 1 cancelled, 4 too late. */
function lineFailure(error: ConnectError, signal: AbortSignal): Failure {
  if (signal.aborted) return abortFailure(signal.reason, true);
  if (error.code === 4) return { code: 'timeout', delivery: 'unknown', what: 'Scalekit did not answer in time', origin: 'network' };
  const root = rootOf(error);
  if (root !== error) return networkFailure(root, true);
  if (/^http\/2 stream closed|^connection /.test(error.rawMessage) || error.code === 1) {
    return {
      code: 'backend_unavailable',
      delivery: 'unknown',
      what: 'the connection to Scalekit broke before its answer was whole',
      origin: 'network',
    };
  }
  return unreadable();
}

function unreadable(): Failure {
  return { code: 'reply_unexpected', delivery: 'unknown', what: 'Scalekit answered something that is not gRPC', origin: 'backend' };
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

/** Not by `instanceof`: the package exists twice, for import and for require. */
function isConnectError(error: unknown): error is ConnectError {
  return error instanceof Error && error.name === 'ConnectError' && 'metadata' in error && error.metadata instanceof Headers;
}
