/** Runs the catalogue's examples as they are written: in a copy of the demo world where something stands behind every id in them. */
import { type App, isIntent } from '../contract/app.ts';
import type { Outcome } from '../contract/executor.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { Row } from './world/row.ts';
import type { Shelf } from './world/store.ts';
import { createWorld, type World, type WorldSnapshot } from './world.ts';

/** What an id stands for, by its prefix. */
const SHELVES: Readonly<Record<string, readonly Shelf[]>> = {
  lead: ['lead'],
  cont: ['contact'],
  oppo: ['opportunity'],
  task: ['task'],
  acti: ['activity'],
  stat: ['lead_status', 'opportunity_status'],
  cf: ['custom_field'],
  tmpl: ['email_template'],
  user: ['user'],
  orga: ['organization'],
  pipe: ['pipeline'],
  seq: ['sequence'],
  sub: ['subscription'],
  whsub: ['webhook'],
  comm: ['comment'],
  comthr: ['comment_thread'],
  save: ['smart_view'],
  ev: ['event'],
  bulkedit: ['bulk'],
  expo: ['export'],
  emailacct: ['connected_account'],
  actitype: ['custom_activity_type'],
  cotype: ['custom_object_type'],
  outcome: ['outcome'],
};

const EXAMPLE_ID = /^([a-z]+)_\w*Example\w*$/;

/** Enough to find records that belong together; the demo world is small. */
const MOST_TRIES = 400;

export interface Rehearsal {
  /** The outcome in the first world that takes the example; when none does, the last refusal. */
  run(entry: Operation | Intent): Promise<Outcome>;
}

/** Every example runs in a world of its own: what one deletes, another still finds. */
export async function openRehearsal(app: App): Promise<Rehearsal> {
  const before = createWorld({ data: 'demo', switches: { rateLimits: false } });
  await prepare(app, before);
  const snapshot = before.snapshot();
  const text = JSON.stringify(snapshot);
  return {
    run: async (entry) => {
      let last: Outcome | undefined;
      let tries = 0;
      for (const names of castings(snapshot, idsIn(entry.example))) {
        tries += 1;
        const world = createWorld({ snapshot: recast(text, names) });
        last = await play(app, world, entry);
        if (last.ok || tries === MOST_TRIES) break;
      }
      if (last === undefined) throw new Error(`nothing in the demo world can stand behind the ids of ${entry.id}`);
      return last;
    },
  };
}

/** What the demo data has none of, and an example reads, changes or deletes. */
const FURTHER: readonly (readonly [operation: string, change: JsonObject])[] = [
  ['sms.create', { status: 'draft' }],
  ['email.create', {}],
  ['pipeline.create', {}],
  ['lead_status.create', {}],
  ['unsubscribe.create', {}],
  ['bulk_edit.create', {}],
  ['bulk_email.create', {}],
  ['bulk_sequence_subscription.create', {}],
  ['bulk_delete.create', { results_limit: 1 }],
  ['export.lead', {}],
];

async function prepare(app: App, world: World): Promise<void> {
  for (const [id, change] of FURTHER) {
    const entry = await app.find(id);
    if (!entry) continue;
    const [names = new Map<string, string>()] = castings(world.snapshot(), idsIn(entry.example));
    const input = [...names].reduce(
      (text, [real, invented]) => text.replaceAll(invented, real),
      JSON.stringify({ ...entry.example, ...change }),
    );
    const outcome = await playWith(app, world, { entry, input: JSON.parse(input) as JsonObject }); // an example with other ids in it
    if (!outcome.ok) throw outcome.error;
  }
}

function play(app: App, world: World, entry: Operation | Intent): Promise<Outcome> {
  return playWith(app, world, { entry, input: entry.example });
}

interface Part {
  readonly entry: Operation | Intent;
  readonly input: JsonObject;
}

class Refused extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('refused');
    this.outcome = outcome;
  }
}

async function playWith(app: App, world: World, { entry, input }: Part): Promise<Outcome> {
  const key = world.keys()[0]?.key ?? '';
  const valid = entry.input.parse(input) as JsonObject; // an input schema is always a strict object
  if (!isIntent(entry)) return world.run({ operation: `${app.id}.${entry.id}`, input: valid }, { key });
  try {
    const data = await entry.run(valid, async (id, step) => {
      const outcome = world.run({ operation: `${app.id}.${id}`, input: step }, { key });
      if (!outcome.ok) throw new Refused(outcome);
      return outcome.data;
    });
    return { ok: true, data };
  } catch (error) {
    if (error instanceof Refused) return error.outcome;
    throw error;
  }
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return EXAMPLE_ID.test(value) ? [value] : [];
  if (Array.isArray(value)) return [...new Set(value.flatMap(idsIn))];
  return isObject(value) ? [...new Set(Object.entries(value).flatMap(([name, one]) => [...idsIn(name), ...idsIn(one)]))] : [];
}

/** Who may play which id, those of one lead together first. */
function* castings(snapshot: WorldSnapshot, ids: readonly string[]): Generator<ReadonlyMap<string, string>> {
  const all = ids.map((id) => candidates(snapshot, id));
  const combos = combined(all);
  const close = (rows: readonly Row[]): number => new Set(rows.flatMap((row) => row['lead_id'] ?? [])).size;
  const sorted = combos.toSorted((a, b) => close(a) - close(b));
  for (const rows of sorted) yield new Map(ids.flatMap((id, at) => (rows[at] === undefined ? [] : [[rows[at].id, id] as const])));
}

/** Records that the caller may see. */
function candidates({ store }: WorldSnapshot, id: string): readonly Row[] {
  const [, prefix = ''] = EXAMPLE_ID.exec(id) ?? [];
  const organization = store.shelves.key?.[0]?.[0]['organization_id'];
  const rows = (SHELVES[prefix] ?? []).flatMap((shelf) => (store.shelves[shelf] ?? []).map(([row]) => row));
  return rows.filter((row) => row['organization_id'] === undefined || row['organization_id'] === organization);
}

/** One of each, never the same twice; bounded. */
function combined(lists: readonly (readonly Row[])[]): readonly (readonly Row[])[] {
  return lists.reduce<readonly (readonly Row[])[]>(
    (found, list) => found.flatMap((rows) => list.filter((row) => !rows.includes(row)).map((row) => [...rows, row])).slice(0, 20_000),
    [[]],
  );
}

/** The world with its records under other names, everywhere they are named. */
function recast(text: string, names: ReadonlyMap<string, string>): WorldSnapshot {
  const renamed = [...names].reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
  return JSON.parse(renamed) as WorldSnapshot; // our own snapshot, with other ids in it
}
