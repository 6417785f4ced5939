import { describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Journal } from '../../src/contract/journal.ts';
import type { RouterParts, RunOptions } from '../../src/router/router.ts';
import { ADA, answered, BOB, type FakeBackend, failure, fakeBackend, memoryJournal } from '../support/fake-backend.ts';

const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';
const TASK = { lead_id: LEAD, text: 'Call back' };
const LOST = failure('timeout', 'unknown', 'network');
const SETTLE_MS = 300;

function routerOver(backends: readonly FakeBackend[], parts: Partial<RouterParts> & { readonly journal?: Journal } = {}) {
  const router = createCore({
    apps: [closeApp],
    backends,
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user) => user,
    journal: memoryJournal(),
    now: () => new Date(),
    elapsed: () => performance.now(),
    settleMs: SETTLE_MS,
    ...parts,
  });
  return (operation: string, input: JsonObject, options: Partial<RunOptions> = {}) =>
    router.run(`close.${operation}`, input, { user: 'ada', timeoutMs: 5000, ...options });
}

/** Tasks that `write` makes by calling `make`; reads list them. */
function taskApp(write: (make: () => Reply, call: HttpCall | ToolCall) => Reply | Promise<Reply>) {
  const tasks: JsonObject[] = [];
  const make = (): Reply => {
    const task = { ...TASK, id: `task_${tasks.length + 1}`, date_created: new Date().toISOString() };
    tasks.push(task);
    return answered(task);
  };
  const reply = (call: HttpCall | ToolCall): Reply | Promise<Reply> => {
    if (!call.read) return write(make, call);
    return { kind: 'http', status: 200, headers: { date: new Date().toUTCString() }, body: { data: tasks.toReversed(), has_more: false } };
  };
  return { tasks, reply };
}

const writesOf = ({ sent }: FakeBackend): number => sent.filter(({ read }) => !read).length;

describe('a write whose answer was lost', () => {
  it('counts as absent only when the app has settled since the answer was given up, not since it was sent', async () => {
    let first = true;
    const app = taskApp((make) => {
      if (!first) return make();
      first = false;
      // A backend that works on it longer than the lists lag, and executes it at the last moment.
      return new Promise((resolve) => {
        setTimeout(() => {
          setTimeout(make, SETTLE_MS / 2);
          resolve(LOST);
        }, SETTLE_MS * 1.5);
      });
    });
    const backend = fakeBackend('alpha', { reply: app.reply });
    expect(await routerOver([backend])('task.create', TASK)).toMatchObject({ ok: true, receipt: { confirmed: 'present' } });
    expect([app.tasks.length, writesOf(backend)]).toEqual([1, 1]);
  });

  it('is not looked for in another account, where everything is absent', async () => {
    const app = taskApp((make) => {
      make();
      alpha.connections = alpha.connections.map((one) => ({ ...one, status: 'expired' }));
      return failure('connection_required', 'unknown', 'backend');
    });
    const alpha: FakeBackend = fakeBackend('alpha', { reply: app.reply, accounts: { alpha_1: ADA } });
    const beta = fakeBackend('beta', {
      accounts: { beta_1: BOB },
      reply: () => ({ kind: 'http', status: 200, headers: { date: new Date().toUTCString() }, body: { data: [], has_more: false } }),
    });
    const run = routerOver([alpha, beta], { policy: { prefer: [], pin: { 'task.create': 'alpha' }, deny: [], ask: [], account: 'user' } });
    const report = await run('task.create', TASK, { timeoutMs: 900 });
    expect(report).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } });
    expect(beta.sent).toEqual([]);
    expect(app.tasks).toHaveLength(1);
  });

  it('is never called “not changed” when the caller stops waiting while it is looked for', async () => {
    const caller = new AbortController();
    const app = taskApp(() => LOST);
    const run = routerOver([fakeBackend('alpha', { reply: app.reply })]);
    const report = await run('task.create', TASK, {
      signal: caller.signal,
      onWait: (why) => why === 'confirming' && setTimeout(() => caller.abort(), 20),
    });
    expect(report).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } });
  });

  it.each([
    [
      'and it had not happened: nothing was done',
      { timeoutMs: 1500 },
      'old',
      { ok: false, error: { code: 'rate_limited' }, receipt: { confirmed: 'absent' } },
    ],
    ['and it had happened after all: it is done', { timeoutMs: 1500 }, 'new', { ok: true, receipt: { confirmed: 'present' } }],
    ['and there is no time left: nobody knows', { timeoutMs: 250 }, 'old', { ok: false, error: { code: 'outcome_unknown' } }],
  ] as const)('is looked for to the end when its harmless repetition is turned away, %s', async (_, options, left, expected) => {
    const answers = [LOST];
    let turnedAway = false;
    const backend = fakeBackend('alpha', {
      reply: (call) => {
        if (call.read) return answered({ id: LEAD, description: turnedAway ? left : 'old' });
        turnedAway = answers.length === 0;
        return answers.shift() ?? failure('rate_limited', 'answered', 'app');
      },
    });
    const report = await routerOver([backend])('lead.update', { lead_id: LEAD, description: 'new' }, options);
    expect(report).toMatchObject(expected);
  });

  it.each([
    ['that fits is sat out before it is sent again', 0.4, { ok: true, receipt: { confirmed: 'absent' } }, 2],
    [
      'that does not fit ends it: nothing was done, and the caller hears how long to wait',
      3600,
      { ok: false, error: { code: 'rate_limited', details: { retry_after_ms: 3_600_000 } }, receipt: { confirmed: 'absent' } },
      1,
    ],
  ] as const)('to a load balancer that asks to wait is looked for first; a wait %s', async (_, seconds, expected, writes) => {
    const waits: string[] = [];
    const answers: Reply[] = [{ kind: 'http', status: 429, headers: { 'retry-after': `${seconds}` }, body: '<html>Slow down</html>' }];
    const app = taskApp((make) => answers.shift() ?? make());
    const backend = fakeBackend('alpha', { reply: app.reply });
    const report = await routerOver([backend])('task.create', TASK, { onWait: (why) => waits.push(why) });
    expect(report).toMatchObject(expected);
    expect([writesOf(backend), app.tasks.length]).toEqual([writes, writes - 1]);
    expect(waits).toEqual(writes === 2 ? ['confirming', 'rate_limited'] : ['confirming']);
  });

  it('is refused as the app refuses its content, when the repetition is', async () => {
    const answers = [LOST];
    const backend = fakeBackend('alpha', {
      reply: (call) => {
        if (call.read) return answered({ id: LEAD, description: 'old' });
        return answers.shift() ?? answered({ 'field-errors': { description: 'Too long.' }, errors: [] }, 400);
      },
    });
    const report = await routerOver([backend])('lead.update', { lead_id: LEAD, description: 'new' });
    expect(report).toMatchObject({ ok: false, error: { code: 'rejected' } });
  });

  it('of which the object is gone by now ends as not found', async () => {
    const answers = [LOST];
    const backend = fakeBackend('alpha', {
      reply: (call) => (call.read ? undefined : answers.shift()) ?? answered({ error: 'Not found' }, 404),
    });
    const report = await routerOver([backend])('lead.update', { lead_id: LEAD, description: 'new' });
    expect(report).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  it('is not looked for again and again where the app does not let it be read', async () => {
    const backend = fakeBackend('alpha', { reply: (call) => (call.read ? answered({ error: 'Forbidden' }, 403) : LOST) });
    const report = await routerOver([backend])('task.create', TASK);
    expect(report).toMatchObject({
      ok: false,
      error: { code: 'outcome_unknown', message: expect.stringContaining('does not let it be looked up') },
    });
    expect(backend.sent.filter(({ read }) => read)).toHaveLength(1);
  });

  it('is found by its import date when it was created long ago', async () => {
    const imported = { lead_id: LEAD, note: 'From the old system', date_created: '2019-04-01T08:00:00Z' };
    const notes: JsonObject[] = [];
    const backend = fakeBackend('alpha', {
      reply: (call) => {
        if (call.read)
          return { kind: 'http', status: 200, headers: { date: new Date().toUTCString() }, body: { data: notes, has_more: false } };
        notes.push({ ...imported, id: 'acti_1', date_updated: new Date().toISOString() });
        return LOST;
      },
    });
    expect(await routerOver([backend])('note.create', imported)).toMatchObject({ ok: true, data: { id: 'acti_1' } });
    expect(notes).toHaveLength(1);
  });
});

