import type { Failure } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import { type ErrorCode, RouterError } from '../contract/errors.ts';
import type { Operation } from '../contract/operation.ts';
import type { Verdict, VerdictReason } from '../contract/receipt.ts';
import type { Route } from './resolve.ts';

/** What the caller may do next, by code. Sentences for people and agents alike. */
const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  not_found: 'Check the id: list or search the objects of this kind first.',
  permission_denied: 'Use a connection whose user may do this, or ask an administrator of the account.',
  unauthenticated: 'Connect again ("skillrouter connections connect"), then repeat the call.',
  connection_required: 'Connect ("skillrouter connections connect"), then repeat the call.',
  conflict: 'Read the object again and decide on its present state.',
  rejected: 'Correct the input and call again; nothing was changed.',
  rate_limited: 'Wait as long as details.retry_after_ms says, then repeat the same call; it was not executed.',
  backend_unavailable: 'Repeat the call later; it was not executed.',
  timeout: 'Repeat the call, with a longer --timeout if need be; it was not executed.',
  reply_unexpected: 'Report this with the receipt id: the backend answered with something that its documentation does not have.',
  policy_denied: 'Ask whoever operates the router ("skillrouter migrate status" shows what was stopped); nothing was sent.',
  unsupported_operation: 'Take another backend: "skillrouter coverage" shows which can run it.',
};

/** The error for a failure that ended a call. A write whose fate is unknown always says so, whatever the cause. */
export function errorOf(failure: Failure, operation: Operation, { connection }: Route, unsure?: string): RouterError {
  const unknown = failure.delivery === 'unknown' && operation.effect !== 'read';
  const code = unknown ? 'outcome_unknown' : failure.code;
  return new RouterError(code, {
    operation: `${operation.app}.${operation.id}`,
    backend: connection.backend,
    connection: connection.id,
    what: unknown ? `${failure.what}, after the request may have been executed${unsure ? `; ${unsure}` : ''}` : failure.what,
    next: unknown ? unknownNext(operation) : nextOf(code, failure),
    fields: failure.fields,
    status: failure.status,
    retryAfterMs: failure.retryAfterMs,
  });
}

function nextOf(code: ErrorCode, { fields = [] }: Failure): string {
  if (code !== 'rejected' || fields.length === 0) return NEXT[code] ?? 'See the details.';
  return `Correct ${fields
    .slice(0, 5)
    .map(({ path }) => path)
    .join(', ')} and call again; nothing was changed.`;
}

/** The error for a write that an earlier attempt may have done, when looking did not settle it. */
export function outcomeUnknown(operation: Operation, what: string, why: string): RouterError {
  return new RouterError('outcome_unknown', {
    operation: `${operation.app}.${operation.id}`,
    what: `${what}; ${why}`,
    next: unknownNext(operation),
  });
}

function unknownNext({ confirm, id }: Operation): string {
  const look = {
    gone: 'Read the object: not_found means that it happened.',
    'read-back': 'Read the object and compare the fields you sent.',
    search: `List with ${confirm.how === 'search' ? confirm.list : id} and look for it; the app's lists can lag a minute behind.`,
    none: confirm.how === 'none' ? `It cannot be looked up (${confirm.why}).` : '',
  }[confirm.how];
  return `Do not simply repeat it. ${look} Repeat only when you know that it did not happen.`;
}

const UNCARRIED: ReadonlySet<VerdictReason> = new Set(['unsupported_fields', 'unsupported_value', 'missing_for_tool']);

/** The error when no route was left to try. */
export function noRoute(
  because: 'connection_required' | 'unsupported_fields' | 'unsupported_operation',
  operation: Operation,
  details: {
    readonly verdicts: readonly Verdict[];
    readonly connect: readonly { readonly backend: BackendId; readonly url?: string; readonly how: string }[];
  },
): RouterError {
  const name = `${operation.app}.${operation.id}`;
  if (because === 'connection_required') {
    const links = details.connect.flatMap(({ backend, url }) => (url ? [`${backend}: ${url}`] : []));
    const next =
      links.length > 0
        ? `Let the user open one of these and repeat the call: ${links.join(' · ')}`
        : 'Run "skillrouter connections connect <backend>", then repeat the call';
    return new RouterError(because, {
      operation: name,
      what: `the user has no usable connection (${reasons(details.verdicts)})`,
      next: `${next}.`,
      connect: details.connect,
    });
  }
  if (because === 'unsupported_fields') {
    const fields = [...new Set(details.verdicts.flatMap(({ reason, detail }) => (detail && UNCARRIED.has(reason) ? [detail] : [])))];
    return new RouterError(because, {
      operation: name,
      what: `no usable connection can carry ${fields.join(', ')}`,
      next: 'Leave these fields out or give them other values, or connect through a backend that carries them ("skillrouter explain" shows all candidates).',
      choices: fields,
    });
  }
  return new RouterError(because, {
    operation: name,
    what: `no usable connection can run it (${reasons(details.verdicts)})`,
    next: NEXT.unsupported_operation ?? '',
  });
}

