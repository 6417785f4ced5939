import { undoOf } from '../catalog/undo.ts';
import { isIntent } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { JsonObject } from '../contract/guards.ts';
import { stringAt } from '../contract/guards.ts';
import type { Operation, Undo } from '../contract/operation.ts';
import type { RunReport } from '../contract/receipt.ts';
import { transportOf } from './caller.ts';
import { compare, detours, type Heard } from './judge.ts';
import { learn, NotKnown, type Step } from './known.ts';
import { masked, textsIn } from './mask.ts';
import { inputOf, type Learned } from './read-phase.ts';
import { cellOf, type Stage } from './stage.ts';
import type { Traces } from './traces.ts';
import { variantsOf } from './variants.ts';

/** The whole script of writes over one backend, in a lead of its own. */
export interface Episode {
  readonly stage: Stage;
  readonly backend: BackendId;
  readonly steps: readonly Step[];
  readonly helpers: ReadonlySet<Step>;
  readonly learned: Learned;
  readonly run: string;
  /** Whether a real account is written to, where nothing may reach anybody. */
  readonly live: boolean;
  readonly traces: Traces;
}

interface Acting extends Episode {
  readonly names: Map<string, string>;
  /** id → name in the script. */
  readonly made: Map<string, string>;
  readonly shared: Set<string>;
}

/** Plays the script through one backend. What it makes is left to `traces` to be taken away. Throws Ended. */
export async function play(episode: Episode): Promise<void> {
  const { learned, steps } = episode;
  const acting: Acting = { ...episode, names: new Map(learned.names), made: new Map(), shared: new Set(learned.texts) };
  await openLead(acting);
  let number = 0;
  for (const step of steps) {
    acting.names.set('mark', `${episode.run} ${number++}`);
    const input = inputOf(step, acting.names);
    if (input instanceof NotKnown) {
      episode.traces.skipped(step, episode.backend, input.message);
      continue;
    }
    const variants = variantsOf(episode.stage, step.operation, input);
    for (const [at, variant] of variants.entries()) {
      if (at > 0) acting.names.set('mark', `${episode.run} ${number++}`);
      const again = at > 0 && variant !== input ? inputOf(step, acting.names) : input;
      await act(acting, step, at === 0 || again instanceof NotKnown ? variant : pick(again, variant), { first: at === 0, number, at });
    }
  }
}

/** The same fields, with this round's texts. */
function pick(input: JsonObject, like: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(like).map((name) => [name, input[name]]));
}

/** The lead that everything happens in is made through the reference: what is wrong here must not spoil all that follows. */
async function openLead({ stage, run, traces, names, made }: Acting): Promise<void> {
  const [reference = ''] = stage.backends;
  const input = { name: `skillrouter verify ${run}`, description: 'A scratch lead of skillrouter verify. It may be deleted.' };
  const report = await stage.caller.call(reference, 'lead.create', input);
  const id = report.ok ? stringAt(report.data, 'id') : undefined;
  if (id === undefined) return;
  names.set('lead', id);
  made.set(id, 'lead');
  traces.opened(id, reference);
}

async function act(
  acting: Acting,
  step: Step,
  input: JsonObject,
  { first, number, at }: { readonly first: boolean; readonly number: number; readonly at: number },
): Promise<void> {
  const { stage, backend, traces, names, made, shared, helpers, live } = acting;
  const entry = stage.entries.get(step.operation);
  if (!entry || (live && entry.sends(input))) return;
  const operation = isIntent(entry) ? stage.entries.get(entry.operation) : entry;
  if (!operation || isIntent(operation)) return;
  textsIn(input, shared);
  for (const id of made.keys()) shared.delete(id);
  stage.onProgress(step.operation, backend);
  const report = await stage.caller.call(backend, step.operation, input);
  const undo = await undoOf(stage.app, operation);
  if (report.ok) {
    if (first) learn(names, step, report.data);
    for (const name of first ? Object.keys(step.remember ?? {}) : []) made.set(names.get(name) ?? '', name);
    traces.made({ operation, backend, input, id: stringAt(report.data, 'id') });
  }
  const silent = helpers.has(step);
  if (!silent) {
    stage.ledger.called(step.operation, backend, transportOf(report));
    stage.ledger.found(step.operation, backend, detours(report));
    traces.heard(`${number} ${at} answer`, { step, backend, check: 'answer', heard: told(acting, report) });
  }
  const read = report.ok && !silent ? readOf(acting, operation, undo, input, stringAt(report.data, 'id')) : undefined;
  if (read) await readBack(acting, step, read, `${number} ${at} read`);
}

interface Look {
  readonly read: Operation;
  readonly input: JsonObject;
  readonly gone: boolean;
  readonly removed?: string;
}

/** How to look at what a write came to, through any backend. */
function readOf(acting: Acting, operation: Operation, undo: Undo | undefined, input: JsonObject, id: string | undefined): Look | undefined {
  const { stage } = acting;
  const [noun] = operation.id.split('.');
  const name = undo?.how === 'delete' || undo?.how === 'restore' ? undo.read : operation.id.endsWith('.delete') ? `${noun}.get` : undefined;
  const read = name === undefined ? undefined : stage.entries.get(name);
  if (!read || isIntent(read)) return undefined;
  const field = /\{(\w+)\}/.exec(read.http.path)?.[1] ?? 'id';
  const value = undo?.how === 'delete' ? id : stringAt(input, field);
  if (value === undefined) return undefined;
  const create = stage.entries.get(`${noun}.create`);
  const removed = create && !isIntent(create) && create.undo?.how === 'delete' ? create.undo.removed : undefined;
  return { read, input: { [field]: value }, gone: operation.id.endsWith('.delete'), ...(removed === undefined ? {} : { removed }) };
}

/** What one backend wrote is to be seen through all of them, or through none when it was deleted. */
async function readBack(acting: Acting, step: Step, { read, input, gone, removed }: Look, key: string): Promise<void> {
  const { stage, backend, traces } = acting;
  const [reference = '', ...others] = stage.backends;
  const seen = await stage.caller.call(reference, read.id, input);
  traces.heard(key, { step, backend, check: gone ? 'gone' : 'read_back', heard: told(acting, seen) });
  if (gone) {
    if (seen.ok && !(removed !== undefined && stringAt(seen.data, removed) !== undefined))
      stage.ledger.found(step.operation, backend, [
        { kind: 'different', check: 'gone', what: 'it answered that it deleted, and the object is still there' },
      ]);
    return;
  }
  for (const other of others) {
    const here = await stage.caller.call(other, read.id, input);
    stage.ledger.called(read.id, other, transportOf(here));
    stage.ledger.found(read.id, other, [...detours(here), ...compare(seen, here, 'read_back', cellOf(stage, read.id, other))]);
  }
}

function told({ made, shared }: Acting, report: RunReport): Heard {
  if (!report.ok) return { ok: false, error: report.error };
  return { ok: true, data: masked(report.data, { made, shared }) };
}
