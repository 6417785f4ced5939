import { describe, expect, it } from 'vitest';
import type { Inverse, JournalEntry } from '../../src/contract/journal.ts';
import { STORES } from '../support/stores.ts';

const entry = (id: string, more: Partial<JournalEntry['receipt']> = {}): JournalEntry => ({
  outcome: 'ok',
  receipt: {
    id,
    operation: 'close.lead.update',
    user: 'ada',
    at: `2026-03-01T10:00:0${id.at(-1)}.000Z`,
    verdicts: [],
    attempts: [],
    ms: 1,
    ...more,
  },
});

const RESTORE: Inverse = {
  operation: 'close.lead.update',
  backend: 'rest',
  connection: 'key_1',
  how: 'restore',
  object: 'lead_1',
  run: 'run_1',
  image: { before: { name: 'Jane Roe' }, left: { name: 'Jane Doe' } },
};
const NONE: Inverse = { operation: 'close.lead.merge', backend: 'rest', connection: 'key_1', how: 'none', why: 'it cannot be told apart' };

describe.each(STORES)('how to undo, on $store', ({ missing, place }) => {
  const itThere = it.skipIf(missing !== undefined);

  itThere('is found by the call and by the run, in the order of the writes', async () => {
    await using there = await place();
    const journal = there.open();
    await journal.record(entry('call_1'), [RESTORE, NONE]);
    await journal.record(entry('call_2'), [RESTORE]);
    await journal.record(entry('call_3'));
    const kept = { user: 'ada', at: '2026-03-01T10:00:01.000Z', call: 'call_1' };
    const other = there.open();
    expect(await other.inverses?.of('call_1')).toEqual([
      { ...kept, ...RESTORE, position: 0 },
      { ...kept, ...NONE, position: 1 },
    ]);
    expect((await other.inverses?.ofRun('run_1'))?.map(({ call }) => call)).toEqual(['call_2', 'call_1']);
    expect(await other.inverses?.count('run_1')).toBe(2);
    expect(await other.inverses?.of('call_3')).toEqual([]);
    expect(await other.inverses?.ofRun('run_2')).toEqual([]);
  });

  itThere('comes of a long run page by page: the last write first, each call whole, none twice', async () => {
    await using there = await place();
    const journal = there.open();
    const at = (call: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, Math.floor(call / 40))).toISOString();
    // Calls of one instant and of several writes stand at the ends of pages; one has more writes than a page.
    const writesOf = (call: number): number => (call === 100 ? 700 : 1 + (call % 3));
    const name = (call: number): string => `call_${String(call).padStart(4, '0')}`;
    for (let call = 0; call < 400; call += 1)
      await journal.record(
        entry(name(call), { at: at(call) }),
        Array.from({ length: writesOf(call) }, () => RESTORE),
      );
    const seen: string[] = [];
    const pages: number[] = [];
    for (let page = await journal.inverses?.ofRun('run_1'); page?.length; page = await journal.inverses?.ofRun('run_1', page.at(-1))) {
      pages.push(page.length);
      seen.push(...page.map(({ call, position }) => `${call}/${position}`));
    }
    const all = Array.from({ length: 400 }, (_, call) => Array.from({ length: writesOf(call) }, (__, write) => `${name(call)}/${write}`));
    expect(seen).toEqual(all.flat().toReversed());
    expect(await journal.inverses?.count('run_1')).toBe(seen.length);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.filter((length) => length > 500)).toEqual([700]);
  });

  itThere('is kept without what was there before once it is undone, and only the first time counts', async () => {
    await using there = await place();
    const journal = there.open();
    await journal.record(entry('call_1'), [RESTORE]);
    await journal.inverses?.undone('call_1', 0, '2026-03-02T00:00:00.000Z');
    await journal.inverses?.undone('call_1', 0, '2026-03-03T00:00:00.000Z');
    const [kept] = (await journal.inverses?.of('call_1')) ?? [];
    expect(kept).toMatchObject({ undone: '2026-03-02T00:00:00.000Z', object: 'lead_1' });
    expect(kept).not.toHaveProperty('image');
  });

  itThere('is forgotten when it is old, and the receipt stays', async () => {
    await using there = await place();
    const journal = there.open();
    await journal.record(entry('call_1'), [RESTORE]);
    await journal.record(entry('call_2'), [RESTORE]);
    expect(await journal.inverses?.forget('2026-03-01T10:00:02.000Z')).toBe(1);
    expect((await journal.inverses?.ofRun('run_1'))?.map(({ call }) => call)).toEqual(['call_2']);
    expect(await journal.list({})).toHaveLength(2);
  });

  itThere('a receipt says how its outcome is known', async () => {
    await using there = await place();
    const journal = there.open();
    await journal.record(entry('call_1', { confirmed: 'present' }));
    await journal.record(entry('call_2', { replayed: true }));
    expect((await journal.list({})).map(({ receipt: { confirmed, replayed } }) => ({ confirmed, replayed }))).toEqual([
      { confirmed: undefined, replayed: true },
      { confirmed: 'present', replayed: undefined },
    ]);
    expect(await journal.show('call_1')).toEqual(entry('call_1', { confirmed: 'present' }));
  });
});
