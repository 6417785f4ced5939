import { type ErrorCode, type FieldProblem, RouterError } from '../../contract/errors.ts';

/** How Close says no. The REST door turns these into Close's two error bodies. */
export function refuseFields(fields: readonly FieldProblem[]): never {
  throw new RouterError('rejected', {
    what: `Close refused ${fields.map((field) => field.path).join(', ')}`,
    next: 'Correct the named fields and call again.',
    fields,
    status: 400,
  });
}

export function refuseField(path: string, problem: string): never {
  return refuseFields([{ path, problem }]);
}

/** A refusal that belongs to no field; Close puts it into `errors`. */
export function refuse(what: string): never {
  throw new RouterError('rejected', { what, next: 'Change the request and call again.', status: 400 });
}

export function notFound(noun: string): never {
  throw new RouterError('not_found', {
    what: `Close knows no such ${noun.replaceAll('_', ' ')}`,
    next: 'Check the id, and that this account may see it.',
    status: 404,
  });
}

export function forbidden(what: string): never {
  throw new RouterError('permission_denied', { what, next: 'Use a key of a user who may do this.', status: 403 });
}

export function unauthenticated(): RouterError {
  return new RouterError('unauthenticated', { what: 'Close refused the key', next: 'Use a valid API key.', status: 401 });
}

export function methodNotAllowed(operation: string): never {
  throw new RouterError('unsupported_operation', {
    what: `Close does not offer ${operation}`,
    next: 'List and filter, or use another operation.',
    status: 405,
  });
}

export function tooManyRequests(retryAfterMs: number): RouterError {
  return new RouterError('rate_limited', {
    what: 'Close asks to wait',
    next: 'Call again after the given time; nothing was executed.',
    retryAfterMs,
    status: 429,
  });
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'rejected',
  401: 'unauthenticated',
  402: 'rejected',
  403: 'permission_denied',
  404: 'not_found',
  405: 'unsupported_operation',
  409: 'conflict',
  415: 'rejected',
};

/** The failure that a test asked for. */
export function scripted(status: number): RouterError {
  if (status === 429) return tooManyRequests(1000);
  return new RouterError(CODES[status] ?? (status >= 500 ? 'backend_unavailable' : 'rejected'), {
    what: `Close answered ${status}`,
    next: 'This failure was scripted.',
    status,
  });
}
