import type { Failure, Reply } from '../../src/contract/adapter.ts';
import { ERRORS, type RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type ErrorRow, type Meaning, SCALEKIT_ERRORS } from './error-table.ts';

/** The `errorCode` of a failure that is the app's, not Scalekit's (pkg lib/core.js). */
export const TOOL_ERROR = 'TOOL_ERROR';

/** Codes of the tool itself that are worth more than a vague gRPC code. Source: the SDK's own tests; guess: that there are no others. */
const TOOL_CODES: Readonly<Record<string, number>> = { RATE_LIMITED: 8, UNAUTHORIZED: 16, FORBIDDEN: 7 };
const VAGUE = [2, 13];

/** A refusal that came over gRPC. */
export interface Refusal {
  readonly code: number;
  /** Present with TOOL_ERROR. */
  readonly tool?: { readonly code: string; readonly message: string };
  readonly fields?: Failure['fields'];
}

/** Reads a refusal. Where the tool passes the app's own error body on, it is the app's answer and read as such. */
export function readRefusal({ code, tool, fields }: Refusal): Reply {
  const known = rowOf(tool && VAGUE.includes(code) ? (TOOL_CODES[tool.code] ?? code) : code);
  if (!tool) return failed(known.own, 'backend', undefined, fields);
  const body = parseObject(tool.message);
  const answered = known.tool.delivery === 'answered';
  // An app that does not offer something says 405; 501 is what gRPC makes of it.
  const status = known.status === 501 ? 405 : known.status;
  if (body && answered) return { kind: 'http', status, headers: {}, body };
  return failed(known.tool, 'app', answered ? status : undefined);
}

/**
 * What stands before Scalekit answers plain HTTP: load balancers, gateways, a wrong env_url. Whether it had handed the request on
 * before, nobody can tell.
 */
const HTTP_ANSWERS: Readonly<Record<number, Meaning>> = {
  401: { ours: 'unauthenticated', delivery: 'unknown', what: 'something before Scalekit refused the credentials' },
  403: { ours: 'permission_denied', delivery: 'unknown', what: 'something before Scalekit refused the call' },
  404: { ours: 'unsupported_operation', delivery: 'unknown', what: 'no Scalekit answers at env_url' },
  413: { ours: 'invalid_input', delivery: 'unknown', what: 'something before Scalekit found the request too large' },
  429: { ours: 'rate_limited', delivery: 'unknown', what: 'Scalekit, or something before it, asks to wait' },
};

/** Reads an answer that is neither gRPC's nor the app's. */
export function readHttp(status: number, headers: { readonly get: (name: string) => string | null | undefined }): Failure {
  const known = HTTP_ANSWERS[status] ?? otherwise(status);
  const seconds = Number.parseFloat(headers.get('retry-after') ?? '');
  const wait = known.ours === 'rate_limited' && seconds >= 0 ? { retryAfterMs: Math.ceil(seconds * 1000) } : {};
  return { code: known.ours, delivery: known.delivery, what: `${known.what} (HTTP ${status})`, origin: 'backend', status, ...wait };
}

function otherwise(status: number): Meaning {
  if (status >= 500) return { ours: 'backend_unavailable', delivery: 'unknown', what: 'Scalekit, or something before it, failed' };
  return { ours: 'reply_unexpected', delivery: 'unknown', what: 'Scalekit answered something that is not documented' };
}

/**
 * Scalekit's own refusal of a proxied request or a REST call, `{code, message, details}` with a gRPC code. undefined: the body is
 * the app's. guess: the shape is that of gRPC's HTTP gateway, which the REST twins are made with.
 */
export function readGateway(status: number, body: unknown): Refusal | undefined {
  if (status < 400 || !isObject(body) || typeof body['message'] !== 'string' || !Array.isArray(body['details'])) return undefined;
  const { code } = body;
  return typeof code === 'number' && SCALEKIT_ERRORS.some((one) => one.code === code) ? { code } : undefined;
}

/** The row in which an error of ours travels, from Scalekit itself. The SDK repeats `unavailable`: only what was not executed may be that. */
export function writeOwn(error: RouterError): ErrorRow {
  if (error.code === 'backend_unavailable') return rowOf(14);
  const exact = SCALEKIT_ERRORS.find(({ own }) => own.ours === error.code);
  return exact ?? rowOf(BY_HTTP[ERRORS[error.code].http] ?? 13);
}

/** The row of an app's answer. */
export function writeTool(status: number): ErrorRow {
  return rowOf(BY_HTTP[status] ?? (status >= 500 ? 13 : 3));
}

/** guess: the words of the tool's own code beyond the three that are known. */
export function toolCode(status: number): string {
  return { 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 429: 'RATE_LIMITED' }[status] ?? 'TOOL_EXEC_FAILED';
}

export function rowOf(code: number): ErrorRow {
  const found = SCALEKIT_ERRORS.find((one) => one.code === code);
  if (found) return found;
  const meaning = {
    ours: 'reply_unexpected',
    delivery: 'unknown',
    what: `Scalekit answered gRPC code ${code}, which does not exist`,
  } as const;
  return { code, name: 'unknown', status: 500, own: meaning, tool: meaning };
}

const BY_HTTP: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  409: 6,
  422: 3,
  429: 8,
  501: 12,
  503: 14,
  504: 4,
};

function failed({ ours, delivery, what }: Meaning, origin: 'app' | 'backend', status?: number, fields?: Failure['fields']): Reply {
  const more = { ...(status === undefined ? {} : { status }), ...(fields?.length ? { fields } : {}) };
  return { kind: 'failed', failure: { code: ours, delivery, what, origin, ...more } };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
