import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JournalEntry, KeyRequest } from '../../src/contract/journal.ts';
import { STORES } from '../support/stores.ts';

const run = promisify(execFile);
const AT = '2026-03-01T10:00:00.000Z';
const LATER = '2026-03-01T10:05:00.000Z';
const KEY: KeyRequest = { user: 'ada', key: 'k1', operation: 'close.task.create', hash: 'h1' };

const ENTRY: JournalEntry = {
  outcome: 'ok',
  receipt: {
    id: 'call_1',
    operation: 'close.lead.create',
    user: 'ada',
    at: AT,
    route: { backend: 'composio', connection: 'ca_1', transport: 'proxy' },
    delivery: 'answered',
    verdicts: [{ backend: 'rest', connection: 'rest:ada', transport: 'direct', reason: 'alternative' }],
    attempts: [
      { backend: 'rest', connection: 'rest:ada', transport: 'direct', delivery: 'not-sent', code: 'backend_unavailable', ms: 2.5 },
      { operation: 'lead.create', backend: 'composio', connection: 'ca_1', transport: 'proxy', delivery: 'answered', status: 200, ms: 12 },
    ],
    ms: 14.25,
    notes: ['limit lowered to 100, the most that lead.list gives at once', 'and another'],
    unrecorded: 'its result could not be kept under the idempotency key: the journal does not answer',
  },
};

/** Runs a script in several processes at once; it has `journal` and `me`, and prints JSON. */
async function inProcesses(path: string, count: number, script: string): Promise<readonly unknown[]> {
  const module = pathToFileURL(join(import.meta.dirname, '../../src/journal/journal.ts')).href;
  const source = `
    const { openJournal } = await import(${JSON.stringify(module)});
    const [path, me] = process.argv.slice(1);
    const journal = openJournal({ path });
    await journal.open();
    ${script}
    await journal.close();`;
  const said = await Promise.all(
    Array.from({ length: count }, (_, me) => run(process.execPath, ['--input-type=module', '-e', source, path, `p${me}`])),
  );
  return said.map(({ stdout }) => JSON.parse(stdout));
}

