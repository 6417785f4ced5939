/** The app's own HTTP request as somebody wrote it by hand, read as a canonical call; and a call's report as the app's answer. */
import { nearest } from '../catalog/nearest.ts';
import { type App, isIntent } from '../contract/app.ts';
import { type ErrorJson, RouterError } from '../contract/errors.ts';
import type { CanonicalCall } from '../contract/executor.ts';
import type { Operation } from '../contract/operation.ts';
import type { RunReport } from '../contract/receipt.ts';
import { CLOSE_API, type ForeignRequest, isBelow, matchRequest, methodsAt } from './match.ts';
import { toReply } from './reply.ts';
import { isOfApp, operationsOf } from './serve.ts';

/** What the app answered, or would have: the road to it may have been a named tool. A 204 has no body. */
export interface AppAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The call that a request means. Throws when it is nobody's, leads elsewhere, or could not be carried whole. */
export async function readRequest(app: App, request: ForeignRequest): Promise<CanonicalCall> {
  if (!isBelow(request.path)) {
    throw new RouterError('invalid_input', {
      what: 'the path leads elsewhere than the API of the app',
      next: `Give a path below ${CLOSE_API}, without "..", backslashes or escaped slashes; nothing was sent.`,
    });
  }
  const operations = await operationsOf(app);
  const found = matchRequest(operations, request);
  if (!found) throw noRequest(operations, request);
  const { method } = found.operation.http;
  if (request.body !== undefined && method !== 'POST' && method !== 'PUT') {
    throw new RouterError('invalid_input', {
      what: `a ${method} request of the app has no body`,
      next: 'Give the parameters in the query, or the method that you mean; nothing was sent.',
    });
  }
  return { operation: `${app.id}.${found.operation.id}`, input: found.input };
}

/** undefined: the call did not get as far as the app. */
export async function answerOf(app: App, report: RunReport): Promise<AppAnswer | undefined> {
  if (!report.ok) return refusalOf(app, report.error);
  const entry = await app.find(report.operation.slice(app.id.length + 1));
  if (!entry || isIntent(entry)) throw new Error(`${report.operation} is no request of the app`);
  return { headers: { 'content-type': 'application/json' }, ...toReply(entry, report.data) };
}

function refusalOf(app: App, json: ErrorJson): AppAnswer | undefined {
  const { next, code } = json;
  const what = json.message.slice(0, -next.length - 2);
  const { retry_after_ms: retryAfterMs, ...details } = json.details;
  const error = new RouterError(code, { ...details, what, next, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) });
  return isOfApp(error) ? app.errors.write(error) : undefined;
}

function noRequest(operations: readonly Operation[], { path, method }: ForeignRequest): RouterError {
  const allowed = methodsAt(operations, path);
  if (allowed.length > 0) {
    return new RouterError('unsupported_operation', {
      what: `the app does not take ${method.toUpperCase().replaceAll(/\W/g, '?').slice(0, 20)} there`,
      next: `Use ${allowed.join(' or ')}; nothing was sent.`,
      choices: allowed,
    });
  }
  const written = `${method.toUpperCase()} ${path.split('?', 1)[0]}`;
  const close = nearest(
    written,
    operations.map(({ http }) => `${http.method} ${http.path}`),
  );
  return new RouterError('unknown_operation', {
    what: 'no operation of the catalogue answers that path',
    next: `${close.length > 0 ? `The nearest are ${close.join(', ')}. ` : ''}"skillrouter ops <words>" searches all; nothing was sent.`,
    nearest: close,
  });
}
