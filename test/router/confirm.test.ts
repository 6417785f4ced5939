import { describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { RunOptions } from '../../src/router/router.ts';
import { answered, type FakeBackend, failure, fakeBackend, memoryJournal } from '../support/fake-backend.ts';

const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';
const TASK = { lead_id: LEAD, text: 'Call back' };
const SETTLE_MS = 300;

/** An app with tasks, whose answers to writes can be lost before or after they were executed, and whose lists can lag. */
function taskApp(options: { readonly lose?: ('before' | 'after')[]; readonly lagMs?: number } = {}) {
  const tasks: (JsonObject & { readonly id: string; readonly since: number })[] = [];
  const lose = [...(options.lose ?? [])];
  const lost = failure('timeout', 'unknown', 'network');
  const make = (body: JsonObject): Reply => {
    const task = { ...body, id: `task_${tasks.length + 1}`, date_created: new Date().toISOString(), since: performance.now() };
    tasks.push(task);
    return answered(task);
  };
  const reply = (call: HttpCall | ToolCall): Reply => {
    if (!('path' in call)) return failure('internal', 'not-sent');
    const dated = (body: unknown): Reply => ({ kind: 'http', status: 200, headers: { date: new Date().toUTCString() }, body });
    if (call.method === 'POST') {
      const when = lose.shift();
      if (when === 'before') return lost;
      const made = make(call.body ?? {});
      return when === 'after' ? lost : made;
    }
    const id = /\/task\/(task_\d+)\//.exec(call.path)?.[1];
    const at = tasks.findIndex((task) => task.id === id);
    if (call.method === 'DELETE') {
      const [gone] = at === -1 ? [] : tasks.splice(at, 1);
      if (lose.shift() !== undefined) return lost;
      return gone ? answered({}) : answered({ error: 'Not found' }, 404);
    }
    if (id !== undefined) return at === -1 ? answered({ error: 'Not found' }, 404) : dated(tasks[at]);
    const shown = tasks.filter(({ since }) => performance.now() - since >= (options.lagMs ?? 0));
    return dated({ data: shown.toReversed(), has_more: false });
  };
  return { tasks, make, reply };
}

function routerOver(backends: readonly FakeBackend[], journal = memoryJournal()) {
  const router = createCore({
    apps: [closeApp],
    backends,
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user) => user,
    journal,
    now: () => new Date(),
    elapsed: () => performance.now(),
    settleMs: SETTLE_MS,
  });
  return (operation: string, input: JsonObject, options: Partial<RunOptions> = {}) =>
    router.run(`close.${operation}`, input, { user: 'ada', timeoutMs: 5000, ...options });
}

describe('a create whose answer was lost', () => {
  it.each([
    { when: 'it had happened', lose: ['after'], confirmed: 'present', writes: 1 },
    { when: 'it had not happened', lose: ['before'], confirmed: 'absent', writes: 2 },
    { when: 'it is lost twice', lose: ['before', 'after'], confirmed: 'present', writes: 2 },
  ] as const)('when $when: there is one task, and the receipt says how that is known', async ({ lose, confirmed, writes }) => {
    const app = taskApp({ lose: [...lose] });
    const backend = fakeBackend('alpha', { reply: app.reply });
    const report = await routerOver([backend])('task.create', TASK);
    expect(report).toMatchObject({ ok: true, data: { id: 'task_1', text: 'Call back' }, receipt: { confirmed } });
    expect(app.tasks).toHaveLength(1);
    expect(backend.sent.filter(({ read }) => !read)).toHaveLength(writes);
  });

  it('is found although the list shows it late', async () => {
    const app = taskApp({ lose: ['after'], lagMs: SETTLE_MS - 50 });
    const report = await routerOver([fakeBackend('alpha', { reply: app.reply })])('task.create', TASK);
    expect(report).toMatchObject({ ok: true, receipt: { confirmed: 'present' } });
    expect(app.tasks).toHaveLength(1);
  });

  it('is looked for through another route when its own is down', async () => {
    const app = taskApp();
    const broken = fakeBackend('alpha', {
      reply: (call) => {
        if ('path' in call && call.method === 'POST') app.make(call.body ?? {});
        return failure('timeout', 'unknown', 'network');
      },
    });
    const report = await routerOver([broken, fakeBackend('beta', { reply: app.reply })])('task.create', TASK);
    expect(report).toMatchObject({ ok: true, receipt: { confirmed: 'present' } });
    expect(app.tasks).toHaveLength(1);
  });

  it('does not take an older twin for its own', async () => {
    const app = taskApp({ lose: ['before'] });
    app.make({ ...TASK });
    app.tasks[0] = { ...app.tasks[0], id: 'task_old', since: 0, date_created: new Date(Date.now() - 10_000).toISOString() };
    const report = await routerOver([fakeBackend('alpha', { reply: app.reply })])('task.create', TASK);
    expect(report).toMatchObject({ ok: true, receipt: { confirmed: 'absent' } });
    expect(app.tasks).toHaveLength(2);
  });

  it.each([
    [['after', 'after'], 'both had happened'],
    [['before', 'after'], 'one had happened'],
    [['before', 'before'], 'none had happened'],
  ] as const)('of two equal tasks meant at the same time, %j: both exist', async (lose, _) => {
    const app = taskApp({ lose: [...lose] });
    const run = routerOver([fakeBackend('alpha', { reply: app.reply })]);
    const reports = await Promise.all([run('task.create', TASK), run('task.create', TASK)]);
    expect(reports.map(({ ok }) => ok)).toEqual([true, true]);
    expect(app.tasks).toHaveLength(2);
    expect(new Set(reports.map((report) => report.ok && JSON.stringify(report.data)?.match(/task_\d/)?.[0])).size).toBe(2);
  });

  it('ends as outcome_unknown when the lists settle later than the call may take, and is not sent again', async () => {
    const app = taskApp({ lose: ['before'] });
    const backend = fakeBackend('alpha', { reply: app.reply });
    const report = await routerOver([backend])('task.create', TASK, { timeoutMs: SETTLE_MS / 2 });
    expect(report).toMatchObject({
      ok: false,
      error: { code: 'outcome_unknown', retryable: false, next: expect.stringContaining('task.list') },
    });
    expect(backend.sent.filter(({ read }) => !read)).toHaveLength(1);
  });
});

