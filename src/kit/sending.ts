import type { Failure } from '../contract/adapter.ts';
import type { ErrorCode } from '../contract/errors.ts';
import { type Check, type Clause, checkOf } from './check.ts';
import { leakIn } from './leak.ts';
import type { AdapterSubject, SampleCall } from './subject.ts';
import { isSuccess, shown, told } from './tell.ts';
import { type Observed, observe, openTrial, type Tools } from './trial.ts';
import { TROUBLES, type Trouble } from './troubles.ts';

const ONCE: Clause = {
  promise: 'a write reaches the wire once',
  look: "The retries of the vendor's SDK: turn them off, or go one layer lower. Repeating is the router's part, after it has asked.",
};
const UNKNOWN: Clause = {
  promise: 'a write whose answer is lost is unknown, never not-sent',
  look: 'How the adapter reads network errors: from the first byte that may have been written on, nobody can tell.',
};
const READABLE: Clause = {
  promise: 'an answer that nobody can read is never a success',
  look: 'How the adapter reads a 200: parse it, and call what is not the expected shape reply_unexpected, unknown.',
};
const BROKEN: Clause = {
  promise: 'a server that fails has not said that it did nothing',
  look: 'How the adapter reads 5xx: the write may have happened, so that its delivery is unknown.',
};
const REFUSED: Clause = {
  promise: 'a refusal is told as what it is',
  look: "The table of the backend's errors: status or word of theirs, code of ours. With http, hand on the app's own status and headers.",
};
const REPLY: Clause = {
  promise: 'what the far side does is a reply, never an exception',
  look: 'invoke and request: catch what the SDK throws and make a failed reply of it. Only bugs throw.',
};
const SECRETS: Clause = {
  promise: 'no secret and nothing of a person is in an error',
  look: 'The `what` of failures and the messages of errors: say it in words of your own, never in those of the answer.',
};

interface Tried {
  readonly call: SampleCall;
  readonly trouble: Trouble;
  readonly seen: Observed;
  readonly secrets: readonly string[];
}

type Judge = (tried: Tried) => string | undefined;

/** What is promised, for which troubles, and whether it was kept. */
const JUDGES: readonly { readonly clause: Clause; readonly of: (trouble: Trouble, call: SampleCall) => boolean; readonly judge: Judge }[] =
  [
    // A refused credential may be renewed, and the request made again: it was not let in.
    { clause: ONCE, of: ({ status }, { read }) => !read && status !== 401, judge: isOnce },
    { clause: UNKNOWN, of: ({ kind }) => kind === 'lost', judge: isUnknown },
    { clause: READABLE, of: ({ kind }) => kind === 'unreadable', judge: isUnknown },
    { clause: BROKEN, of: ({ kind }) => kind === 'broken', judge: isOpen },
    { clause: REFUSED, of: ({ kind }) => kind === 'refused', judge: isRefused },
    { clause: REPLY, of: () => true, judge: ({ seen }) => ('thrown' in seen || !seen.isSettled ? told(seen) : undefined) },
    { clause: SECRETS, of: () => true, judge: ({ seen, secrets }) => leakIn(shown(seen), secrets) },
  ];

/** Every call in every trouble; each is played once, and judged by every promise that it is about. */
export function sendingChecks(subject: AdapterSubject, tools: Tools): readonly Check[] {
  const played = subject.calls.flatMap((call) =>
    TROUBLES.map((trouble) => ({ call, trouble, tried: once(() => play(subject, call, trouble, tools)) })),
  );
  return JUDGES.flatMap(({ clause, of, judge }) =>
    played
      .filter(({ call, trouble }) => of(trouble, call))
      .map(({ call, trouble, tried }) => checkOf(clause, `${call.name}, when ${trouble.when}`, async () => judge(await tried()))),
  );
}

async function play(subject: AdapterSubject, call: SampleCall, trouble: Trouble, tools: Tools): Promise<Tried> {
  await using trial = await openTrial(subject, tools);
  const { secrets } = trial.stage;
  const set = trial.server.fault(trouble.fault({ path: subject.carries, secret: secrets[0] ?? '' }));
  const seen = await observe(trial, call);
  if (set.fired() === 0)
    throw new Error(
      `${call.name} sent no request that ${String(subject.carries)} matches, so that nothing was tried; it sent ${seen.paths.join(', ') || 'none'}`,
    );
  return { call, trouble, seen, secrets };
}

function isOnce({ seen }: Tried): string | undefined {
  if (seen.carried > 1) return `${seen.carried} requests carried it`;
  return (seen.effects ?? 0) > 1 ? `the far side did it ${seen.effects} times` : undefined;
}

function isUnknown({ call, seen }: Tried): string | undefined {
  const failure = failureIn(seen);
  return failure && (call.read || failure.delivery === 'unknown') ? undefined : told(seen);
}

/** The app's own answer is read by the router, by the app's rules. */
function isOpen(tried: Tried): string | undefined {
  return isHandedOn(tried) ? undefined : isUnknown(tried);
}

const CODES: Readonly<Record<number, readonly ErrorCode[]>> = {
  401: ['unauthenticated', 'connection_required', 'permission_denied'],
  403: ['permission_denied', 'unauthenticated', 'connection_required'],
  404: ['not_found', 'unsupported_operation', 'connection_required'],
  429: ['rate_limited'],
};

/** Nobody has to believe a refusal that is not in the backend's own words: unknown is never wrong, only slow. */
function isRefused(tried: Tried): string | undefined {
  const { seen, trouble } = tried;
  if (isHandedOn(tried)) return undefined;
  const failure = failureIn(seen);
  if (!failure) return told(seen);
  const isFit = (CODES[trouble.status ?? 0] ?? []).includes(failure.code);
  if (!isFit) return failure.code === 'reply_unexpected' && failure.delivery === 'unknown' ? undefined : told(seen);
  if (trouble.status === 429 && failure.retryAfterMs !== 7000)
    return `${told(seen)}, to be tried again after ${failure.retryAfterMs ?? 'no'} ms`;
  return undefined;
}

function isHandedOn({ seen: { reply }, trouble: { status } }: Tried): boolean {
  if (reply?.kind !== 'http' || reply.status !== status) return false;
  return status !== 429 || Object.entries(reply.headers).some(([name, value]) => name.toLowerCase() === 'retry-after' && value === '7');
}

function failureIn({ reply }: Observed): Failure | undefined {
  return !isSuccess(reply) && reply?.kind === 'failed' ? reply.failure : undefined;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
