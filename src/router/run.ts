import { type App, isIntent } from '../contract/app.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import type { CallContext, CanonicalCall, Executor, Outcome } from '../contract/executor.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent } from '../contract/operation.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { Bounded, Trace } from './call.ts';
import { find } from './find.ts';
import { firstStep, runIntent } from './intent.ts';
import { isKeyed, underKey } from './perform.ts';
import { performTold, type ToldParts } from './performed.ts';
import { permit } from './policy.ts';
import { receiptId, record } from './record.ts';
import type { RunOptions } from './router.ts';
import { permitWithin } from './scope.ts';
import { withSteps } from './steps.ts';
import { notesOf, validate } from './validate.ts';

export interface RunParts extends ToldParts {
  readonly apps: readonly App[];
}

/** Runs one call the whole way: validate → resolve → bind → send → normalise → record. A refusal is an Outcome; only bugs reject. */
export async function run(parts: RunParts, name: string, raw: JsonObject, options: RunOptions): Promise<Outcome> {
  const begun = parts.elapsed();
  const at = parts.now().toISOString();
  const trace: Told = { verdicts: [], attempts: [] };
  const callId = receiptId();
  const outcome = await outcomeOf(parts.apps, options, () =>
    play(parts, name, raw, { ...options, ...bounds(parts, options), callId }, trace),
  );
  const receipt = receiptOf({ id: callId, operation: name, user: options.user, at }, trace, parts.elapsed() - begun);
  if (options.dryRun) return { ...outcome, receipt };
  return { ...outcome, receipt: await record(parts.journal, receipt, outcome.ok ? undefined : outcome.error, trace.inverses) };
}

/** The router as an executor, to be put behind a door. */
export function asExecutor(parts: RunParts): Executor {
  return {
    run: ({ operation, input }: CanonicalCall, { user, connection, signal, idempotencyKey, scope }: CallContext) =>
      run(parts, operation, input, {
        user,
        signal,
        ...(connection === undefined ? {} : { via: connection }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(scope === undefined ? {} : { scope }),
      }),
  };
}

/** What happened, and what was changed in the input before. */
interface Told extends Trace {
  notes?: readonly string[];
}

async function play(parts: RunParts, name: string, raw: JsonObject, options: Bounded, trace: Told): Promise<unknown> {
  const { app, entry } = await find(parts.apps, name);
  const input = validate(entry, raw);
  trace.notes = notesOf(entry, raw);
  permit(entry, input, parts.policy, options.approved ?? false);
  permitWithin(entry, input, options);
  if (!isIntent(entry)) return performTold(parts, { app, operation: entry, input }, options, trace);
  if (options.dryRun) return performTold(parts, { app, ...(await firstStep(entry, input, app)) }, options, trace);
  return playIntent(parts, { app, intent: entry, input }, options, trace);
}

interface Playing {
  readonly app: App;
  readonly intent: Intent;
  readonly input: JsonObject;
}

/**
 * Plays an intent once per idempotency key. What its steps write follows from what they read, and may differ the next time, so
 * that the keys of the steps alone could not tell that it is the same request.
 */
async function playIntent(parts: RunParts, playing: Playing, options: Bounded, trace: Trace): Promise<unknown> {
  const { app, intent, input } = playing;
  if (!isKeyed(intent, options)) return playSteps(parts, playing, options, trace);
  return underKey(parts, { name: `${app.id}.${intent.id}`, input }, options, trace, () => playSteps(parts, playing, options, trace));
}

/** Plays an intent's steps, all through the connection that the first one took: they are one piece of work for one account. */
async function playSteps(parts: RunParts, { app, intent, input }: Playing, options: Bounded, trace: Trace): Promise<unknown> {
  const steps: Trace[] = [];
  try {
    return await runIntent(intent, input, app, async (operation, raw) => {
      const step: Trace = { verdicts: [], attempts: [] };
      const bounded = stepOptions(options, steps.push(step), steps[0]?.route?.connection);
      const checked = validate(operation, raw);
      permit(operation, checked, parts.policy, options.approved ?? false);
      permitWithin(operation, checked, { ...options, step: true });
      try {
        return await performTold(parts, { app, operation, input: checked }, bounded, step);
      } finally {
        step.attempts = step.attempts.map((attempt) => ({ operation: operation.id, ...attempt }));
      }
    });
  } finally {
    Object.assign(trace, joined(steps));
  }
}

/** Each step has an idempotency key of its own, derived from the caller's. */
function stepOptions(options: Bounded, number: number, connection: Connection | undefined): Bounded {
  const { idempotencyKey: key } = options;
  return {
    ...options,
    ...(connection ? { via: nameOf(connection) } : {}),
    ...(key === undefined ? {} : { idempotencyKey: `${key}#${number}` }),
  };
}

function nameOf({ backend, id }: Connection): string {
  return `${backend}:${id}`;
}

async function outcomeOf(apps: readonly App[], options: RunOptions, perform: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, data: await perform() };
  } catch (error) {
    if (isRouterError(error)) return { ok: false, error: await withSteps(apps, error, options) };
    throw error;
  }
}

export function bounds(
  { elapsed }: Pick<RunParts, 'elapsed'>,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: RunOptions,
): Pick<Bounded, 'signal' | 'leftMs'> {
  const until = elapsed() + timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  return { signal: signal ? AbortSignal.any([signal, timeout]) : timeout, leftMs: () => until - elapsed() };
}

/** Long enough to look for a write whose answer was lost, once the app's lists have settled. */
const DEFAULT_TIMEOUT_MS = 120_000;

function receiptOf(call: Pick<Receipt, 'id' | 'operation' | 'user' | 'at'>, trace: Told, ms: number): Receipt {
  const { route, verdicts, attempts, confirmed, replayed, unrecorded, notes = [] } = trace;
  const delivery = attempts.at(-1)?.delivery;
  return {
    ...call,
    ...(route ? { route: { backend: route.connection.backend, connection: route.connection.id, transport: route.transport } } : {}),
    ...(delivery ? { delivery } : {}),
    ...(confirmed ? { confirmed } : {}),
    ...(replayed ? { replayed } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    verdicts,
    attempts,
    ms: Math.round(ms * 100) / 100,
    ...(unrecorded === undefined ? {} : { unrecorded }),
  };
}

/** One trace for an intent: the route of the last call, the verdicts of the first, every attempt. */
function joined(steps: readonly Trace[]): Partial<Trace> {
  const { route, confirmed } = steps.at(-1) ?? {};
  const replayed = steps.some((step) => step.replayed);
  const unrecorded = steps.find((step) => step.unrecorded)?.unrecorded;
  const inverses = steps.flatMap((step) => step.inverses ?? []);
  return {
    verdicts: steps[0]?.verdicts ?? [],
    attempts: steps.flatMap(({ attempts }) => attempts),
    inverses,
    ...(route ? { route } : {}),
    ...(confirmed ? { confirmed } : {}),
    ...(replayed ? { replayed } : {}),
    ...(unrecorded === undefined ? {} : { unrecorded }),
  };
}
