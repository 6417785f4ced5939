/** Which of several equal objects a call whose answer was lost takes for its own. */
import { expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { confirm } from '../../src/router/confirm.ts';

const NOW = Date.parse('2026-03-02T09:01:00Z');
const INPUT = { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', text: 'Call back' };
const madeBefore = (id: string, ms: number): JsonObject => ({ ...INPUT, id, date_created: new Date(NOW - ms).toISOString() });

/** Newest first, as the app lists them. */
const TASKS = [madeBefore('task_2', 10_000), madeBefore('task_1', 20_000)];

async function taskCreate(): Promise<Operation> {
  const found = await closeApp.find('task.create');
  if (!found || isIntent(found)) throw new Error('no task.create');
  return found;
}

/** A call that was sent so long ago, and another one, elsewhere, that has lost its answer too. */
async function lookOf(sentMs: number, claims: Set<string>) {
  return confirm({
    operation: await taskCreate(),
    input: INPUT,
    sinceSentMs: () => sentMs,
    sinceLostMs: () => 5000,
    settleMs: 60_000,
    leftMs: () => 0,
    look: async () => ({ data: { data: TASKS, has_more: false }, appTime: NOW }),
    claimed: async (ids) => new Set(ids.filter((id) => claims.has(id))),
    isOurs: async () => false,
    claim: async (id) => !claims.has(id) && Boolean(claims.add(id)),
    rivals: () => ({ sending: 0, doubting: 0 }),
    rivalsElsewhere: async () => 1,
    pause: async () => undefined,
  });
}

it.each([
  ['the earlier one looks first', [20_000, 10_000]],
  ['the later one looks first', [10_000, 20_000]],
])('of two calls that were sent at different times each finds an object of its own: %s', async (_, sent) => {
  const claims = new Set<string>();
  const found = [];
  for (const ms of sent) found.push(await lookOf(ms, claims));
  expect(found).toMatchObject([{ kind: 'present' }, { kind: 'present' }]);
  expect([...claims].toSorted()).toEqual(['task_1', 'task_2']);
});
