import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Failure } from '../contract/adapter.ts';
import { abortFailure, networkFailure } from './network.ts';

/** One whole HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Exchanged = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly failure: Failure };

const CONNECT_TIMEOUT_MS = 10_000;
/** More than any page of an app's lists. */
const LARGEST_ANSWER_BYTES = 30 * 1024 * 1024;

/** The agent alone loads in a third of the time that all of undici takes. Deadlines are the signal's, not the agent's. */
export async function createAgent(): Promise<Dispatcher> {
  const { default: Agent } = await import('undici/lib/dispatcher/agent.js');
  return new Agent({ connectTimeout: CONNECT_TIMEOUT_MS, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: LARGEST_ANSWER_BYTES });
}

/**
 * Sends one request and reads its whole answer. Works on undici's dispatch rather than its `request`, because only the handler
 * is told when the first byte is about to be written (`onRequestStart`; lib/dispatcher/client-h1.js calls it right before, and
 * not at all while a connection is still being made): until then the request was not sent, from then on nobody can tell.
 */
export function exchange(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<Exchanged> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Readonly<Record<string, string>> = {};
    const chunks: Buffer[] = [];
    const settle = (exchanged: Exchanged): void => {
      signal.removeEventListener('abort', abort);
      resolve(exchanged);
    };
    const fail = (failure: Failure): void => settle({ ok: false, failure });
    const abort = (): void => {
      fail(abortFailure(signal.reason, controller !== undefined));
      controller?.abort(new Error('aborted by the caller'));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    dispatcher.dispatch(options, {
      onRequestStart: (started) => {
        if (signal.aborted) started.abort(new Error('aborted by the caller'));
        else controller = started;
      },
      onResponseStart: (_, code, received) => {
        status = code;
        headers = flat(received);
      },
      onResponseData: (_, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        signal.removeEventListener('abort', abort);
        const answer = { status, headers, text: new TextDecoder().decode(Buffer.concat(chunks)) };
        // undici frees the connection one turn later; whoever sends the next request before that opens another one.
        queueMicrotask(() => setImmediate(settle, { ok: true, answer }));
      },
      onResponseError: (_, error) => fail(networkFailure(error, controller !== undefined)),
    });
  });
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(pairs);
}
