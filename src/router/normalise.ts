import { fromWire } from '../binding/wire.ts';
import type { Failure, Reply } from '../contract/adapter.ts';
import type { App } from '../contract/app.ts';
import type { RateLimit } from '../contract/executor.ts';
import { isObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';

export type Result =
  | {
      readonly ok: true;
      readonly data: unknown;
      readonly status?: number;
      readonly rateLimit?: RateLimit;
      /** The app's own clock when it answered, ms since 1970. */
      readonly appTime?: number;
    }
  | { readonly ok: false; readonly failure: Failure; readonly rateLimit?: RateLimit };

/** Reads whatever came back as the operation's canonical output, or as a failure told apart. */
export function normalise(operation: Operation, reply: Reply, app: App): Result {
  switch (reply.kind) {
    case 'failed':
      return { ok: false, failure: reply.failure };
    case 'tool':
      return read(operation, reply.data, 200);
    case 'http': {
      const limit = app.rateLimit(reply.headers);
      const result = succeeded(reply.status)
        ? read(operation, reply.body, reply.status)
        : { ok: false as const, failure: app.errors.read({ ...reply, effect: operation.effect }) };
      const appTime = Date.parse(reply.headers['date'] ?? '');
      return { ...result, ...(limit ? { rateLimit: limit } : {}), ...(result.ok && !Number.isNaN(appTime) ? { appTime } : {}) };
    }
    default:
      return reply satisfies never;
  }
}

function succeeded(status: number): boolean {
  return status >= 200 && status < 300;
}

function read(operation: Operation, body: unknown, status: number): Result {
  if (operation.http.method === 'DELETE') return { ok: true, data: { deleted: true }, status };
  if (!isObject(body)) return unreadable('the answer is not an object', status);
  const isList = operation.id.endsWith('.list') || operation.id === 'search.query';
  if (!isList) return { ok: true, data: fromWire(body), status };
  if (!Array.isArray(body['data'])) return unreadable('the answer is not a list', status);
  const cursor = body['cursor'] ?? body['cursor_next'];
  return { ok: true, data: { ...fromWire(body), has_more: body['has_more'] === true || typeof cursor === 'string' }, status };
}

/** A success that nobody can read: a write may well have happened. */
function unreadable(what: string, status: number): Result {
  return { ok: false, failure: { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'app', status } };
}
