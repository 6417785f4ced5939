import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/contract/journal.ts';
import { journalFailure } from '../../src/journal/failure.ts';
import { openJournal } from '../../src/journal/journal.ts';

const run = promisify(execFile);

const SENT: JournalEntry = {
  outcome: 'ok',
  receipt: {
    id: 'call_1',
    operation: 'close.lead.create',
    user: 'ada',
    at: '2026-03-01T10:00:00.000Z',
    route: { backend: 'composio', connection: 'ca_1', transport: 'proxy' },
    delivery: 'answered',
    verdicts: [
      { backend: 'composio', connection: 'ca_1', transport: 'tool', reason: 'unsupported_fields', detail: 'custom' },
      { backend: 'rest', connection: 'rest:ada', transport: 'direct', reason: 'alternative' },
    ],
    attempts: [
      { backend: 'rest', connection: 'rest:ada', transport: 'direct', delivery: 'not-sent', code: 'backend_unavailable', ms: 2.5 },
      { operation: 'lead.create', backend: 'composio', connection: 'ca_1', transport: 'proxy', delivery: 'answered', status: 200, ms: 12 },
    ],
    ms: 14.25,
  },
};

const REFUSED: JournalEntry = {
  outcome: 'connection_required',
  receipt: { id: 'call_2', operation: 'close.note.get', user: 'bo', at: '2026-03-01T10:00:01.000Z', verdicts: [], attempts: [], ms: 1 },
};

let folder: string;
const file = (name = 'journal.db') => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skillrouter-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what is kept', () => {
  it('gives back a receipt as it was recorded, also to the next process', async () => {
    const first = openJournal({ path: file('new/folder/journal.db') });
    await first.record(SENT);
    await first.record(REFUSED);
    await first.close();

    const second = openJournal({ path: file('new/folder/journal.db') });
    expect(await second.show('call_1')).toEqual(SENT);
    expect(await second.list({})).toEqual([REFUSED, SENT]);
    expect(await second.show('call_3')).toBeUndefined();
    await second.close();
  });

  it('remembers the newest account of a connection, per backend', async () => {
    const journal = openJournal({ path: ':memory:' });
    const ada = { organization: 'orga_1', user: 'user_1', label: 'Acme (Ada Lovelace)' };
    const bo = { organization: 'orga_1', user: 'user_2' };
    await journal.rememberAccount('composio', 'ca_1', bo, '2026-03-01T10:00:01.000Z');
    await journal.rememberAccount('composio', 'ca_1', ada, '2026-03-01T10:00:00.000Z');

    expect(await journal.account('composio', 'ca_1')).toEqual({ account: bo, at: '2026-03-01T10:00:01.000Z' });
    expect(await journal.account('rest', 'ca_1')).toBeUndefined();
    await journal.close();
  });

  it('keeps no credential, address or number that slipped into a reason', async () => {
    const detail = 'key api_4f9Zsecretsecret for ada@acme.example at +1 415 555 0132\r\nAuthorization: Bearer abc.def.ghi123';
    const journal = openJournal({ path: file() });
    const verdicts = [{ backend: 'rest', reason: 'not_active' as const, detail }];
    await journal.record({
      ...REFUSED,
      receipt: { ...REFUSED.receipt, verdicts, notes: [`told of ${detail}`], unrecorded: `for ${detail}` },
    });
    expect(await journal.show(REFUSED.receipt.id)).toMatchObject({
      receipt: { notes: [expect.stringMatching(/^told of .*\[redacted\]/)], unrecorded: expect.stringMatching(/^for .*\[redacted\]/) },
    });
    await journal.close();

    const bytes = (await readFile(file())).toString('latin1') + (await readFile(`${file()}-wal`).catch(() => '')).toString();
    expect(bytes).toContain('not_active');
    for (const secret of ['secretsecret', 'ada@acme', '555 0132', 'ghi123']) expect(bytes).not.toContain(secret);
  });

  it('keeps only what a receipt is defined to hold', async () => {
    const journal = openJournal({ path: file() });
    const leaky = {
      ...SENT,
      receipt: { ...SENT.receipt, input: { name: 'Jane Roe' }, verdicts: [{ ...SENT.receipt.verdicts[0], body: 'Jane Roe' }] },
    };
    await journal.record(leaky as JournalEntry); // more than the type has, as a careless caller might
    await journal.close();
    expect((await readFile(file())).includes('Jane Roe')).toBe(false);
  });
});

