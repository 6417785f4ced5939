import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Journal } from '../../src/contract/journal.ts';
import { journalFailure } from '../../src/journal/failure.ts';
import type { RunOptions } from '../../src/router/router.ts';
import { answered, connection, type FakeBackend, fakeBackend, memoryJournal } from '../support/fake-backend.ts';
import { openRoad, POSTGRES, type Road, SQLITE, STORES, through } from '../support/stores.ts';

const TASK = { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', text: 'Call back' };
const AT = '2026-03-01T10:00:00.000Z';
const SETTLE_MS = 200;

/** An app that makes tasks and lists them at once; what happens to an answer on its way is the test's. */
function taskApp(lose: () => boolean = () => false) {
  const tasks: JsonObject[] = [];
  const backend = fakeBackend('alpha', {
    reply: (call) => {
      const headers = { date: new Date().toUTCString() };
      if (!('path' in call) || call.method !== 'POST')
        return { kind: 'http', status: 200, headers, body: { data: tasks, has_more: false } };
      tasks.push({ ...call.body, id: `task_${tasks.length + 1}`, date_created: new Date().toISOString() });
      if (!lose()) return answered(tasks.at(-1));
      return { kind: 'failed', failure: { code: 'timeout', delivery: 'unknown', what: 'lost', origin: 'network' } };
    },
  });
  return { tasks, backend };
}

function routerOver(
  backends: readonly FakeBackend[],
  journal: Journal,
  { now = () => new Date(), settleMs = SETTLE_MS }: { readonly now?: () => Date; readonly settleMs?: number } = {},
) {
  const router = createCore({
    apps: [closeApp],
    backends,
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user) => user,
    journal,
    now,
    elapsed: () => performance.now(),
    settleMs,
  });
  return (operation: string, input: JsonObject, options: Partial<RunOptions> = {}) =>
    router.run(`close.${operation}`, input, { user: 'ada', timeoutMs: 5000, ...options });
}

const writes = ({ sent }: FakeBackend) => sent.filter(({ read }) => !read);

describe.each([
  { away: 'the server', missing: POSTGRES.missing, start: serverAway },
  { away: 'the disk', start: diskFull },
])('while $away is away', ({ start, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('a write with a key is refused before it is sent', async () => {
    await using store = await start();
    const { tasks, backend } = taskApp();
    const report = await routerOver([backend], store.journal)('task.create', TASK, { idempotencyKey: 'k1' });
    expect(report).toMatchObject({ ok: false, error: { code: store.code } });
    expect([tasks, backend.sent]).toEqual([[], []]);
  });

  itThere('a write without a key is sent, and its receipt says that it is not on record', async () => {
    await using store = await start();
    const { tasks, backend } = taskApp();
    const report = await routerOver([backend], store.journal)('task.create', TASK);
    expect(report).toMatchObject({ ok: true, data: { id: 'task_1' }, receipt: { unrecorded: expect.stringContaining('the journal') } });
    expect(tasks).toHaveLength(1);
  });

  itThere('reads go on, though two connections have to be told apart', async () => {
    await using store = await start();
    const { backend } = taskApp();
    const other = fakeBackend('beta', { connections: [connection('beta')] });
    const report = await routerOver([backend, other], store.journal)('task.list', {});
    expect(report).toMatchObject({ ok: true, data: { data: [] } });
  });

  itThere('a write whose answer is lost is in doubt: nobody knows which task is whose', async () => {
    await using store = await start();
    const { tasks, backend } = taskApp(() => true);
    const report = await routerOver([backend], store.journal)('task.create', TASK, { timeoutMs: 1500 });
    expect(report).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } });
    expect(tasks).toHaveLength(1);
  });
});

describe('a store that fails after the write was sent', () => {
  it('makes no failure of a success, and the next call with the key finds the task instead of making another', async () => {
    const memory = memoryJournal();
    let away = false;
    const settle: Journal['keys']['settle'] = async (...given) => {
      if (away) throw new RouterError('backend_unavailable', { what: 'the journal does not answer', next: 'Wait.' });
      return memory.keys.settle(...given);
    };
    const { tasks, backend } = taskApp();
    const run = routerOver([backend], { ...memory, keys: { ...memory.keys, settle }, claim: async () => true });
    away = true;
    const first = await run('task.create', TASK, { idempotencyKey: 'k1' });
    expect(first).toMatchObject({ ok: true, data: { id: 'task_1' }, receipt: { unrecorded: expect.stringContaining('idempotency key') } });
    away = false;
    await memory.keys.abandon({ user: 'ada', key: 'k1', operation: '', hash: await hashOf(memory) }, '', new Date().toISOString());
    const second = await run('task.create', TASK, { idempotencyKey: 'k1' });
    expect(second).toMatchObject({ ok: true, data: { id: 'task_1' }, receipt: { confirmed: 'present' } });
    expect([tasks.length, writes(backend).length]).toEqual([1, 1]);
  });

  it.runIf(POSTGRES.missing === undefined)('is back in time to keep the result', async () => {
    await using there = await POSTGRES.place();
    await using road = await openRoad();
    const journal = there.open(through(there, road.port));
    const restarting = { road, cut: false };
    const { tasks, backend } = taskApp(() => false);
    const slow = { ...backend, adapter: { ...backend.adapter, request: restartingIn(backend, restarting) } };
    const run = routerOver([slow], journal);
    expect(await run('task.create', TASK, { idempotencyKey: 'k1' })).toMatchObject({ ok: true, data: { id: 'task_1' } });
    expect(await run('task.create', TASK, { idempotencyKey: 'k1' })).toMatchObject({ ok: true, receipt: { replayed: true } });
    expect([restarting.cut, tasks.length]).toEqual([true, 1]);
  });
});