describe('a delete whose answer was lost', () => {
  it('is done: not found is the proof', async () => {
    const app = taskApp({ lose: ['after'] });
    app.make({ ...TASK });
    app.tasks.splice(0, 1, { ...TASK, id: 'task_1', since: 0 });
    const report = await routerOver([fakeBackend('alpha', { reply: app.reply })])('task.delete', { task_id: 'task_1' });
    expect(report).toMatchObject({ ok: true, data: { deleted: true }, receipt: { confirmed: 'present' } });
    expect(app.tasks).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const setup = (lose: ('before' | 'after')[] = []) => {
    const app = taskApp({ lose });
    const backend = fakeBackend('alpha', { reply: app.reply });
    return { app, backend, run: routerOver([backend]) };
  };

  it('replays the result of the first call, and sends nothing', async () => {
    const { app, backend, run } = setup();
    const first = await run('task.create', TASK, { idempotencyKey: 'k1' });
    const again = await run('task.create', { text: TASK.text, lead_id: LEAD }, { idempotencyKey: 'k1' });
    expect(again).toMatchObject({ ok: true, data: first.ok && first.data, receipt: { replayed: true, attempts: [] } });
    expect([app.tasks.length, backend.sent.length]).toEqual([1, 1]);
  });

  it('holds for one input only', async () => {
    const { app, run } = setup();
    await run('task.create', TASK, { idempotencyKey: 'k1' });
    expect(await run('task.create', { ...TASK, text: 'Else' }, { idempotencyKey: 'k1' })).toMatchObject({
      ok: false,
      error: { code: 'idempotency_conflict' },
    });
    expect(await run('task.create', TASK, { idempotencyKey: 'k2' })).toMatchObject({ ok: true });
    expect(app.tasks).toHaveLength(2);
  });

  it('lets callers at the same time share one write', async () => {
    const { app, run } = setup();
    const reports = await Promise.all([1, 2, 3].map(() => run('task.create', TASK, { idempotencyKey: 'k1' })));
    expect(reports.map((report) => report.ok && report.data)).toEqual(reports.map(() => expect.objectContaining({ id: 'task_1' })));
    expect(app.tasks).toHaveLength(1);
  });

  it('is free again when nothing was executed', async () => {
    const { app, run } = setup();
    expect(await run('task.create', TASK, { idempotencyKey: 'k1', via: 'nowhere' })).toMatchObject({ ok: false });
    expect(await run('task.create', TASK, { idempotencyKey: 'k1' })).toMatchObject({ ok: true });
    expect(app.tasks).toHaveLength(1);
  });

  it('of a call that ended unknown is confirmed first by the next', async () => {
    const { app, run } = setup(['after']);
    const lagging = { timeoutMs: 150, idempotencyKey: 'k1' };
    const original = app.tasks.push.bind(app.tasks);
    app.tasks.push = (...made) => original(...made.map((task) => ({ ...task, since: performance.now() + 1e9 })));
    expect(await run('task.create', TASK, lagging)).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } });
    const [task] = app.tasks;
    if (task) app.tasks[0] = { ...task, since: 0 };
    expect(await run('task.create', TASK, { idempotencyKey: 'k1' })).toMatchObject({
      ok: true,
      data: { id: 'task_1' },
      receipt: { confirmed: 'present' },
    });
    expect(app.tasks).toHaveLength(1);
  });
});
