import { createHash } from 'node:crypto';
import { isRouterError, RouterError } from '../../contract/errors.ts';
import type { CanonicalCall, Outcome, RateLimit } from '../../contract/executor.ts';
import type { JsonObject } from '../../contract/guards.ts';
import { actorOf, refuseForbidden } from './access.ts';
import type { Clock } from './clock.ts';
import { newId } from './ids.ts';
import type { Actor, Delivery, Handler, Scope } from './kind.ts';
import { type Buckets, Limits } from './limits.ts';
import { compare } from './listing.ts';
import { kindNamed, OPERATIONS, TIMERS } from './operations.ts';
import type { Random } from './random.ts';
import { notFound, tooManyRequests, unauthenticated } from './refuse.ts';
import { numberOf, textOf } from './row.ts';
import { Script } from './script.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

/** One committed effect, for audits. Holds ids and a hash, nothing of a person. */
export interface LedgerEntry {
  readonly seq: number;
  readonly at: string;
  readonly operation: string;
  /** What was created, changed or deleted. */
  readonly ids: readonly string[];
  /** The id of the key, not its secret. */
  readonly key: string;
  /** SHA-256 over operation and input: the same call twice has the same. */
  readonly fingerprint: string;
}

export interface MachineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly switches: Switches;
  readonly buckets?: Buckets;
  readonly ledger?: readonly LedgerEntry[];
  readonly deliveries?: readonly Delivery[];
}

export interface Caller {
  readonly key: string;
  /** Hours east of UTC, as in Close's `x-tz-offset`. */
  readonly tzOffset?: number;
}

/** Enough for a test to look at; bounds the memory of a long run. */
const KEPT_DELIVERIES = 1000;

const READS = /\.(list|get|render|query)$|^report\./;

/** Runs calls one after the other: time, key, limits, permission, effect, ledger. */
export class Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly script: Script = new Script();
  readonly ledger: LedgerEntry[];
  readonly deliveries: Delivery[];
  readonly limits: Limits;
  switches: Switches;

  constructor(parts: MachineParts) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.store = parts.store;
    this.switches = parts.switches;
    this.limits = new Limits(parts.buckets);
    this.ledger = [...(parts.ledger ?? [])];
    this.deliveries = [...(parts.deliveries ?? [])];
  }

  run(call: CanonicalCall, caller: Caller): Outcome {
    this.clock.pass();
    this.tick();
    const operation = call.operation.replace(/^close\./, '');
    const actor = actorOf(this.store, caller.key, caller.tzOffset ?? 0);
    if (!actor) return { ok: false, error: unauthenticated() };
    const { rateLimit, refusal } = this.#limited(operation, actor);
    const error = refusal ?? this.script.next(operation, 'before');
    const outcome = error ? refused(error) : this.#commit(operation, call.input, actor);
    const late = outcome.ok ? this.script.next(operation, 'after') : undefined;
    return { ...(late ? refused(late) : outcome), ...(rateLimit ? { rateLimit } : {}) };
  }

  /** Does what has become due. */
  tick(): void {
    const now = this.clock.now();
    const due = this.store.all('timer').filter((row) => numberOf(row, 'due') <= now);
    for (const timer of due.toSorted((one, other) => compare(numberOf(one, 'due'), numberOf(other, 'due')))) {
      const actor = {
        userId: textOf(timer, 'user_id'),
        organizationId: textOf(timer, 'organization_id'),
        keyId: textOf(timer, 'key_id'),
        tzOffset: 0,
      };
      const scope = this.scope(textOf(timer, 'operation'), actor, Math.max(numberOf(timer, 'due'), 0));
      this.#transaction(scope, { timer: timer.id }, () => {
        this.store.remove('timer', timer.id, 0);
        TIMERS[textOf(timer, 'what')]?.(scope, textOf(timer, 'target'));
      });
    }
  }

  scope(operation: string, actor: Actor, at: number = this.clock.now()): Scope {
    return {
      operation,
      actor,
      store: this.store,
      switches: this.switches,
      random: this.random,
      at,
      requestId: newId(this.random, 'req'),
      kind: kindNamed,
      deliver: (delivery) => this.deliveries.push(delivery),
      touched: new Set(),
    };
  }

  #limited(operation: string, actor: Actor): { readonly rateLimit?: RateLimit; readonly refusal?: RouterError } {
    const { switches } = this;
    const family = familyOf(operation);
    const group = `${READS.test(operation) ? 'read' : 'write'}/${family}`;
    const wanted: readonly (readonly [string, number])[] = [
      [`key/${actor.keyId}/${group}`, switches.perKeyPerSecond],
      [`organization/${actor.organizationId}/${group}`, switches.perOrganizationPerSecond],
    ];
    const taken = switches.rateLimits ? this.limits.take(wanted, this.clock.now()) : undefined;
    if (switches.hidden429 > 0) {
      this.switches = { ...switches, hidden429: switches.hidden429 - 1 };
      return { ...(taken ? { rateLimit: taken.rateLimit } : {}), refusal: tooManyRequests(1000) };
    }
    if (!taken) return {};
    return taken.waitMs === undefined
      ? { rateLimit: taken.rateLimit }
      : { rateLimit: taken.rateLimit, refusal: tooManyRequests(taken.waitMs) };
  }

  #commit(operation: string, input: JsonObject, actor: Actor): Outcome {
    const handler = OPERATIONS[operation];
    const scope = this.scope(operation, actor);
    try {
      return { ok: true, data: this.#transaction(scope, input, () => perform(scope, handler, input)) };
    } catch (error) {
      if (isRouterError(error)) return refused(named(error, operation));
      throw error;
    }
  }

  #transaction<T>(scope: Scope, input: JsonObject, work: () => T): T {
    const delivered = this.deliveries.length;
    this.store.begin();
    try {
      const result = work();
      this.store.commit();
      this.deliveries.splice(0, this.deliveries.length - KEPT_DELIVERIES);
      if (scope.touched.size > 0) this.ledger.push(this.#entry(scope, input));
      return result;
    } catch (error) {
      this.store.rollback();
      this.deliveries.length = delivered;
      throw error;
    }
  }

  #entry(scope: Scope, input: JsonObject): LedgerEntry {
    return {
      seq: this.ledger.length + 1,
      at: new Date(scope.at).toISOString(),
      operation: `close.${scope.operation}`,
      ids: [...scope.touched],
      key: scope.actor.keyId,
      fingerprint: createHash('sha256')
        .update(`${scope.operation} ${canonical(input)}`)
        .digest('hex'),
    };
  }
}

function perform(scope: Scope, handler: Handler | undefined, input: JsonObject): unknown {
  if (!handler) return notFound('endpoint');
  refuseForbidden(scope);
  return handler(scope, input);
}

const ACTIVITY =
  /^(activity|note|call|sms|email|email_thread|meeting|whatsapp|created|lead_merge|task_completed|custom_activity|\w+_status_change)$/;

/** The first segment of the path, by which Close groups its limits. */
function familyOf(operation: string): string {
  const noun = operation.slice(0, operation.indexOf('.'));
  if (ACTIVITY.test(noun)) return 'activity';
  return noun.startsWith('custom_field') ? 'custom_field' : noun.startsWith('bulk_') ? 'bulk_action' : noun;
}

function refused(error: RouterError): Outcome {
  return { ok: false, error };
}

function named(error: RouterError, operation: string): RouterError {
  return new RouterError(error.code, { ...error.details, operation: `close.${operation}` });
}

/** JSON with sorted keys, so that the order in which a caller names its fields does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([one], [other]) => compare(one, other)))
      : item,
  );
}
