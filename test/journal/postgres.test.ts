import { describe, expect, it } from 'vitest';
import { postgresFailure } from '../../src/journal/postgres-failure.ts';
import { openRoad, POSTGRES, through } from '../support/stores.ts';

const itThere = POSTGRES.missing === undefined ? it : it.skip;
const AT = '2026-03-01T10:00:00.000Z';
const KEY = { user: 'ada', key: 'k1', operation: 'o', hash: 'h' };

describe('a journal on a server', () => {
  itThere('outlives a restart in the middle of calls: the next use connects again', async () => {
    await using there = await POSTGRES.place();
    await using road = await openRoad();
    const journal = there.open(through(there, road.port));
    await Promise.all(Array.from({ length: 8 }, (_, n) => journal.claim('close', `task_${n}`, 'call_1')));
    await road.cut();
    await road.mend();
    expect(await journal.claimed('close', ['task_1', 'task_9'])).toEqual(new Set(['task_1']));
    const waiting = Array.from({ length: 8 }, (_, n) => journal.keys.take({ ...KEY, key: `k${n}` }, 'me', AT, AT));
    await road.cut();
    await road.mend();
    const states = await Promise.all(waiting);
    const mine = states.filter((state) => state.state === 'mine' || (state.state === 'open' && state.owner === 'me'));
    expect(mine).toHaveLength(8);
  });

  itThere('says that the server does not answer while it is away, and works when it is back', async () => {
    await using there = await POSTGRES.place();
    await using road = await openRoad();
    await road.cut();
    const journal = there.open(through(there, road.port));
    await expect(journal.open()).rejects.toMatchObject({ code: 'backend_unavailable', retryable: true });
    await road.mend();
    await journal.open();
    await road.cut();
    await expect(journal.keys.take(KEY, 'me', AT, AT)).rejects.toMatchObject({
      code: 'backend_unavailable',
      message: expect.stringContaining('does not answer'),
    });
    await road.mend();
    await expect.poll(() => journal.claim('close', 'task_1', 'call_1').catch(() => 'not yet')).toBe(true);
  });

  itThere.each([
    { when: 'there is no such database', change: (url: string) => url.replace('/test?', '/nowhere?'), says: 'no database of that name' },
    {
      when: 'the schema is missing',
      change: (url: string) => url.replace(/search_path%3D\w+/, 'search_path%3Dmissing'),
      says: 'no schema',
    },
    { when: 'it may only be read', change: (url: string) => `${url}%20-cdefault_transaction_read_only%3Don`, says: 'can only be read' },
  ])('is a configuration error when $when, and never shows the password', async ({ change, says }) => {
    await using there = await POSTGRES.place();
    const journal = there.open(change(there.path).replace('@', ':geheim@'));
    const error: unknown = await journal.open().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringContaining(says) });
    expect(JSON.stringify(error) + String(error) + journal.path).not.toContain('geheim');
    expect(journal.path).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/\w+$/);
  });

  itThere('is a configuration error when the tables there are another program’s', async () => {
    await using there = await POSTGRES.place();
    await there.sql('create table calls (phone text)');
    await expect(there.open().open()).rejects.toMatchObject({ code: 'configuration', message: expect.stringContaining('not a journal’s') });
  });

  it.each([
    ['28P01', 'configuration'],
    ['42501', 'configuration'],
    ['53100', 'backend_unavailable'],
    ['57P03', 'backend_unavailable'],
    ['40P01', 'backend_unavailable'],
    ['EPIPE', 'backend_unavailable'],
  ])('tells %s as %s, in words of ours', (state, code) => {
    const error = Object.assign(new Error('role "ada" and value 42'), { code: state });
    const told = postgresFailure('postgres://host/db', error);
    expect(told).toMatchObject({ code, details: { what: expect.stringContaining('postgres://host/db') } });
    expect(JSON.stringify(told)).not.toContain('ada');
  });

  it('lets a bug of ours through as it is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(postgresFailure('postgres://host/db', bug)).toBe(bug);
  });

  it('whose address cannot be read is refused at once', async () => {
    const { openJournal } = await import('../../src/journal/journal.ts');
    expect(() => openJournal({ path: 'postgres://ada:geheim@ho st/db' })).toThrow(/address of the store cannot be read/);
  });
});
