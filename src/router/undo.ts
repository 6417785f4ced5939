import { isRouterError, RouterError } from '../contract/errors.ts';
import type { JournalEntry, KeptInverse } from '../contract/journal.ts';
import type { Bounded } from './call.ts';
import { receiptId } from './record.ts';
import type { UndoOptions, UndoReport, UndoStep } from './router.ts';
import { bounds, type RunParts, run } from './run.ts';
import { type Planned, planStep } from './undo-plan.ts';

/** Takes back what a call, or all calls of a run, wrote: the last write first, each through the same account. */
export async function undo(parts: RunParts, id: string, options: UndoOptions): Promise<UndoReport> {
  const kept = await keptOf(parts, id, options.user);
  const bounded = { ...options, ...bounds(parts, options), callId: receiptId() };
  const steps: UndoStep[] = [];
  for (const call of callsOf(kept)) {
    const planned = await planCall(parts, call, bounded);
    steps.push(...(options.dryRun ? planned : await carryOut(parts, planned, options)).map(shown));
  }
  const good: readonly UndoStep['state'][] = ['done', 'undone', ...(options.dryRun ? (['ready'] as const) : [])];
  return { ok: steps.every(({ state }) => good.includes(state)), id, steps };
}

/** Writes that can be told of, or throws why there are none. */
async function keptOf({ journal }: RunParts, id: string, user: string): Promise<readonly KeptInverse[]> {
  const [entry, kept] = [await journal.show(id), (await journal.inverses?.of(id)) ?? []];
  const strangers = [...kept, ...(entry ? [entry.receipt] : [])].some((one) => one.user !== user);
  if (strangers || (!entry && kept.length === 0)) throw unknown();
  const why = entry && reasonFor(entry, kept);
  if (why !== undefined) throw refused(why);
  return kept;
}

/** Why the call as a whole is not to be undone. */
function reasonFor({ receipt, outcome }: JournalEntry, kept: readonly KeptInverse[]): string | undefined {
  if (outcome === 'outcome_unknown') return 'nobody knows whether its write happened: look at the object first';
  if (receipt.replayed && kept.length === 0)
    return 'it wrote nothing, but gave the result of an earlier call with the same key again: undo that one';
  if (kept.length > 0) return undefined;
  return outcome === 'ok' ? 'it wrote nothing, or too long ago: how to undo it is not kept' : `it wrote nothing: it ended with ${outcome}`;
}

/** The writes of each call, the last one first; the last call first. */
function callsOf(kept: readonly KeptInverse[]): readonly (readonly KeptInverse[])[] {
  const calls = Map.groupBy(kept.toReversed(), ({ call }) => call);
  return [...calls.values()];
}

/** A call is undone whole or not at all. */
async function planCall(parts: RunParts, call: readonly KeptInverse[], options: Bounded): Promise<readonly Planned[]> {
  const steps: Planned[] = [];
  for (const kept of call) steps.push(await planStep(parts, kept, options));
  if (!steps.some(({ state }) => state === 'refused')) return steps;
  return steps.map((step) =>
    step.state === 'ready' ? { ...step, state: 'refused', why: 'another write of the same call cannot be undone' } : step,
  );
}

async function carryOut(parts: RunParts, planned: readonly Planned[], options: UndoOptions): Promise<readonly Planned[]> {
  const steps: Planned[] = [];
  for (const step of planned) {
    if (steps.at(-1)?.state === 'failed' && step.state === 'ready')
      steps.push({ ...step, state: 'refused', why: 'the write after it could not be undone' });
    else steps.push(await act(parts, step, options));
  }
  return steps;
}

/** The same key each time: whoever undoes twice, or after a crash, does it once. */
async function act(parts: RunParts, step: Planned, { user, signal, timeoutMs, approved, onWait }: UndoOptions): Promise<Planned> {
  const { kept, doing } = step;
  if (step.state === 'undone' && kept.undone === undefined) await mark(parts, kept);
  if (step.state !== 'ready' || !doing) return step;
  const outcome = await run(parts, `${doing.operation.app}.${doing.operation.id}`, doing.input, {
    user,
    via: doing.via,
    idempotencyKey: `undo:${kept.call}:${kept.position}`,
    undoable: false,
    ...(signal ? { signal } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(approved === undefined ? {} : { approved }),
    ...(onWait ? { onWait } : {}),
  });
  if (!outcome.ok) return { ...step, state: 'failed', why: outcome.error.details.what, error: outcome.error.toJSON() };
  await mark(parts, kept);
  return { ...step, state: 'done' };
}

/** It is undone, whatever the journal says now: who undoes again finds the object as it was. */
async function mark({ journal, now }: RunParts, { call, position }: KeptInverse): Promise<void> {
  try {
    await journal.inverses?.undone(call, position, now().toISOString());
  } catch (error) {
    if (!isRouterError(error)) throw error;
  }
}

function shown({ kept: _kept, doing: _doing, ...step }: Planned): UndoStep {
  return step;
}

/** Whether somebody else has such a call is nobody's business. */
function unknown(): RouterError {
  return new RouterError('not_found', { what: 'there is no such call or run of this user', next: 'See "skillrouter log" for the ids.' });
}

function refused(why: string): RouterError {
  return new RouterError('conflict', { what: `this call cannot be undone: ${why}`, next: 'Nothing was changed.' });
}
