import { isRouterError, RouterError } from '../contract/errors.ts';
import type { KeyRequest, KeyState, Keys } from '../contract/journal.ts';

/** How a piece of work under a key tells how far it is. */
export interface Keyed {
  /** A request may be executed from now on. */
  readonly sending: () => Promise<void>;
  /** An earlier owner died or gave up after sending: when it last sent (ISO). */
  readonly sentBefore?: string;
}

export interface Once {
  readonly keys: Keys;
  readonly request: KeyRequest;
  /** Unique to this call, and telling whether its process still lives: see `ownerName`. */
  readonly owner: string;
  readonly isAlive: (owner: string) => boolean;
  readonly now: () => Date;
  readonly leftMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** How much longer than its deadline an owner may be silent before it counts as dead. */
const GRACE_MS = 5000;
const LOOK_AGAIN_MS = 50;
/** A server that restarts is back in a moment. */
const SETTLE_AGAIN_MS: readonly number[] = [200, 1000];

export interface Done {
  readonly data: unknown;
  readonly replayed: boolean;
  /** Why the result could not be kept under its key. */
  readonly unkept?: string;
}

/**
 * Does a piece of work at most once per key. A settled key replays its result; a running one is waited for; one whose owner
 * died is taken over, and what it may have sent is confirmed first by `work`.
 */
export async function once(parts: Once, work: (keyed: Keyed) => Promise<unknown>): Promise<Done> {
  const { keys, request, owner } = parts;
  for (;;) {
    const state = await keys.take(request, owner, parts.now().toISOString(), until(parts));
    if (state.state === 'mine') return perform(parts, work, undefined);
    if (state.hash !== request.hash) throw conflict(request);
    if (state.state === 'done') return { data: state.data, replayed: true };
    // Its own name stands there when the answer to taking it was lost.
    if (state.owner === owner || (isDead(parts, state) && (await keys.takeOver(request, state.owner, owner, until(parts))))) {
      return perform(parts, work, state.state === 'sent' ? state.at : undefined);
    }
    if (parts.leftMs() <= LOOK_AGAIN_MS) throw stillRunning(request);
    await parts.pause(LOOK_AGAIN_MS);
  }
}

async function perform(parts: Once, work: (keyed: Keyed) => Promise<unknown>, sentBefore: string | undefined): Promise<Done> {
  let sentAt = sentBefore;
  let sentNow = false;
  const sending = async (): Promise<void> => {
    const at = parts.now().toISOString();
    if (!(await parts.keys.sending(parts.request, parts.owner, at))) throw takenOver(parts.request);
    sentAt = at;
    sentNow = true;
  };
  const done = await attempt(() => work({ sending, ...(sentBefore === undefined ? {} : { sentBefore }) }));
  if (done.ok) return settle(parts, done.data);
  // Only an answer, or a look, proves that nothing was executed. What an earlier owner sent stays in doubt until then.
  const proved = isRouterError(done.error) && done.error.code !== 'outcome_unknown' && (sentBefore === undefined || sentNow);
  await letGo(parts, proved ? undefined : (sentAt ?? parts.now().toISOString()));
  throw done.error;
}

type Attempt = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: unknown };

async function attempt(work: () => Promise<unknown>): Promise<Attempt> {
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** The write is done, whatever the store says now. A result that cannot be kept leaves the key in doubt: the next call looks first. */
async function settle({ keys, request, owner, now, leftMs, pause }: Once, data: unknown): Promise<Done> {
  for (const pauseMs of [...SETTLE_AGAIN_MS, undefined]) {
    try {
      await keys.settle(request, owner, data, now().toISOString());
      return { data, replayed: false };
    } catch (error) {
      if (!isRouterError(error)) throw error;
      if (pauseMs === undefined || leftMs() <= pauseMs) return { data, replayed: false, unkept: error.details.what };
      await pause(pauseMs);
    }
  }
  return { data, replayed: false };
}

/** Frees the key, or leaves it in doubt since `sentAt`. Without the store it runs out by itself; the call's own error tells more. */
async function letGo({ keys, request, owner }: Once, sentAt: string | undefined): Promise<void> {
  try {
    await (sentAt === undefined ? keys.release(request, owner) : keys.abandon(request, owner, sentAt));
  } catch (error) {
    if (!isRouterError(error)) throw error;
  }
}

function isDead({ isAlive, now }: Once, { owner, until: ends }: Extract<KeyState, { state: 'open' | 'sent' }>): boolean {
  return owner === '' || !isAlive(owner) || now().getTime() > Date.parse(ends);
}

function until({ now, leftMs }: Once): string {
  return new Date(now().getTime() + leftMs() + GRACE_MS).toISOString();
}

function conflict({ operation }: KeyRequest): RouterError {
  return new RouterError('idempotency_conflict', {
    operation,
    what: 'this idempotency key was used for another operation or input',
    next: 'Use a new key for a new request, or the same input for the same request; nothing was sent.',
  });
}

function stillRunning({ operation }: KeyRequest): RouterError {
  return new RouterError('timeout', {
    operation,
    what: 'another call with this idempotency key is still running',
    next: 'Repeat the call with the same key and input: it will return that result.',
  });
}

function takenOver({ operation }: KeyRequest): RouterError {
  return new RouterError('timeout', {
    operation,
    what: 'another call has taken over this idempotency key, because this one was silent for too long',
    next: 'Repeat the call with the same key and input: it will return that result.',
  });
}