describe.each(STORES)('two replicas on $store', ({ place, missing }) => {
  it.runIf(missing === undefined)('make one task of calls with one key, whoever is asked', async () => {
    await using there = await place();
    const { tasks, backend } = taskApp();
    const replicas = [there.open(), there.open()].map((journal) => routerOver([backend], journal));
    const reports = await Promise.all([...replicas, ...replicas].map((run) => run('task.create', TASK, { idempotencyKey: 'k1' })));
    expect(reports.map((report) => report.ok && report.data)).toEqual(reports.map(() => expect.objectContaining({ id: 'task_1' })));
    expect(tasks).toHaveLength(1);
  });

  it.runIf(missing === undefined)('do not repeat what a third, now dead, may have sent before the clock was set back', async () => {
    await using there = await place();
    const { tasks, backend } = taskApp();
    const hour = 3_600_000;
    const journal = there.open();
    // Its lists settle later than it can wait.
    const ahead = routerOver([lossy(backend)], journal, { now: () => new Date(Date.now() + hour), settleMs: hour });
    expect(await ahead('task.create', TASK, { idempotencyKey: 'k1', timeoutMs: 1000 })).toMatchObject({
      ok: false,
      error: { code: 'outcome_unknown' },
    });
    const report = await routerOver([backend], there.open())('task.create', TASK, { idempotencyKey: 'k1' });
    expect(report).toMatchObject({ ok: false, error: { code: 'outcome_unknown', message: expect.stringContaining('clock') } });
    expect([tasks.length, writes(backend).length]).toEqual([1, 1]);
  });
});

describe('the results of keyed writes', () => {
  it('are forgotten after the days that the policy says, in passing', async () => {
    await using there = await SQLITE.place();
    const journal = there.open();
    const old = { user: 'ada', key: 'old', operation: 'o', hash: 'h' };
    await journal.keys.take(old, 'me', AT, AT);
    await journal.keys.settle(old, 'me', 1, new Date(Date.now() - 8 * 86_400_000).toISOString());
    const { backend } = taskApp();
    await routerOver([backend], journal)('task.create', TASK, { idempotencyKey: 'k1' });
    expect(await journal.keys.take(old, 'me', AT, AT)).toEqual({ state: 'mine' });
  });
});

interface Away extends AsyncDisposable {
  readonly journal: Journal;
  readonly code: string;
}

async function serverAway(): Promise<Away> {
  const [there, road] = [await POSTGRES.place(), await openRoad()];
  const journal = there.open(through(there, road.port));
  await journal.open();
  await road.cut();
  return { journal, code: 'backend_unavailable', [Symbol.asyncDispose]: () => there[Symbol.asyncDispose]() };
}

/** A journal whose every use fails as SQLite fails when there is no room. */
async function diskFull(): Promise<Away> {
  const there = await SQLITE.place();
  await there.open().open();
  const full = refusal(there.path, (database) => {
    database.exec('pragma max_page_count = 1');
    for (let n = 0; n < 1000; n++) database.exec(`insert into objects values ('close', 'task_${n}${'x'.repeat(500)}', 'c')`);
  });
  const fail = () => Promise.reject(full);
  // The parts of a journal fail as it does itself.
  const journal: Journal = new Proxy(there.open(), {
    get: (target, name) => (isObject(Reflect.get(target, name)) ? new Proxy({}, { get: () => fail }) : fail),
  });
  return { journal, code: 'configuration', [Symbol.asyncDispose]: () => there[Symbol.asyncDispose]() };
}

/** What the journal makes of a refusal of SQLite itself. */
function refusal(path: string, work: (database: DatabaseSync) => void): unknown {
  const database = new DatabaseSync(path);
  try {
    work(database);
    throw new Error('SQLite refused nothing');
  } catch (error) {
    return journalFailure(path, error);
  } finally {
    database.close();
  }
}

/** The same app, whose answers are lost although it has done the work. */
function lossy(backend: FakeBackend): FakeBackend {
  const request: FakeBackend['adapter']['request'] = async (call, signal) => {
    const reply = await backend.adapter.request(call, signal);
    if (call.method !== 'POST') return { kind: 'http', status: 200, headers: {}, body: { data: [], has_more: false } };
    return reply.kind === 'failed'
      ? reply
      : { kind: 'failed', failure: { code: 'timeout', delivery: 'unknown', what: 'lost', origin: 'network' } };
  };
  return { ...backend, adapter: { ...backend.adapter, request } };
}

/** The server restarts while the app is at work. */
function restartingIn(backend: FakeBackend, state: { readonly road: Road; cut: boolean }): FakeBackend['adapter']['request'] {
  return async (call, signal) => {
    if (call.method === 'POST' && !state.cut) {
      state.cut = true;
      await state.road.cut();
      setTimeout(() => void state.road.mend(), 100);
    }
    return backend.adapter.request(call, signal);
  };
}

async function hashOf({ keys }: Journal): Promise<string> {
  const state = await keys.take({ user: 'ada', key: 'k1', operation: '', hash: '' }, '', AT, AT);
  return state.state === 'mine' ? '' : state.hash;
}
