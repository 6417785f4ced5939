import type { Failure, Reply } from '../../src/contract/adapter.ts';
import { isObject } from '../../src/contract/guards.ts';
import { type Answered, readRefusal, readUpstream } from './errors.ts';

/** Reads the answer of a run: `{output, actionRunId}`. Only a 2xx that is not that leaves open whether the action ran. */
export function readRun({ status, headers, body }: Answered): Reply {
  if (status >= 300) return readRunRefusal({ status, headers, body });
  if (!isObject(body) || !('output' in body || 'actionRunId' in body))
    return failed(unreadable(status, 'Membrane answered no readable result of the action'));
  return { kind: 'tool', data: body['output'] };
}

/** Where the app's own answer to the action is told, it counts: the router reads it as if the app had answered itself. */
function readRunRefusal(answer: Answered): Reply {
  const upstream = readUpstream(answer.body);
  const failure = readRefusal(answer);
  // That the app asked to wait is Membrane's own word there, and enough where the app's is not passed on.
  const isLimit = failure.code === 'rate_limited' && failure.delivery === 'answered' && upstream?.body === undefined;
  if (upstream && !isLimit) return { kind: 'http', ...upstream };
  if (failure.code !== 'invalid_input' || failure.delivery !== 'not-sent') return failed(failure);
  return failed({ ...failure, code: 'unsupported_fields', what: 'Membrane does not take this input for the action' });
}

/** Reads what came through the proxy as the app's own answer. Text that is no JSON is nobody's: the app always answers JSON. */
export function readProxied({ status, headers, body }: Answered): Reply {
  if (status >= 300 && status < 400) return failed(unreadable(status, 'the request was redirected'));
  if (typeof body !== 'string') return { kind: 'http', status, headers, body };
  if (status >= 500 || status === 429) return failed(readRefusal({ status, headers, body }));
  return failed({ ...unreadable(status, 'something before the app answered, and no JSON'), origin: 'network' });
}

function unreadable(status: number, what: string): Failure {
  return { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'backend', status };
}

function failed(failure: Failure): Reply {
  return { kind: 'failed', failure };
}
