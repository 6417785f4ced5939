import type { Failure } from '../contract/adapter.ts';
import type { Connection } from '../contract/connection.ts';
import type { Attempt } from '../contract/receipt.ts';
import { type Tried, type Trying, tryRoutes } from './attempt.ts';
import type { Finding } from './doubt.ts';
import type { Route } from './resolve.ts';
import { MOST_ROUNDS, type RetryBudget, stepAfter } from './retry.ts';

export interface Delivering extends Trying {
  /** Milliseconds left for this call. */
  readonly leftMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly budget: RetryBudget;
  /** Looks whether a write whose answer was lost has happened. */
  readonly confirm: (lost: Lost) => Promise<Finding>;
  /** How long the app's lists may lag behind its writes. */
  readonly settleMs: number;
  /** Hears of every wait before it begins. */
  readonly onWait: (why: string, ms: number) => void;
}

/** A write whose answer was lost: when it was sent and when it was given up, as `elapsed` tells it, and through what. */
export interface Lost {
  readonly sentAt: number;
  readonly lostAt: number;
  readonly connection: Connection;
  /** It will not be sent again, so that it does not matter whether that would do harm. */
  readonly isLast?: boolean;
}

export interface Delivered extends Tried {
  readonly attempts: readonly Attempt[];
  /** The answer was lost and the result was found by looking. */
  readonly confirmed?: 'present' | 'absent';
  /** Why it could not be found out what became of the write. */
  readonly unsure?: string;
}

/** The one retry loop: rounds over all routes, waits between them, and a look before any write is sent again. */
export async function deliver(routes: readonly [Route, ...Route[]], delivering: Delivering): Promise<Delivered> {
  const attempts: Attempt[] = [];
  let looked: 'absent' | 'harmless' | undefined;
  for (let round = 1; ; round += 1) {
    const sentAt = delivering.elapsed();
    const tried = await one(routes, delivering, attempts);
    const delivered: Delivered = { ...tried, attempts, ...(looked === 'absent' ? { confirmed: 'absent' } : {}) };
    if (tried.result.ok) return delivered;
    const { failure } = tried.result;
    if (looked && isGone(failure, delivering)) return present(delivered, { deleted: true });
    const step = stepAfter(failure, delivering.operation, { round, leftMs: delivering.leftMs(), random: delivering.random });
    const lost: Lost = { sentAt, lostAt: delivering.elapsed(), connection: tried.route.connection };
    if (step.kind === 'confirm') {
      const finding = await delivering.confirm(lost);
      if (finding.kind === 'present') return present(delivered, finding.data);
      if (finding.kind === 'unsure') return { ...tried, attempts, unsure: finding.why };
      // What a first attempt may have done stays open, however surely a later one did nothing.
      looked = looked === 'harmless' ? looked : finding.kind;
    }
    const pauseMs = step.kind === 'wait' ? step.ms : stillAsked(failure, delivering.elapsed() - lost.lostAt);
    const isOver = step.kind === 'stop' || round >= MOST_ROUNDS || pauseMs >= delivering.leftMs() || delivering.signal.aborted;
    if (isOver || !mayRepeat(failure, delivering))
      return ended(delivered, failure, looked, () => delivering.confirm({ ...lost, isLast: true }));
    if (pauseMs > 0) await wait(delivering, failure, pauseMs);
  }
}

/** What is left of the wait that was asked for, after looking has taken its time. */
function stillAsked({ retryAfterMs = 0 }: Failure, passedMs: number): number {
  return Math.max(0, retryAfterMs - passedMs);
}

/** What the app's own limit refused comes back at the app's own pace: that is no flood. */
function mayRepeat({ code, delivery }: Failure, { budget }: Delivering): boolean {
  return (code === 'rate_limited' && delivery !== 'unknown') || budget.spend();
}

/** No more attempts. One that may have been executed and could be repeated without harm is now looked for to the end. */
async function ended(
  delivered: Delivered,
  failure: Failure,
  looked: 'absent' | 'harmless' | undefined,
  lookAgain: () => Promise<Finding>,
): Promise<Delivered> {
  const isAnswered = failure.delivery !== 'unknown';
  if (looked === undefined || (isAnswered && (looked === 'absent' || isAboutContent(failure)))) return delivered;
  const finding = looked === 'absent' ? { kind: looked } : await lookAgain();
  if (finding.kind === 'present') return present(delivered, finding.data);
  if (finding.kind === 'absent') return isAnswered ? { ...delivered, confirmed: 'absent' } : notExecuted(delivered, failure);
  const unsure = `an earlier attempt of this call may have been executed${finding.kind === 'unsure' ? `, and ${finding.why}` : ''}`;
  return { ...delivered, result: { ok: false, failure: { ...failure, delivery: 'unknown' } }, unsure };
}

/** What the app says of the content, or of an object that is not there, holds for every attempt. */
function isAboutContent({ delivery, code }: Failure): boolean {
  return delivery === 'answered' && (code === 'rejected' || code === 'not_found');
}

function present(delivered: Delivered, data: unknown): Delivered {
  return { ...delivered, result: { ok: true, data }, confirmed: 'present' };
}

/** The last answer was lost, and it is proved that nothing happened: the caller may repeat the call. */
function notExecuted(delivered: Delivered, failure: Failure): Delivered {
  const code = failure.code === 'timeout' || failure.code === 'rate_limited' ? failure.code : 'backend_unavailable';
  return { ...delivered, result: { ok: false, failure: { ...failure, code, delivery: 'not-sent' } }, confirmed: 'absent' };
}

async function one(routes: readonly [Route, ...Route[]], delivering: Delivering, attempts: Attempt[]): Promise<Tried> {
  const isWrite = delivering.operation.effect !== 'read';
  const tried = await tryRoutes(routes, { ...delivering, ...(isWrite ? { attemptMs: patienceMs(delivering) } : {}) }, attempts);
  if (tried.result.ok) delivering.budget.earn();
  return tried;
}

/**
 * How long one attempt of a write may take, so that there is time left to look when its answer is lost: until the app has
 * settled, and for a second attempt, where the call has that long; else half of what is left, which may still prove that it happened.
 */
function patienceMs({ leftMs, settleMs }: Delivering): number {
  const spareMs = leftMs() - settleMs;
  return spareMs > leftMs() / 4 ? spareMs * 0.75 : leftMs() / 2;
}

async function wait({ onWait, pause }: Delivering, failure: Failure, ms: number): Promise<void> {
  onWait(failure.code, ms);
  await pause(ms);
}

/** A second delete that finds nothing is proof of the first. Source: backends/close-rest.md §8. */
function isGone({ code }: Failure, { operation }: Delivering): boolean {
  return code === 'not_found' && operation.http.method === 'DELETE';
}
