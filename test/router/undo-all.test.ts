/** Every write of the catalogue, done and undone through the router, in a world that is right before it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { undoOf } from '../../src/catalog/undo.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation, Undo } from '../../src/contract/operation.ts';
import { createWorld, type World, type WorldSnapshot } from '../../src/sandbox/world.ts';
import { type Adapted, adapt } from '../contract/rig.ts';
import { type Client, clientOf, listAt, open } from '../sandbox/world-client.ts';
import { knownIn, STORY } from '../sandbox/world-story.ts';

const entries = await closeApp.all();
const writes = entries.filter((entry): entry is Operation => !isIntent(entry) && entry.effect !== 'read');
const ids: ReadonlySet<string> = new Set(entries.map(({ id }) => id));

interface Case {
  readonly id: string;
  readonly operation: Operation;
  readonly undo: Undo;
  readonly input: JsonObject;
  readonly before: WorldSnapshot;
}

const cases = await tell();
const how = (...ways: readonly Undo['how'][]) =>
  cases.filter(({ undo, operation, input }) => ways.includes(undo.how) && !operation.sends(input));

async function tell(): Promise<readonly Case[]> {
  const client = open({ clock: { perCallMs: 0 } });
  const known = knownIn(client);
  const told: Case[] = [];
  for (const { operation: id, input = () => ({}), remember } of STORY) {
    const operation = writes.find((one) => one.id === id);
    const undo = operation && (await undoOf(closeApp, operation));
    const before = client.world.snapshot();
    const given = input(known);
    const answer = client.ask(id, given);
    client.world.advance(1000);
    if (remember) known[remember] = String(answer['id'] ?? listAt(answer, 'data')[0]?.['id']);
    if (operation && undo) told.push({ id, operation, undo, input: given, before });
  }
  return told;
}

let rig: Adapted;
beforeAll(async () => {
  rig = await adapt('rest', createWorld());
});
afterAll(() => rig[Symbol.asyncDispose]());

/** A copy of the world in which the write is about to be sent; a second later each. */
function enter({ before }: Case): Client {
  const world: World = createWorld({ snapshot: before, clock: { perCallMs: 0 }, switches: { rateLimits: false } });
  world.advance(1000);
  rig.stage.current = world;
  return clientOf(world);
}

const router = () => rig.core.router;
const write = async ({ id, input }: Case) => {
  const report = await router().run(`close.${id}`, input, { user: 'ada', undoable: true, approved: true });
  if (!report.ok) throw new Error(`${id}: ${report.error.message}`);
  return report;
};
const undo = (call: string) => router().undo(call, { user: 'ada', approved: true });

/** An object without what tells when and by whom it was changed. */
const content = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !/^(?:date_|updated_)/.test(key)));

it('is declared for every write, by operations that exist', async () => {
  for (const operation of writes) {
    const way = await undoOf(closeApp, operation);
    if (way?.how === 'none') expect(way.why.length).toBeGreaterThan(20);
    if (way?.how === 'restore') expect(ids).toContain(way.read);
    if (way?.how !== 'delete') continue;
    for (const name of [way.operation, way.read, ...(way.under ?? []).map(({ list }) => list)]) expect(ids).toContain(name);
  }
  expect(new Set(cases.map(({ id }) => id))).toEqual(new Set(writes.map(({ id }) => id)));
});

describe.each(how('delete'))('$id', (one) => {
  it('is undone by deleting what it made, once', async () => {
    const client = enter(one);
    const { data, receipt } = await write(one);
    const made = String((data as JsonObject)['id']);
    expect(await undo(receipt.id)).toMatchObject({ ok: true, steps: [{ state: 'done', object: made }] });
    const { read, id, removed } = one.undo as Extract<Undo, { how: 'delete' }>;
    if (removed === undefined) expect(client.refusal(read, { [id]: made }).code).toBe('not_found');
    else expect(client.ask(read, { [id]: made })[removed]).toEqual(expect.any(String));
    const lines = client.world.ledger().length;
    expect(await undo(receipt.id)).toMatchObject({ ok: true, steps: [{ state: 'undone' }] });
    expect(client.world.ledger()).toHaveLength(lines);
  });
});

/** Updates of the story whose former state cannot be had again. */
const ONE_WAY: Readonly<Record<string, RegExp>> = {
  'meeting.update': /would not take back what was in outcome_id/, // there was none, and the field cannot be cleared
  'sequence_subscription.update': /would send something to a person/, // it was running
};

describe.each(how('restore').filter(({ id }) => id in ONE_WAY))('$id', (one) => {
  it('is refused, when what was there cannot be put back', async () => {
    const client = enter(one);
    const { receipt } = await write(one);
    const lines = client.world.ledger().length;
    const { ok, steps } = await undo(receipt.id);
    expect([ok, steps[0]?.state, steps[0]?.why]).toEqual([false, 'refused', expect.stringMatching(ONE_WAY[one.id] ?? '')]);
    expect(client.world.ledger()).toHaveLength(lines);
  });
});

describe.each(how('restore').filter(({ id }) => !(id in ONE_WAY)))('$id', (one) => {
  it('is undone by putting back what was there, once', async () => {
    const client = enter(one);
    const { read } = one.undo as Extract<Undo, { how: 'restore' }>;
    const [parameter = ''] = /\{(\w+)\}/.exec(one.operation.http.path)?.slice(1) ?? [];
    const named = { [parameter]: one.input[parameter] };
    const before = client.ask(read, named);
    const { receipt } = await write(one);
    expect(content(client.ask(read, named))).not.toEqual(content(before));
    expect(await undo(receipt.id)).toMatchObject({ steps: [{ state: 'done' }], ok: true });
    expect(content(client.ask(read, named))).toEqual(content(before));
    const lines = client.world.ledger().length;
    expect(await undo(receipt.id)).toMatchObject({ ok: true, steps: [{ state: 'undone' }] });
    expect(client.world.ledger()).toHaveLength(lines);
  });
});

describe.each(how('none'))('$id', (one) => {
  it('is refused, and says why', async () => {
    const client = enter(one);
    const { receipt } = await write(one);
    const lines = client.world.ledger().length;
    expect(await undo(receipt.id)).toMatchObject({ ok: false, steps: [{ state: 'refused', why: (one.undo as { why: string }).why }] });
    expect(client.world.ledger()).toHaveLength(lines);
  });
});
