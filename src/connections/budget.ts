import type { Failure } from '../contract/adapter.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import type { RateLimit } from '../contract/executor.ts';
import type { Shared, SharedLimit } from '../contract/journal.ts';
import type { Operation } from '../contract/operation.ts';
import { Bucket, LONGEST_BLOCK_MS } from './bucket.ts';
import type { Bulletin } from './bulletin.ts';
import { Line } from './line.ts';

export interface BudgetParts {
  readonly bulletin: Bulletin;
  readonly shared: Shared | undefined;
  readonly now: () => Date;
  readonly elapsed: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Request {
  readonly connection: Connection;
  readonly operation: Operation;
  readonly caller: { readonly user: string; readonly bulk: boolean; readonly onWait: (why: string, ms: number) => void };
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly user: string;
  readonly bulk: boolean;
  readonly until: number;
  readonly settle: (refusal: Failure | undefined) => void;
}

/** One limit of one account, with those who wait for it. */
interface Limit {
  readonly account: string;
  readonly endpoint: string;
  readonly bucket: Bucket;
  readonly line: Line<Waiter>;
  /** Ends the wait for the next window. */
  alarm: AbortController | undefined;
  heardAt: number;
  toldAt: number;
}

/** The wait that Close itself advises when a 429 names none. Source: backends/close-rest.md §7. */
const UNTOLD_MS = 2000;
/** How old may be what others on the store have left, and how often they are told. */
const REREAD_MS = 1000;
const RETELL_MS = 200;
/** What is told of a moment still to come was told by a clock that was wrong. */
const SKEW_MS = 5000;
const MOST_IDLE = 2000;

/**
 * Keeps all routes of an account, together, within what the app allows to it: learnt from the app's answers, whichever way they
 * came. While there is plenty it costs nothing; when little is left, all processes on the store take from the same rest.
 */
export class Budget {
  readonly #parts: BudgetParts;
  readonly #limits = new Map<string, Limit>();

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  /** Resolves when one request may be sent. A failure: not in time, and nothing was sent. */
  async ask(request: Request): Promise<Failure | undefined> {
    const { connection, operation, caller } = request;
    const { bulletin, elapsed } = this.#parts;
    const busy = bulletin.of('busy', connection.backend);
    if (busy) return refusal('backend', busy.until - elapsed());
    const limit = this.#limitOf(connection, operation);
    await this.#hear(limit);
    const until = elapsed() + request.patienceMs;
    for (;;) {
      const isFirst = limit.line.size === 0 && limit.bucket.take(elapsed(), caller.bulk);
      const refused = isFirst ? undefined : await this.#turn(limit, request, until);
      if (refused) return refused;
      if (await this.#agreed(limit, caller.bulk)) return undefined;
      limit.bucket.giveBack();
    }
  }

  /** What came of a request that was permitted. */
  heard(
    { connection, operation }: Pick<Request, 'connection' | 'operation'>,
    { failure, rateLimit }: { readonly failure?: Failure; readonly rateLimit?: RateLimit },
  ): void {
    const { bulletin, elapsed } = this.#parts;
    const limit = this.#limitOf(connection, operation);
    if (failure?.delivery === 'not-sent') limit.bucket.giveBack();
    else limit.bucket.finish(elapsed(), failure?.code !== 'rate_limited');
    if (rateLimit) limit.bucket.learn(rateLimit, elapsed());
    const isRefused = failure?.code === 'rate_limited' && failure.delivery === 'answered';
    if (isRefused && failure.origin === 'app') {
      limit.bucket.block(failure.retryAfterMs ?? UNTOLD_MS, elapsed());
      if (!rateLimit) limit.bucket.guess();
    }
    if (isRefused && failure.origin === 'backend' && failure.retryAfterMs !== undefined)
      bulletin.post('busy', connection.backend, { holdsMs: Math.min(failure.retryAfterMs, LONGEST_BLOCK_MS) });
    this.#tell(limit, isRefused);
    this.#serve(limit);
  }

  /** Stands in the line, if its turn comes in time. Its turn has taken what it needs. */
  #turn(limit: Limit, { caller, signal }: Request, until: number): Promise<Failure | undefined> {
    const { elapsed } = this.#parts;
    const { bucket, line } = limit;
    return new Promise((resolve) => {
      const settle = (refused: Failure | undefined): void => {
        signal.removeEventListener('abort', stop);
        resolve(refused);
      };
      const waiter: Waiter = { user: caller.user, bulk: caller.bulk, until, settle };
      const waitMs = (): number => bucket.waitMs(elapsed(), line.ahead(waiter));
      const stop = (): void => {
        const refused = refusal('app', waitMs());
        if (line.leave(waiter)) settle(refused);
        this.#serve(limit);
      };
      signal.addEventListener('abort', stop);
      line.add(waiter);
      this.#serve(limit);
      if (!line.has(waiter)) return;
      const ms = waitMs();
      if (signal.aborted || elapsed() + ms >= until) stop();
      else caller.onWait('rate_limited', ms);
    });
  }