describe.each(STORES)('a journal on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('gives back a receipt as it was recorded, also to the next process, and filters', async () => {
    await using there = await place();
    await there.open().record(ENTRY);
    await there.open().record({ ...ENTRY, outcome: 'not_found', receipt: { ...ENTRY.receipt, id: 'call_2', at: LATER, user: 'bo' } });
    const journal = there.open();
    expect(await journal.show('call_1')).toEqual(ENTRY);
    expect(await journal.show('call_9')).toBeUndefined();
    const ids = async (query: Parameters<typeof journal.list>[0]) => (await journal.list(query)).map(({ receipt }) => receipt.id);
    expect(await ids({})).toEqual(['call_2', 'call_1']);
    expect(await ids({ limit: 1 })).toEqual(['call_2']);
    expect(await ids({ user: 'ada' })).toEqual(['call_1']);
    expect(await ids({ outcome: 'not_found', operation: 'close.lead.create' })).toEqual(['call_2']);
    expect(await ids({ since: '2026-03-01T10:01:00Z' })).toEqual(['call_2']);
  });

  itThere('remembers the newest account of a connection', async () => {
    await using there = await place();
    const journal = there.open();
    const [ada, bo] = [
      { organization: 'orga_1', user: 'user_1', label: 'Acme (Ada)' },
      { organization: 'orga_1', user: 'user_2' },
    ];
    expect(await journal.account('composio', 'ca_1')).toBeUndefined();
    await journal.rememberAccount('composio', 'ca_1', ada, AT);
    await journal.rememberAccount('composio', 'ca_1', bo, LATER);
    expect(await there.open().account('composio', 'ca_1')).toEqual({ account: bo, at: LATER });
  });

  itThere('notes whose work an object is: one call’s, which may say so twice', async () => {
    await using there = await place();
    const [one, other] = [there.open(), there.open()];
    expect(await one.claim('close', 'task_1', 'call_1')).toBe(true);
    expect(await one.claim('close', 'task_1', 'call_1')).toBe(true);
    expect(await other.claim('close', 'task_1', 'call_2')).toBe(false);
    expect(await other.claimed('close', ['task_1', 'task_2'])).toEqual(new Set(['task_1']));
  });

  describe('keys', () => {
    itThere('go from taken to sent to done, and replay what was settled', async () => {
      await using there = await place();
      const { keys } = there.open();
      expect(await keys.take(KEY, 'me', AT, LATER)).toEqual({ state: 'mine' });
      expect(await keys.take(KEY, 'you', AT, LATER)).toEqual({ state: 'open', hash: 'h1', owner: 'me', at: AT, until: LATER });
      expect(await keys.sending(KEY, 'me', LATER)).toBe(true);
      expect(await keys.take(KEY, 'you', AT, LATER)).toMatchObject({ state: 'sent', at: LATER });
      await keys.settle(KEY, 'me', { id: 'task_1', text: 'grüße' }, LATER);
      expect(await keys.take(KEY, 'you', AT, LATER)).toEqual({ state: 'done', hash: 'h1', data: { id: 'task_1', text: 'grüße' } });
      expect(await keys.takeOver(KEY, 'me', 'you', LATER)).toBe(false);
      expect(await keys.take({ ...KEY, user: 'bo' }, 'bo', AT, LATER)).toEqual({ state: 'mine' });
    });

    itThere('that were released are as new, and those that were abandoned are in doubt since they were sent', async () => {
      await using there = await place();
      const { keys } = there.open();
      await keys.take(KEY, 'me', AT, LATER);
      await keys.release(KEY, 'me');
      expect(await keys.take(KEY, 'you', AT, LATER)).toEqual({ state: 'mine' });
      await keys.sending(KEY, 'you', AT);
      await keys.abandon(KEY, 'you', AT);
      expect(await keys.take(KEY, 'me', LATER, LATER)).toMatchObject({ state: 'sent', owner: '', at: AT });
    });

    itThere('that were taken over no longer obey their former owner', async () => {
      await using there = await place();
      const [mine, yours] = [there.open().keys, there.open().keys];
      await mine.take(KEY, 'me', AT, LATER);
      expect(await yours.takeOver(KEY, 'me', 'you', LATER)).toBe(true);
      expect(await mine.sending(KEY, 'me', AT)).toBe(false);
      await mine.settle(KEY, 'me', 'stale', AT);
      await mine.release(KEY, 'me');
      await mine.abandon(KEY, 'me', AT);
      expect(await yours.take(KEY, 'third', AT, LATER)).toMatchObject({ state: 'open', owner: 'you' });
    });

    itThere('are forgotten when they were settled long ago, and never while they are in doubt', async () => {
      await using there = await place();
      const { keys } = there.open();
      for (const key of ['old', 'new', 'doubt', 'open']) await keys.take({ ...KEY, key }, 'me', AT, LATER);
      await keys.settle({ ...KEY, key: 'old' }, 'me', 1, AT);
      await keys.settle({ ...KEY, key: 'new' }, 'me', 2, LATER);
      await keys.sending({ ...KEY, key: 'doubt' }, 'me', AT);
      expect(await keys.forget('2026-03-01T10:01:00.000Z')).toBe(1);
      const states = await Promise.all(['old', 'new', 'doubt', 'open'].map((key) => keys.take({ ...KEY, key }, 'you', AT, LATER)));
      expect(states.map(({ state }) => state)).toEqual(['mine', 'done', 'sent', 'open']);
    });

    itThere('are taken, and taken over, by one process only, however many try at once', async () => {
      await using there = await place();
      const script = `
        const won = { taken: [], inherited: [] };
        for (let n = 0; n < 30; n++) {
          const request = { user: 'ada', key: 'k' + n, operation: 'o', hash: 'h' };
          if ((await journal.keys.take(request, me, '${AT}', '${LATER}')).state === 'mine') won.taken.push(n);
        }
        for (let n = 0; n < 30; n++) {
          const request = { user: 'ada', key: 'dead' + n, operation: 'o', hash: 'h' };
          if (await journal.keys.takeOver(request, 'dead', me, '${LATER}')) won.inherited.push(n);
        }
        console.log(JSON.stringify(won));`;
      const { keys } = there.open();
      for (let n = 0; n < 30; n++) await keys.take({ user: 'ada', key: `dead${n}`, operation: 'o', hash: 'h' }, 'dead', AT, LATER);
      const won = (await inProcesses(there.path, 3, script)) as { readonly taken: number[]; readonly inherited: number[] }[];
      const every = Array.from({ length: 30 }, (_, n) => n);
      for (const kind of ['taken', 'inherited'] as const)
        expect(
          won.flatMap((one) => one[kind]).toSorted((a, b) => a - b),
          kind,
        ).toEqual(every);
    });
  });

  describe('what processes tell each other', () => {
    itThere('holds until it runs out or is withdrawn, and the newest counts', async () => {
      await using there = await place();
      const [one, other] = [there.open().shared, there.open().shared];
      await one?.note({ kind: 'demoted', subject: 'rest:1', count: 1, at: AT, until: LATER });
      await one?.note({ kind: 'demoted', subject: 'rest:1', count: 2, at: AT, until: LATER });
      await one?.note({ kind: 'demoted', subject: 'rest:2', count: 1, at: AT, until: AT });
      expect(await other?.notes(AT)).toEqual([{ kind: 'demoted', subject: 'rest:1', count: 2, at: AT, until: LATER }]);
      await other?.withdraw('demoted', 'rest:1');
      expect(await one?.notes('2026-01-01')).toMatchObject([{ subject: 'rest:2' }]);
      expect(await one?.forget(LATER)).toBe(1);
    });

    itThere('lets them take no more than an app has left for an account', async () => {
      await using there = await place();
      const limit = { account: 'orga_1/user_1', endpoint: 'read lead', capacity: 20, remaining: 12, at: AT, resets: LATER };
      await there.open().shared?.learn(limit);
      const script = `
        const got = await Promise.all(Array.from({ length: 10 }, () => journal.shared.take('orga_1/user_1', 'read lead', 2, '${AT}')));
        console.log(JSON.stringify(got.filter(Boolean).length));`;
      const got = (await inProcesses(there.path, 3, script)) as number[];
      expect(got.reduce((sum, one) => sum + one, 0)).toBe(10);
      const shared = there.open().shared;
      expect(await shared?.limit('orga_1/user_1', 'read lead')).toMatchObject({ remaining: 2, capacity: 20 });
      expect(await shared?.take('orga_1/user_1', 'read lead', 0, LATER)).toBe(false);
    });

    itThere('does not give back within a window what others have taken, but starts anew after it', async () => {
      await using there = await place();
      const { shared } = there.open();
      const limit = { account: 'a', endpoint: 'e', capacity: 20, remaining: 3, at: AT, resets: LATER };
      await shared?.learn(limit);
      await shared?.learn({ ...limit, remaining: 9, at: '2026-03-01T10:00:01.000Z' });
      expect(await shared?.limit('a', 'e')).toMatchObject({ remaining: 3 });
      await shared?.learn({ ...limit, remaining: 19, at: LATER, resets: '2026-03-01T10:06:00.000Z' });
      expect(await shared?.limit('a', 'e')).toMatchObject({ remaining: 19 });
      // The clock was set back: what was told by it since is believed again.
      await shared?.learn({ ...limit, remaining: 20, at: AT });
      expect(await shared?.limit('a', 'e')).toMatchObject({ remaining: 20, resets: LATER });
    });
  });

  itThere('of the first version is brought up to date and keeps what it holds, though many open it at once', async () => {
    await using there = await place();
    await there.sql(FIRST_VERSION);
    const journals = Array.from({ length: 4 }, () => there.open());
    await Promise.all(journals.map((journal) => journal.open()));
    expect(await there.open().list({})).toMatchObject([{ outcome: 'ok', receipt: { id: 'call_old', user: 'ada' } }]);
    expect(await there.open().keys.take(KEY, 'me', AT, LATER)).toEqual({ state: 'mine' });
    // What worked then is known still; why something failed was not judged then.
    expect(await there.open().lastUses('rest', 'rest:ada')).toEqual({ succeededAt: '2026-01-01T00:00:00.000Z' });
  });

  itThere('of processes that all start on nothing is made once', async () => {
    await using there = await place();
    const said = await inProcesses(there.path, 3, 'console.log(JSON.stringify(await journal.list({})));');
    expect(said).toEqual([[], [], []]);
  });
});