describe('of two equal writes at the same time', () => {
  it('the lost one is not repeated while the other, whose answer takes longer than the app settles, may claim what is there', async () => {
    let writes = 0;
    const app = taskApp((make) => {
      writes += 1;
      const made = make();
      return writes === 1 ? LOST : new Promise((resolve) => setTimeout(() => resolve(made), SETTLE_MS * 2));
    });
    const run = routerOver([fakeBackend('alpha', { reply: app.reply })]);
    const reports = await Promise.all([run('task.create', TASK), run('task.create', TASK)]);
    expect(new Set(reports.map((report) => report.ok && JSON.stringify(report.data))).size).toBe(2);
    expect(app.tasks).toHaveLength(2);
  });
});

describe('two routers on one journal', () => {
  it.each([
    ['the lost one had not happened', false],
    ['the lost one had happened', true],
  ] as const)('that are asked for equal tasks make both, although one takes the other’s for its own: %s', async (_, happened) => {
    const journal = memoryJournal();
    let answer: (reply: Reply) => void = () => undefined;
    const held = new Promise<Reply>((resolve) => {
      answer = resolve;
    });
    let writes = 0;
    const app = taskApp((make) => {
      writes += 1;
      if (writes === 1) {
        // The answer of the first is on its way for a long time.
        const made = make();
        return held.then(() => made);
      }
      if (writes > 2) return make();
      if (happened) make();
      return LOST;
    });
    const backend = fakeBackend('alpha', { reply: app.reply });
    const [one, other] = [routerOver([backend], { journal }), routerOver([backend], { journal })];
    const slow = one('task.create', TASK);
    const second = await other('task.create', TASK);
    answer(LOST);
    const reports = [await slow, second];
    expect(reports.map(({ ok }) => ok)).toEqual(happened ? [true, false] : [true, true]);
    if (!happened) expect(new Set(reports.map((report) => report.ok && JSON.stringify(report.data)))).toHaveProperty('size', 2);
    expect(app.tasks).toHaveLength(2);
  });
});
