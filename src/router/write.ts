import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import { type JsonObject, stringAt } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { type Bounded, type Call, type Marks, nameOf, type PerformParts, type Trace } from './call.ts';
import { deliverOver, resultOf } from './delivered.ts';
import type { Finding } from './doubt.ts';
import { claimantOf, foundMark, look } from './look.ts';
import { outcomeUnknown } from './outcome.ts';
import { requestHash } from './request-hash.ts';
import type { Route } from './resolve.ts';

/** Does a write once: looks first for what an earlier attempt may have done, and does not take an equal call's work for its own. */
export async function write(
  routes: readonly [Route, ...Route[]],
  parts: PerformParts,
  call: Call,
  options: Bounded,
  trace: Trace,
  marks: Marks,
): Promise<unknown> {
  if (marks.keyed?.sentBefore !== undefined) {
    const finding = await lookBack(routes[0].connection, parts, call, options, marks.hash, marks.keyed.sentBefore);
    if (finding.kind === 'present') return found(finding.data, trace);
    if (finding.kind === 'unsure')
      throw outcomeUnknown(call.operation, 'an earlier attempt with this key may have been executed', finding.why);
  }
  for (;;) {
    const sentAt = parts.elapsed();
    const delivered = await deliverOver(routes, parts, call, options, marks);
    const data = resultOf(delivered, call, trace);
    if (delivered.confirmed === 'present' || !(await isTaken(parts, call, data, options, trace))) return data;
    const lost = { sentAt, lostAt: parts.elapsed(), connection: delivered.route.connection };
    const finding = await look(parts, call, options, { hash: marks.hash, lost });
    if (finding.kind === 'present') return found(finding.data, trace);
    if (finding.kind === 'unsure')
      throw outcomeUnknown(call.operation, 'an equal call took the result of this one for its own', finding.why);
  }
}

/**
 * Notes the object as the work of this call. True: an equal call of another process, whose answer was lost, found it first and
 * took it for its own. Then this call does the other's work, so that both objects exist. The write is done: that the journal
 * cannot note it is no reason to call it a failure.
 */
async function isTaken(
  { journal }: PerformParts,
  { app, operation }: Call,
  data: unknown,
  options: Bounded,
  trace: Trace,
): Promise<boolean> {
  const id = operation.confirm.how === 'search' ? stringAt(data, 'id') : undefined;
  if (id === undefined) return false;
  try {
    // An app may also answer a create with what it has already; only what was found by looking was taken.
    return !(await journal.claim(app.id, id, claimantOf(options))) && (await journal.claimed(app.id, [foundMark(id)])).size > 0;
  } catch (error) {
    if (!isRouterError(error)) throw error;
    trace.unrecorded = error.message;
    return false;
  }
}

/** Looks for what an earlier owner of the key sent, perhaps by another machine's clock, or before ours was set back. */
async function lookBack(
  connection: Connection,
  parts: PerformParts,
  call: Call,
  options: Bounded,
  hash: string,
  sentBefore: string,
): Promise<Finding> {
  const since = parts.now().getTime() - Date.parse(sentBefore);
  if (since < -CLOCK_SKEW_MS && call.operation.confirm.how === 'search')
    return { kind: 'unsure', why: 'the clock was set back since, so it cannot be told from an older object' };
  const now = parts.elapsed();
  const sentAt = now - Math.max(0, since) - CLOCK_SKEW_MS;
  // The process that sent it is gone, but a backend may have been working on it since.
  const lostAt = Math.min(now, sentAt + CLOCK_SKEW_MS + LONGEST_WORK_MS);
  return look(parts, call, options, { hash, lost: { sentAt, lostAt, connection } });
}

/** How far the clocks of two machines on one store may be apart. */
const CLOCK_SKEW_MS = 5000;
/** The longest that a backend is known to work on one request: Scalekit's SDK waits so long for a tool. */
const LONGEST_WORK_MS = 60_000;

function found(data: unknown, trace: Trace): unknown {
  trace.confirmed = 'present';
  return data;
}

/** Tells calls apart whose objects could be taken for each other's. */
export function likeness(operation: Operation, input: JsonObject): string {
  const { confirm } = operation;
  if (confirm.how !== 'search') return requestHash(nameOf(operation), input);
  const shown = [...confirm.by, ...confirm.same].map((field) => [field, input[field]]);
  return requestHash(nameOf(operation), Object.fromEntries(shown));
}