/** As the migration 001 left it, with one call. */
const FIRST_VERSION = `
  create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
  create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null);
  insert into kysely_migration values ('001_calls', '2026-01-01T00:00:00.000Z');
  insert into kysely_migration_lock values ('migration_lock', 0);
  create table calls (id text primary key, at text not null, operation text not null, "user" text not null, outcome text not null,
    delivery text, backend text, connection text, transport text, verdicts text not null, ms real not null);
  create index calls_at on calls (at, id);
  create table attempts (call_id text not null references calls (id), position integer not null, operation text,
    backend text not null, connection text not null, transport text not null, delivery text not null, code text, status integer,
    ms real not null, constraint attempts_key primary key (call_id, position));
  create table accounts (backend text not null, connection text not null, organization text not null, "user" text not null,
    label text, at text not null);
  create index accounts_connection on accounts (backend, connection, at);
  insert into calls values ('call_old', '2026-01-01T00:00:00.000Z', 'close.me.get', 'ada', 'ok', null, null, null, null, '[]', 1);
  insert into attempts values ('call_old', 0, null, 'rest', 'rest:ada', 'direct', 'not-sent', 'backend_unavailable', null, 1);
  insert into attempts values ('call_old', 1, null, 'rest', 'rest:ada', 'direct', 'answered', null, 200, 1);
`;
