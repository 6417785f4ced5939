import { toReply } from '../../src/binding/reply.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Intent, Operation } from '../../src/contract/operation.ts';
import { normalise } from '../../src/router/normalise.ts';
import { createWorld, type World, type WorldOptions, type WorldSnapshot } from '../../src/sandbox/world.ts';
import { clientOf } from '../sandbox/world-client.ts';
import { knownIn, STORY, type Step } from '../sandbox/world-story.ts';
import { FULL_STORY, INTENTS } from './full-story.ts';

/** Time stands where the calls put it; nobody is slowed down. */
export const WORLD: WorldOptions = { seed: 'matrix', clock: { kind: 'virtual' }, switches: { rateLimits: false } };

/** What a committed call left behind, as far as it must be the same on every way. */
export interface Effect {
  readonly operation: string;
  readonly ids: readonly string[];
  readonly fingerprint: string;
}

/** One call with live input, and what Close itself makes of it. */
export interface Case {
  readonly entry: Operation | Intent;
  readonly input: JsonObject;
  readonly data: unknown;
  readonly effects: readonly Effect[];
  /** How many calls reach Close for it. */
  readonly calls: number;
  /** The world afterwards: where the next call starts from. */
  readonly after: () => WorldSnapshot;
}

/** Sends one canonical operation; resolves with the canonical output. */
export type Call = (operation: Operation, input: JsonObject) => Promise<unknown>;

const entries = new Map((await closeApp.all()).map((entry) => [entry.id, entry]));

export const operations: readonly Operation[] = [...entries.values()].filter((entry): entry is Operation => !isIntent(entry));

export function entryOf(id: string): Operation | Intent {
  const entry = entries.get(id);
  if (!entry) throw new Error(`the catalogue has no ${id}`);
  return entry;
}

export function operationOf(id: string): Operation {
  const entry = entryOf(id);
  if (isIntent(entry)) throw new Error(`${id} is an intent`);
  return entry;
}

/** Runs an operation, or plays an intent over its operations. */
export function play(entry: Operation | Intent, input: JsonObject, call: Call): Promise<unknown> {
  if (!isIntent(entry)) return call(entry, input);
  return entry.run(input, (id, step) => call(operationOf(id), step));
}

export function effectsSince(world: Pick<World, 'ledger'>, start: number): readonly Effect[] {
  return world
    .ledger()
    .slice(start)
    .map(({ operation, ids, fingerprint }) => ({ operation, ids, fingerprint }));
}

/** The story told to Close directly: no backend between. */
export async function tellReference(): Promise<readonly Case[]> {
  const world = createWorld(WORLD);
  const known = knownIn(clientOf(world));
  const key = world.keys()[0]?.key ?? '';
  const cases: Case[] = [];
  let calls = 0;
  const call: Call = async (operation, input) => {
    calls += 1;
    const outcome = world.run({ operation: `close.${operation.id}`, input }, { key });
    if (!outcome.ok) throw outcome.error;
    const { status, body } = toReply(operation, outcome.data);
    const result = normalise(operation, { kind: 'http', status, headers: {}, body }, closeApp);
    if (!result.ok) throw new Error(`${operation.id}: ${result.failure.what}`);
    return result.data;
  };
  for (const { operation, input, remember } of stories()) {
    const entry = entryOf(operation);
    const given = parsed(entry, input?.(known) ?? {});
    const before = world.ledger().length;
    calls = 0;
    const data = await play(entry, given, call);
    if (remember !== undefined) known[remember] = idIn(data);
    const snapshot = JSON.stringify(world.snapshot());
    cases.push({ entry, input: given, data, effects: effectsSince(world, before), calls, after: () => JSON.parse(snapshot) });
  }
  return cases;
}

/** The start of the story: what `knownIn` read from the demo world took time, and the others must start at the same instant. */
export function startingWorld(): World {
  const world = createWorld(WORLD);
  knownIn(clientOf(world));
  return world;
}

/** The last of the plain story merges and deletes: it comes after everything else. */
function stories(): readonly Step[] {
  return [...FULL_STORY, ...INTENTS, ...STORY];
}

function parsed(entry: Operation | Intent, input: JsonObject): JsonObject {
  const result = entry.input.safeParse(input);
  if (!result.success || !isObject(result.data))
    throw new Error(`the story gives ${entry.id} input that it refuses: ${result.error?.message}`);
  return result.data;
}

function idIn(data: unknown): string {
  if (!isObject(data)) return '';
  const first: unknown = Array.isArray(data['data']) ? data['data'][0] : undefined;
  return String(data['id'] ?? (isObject(first) ? first['id'] : ''));
}
