import { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** A request as the operation behind it sees it, after Close's two ways of putting a query into the body. */
export interface DoorRequest {
  readonly method: string;
  readonly query: Pairs;
  readonly body?: JsonObject;
}

/** The key of Basic (user name, empty password), or the token of Bearer. undefined: neither. */
export function credentialOf(header: string | null): string | undefined {
  const [, scheme = '', value = ''] = /^(Basic|Bearer) +(\S+)$/i.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  const [key, password, ...more] = scheme === '' ? [] : Buffer.from(value, 'base64').toString('utf8').split(':');
  // The colon is required; guess: a password makes the key wrong.
  return key && password === '' && more.length === 0 ? key : undefined;
}

/** Hours east of UTC, `-8` or `-2.5`. Guess: what is no such number is ignored. */
export function tzOffsetOf(header: string | null): { readonly tzOffsetHours?: number } {
  const hours = header === null || header.trim() === '' ? Number.NaN : Number(header);
  return Math.abs(hours) <= 14 ? { tzOffsetHours: hours } : {};
}

/**
 * Reads method, query and body. A long GET comes as POST with `x-http-method-override: GET` and its query under `_params`; a PUT
 * may carry filters there too. Source: backends/close-rest.md §5. Throws RouterError for what Close answers with 400 or 415.
 */
export async function readRequest(request: Request): Promise<DoorRequest> {
  const method = overridden(request);
  const query = [...new URL(request.url).searchParams];
  const body = await bodyOf(request);
  const { _params: params, ...rest } = body ?? {};
  if (!isObject(params) || method === 'POST') return { method, query, ...(body && method !== 'GET' ? { body } : {}) };
  const all = [...query, ...Object.entries(params).flatMap(asText)];
  return { method, query: all, ...(method === 'GET' ? {} : { body: rest }) };
}

function overridden(request: Request): string {
  const wanted = request.headers.get('x-http-method-override')?.toUpperCase();
  return request.method === 'POST' && wanted === 'GET' ? wanted : request.method;
}

function asText([name, value]: readonly [string, unknown]): Pairs {
  if (value === null || value === undefined) return [];
  return [[name, typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value)]];
}

async function bodyOf(request: Request): Promise<JsonObject | undefined> {
  if (request.method !== 'POST' && request.method !== 'PUT') return undefined;
  const text = await request.text();
  if (text === '') return {};
  const type = request.headers.get('content-type');
  if (type !== null && !/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) throw wrongType();
  const body = parse(text);
  if (!isObject(body)) throw invalidJson();
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongType(): RouterError {
  return new RouterError('rejected', { what: 'the content type is not application/json', next: 'Send JSON.', status: 415 });
}

/** Guess: JSON that is no object is refused like text that is no JSON. */
function invalidJson(): RouterError {
  return new RouterError('invalid_input', { what: 'the body is not a JSON object', next: 'Correct the JSON.' });
}
