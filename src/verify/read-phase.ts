import type { BackendId } from '../contract/backend.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import type { Finding } from '../contract/verification.ts';
import { transportOf } from './caller.ts';
import { compare, detours, refusalOf } from './judge.ts';
import { knownOf, learn, NotKnown, type Step } from './known.ts';
import { textsIn } from './mask.ts';
import { cellOf, type Stage } from './stage.ts';

/** What reading showed: by the names of the script, and every text of it. */
export interface Learned {
  readonly names: Map<string, string>;
  readonly texts: Set<string>;
}

/** Puts one read to every backend and compares. `silent`: it is there for others only. Throws Ended. */
export async function readStep(stage: Stage, step: Step, learned: Learned, silent: boolean): Promise<void> {
  const input = inputOf(step, learned.names);
  if (input instanceof NotKnown) return silent ? undefined : skip(stage, step, input.message);
  const [reference = '', ...others] = stage.backends;
  const first = await ask(stage, step, input, reference, silent);
  if (first.ok) {
    learn(learned.names, step, first.data);
    textsIn(first.data, learned.texts);
  }
  if (silent) return;
  stage.ledger.found(step.operation, reference, [...detours(first), ...refusalOf(first, 'answer')]);
  for (const backend of others) {
    const here = await ask(stage, step, input, backend, false);
    const found = await settled(stage, step, input, { backend, reference, first, here });
    stage.ledger.found(step.operation, backend, [...detours(here), ...found]);
  }
}

export function inputOf(step: Step, names: ReadonlyMap<string, string>): JsonObject | NotKnown {
  try {
    return step.input?.(knownOf(names)) ?? {};
  } catch (error) {
    if (error instanceof NotKnown) return error;
    throw error;
  }
}

export function skip({ ledger, backends }: Stage, { operation }: Step, what: string): void {
  for (const backend of backends) ledger.found(operation, backend, [{ kind: 'skipped', check: 'answer', what }]);
}

async function ask(stage: Stage, { operation }: Step, input: JsonObject, backend: BackendId, silent: boolean): Promise<RunReport> {
  stage.onProgress(operation, backend);
  const report = await stage.caller.call(backend, operation, input);
  if (!silent) stage.ledger.called(operation, backend, transportOf(report));
  return report;
}

/** An account in use changes between two reads: what differs counts only when it still does after both were asked again. */
async function settled(
  stage: Stage,
  step: Step,
  input: JsonObject,
  asked: { readonly backend: BackendId; readonly reference: BackendId; readonly first: RunReport; readonly here: RunReport },
): Promise<readonly Finding[]> {
  const { backend, reference, first, here } = asked;
  const cell = cellOf(stage, step.operation, backend);
  const ordered = 'order_by' in input;
  const found = compare(first, here, 'answer', cell, ordered);
  if (found.every(({ kind }) => kind !== 'different') || !first.ok || !here.ok) return found;
  const again = await stage.caller.call(reference, step.operation, input);
  const hereAgain = await stage.caller.call(backend, step.operation, input);
  return compare(again, hereAgain, 'answer', cell, ordered);
}
