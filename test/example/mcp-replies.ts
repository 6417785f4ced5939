/** What an MCP server can answer, and what the network can do, in our words. Never theirs: an error shows no payload. */
import type { CallToolResult } from '@modelcontextprotocol/client';
import type { ErrorCode, Failure, JsonObject, Reply } from '../../src/contract/index.ts';

/** An HTTP answer that was no success. */
export class Refused extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfter: string | null) {
    super(`the server answered ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
  }
}

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'unsupported_operation',
  429: 'rate_limited',
};

/** The words that a tool may say in `structuredContent.code`; another word proves nothing. */
const WORDS: readonly ErrorCode[] = ['not_found', 'rejected', 'conflict', 'permission_denied', 'rate_limited'];

/** Structured content, or JSON in the one text: what else a tool may say is for people. */
export function readResult({ isError, structuredContent, content }: CallToolResult): Reply {
  const [first, ...more] = content;
  const data = structuredContent ?? (first?.type === 'text' && more.length === 0 ? parsed(first.text) : undefined);
  if (!isRecord(data)) return failed({ code: 'reply_unexpected', delivery: 'unknown', what: 'the result is not JSON', origin: 'backend' });
  if (isError !== true) return { kind: 'tool', data };
  const code = WORDS.find((word) => word === data['code']);
  if (code) return failed({ code, delivery: 'answered', what: `the tool said ${code}`, origin: 'app' });
  return failed({ code: 'backend_unavailable', delivery: 'unknown', what: 'the tool failed without a word that we know', origin: 'app' });
}

/** Whatever the SDK threw: from the first byte on nobody can tell, unless the answer is a refusal or nobody listened. */
export function readThrown(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted)
    return { code: 'timeout', delivery: 'unknown', what: 'the deadline passed before the answer was whole', origin: 'network' };
  const refusal = causes(error).find((one) => one instanceof Refused);
  if (refusal) return refusedWith(refusal);
  if (causes(error).some((one) => 'code' in one && one.code === 'ECONNREFUSED'))
    return { code: 'backend_unavailable', delivery: 'not-sent', what: 'nobody listens there', origin: 'network' };
  return { code: 'backend_unavailable', delivery: 'unknown', what: 'no answer came that can be read', origin: 'network' };
}

function refusedWith({ status, retryAfterMs }: Refused): Failure {
  const code = STATUSES[status];
  const told = { status, what: `the server answered ${status}`, origin: 'backend' } as const;
  if (code === undefined) return { code: 'backend_unavailable', delivery: 'unknown', ...told };
  return { code, delivery: 'answered', ...told, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function causes(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(failure: Failure): Reply {
  return { kind: 'failed', failure };
}