describe('what is found', () => {
  const operations = fc.constantFrom('close.lead.create', 'close.note.get');
  const users = fc.constantFrom('ada', 'bo');
  const outcomes = fc.constantFrom('ok' as const, 'not_found' as const);
  const at = fc.integer({ min: 0, max: 50 }).map((minutes) => new Date(Date.UTC(2026, 2, 1, 10, minutes)).toISOString());
  const entries = fc
    .array(fc.record({ operation: operations, user: users, outcome: outcomes, at }), { maxLength: 20 })
    .map((rows) =>
      rows.map(
        ({ outcome, ...row }, n): JournalEntry => ({ outcome, receipt: { id: `call_${n}`, ...row, verdicts: [], attempts: [], ms: 1 } }),
      ),
    );
  const queries = fc.record({ operation: operations, user: users, outcome: outcomes, since: at, limit: fc.nat(10) }, { requiredKeys: [] });

  it('is what every filter lets through, newest first, up to the limit', async () => {
    await fc.assert(
      fc.asyncProperty(entries, queries, async (recorded, query) => {
        const journal = openJournal({ path: ':memory:' });
        for (const entry of recorded) await journal.record(entry);
        const wanted = recorded.filter(
          ({ outcome, receipt }) =>
            (query.operation ?? receipt.operation) === receipt.operation &&
            (query.user ?? receipt.user) === receipt.user &&
            (query.outcome ?? outcome) === outcome &&
            (query.since ?? '') <= receipt.at,
        );
        const found = await journal.list(query);
        await journal.close();

        const times = found.map(({ receipt }) => receipt.at);
        expect(times).toEqual(times.toSorted().reverse());
        expect(found).toHaveLength(Math.min(wanted.length, query.limit ?? 50));
        expect(wanted.map(({ receipt }) => receipt.id)).toEqual(expect.arrayContaining(found.map(({ receipt }) => receipt.id)));
      }),
      { numRuns: 50 },
    );
  });

  it('takes a day or an offset for `since`, and refuses what is neither', async () => {
    const journal = openJournal({ path: ':memory:' });
    await journal.record(SENT);
    expect(await journal.list({ since: '2026-03-01' })).toHaveLength(1);
    expect(await journal.list({ since: '2026-03-01T11:00:00+02:00' })).toHaveLength(1);
    expect(await journal.list({ since: '2026-03-02' })).toHaveLength(0);
    await expect(journal.list({ since: 'yesterday' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a file that cannot serve', () => {
  const UNUSABLE = [
    {
      when: 'the file is something else',
      prepare: (path: string) => writeFile(path, 'dear diary, '.repeat(200)),
      says: /is not a journal/,
    },
    { when: 'the path is a folder', prepare: (path: string) => mkdir(path), says: /cannot be opened/ },
    { when: 'the database is another program’s', prepare: foreignDatabase, says: /tables that are not a journal/ },
    { when: 'the journal was cut short', prepare: damagedJournal, says: /is damaged|is not a journal/ },
  ];

  it.each(UNUSABLE)('is a configuration error that names the file when $when', async ({ prepare, says }) => {
    await prepare(file());
    const journal = openJournal({ path: file() });
    const message = expect.stringMatching(says);
    await expect(journal.record(SENT)).rejects.toMatchObject({ code: 'configuration', message });
    await expect(journal.open()).rejects.toMatchObject({ message: expect.stringContaining(file()) });
    await journal.close();
  });

  it('is a configuration error when the folder cannot be made', async () => {
    await writeFile(file('occupied'), '');
    const journal = openJournal({ path: file('occupied/journal.db') });
    await expect(journal.open()).rejects.toMatchObject({ code: 'configuration', details: { next: expect.stringContaining('store:') } });
  });

  it('says so, and keeps nothing of the call, when the database refuses a row', async () => {
    await using journal = closing(openJournal({ path: file() }));
    await journal.record(SENT);
    const guard = new DatabaseSync(file());
    guard.exec('begin exclusive');
    guard.exec("create trigger no_more before insert on calls begin select raise(abort, 'disk trouble'); end");
    guard.exec('commit');
    guard.close();
    await expect(journal.record(REFUSED)).rejects.toThrow('disk trouble');
    expect(await journal.list({})).toEqual([SENT]);
  });

  it.each([
    {
      when: 'the file is read-only',
      says: 'is read-only',
      refuse: () => new DatabaseSync(file(), { readOnly: true }).exec('delete from calls'),
    },
    {
      when: 'another process holds the file',
      says: 'is locked by another process',
      refuse: () => {
        new DatabaseSync(file()).exec('begin exclusive');
        new DatabaseSync(file(), { timeout: 1 }).exec('delete from calls');
      },
    },
    {
      when: 'the disk is full',
      says: 'the disk is full',
      refuse: () => {
        const database = new DatabaseSync(file());
        database.exec('pragma max_page_count = 1');
        database.exec(`insert into objects values ('close', '${'x'.repeat(100_000)}', 'call_1')`);
      },
    },
  ])('is a configuration error when $when', async ({ says, refuse }) => {
    await using journal = closing(openJournal({ path: file() }));
    await journal.open();
    expect(refusalOf(refuse)).toMatchObject({ code: 'configuration', message: expect.stringContaining(says) });
  });

  it('touches nothing before its first use', async () => {
    openJournal({ path: file() });
    await expect(readFile(file())).rejects.toThrow('ENOENT');
  });
});

describe('many processes', () => {
  it('share one new file without losing a call', async () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../src/journal/journal.ts')).href;
    const script = `
      const { openJournal } = await import(${JSON.stringify(module)});
      const journal = openJournal({ path: process.argv[1] });
      for (let n = 0; n < 25; n++) {
        const id = 'call_' + process.pid + '_' + n;
        const at = new Date().toISOString();
        await journal.record({ outcome: 'ok', receipt: { id, operation: 'close.me.get', user: 'ada', at, verdicts: [], attempts: [], ms: 1 } });
      }
      await journal.close();`;
    const processes = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', script, file()]));
    const said = await Promise.all(processes);
    expect(said.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);

    await using journal = closing(openJournal({ path: file() }));
    expect(await journal.list({ limit: 1000 })).toHaveLength(100);
  });
});

function refusalOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return journalFailure(file(), error);
  }
  throw new Error('SQLite refused nothing');
}

function foreignDatabase(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('create table calls (phone text)');
  database.close();
}

async function damagedJournal(path: string): Promise<void> {
  const journal = openJournal({ path });
  for (let n = 0; n < 50; n++) await journal.record({ ...SENT, receipt: { ...SENT.receipt, id: `call_${n}` } });
  await journal.close();
  const bytes = await readFile(path);
  await writeFile(path, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 7)]));
}

function closing<Closable extends { close(): Promise<void> }>(journal: Closable): Closable & AsyncDisposable {
  return Object.assign(journal, { [Symbol.asyncDispose]: () => journal.close() });
}