  /** Lets everybody go whose turn it is, and comes back when the next window begins. */
  #serve(limit: Limit): void {
    const { elapsed } = this.#parts;
    const { bucket, line } = limit;
    for (;;) {
      const late = line.next(({ until }) => elapsed() >= until);
      late?.settle(refusal('app', bucket.waitMs(elapsed(), line.size)));
      const next = late ? undefined : line.next(({ bulk }) => bucket.isFree(elapsed(), bulk));
      if (next && bucket.take(elapsed(), next.bulk)) next.settle(undefined);
      if (!late && !next) break;
    }
    if (line.size === 0) limit.alarm?.abort();
    else if (limit.alarm === undefined) void this.#comeBack(limit);
  }

  async #comeBack(limit: Limit): Promise<void> {
    const { pause, elapsed } = this.#parts;
    const alarm = new AbortController();
    limit.alarm = alarm;
    await pause(Math.ceil(limit.bucket.waitMs(elapsed(), 0)), alarm.signal).catch(() => undefined);
    limit.alarm = undefined;
    if (limit.line.size > 0) this.#serve(limit);
  }

  /** When little is left, whether the others have left it. Without the store each process knows what it knows. */
  async #agreed({ account, endpoint, bucket }: Limit, bulk: boolean): Promise<boolean> {
    const { shared, now, elapsed } = this.#parts;
    if (!shared || !bucket.isScarce) return true;
    try {
      if (await shared.take(account, endpoint, bucket.floor(bulk), now().toISOString())) return true;
      const row = await shared.limit(account, endpoint);
      const left = row && this.#leftMs(row);
      if (row === undefined || left === undefined) return true;
      bucket.hear({ capacity: row.capacity, remaining: row.remaining - 1, resetsInMs: left }, elapsed()); // it gives its own back
      return false;
    } catch (error) {
      if (isRouterError(error)) return true;
      throw error;
    }
  }

  /** Hears what the others have left, when it is time. Only who knows nothing yet waits for it. */
  async #hear(limit: Limit): Promise<void> {
    const { shared, elapsed, bulletin } = this.#parts;
    if (!shared || elapsed() - limit.heardAt < REREAD_MS) return;
    const isFirst = limit.heardAt === Number.NEGATIVE_INFINITY;
    limit.heardAt = elapsed();
    const hearing = bulletin.inPassing(
      shared.limit(limit.account, limit.endpoint).then((row) => {
        const left = row && this.#leftMs(row);
        if (row && left !== undefined) limit.bucket.hear({ ...row, resetsInMs: left }, elapsed());
      }),
    );
    if (isFirst) await hearing;
  }

  /** Tells the others when little is left, and at once when nothing goes. */
  #tell(limit: Limit, atOnce: boolean): void {
    const { shared, elapsed, now, bulletin } = this.#parts;
    if (!shared || !(atOnce || (limit.bucket.isScarce && elapsed() - limit.toldAt >= RETELL_MS))) return;
    limit.toldAt = elapsed();
    const { capacity, remaining, resetsInMs } = limit.bucket.told(elapsed());
    const at = now();
    const resets = new Date(at.getTime() + resetsInMs).toISOString();
    const { account, endpoint } = limit;
    void bulletin.inPassing(shared.learn({ account, endpoint, capacity, remaining, at: at.toISOString(), resets }));
  }

  /** Milliseconds until the window of a row ends. undefined: it has ended, or its clock was wrong. */
  #leftMs({ at, resets }: SharedLimit): number | undefined {
    const now = this.#parts.now().getTime();
    const left = Date.parse(resets) - now;
    return left <= 0 || Date.parse(at) - now > SKEW_MS ? undefined : left;
  }

  #limitOf(connection: Connection, operation: Operation): Limit {
    const [account, endpoint] = [accountOf(connection), endpointOf(operation)];
    const id = JSON.stringify([account, endpoint]);
    const known = this.#limits.get(id);
    if (known) return known;
    if (this.#limits.size >= MOST_IDLE) this.#forgetIdle();
    const never = Number.NEGATIVE_INFINITY;
    const limit: Limit = { account, endpoint, bucket: new Bucket(), line: new Line(), alarm: undefined, heardAt: never, toldAt: never };
    this.#limits.set(id, limit);
    return limit;
  }

  #forgetIdle(): void {
    for (const [id, { bucket, line }] of this.#limits) if (bucket.isIdle && line.size === 0) this.#limits.delete(id);
  }
}

/** All connections of one account share its limits; one whose account nobody knows has its own. */
function accountOf({ app, backend, id, account }: Connection): string {
  return account ? `${app}/${account.organization}/${account.user}` : `${app}/${backend}:${id}`;
}

/** The app's own groups are not published; this is how they behave. Source: backends/close-rest.md §7. */
function endpointOf({ effect, http }: Operation): string {
  return `${effect === 'read' ? 'read' : 'write'} ${http.path.split('/')[1] ?? ''}`;
}

function refusal(origin: Failure['origin'], waitMs: number): Failure {
  const what = origin === 'app' ? 'what the app allows to this account is used up' : 'the backend has asked to wait';
  return { code: 'rate_limited', delivery: 'not-sent', what, origin, retryAfterMs: Math.max(1, Math.ceil(waitMs)) };
}
