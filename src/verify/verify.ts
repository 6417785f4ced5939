import { isMeant } from '../catalog/pattern.ts';
import { isIntent } from '../contract/app.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import {
  type Leftover,
  VERIFIED,
  type Verification,
  type VerificationPlan,
  type Verified,
  type VerifiedCell,
} from '../contract/verification.ts';
import { Caller, Ended } from './caller.ts';
import { play } from './episode.ts';
import { needsOf, type Step, withNeeds } from './known.ts';
import { Ledger } from './ledger.ts';
import { planOf } from './plan.ts';
import { type Learned, readStep } from './read-phase.ts';
import type { VerifyParts, VerifyRequest } from './request.ts';
import { filtered } from './script/filters.ts';
import { READS } from './script/reads.ts';
import { ALL_WRITES } from './script/writes.ts';
import type { Stage } from './stage.ts';
import { Traces } from './traces.ts';

/** A run that is planned and has sent nothing. */
export interface Verifier {
  readonly plan: VerificationPlan;
  run(): Promise<Verification>;
}

/** Plans a run: which operations, in which order, with which helpers. */
export async function createVerifier(parts: VerifyParts, request: VerifyRequest): Promise<Verifier> {
  const all = await parts.app.all();
  const entries = new Map(all.map((entry) => [entry.id, entry]));
  const wanted = new Set(all.filter((entry) => isWanted(entry, request.operations)).map(({ id }) => id));
  const allowed = request.writes ? ALL_WRITES.filter(({ sandboxOnly }) => !request.careful || sandboxOnly === undefined) : [];
  const writes = withNeeds(allowed, ({ operation }) => wanted.has(operation));
  // What writes need of the account is read beforehand, whether or not anybody wants to see that compared.
  const needed = new Set(writes.steps.flatMap(needsOf));
  const reads = withNeeds(withFilters(READS, entries), ({ operation }) => wanted.has(operation), needed);
  const plan = planOf({ ...parts, entries, wanted, reads, writes, request });
  return { plan, run: () => verify(parts, request, { plan, entries, reads, writes }) };
}

function isWanted(entry: Operation | Intent, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => isMeant(pattern, entry));
}

/** After each read the same with one filter at a time, where the plain one comes first. */
function withFilters(steps: readonly Step[], entries: ReadonlyMap<string, Operation | Intent>): readonly Step[] {
  const done = new Set<string>();
  const more = steps.flatMap((step) => {
    const entry = entries.get(step.operation);
    if (!entry || isIntent(entry) || done.has(entry.id)) return [];
    done.add(entry.id);
    return filtered(entry, step);
  });
  return [...steps, ...more];
}

interface Planned {
  readonly plan: VerificationPlan;
  readonly entries: ReadonlyMap<string, Operation | Intent>;
  readonly reads: ReturnType<typeof withNeeds>;
  readonly writes: ReturnType<typeof withNeeds>;
}

async function verify(parts: VerifyParts, request: VerifyRequest, { plan, entries, reads, writes }: Planned): Promise<Verification> {
  const { app, bindings, onProgress = () => undefined } = parts;
  const caller = new Caller({ ...parts, app: app.id });
  const ledger = new Ledger();
  const stage: Stage = { app, entries, bindings, backends: request.backends, caller, ledger, onProgress };
  const traces = new Traces(stage);
  const learned: Learned = { names: new Map(), texts: new Set() };
  const ended = await until(async () => {
    for (const step of reads.steps) await readStep(stage, step, learned, reads.helpers.has(step));
    if (writes.steps.length === 0) return;
    const told = { stage, ...writes, learned, run: request.run, live: request.careful, traces };
    for (const backend of request.backends) await play({ ...told, backend });
  });
  traces.judge();
  // The sandbox ends with this run, and everything in it.
  const leftovers = request.careful ? await traces.tidy() : [];
  return reportOf({ plan, run: request.run, cells: ledger.cells(), requests: caller.requests, leftovers, ended });
}

async function until(work: () => Promise<void>): Promise<Ended['because'] | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Ended) return error.because;
    throw error;
  }
}

function reportOf({
  plan,
  run,
  cells,
  requests,
  leftovers,
  ended,
}: {
  readonly plan: VerificationPlan;
  readonly run: string;
  readonly cells: readonly VerifiedCell[];
  readonly requests: number;
  readonly leftovers: readonly Leftover[];
  readonly ended: Ended['because'] | undefined;
}): Verification {
  const of = (verdict: Verified): number => cells.filter((cell) => cell.verdict === verdict).length;
  const counts = Object.fromEntries(VERIFIED.map((verdict) => [verdict, of(verdict)])) as Record<Verified, number>; // VERIFIED has them all
  const ok = ended === undefined && counts.different + counts.failed === 0;
  return { ok, ...(ended ? { ended } : {}), run, plan, counts, requests, unusable: [], cells, leftovers };
}
