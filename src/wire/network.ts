import type { Failure } from '../contract/adapter.ts';
import type { ErrorCode } from '../contract/errors.ts';

interface Row {
  readonly code: ErrorCode;
  readonly what: string;
}

/**
 * What the network can do to a request, by the code (else the name) of Node's or undici's error. Whether the request may have been executed
 * is not told by the code: a reset comes before, while and after. That is the exchange's part.
 * Source: Node's errors page ("Common system errors", "OpenSSL error codes") and undici's lib/core/errors.js.
 */
export const NETWORK_ERRORS: Readonly<Record<string, Row>> = {
  ECONNREFUSED: { code: 'backend_unavailable', what: 'the connection was refused' },
  ENOTFOUND: { code: 'backend_unavailable', what: 'the host name is unknown' },
  EAI_AGAIN: { code: 'backend_unavailable', what: 'the host name could not be looked up' },
  EHOSTUNREACH: { code: 'backend_unavailable', what: 'the host cannot be reached' },
  ENETUNREACH: { code: 'backend_unavailable', what: 'the network cannot be reached' },
  ETIMEDOUT: { code: 'backend_unavailable', what: 'the host did not answer in time' },
  ECONNRESET: { code: 'backend_unavailable', what: 'the connection was reset' },
  ECONNABORTED: { code: 'backend_unavailable', what: 'the connection was aborted' },
  EPIPE: { code: 'backend_unavailable', what: 'the connection was closed while sending' },
  UND_ERR_CONNECT_TIMEOUT: { code: 'backend_unavailable', what: 'no connection came about in time' },
  UND_ERR_SOCKET: { code: 'backend_unavailable', what: 'the connection was closed before the answer was whole' },
  UND_ERR_HEADERS_TIMEOUT: { code: 'timeout', what: 'no answer began in time' },
  UND_ERR_BODY_TIMEOUT: { code: 'timeout', what: 'the answer stopped half-way' },
  UND_ERR_DESTROYED: { code: 'backend_unavailable', what: 'the adapter was closed' },
  UND_ERR_CLOSED: { code: 'backend_unavailable', what: 'the adapter was closed' },
  UND_ERR_HEADERS_OVERFLOW: { code: 'reply_unexpected', what: 'the headers of the answer are too large' },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { code: 'reply_unexpected', what: 'the answer is larger than 30 MB' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { code: 'reply_unexpected', what: 'the answer has another length than it says' },
  HTTPParserError: { code: 'reply_unexpected', what: 'the answer is not HTTP' },
  EPROTO: { code: 'backend_unavailable', what: 'no TLS connection came about' },
  CERT_HAS_EXPIRED: { code: 'backend_unavailable', what: 'the certificate of the host has expired' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: 'backend_unavailable', what: 'the certificate of the host is self-signed' },
  SELF_SIGNED_CERT_IN_CHAIN: { code: 'backend_unavailable', what: 'the certificate of the host is self-signed' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { code: 'backend_unavailable', what: 'the certificate of the host cannot be verified' },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { code: 'backend_unavailable', what: 'the certificate of the host cannot be verified' },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: 'backend_unavailable', what: 'the certificate belongs to another host' },
};

/** A network error as a Failure. `sent`: at least the first byte of the request may have reached the host. */
export function networkFailure(error: unknown, sent: boolean): Failure {
  const name = codeOf(error);
  const { code, what } = NETWORK_ERRORS[name] ?? unlisted(name);
  return { code, delivery: sent ? 'unknown' : 'not-sent', what, origin: 'network' };
}

/** The caller's signal ended the exchange: its deadline passed, or nobody waits any more. */
export function abortFailure(reason: unknown, sent: boolean): Failure {
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  const what = late ? 'the deadline passed' : 'the call was cancelled';
  return {
    code: 'timeout',
    delivery: sent ? 'unknown' : 'not-sent',
    what: `${what} ${sent ? 'before the answer was whole' : 'before anything was sent'}`,
    origin: 'network',
  };
}

function unlisted(name: string): Row {
  return { code: 'backend_unavailable', what: `the connection failed${name ? ` (${name})` : ''}` };
}

/** Happy eyeballs wraps one error per address; the first tells as much as all. undici's parser errors only have a name. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  return Object.hasOwn(NETWORK_ERRORS, error.name) ? error.name : '';
}
