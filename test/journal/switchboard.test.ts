import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/contract/journal.ts';
import type { Ruling } from '../../src/contract/switchboard.ts';
import type { SharedJournal } from '../../src/journal/journal.ts';
import { STORES } from '../support/stores.ts';

const RULING: Ruling = { name: 'migration/close', revision: 1, by: 'ada', at: '2026-03-02T09:00:00.000Z', value: { percent: 10 } };

function boardOf({ switchboard }: SharedJournal) {
  if (!switchboard) throw new Error('this journal has no switchboard');
  return switchboard;
}

/** A call that went through these backends, one request each; with a code it failed there. */
function call(
  id: string,
  at: string,
  ways: readonly { readonly backend: string; readonly code?: 'rejected' }[],
  user = 'ada',
): JournalEntry {
  const last = ways.at(-1);
  return {
    outcome: last?.code ?? 'ok',
    receipt: {
      id,
      operation: 'close.lead.get',
      user,
      at,
      ...(last ? { route: { backend: last.backend, connection: 'c', transport: 'tool' } } : {}),
      verdicts: [],
      attempts: ways.map(({ backend, code }) => ({
        backend,
        connection: 'c',
        transport: 'tool',
        delivery: 'answered',
        ms: 10,
        ...(code ? { code } : {}),
      })),
      ms: 12,
    },
  };
}

describe.each(STORES)('the switchboard on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('lets one of two who rule at the same time win, and hears the same word twice as one', async () => {
    await using there = await place();
    const [one, other] = [boardOf(there.open()), boardOf(there.open())];
    const answers = await Promise.all([one.rule(RULING), other.rule({ ...RULING, by: 'bob' })]);
    expect(answers.toSorted()).toEqual([false, true]);
    const [standing] = await one.rulings();
    if (!standing) throw new Error('nobody ruled');
    expect(await one.rule(standing)).toBe(true); // as when its answer was lost
    const next = { ...standing, revision: 2, value: { percent: 50 } };
    expect(await one.rule(next)).toBe(true);
    expect(await other.rule({ ...next, by: 'eve' })).toBe(false);
    expect(await other.rulings()).toEqual([next]);
  });

  itThere('adds up what processes have counted, however often each tells it, and forgets older subjects', async () => {
    await using there = await place();
    const board = boardOf(there.open());
    const tally = { subject: 'mig_1/1', counter: 'a', operation: 'close.lead.get', measure: 'equal', count: 2, total: 20 };
    await board.tell([tally, { ...tally, counter: 'b', count: 3, total: 30 }]);
    await board.tell([
      { ...tally, count: 4, total: 40 },
      { ...tally, subject: 'mig_1/2' },
      { ...tally, subject: 'mig_10/1' },
    ]);
    expect(await board.counted('mig_1/1')).toEqual([{ operation: 'close.lead.get', measure: 'equal', count: 7, total: 70 }]);
    await board.forget('mig_1', 'mig_1/2');
    const left = await Promise.all(['mig_1/1', 'mig_1/2', 'mig_10/1'].map((subject) => board.counted(subject)));
    expect(left.map(({ length }) => length)).toEqual([0, 1, 1]);
  });

  itThere('tells from the journal what was used, by whom, how busily, and how it ended', async () => {
    await using there = await place();
    const journal = there.open();
    const board = boardOf(journal);
    await journal.record(call('call_0', '2026-03-01T09:00:00.000Z', [{ backend: 'alpha' }], 'old'));
    await journal.record(call('call_1', '2026-03-02T09:00:01.000Z', [{ backend: 'alpha' }]));
    await journal.record(call('call_2', '2026-03-02T09:00:02.000Z', [{ backend: 'beta', code: 'rejected' }, { backend: 'alpha' }], 'bob'));
    await journal.record(call('call_3', '2026-03-02T09:01:00.000Z', [{ backend: 'beta' }]));
    const since = '2026-03-02T00:00:00.000Z';
    const use = { call: 'close.lead.get', transport: 'tool' };
    expect((await board.operations(since)).toSorted((a, b) => (a.backend < b.backend ? -1 : 1))).toEqual([
      { ...use, backend: 'alpha', requests: 2, last: '2026-03-02T09:00:02.000Z' },
      { ...use, backend: 'beta', requests: 2, last: '2026-03-02T09:01:00.000Z' },
    ]);
    expect(await board.users(since)).toEqual([
      { user: 'ada', calls: 2, last: '2026-03-02T09:01:00.000Z' },
      { user: 'bob', calls: 1, last: '2026-03-02T09:00:02.000Z' },
    ]);
    expect(await board.busiest('alpha', since)).toEqual({ minute: '2026-03-02T09:00', calls: 2 });
    expect(await board.busiest('nobody', since)).toBeUndefined();
    const endings = (await board.endings(since, 2)).toSorted((a, b) =>
      `${a.backend}${a.code ?? ''}`.localeCompare(`${b.backend}${b.code ?? ''}`),
    );
    expect(endings).toEqual([
      { backend: 'alpha', requests: 1, ms: 10 },
      { backend: 'beta', requests: 1, ms: 10 },
      { backend: 'beta', code: 'rejected', requests: 1, ms: 10 },
    ]);
  });
});
