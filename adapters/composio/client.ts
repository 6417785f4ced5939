import type { Composio } from '@composio/core';
import type { Failure } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { readRefusal } from './errors.ts';

export type RawClient = ReturnType<Composio['getClient']>;

/** Every call has a deadline of its own, a signal; the client's 60 s would cut it short. */
const LONGEST_CALL_MS = 600_000;

/** Errors of name look-up, TCP connect and TLS handshake: no byte of the request has left. */
const CONNECTING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO)$/;

/**
 * Loads the SDK on first use and takes the raw client out of it: `tools.execute` of the SDK sends two requests and loses
 * the status, some of its methods retry writes. Telemetry and the version check would call other hosts (core 0.19.0,
 * composio.ts). Redirects are not followed, because fetch would carry x-api-key to another origin.
 */
export async function openClient({ apiKey, baseUrl }: { readonly apiKey: string; readonly baseUrl: string }): Promise<RawClient> {
  const sdk = await import('@composio/core').catch((cause: unknown) => {
    throw new RouterError(
      'configuration',
      { what: 'the package @composio/core is not installed', next: 'Install @composio/core 0.19.0.', backend: 'composio' },
      { cause },
    );
  });
  const composio = new sdk.Composio({ apiKey, baseURL: baseUrl, allowTracking: false, disableVersionCheck: true });
  return composio.getClient().withOptions({
    maxRetries: 0,
    timeout: LONGEST_CALL_MS,
    logLevel: 'off',
    fetch: fetchTellingApart,
    fetchOptions: { redirect: 'manual' },
  });
}

/** What an error thrown by the raw client says about the request. Its text is never copied: it can hold the answer's body. */
export function readThrown(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : new Headers();
    return readRefusal({ status: error.status, body: 'error' in error ? error.error : undefined, header: (name) => headers.get(name) });
  }
  const unsent = findUnsent(error);
  if (unsent) return network('backend_unavailable', 'not-sent', `Composio could not be reached (${unsent.code})`);
  if (signal.aborted) return network('timeout', 'unknown', 'the deadline passed before Composio answered');
  if (error instanceof SyntaxError)
    return { ...network('reply_unexpected', 'unknown', 'Composio answered broken JSON'), origin: 'backend' };
  return network('backend_unavailable', 'unknown', 'the connection to Composio broke before its answer was read');
}

/** The deadline had passed before anything was sent. */
export function tooLate(): Failure {
  return network('timeout', 'not-sent', 'the deadline passed before the call was sent');
}

/** The client drops the cause of what looks like a timeout, and with it the knowledge that nothing was sent. */
class Unsent extends Error {
  readonly code: string;

  constructor(code: string) {
    super('nothing was sent');
    this.code = code;
  }
}

async function fetchTellingApart(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (error) {
    const code = codeOf(error instanceof Error ? error.cause : undefined);
    throw code !== undefined && CONNECTING.test(code) ? new Unsent(code) : error;
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

function findUnsent(error: unknown): Unsent | undefined {
  if (error instanceof Unsent) return error;
  return error instanceof Error && error.cause !== undefined ? findUnsent(error.cause) : undefined;
}

function network(code: Failure['code'], delivery: Failure['delivery'], what: string): Failure {
  return { code, delivery, what, origin: 'network' };
}
