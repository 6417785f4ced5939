import { isRouterError } from '../contract/errors.ts';
import type { KeptInverse } from '../contract/journal.ts';
import type { Bounded } from './call.ts';
import { receiptId } from './record.ts';
import type { UndoOptions, UndoReport, UndoStep } from './router.ts';
import { bounds, type RunParts, run } from './run.ts';
import { callsOf } from './undo-calls.ts';
import { type Planned, planStep } from './undo-plan.ts';

/** Of a long run so many steps are told one by one, and so many more of those that went wrong. */
const MOST_TOLD = 1000;

/** Takes back what a call, or all calls of a run, wrote: the last write first, each through the same account. */
export async function undo(parts: RunParts, id: string, options: UndoOptions): Promise<UndoReport> {
  const { dryRun = false, most = Number.POSITIVE_INFINITY, onStep } = options;
  const told: UndoStep[] = [];
  const counts: Partial<Record<UndoStep['state'], number>> = {};
  let writes = 0;
  for await (const call of callsOf(parts.journal, id, options.user)) {
    if (dryRun && writes >= most) return { ...reportOf(id, told, counts, dryRun), left: await leftOf(parts, id, writes) };
    const planned = await planCall(parts, call, { ...options, ...bounds(parts, options), callId: receiptId() });
    for (const step of (dryRun ? planned : await carryOut(parts, planned, options)).map(shown)) {
      writes += 1;
      counts[step.state] = (counts[step.state] ?? 0) + 1;
      if (told.length < MOST_TOLD || (isTrouble(step) && told.length < 2 * MOST_TOLD)) told.push(step);
      onStep?.(step);
    }
  }
  return reportOf(id, told, counts, dryRun);
}

function reportOf(id: string, steps: readonly UndoStep[], counts: UndoReport['counts'], dryRun: boolean): UndoReport {
  const { refused = 0, failed = 0, ready = 0 } = counts;
  return { ok: refused + failed === 0 && (dryRun || ready === 0), id, steps, counts };
}

async function leftOf({ journal }: RunParts, run: string, seen: number): Promise<number> {
  return Math.max(0, ((await journal.inverses?.count(run)) ?? 0) - seen);
}

function isTrouble({ state }: UndoStep): boolean {
  return state === 'refused' || state === 'failed';
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