/** The error when what could carry the call was stopped by an operator. */
export function stopped(operation: Operation, verdicts: readonly Verdict[]): RouterError {
  const stop = verdicts.find(({ reason }) => reason === 'backend_stopped');
  const backend = stop?.backend ?? '';
  return new RouterError('policy_denied', {
    operation: `${operation.app}.${operation.id}`,
    backend,
    what: `all traffic through it was stopped, and no other connection is usable (${reasons(verdicts)})`,
    next: `Connect through another backend, or let it through again: "skillrouter panic --lift ${backend}". Nothing was sent.`,
  });
}

/** The error when nothing usable is known and a backend that may know more could not be asked: connecting again would not help. */
export function unreachable(operation: Operation, silent: readonly Verdict[], verdicts: readonly Verdict[]): RouterError {
  const [first] = silent;
  const code = ASKING[first?.detail ?? ''] ?? 'backend_unavailable';
  return new RouterError(code, {
    operation: `${operation.app}.${operation.id}`,
    backend: first?.backend,
    what: `its connections could not be read, and no other connection is usable (${reasons(verdicts)})`,
    next: REPAIR[code] ?? 'Repeat the call later; nothing was sent. "skillrouter doctor" shows what each backend answers.',
  });
}

/** What no repetition mends. */
const REPAIR: Readonly<Partial<Record<ErrorCode, string>>> = {
  unauthenticated: 'Correct the credentials of this backend in the configuration; nothing was sent.',
  configuration: 'Correct the settings of this backend in the configuration ("skillrouter doctor" shows which); nothing was sent.',
  invalid_input:
    'This backend cannot be told the user id as it is ("skillrouter connections list" shows why): give the user another one there, under users in the configuration; nothing was sent.',
};

/** What a backend that could not be asked may have said. */
const ASKING: Readonly<Record<string, ErrorCode>> = {
  backend_unavailable: 'backend_unavailable',
  timeout: 'timeout',
  rate_limited: 'rate_limited',
  unauthenticated: 'unauthenticated',
  permission_denied: 'permission_denied',
  reply_unexpected: 'reply_unexpected',
  configuration: 'configuration',
  invalid_input: 'invalid_input',
};

/** The error when several connections are usable and the app tells of none of them whose it is. */
export function nobodyTells(operation: Operation, silent: ErrorCode): RouterError {
  return new RouterError(ASKING[silent] ?? 'backend_unavailable', {
    operation: `${operation.app}.${operation.id}`,
    what: `the app does not say who the user's connections are (${silent}), so none may stand in for another`,
    next: 'Repeat the call later, or choose one with --via <backend>:<connection>; nothing was sent.',
  });
}

/** The error when two usable connections lead to different accounts, or to accounts that nobody could tell. */
export function ambiguous(operation: Operation, between: readonly Connection[]): RouterError {
  const few = between.slice(0, MOST_CHOICES);
  const choices = few.map(
    ({ backend, id, account }) => `${backend}:${id} (${account?.label ?? account?.organization ?? 'account unknown'})`,
  );
  return new RouterError('ambiguous_account', {
    operation: `${operation.app}.${operation.id}`,
    what: `these connections are not provably the same account: ${choices.join(', ')}`,
    next: 'Choose one with --via <backend>:<connection>, or pin it in the configuration (policy.pin).',
    choices: few.map(({ backend, id }) => `${backend}:${id}`),
  });
}

/** How many connections an error names. */
const MOST_CHOICES = 20;

function reasons(verdicts: readonly Verdict[]): string {
  const told = verdicts.map(({ backend, reason, detail }) => `${backend}: ${detail ?? reason}`);
  return told.length > 0 ? told.join(', ') : 'no backend is configured';
}
