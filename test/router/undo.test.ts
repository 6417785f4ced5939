import { describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { intent } from '../../src/catalog/operation.ts';
import type { App } from '../../src/contract/app.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Intent } from '../../src/contract/operation.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { openJournal } from '../../src/journal/journal.ts';
import type { RunOptions } from '../../src/router/router.ts';
import type { Name } from '../contract/rig.ts';
import { clientOf } from '../sandbox/world-client.ts';
import { openDoors } from '../server/stage.ts';
import { answered, fakeBackend } from '../support/fake-backend.ts';

/** A router over the sandbox, and the world behind it as the app's own user sees it. */
async function open(backends: readonly Name[] = ['rest'], policy: Parameters<typeof openDoors>[1] = {}) {
  const { core, world, sandbox } = await openDoors(backends, policy);
  const { router, journal } = core;
  const run = async (operation: string, input: JsonObject, options: Partial<RunOptions> = {}): Promise<RunReport> =>
    router.run(`close.${operation}`, input, { user: 'ada', ...options });
  const done = async (operation: string, input: JsonObject, options: Partial<RunOptions> = {}) => {
    const report = await run(operation, input, options);
    if (!report.ok) throw new Error(report.error.message);
    return { call: report.receipt.id, id: String((report.data as JsonObject)['id']), receipt: report.receipt };
  };
  const undo = (id: string, options: { readonly dryRun?: boolean; readonly user?: string } = {}) =>
    router.undo(id, { user: 'ada', ...options });
  return { run, done, undo, journal, world, sandbox, app: clientOf(world) };
}

const writes = (world: { ledger(): readonly unknown[] }) => world.ledger().length;

describe('an update', () => {
  it('is undone only when it kept what was there before', async () => {
    const { done, undo, app, world } = await open();
    const { id } = await done('lead.create', { name: 'Acme' });
    const { call } = await done('lead.update', { lead_id: id, name: 'Other' });
    const before = writes(world);
    expect(await undo(call)).toMatchObject({ ok: false, steps: [{ state: 'refused', why: expect.stringContaining('--undoable') }] });
    expect([writes(world), app.ask('lead.get', { lead_id: id })['name']]).toEqual([before, 'Other']);
  });

  it('keeps it by the policy, unless the call says otherwise', async () => {
    const { done, undo, app } = await open(['rest'], { policy: { undo: true } });
    const { id } = await done('lead.create', { name: 'Acme' });
    const { call } = await done('lead.update', { lead_id: id, name: 'Other' });
    expect(await undo(call)).toMatchObject({ ok: true, steps: [{ state: 'done', by: 'close.lead.update', fields: ['name'] }] });
    expect(app.ask('lead.get', { lead_id: id })['name']).toBe('Acme');
    const { call: bare } = await done('lead.update', { lead_id: id, name: 'Third' }, { undoable: false });
    expect((await undo(bare)).ok).toBe(false);
  });

  it('is undone in the fields that it changed, when others were changed since', async () => {
    const { done, undo, app } = await open();
    const { id } = await done('lead.create', { name: 'Acme', description: 'old' });
    const { call } = await done('lead.update', { lead_id: id, description: 'new' }, { undoable: true });
    app.ask('lead.update', { lead_id: id, url: 'https://acme.example' });
    expect((await undo(call)).ok).toBe(true);
    expect(app.ask('lead.get', { lead_id: id })).toMatchObject({ description: 'old', url: 'https://acme.example' });
  });

  it('is refused when somebody has changed the same field since, naming the field and no value', async () => {
    const { done, undo, app, world } = await open();
    const { id } = await done('lead.create', { name: 'Acme', description: 'old secret' });
    const { call } = await done('lead.update', { lead_id: id, description: 'new secret' }, { undoable: true });
    app.ask('lead.update', { lead_id: id, description: 'their secret' });
    const before = writes(world);
    const report = await undo(call);
    expect(report).toMatchObject({ ok: false, steps: [{ state: 'refused', why: 'it was changed since, in description' }] });
    expect([JSON.stringify(report).includes('secret'), writes(world)]).toEqual([false, before]);
  });

  it('is refused when the object is gone', async () => {
    const { done, undo, app } = await open();
    const { id } = await done('lead.create', { name: 'Acme' });
    const { call } = await done('lead.update', { lead_id: id, name: 'Other' }, { undoable: true });
    app.ask('lead.delete', { lead_id: id });
    expect((await undo(call)).steps).toMatchObject([{ state: 'refused', why: 'it was deleted since' }]);
  });

  it('has nothing left to undo when somebody has put it back by hand', async () => {
    const { done, undo, app, world } = await open();
    const { id } = await done('lead.create', { name: 'Acme' });
    const { call } = await done('lead.update', { lead_id: id, name: 'Other' }, { undoable: true });
    app.ask('lead.update', { lead_id: id, name: 'Acme' });
    const before = writes(world);
    expect(await undo(call)).toMatchObject({ ok: true, steps: [{ state: 'undone' }] });
    expect(writes(world)).toBe(before);
  });

  it('puts single custom fields back and leaves the others alone', async () => {
    const { done, undo, app } = await open();
    const [first = '', second = ''] = app
      .all('custom_field_lead.list')
      .filter(({ type, accepts_multiple_values: many }) => type === 'text' && many !== true)
      .map(({ id }) => String(id));
    const extra = second === '' ? app.id('custom_field_lead.create', { name: 'Extra', type: 'text' }) : second;
    const { id } = await done('lead.create', { name: 'Acme', custom: { [extra]: 'kept' } });
    const { call } = await done('lead.update', { lead_id: id, custom: { [first]: 'set' } }, { undoable: true });
    expect((await undo(call)).steps).toMatchObject([{ state: 'done', fields: [`custom.${first}`] }]);
    const custom = app.ask('lead.get', { lead_id: id })['custom'] as JsonObject;
    expect([custom[first] ?? null, custom[extra]]).toEqual([null, 'kept']);
  });

  it('is not sent at all when what is there cannot be read', async () => {
    const { run, world } = await open();
    const before = writes(world);
    const report = await run('lead.update', { lead_id: 'lead_nobodyHasThisOne', name: 'X' }, { undoable: true });
    expect(report).toMatchObject({ ok: false, error: { code: 'not_found', next: expect.stringContaining('Nothing was sent') } });
    expect(writes(world)).toBe(before);
  });

  it('made by an intent is undone too', async () => {
    const { done, undo, app } = await open();
    const { id } = await done('lead.create', { name: 'Acme' });
    const { id: task } = await done('task.create', { lead_id: id, text: 'Call' });
    const { call } = await done('task.complete', { task_id: task }, { undoable: true });
    expect(app.ask('task.get', { task_id: task })['is_complete']).toBe(true);
    expect(await undo(call)).toMatchObject({ ok: true, steps: [{ operation: 'close.task.update', state: 'done' }] });
    expect(app.ask('task.get', { task_id: task })['is_complete']).toBe(false);
  });
});

describe('a create', () => {
  it('is refused when something hangs on the object that would go with it', async () => {
    const { done, undo, app } = await open();
    const { id, call } = await done('lead.create', { name: 'Acme', contacts: [{ name: 'Bea' }] });
    app.ask('note.create', { lead_id: id, note: 'by somebody' });
    expect((await undo(call)).steps).toMatchObject([{ state: 'refused', why: expect.stringMatching(/added|changed since/) }]);
    expect(app.ask('lead.get', { lead_id: id })['id']).toBe(id);
  });

  it('is undone with all that it brought itself', async () => {
    const { done, undo, app } = await open();
    const { id, call } = await done('lead.create', { name: 'Acme', contacts: [{ name: 'Bea' }] });
    expect(await undo(call)).toMatchObject({ ok: true, steps: [{ state: 'done', by: 'close.lead.delete', object: id }] });
    expect(app.refusal('lead.get', { lead_id: id }).code).toBe('not_found');
  });

  it('that sent something is refused', async () => {
    const { done, undo, app } = await open();
    const lead = app.all('lead.list')[0]?.['id'];
    const { call } = await done('sms.create', {
      lead_id: lead,
      status: 'outbox',
      text: 'On my way',
      local_phone: '+14155550100',
      remote_phone: '+14155550132',
    });
    expect((await undo(call)).steps).toMatchObject([{ state: 'refused', why: expect.stringContaining('a person may have received') }]);
  });

  it('is undone once, however many try at the same time', async () => {
    const { done, undo, world } = await open();
    const { call } = await done('lead.create', { name: 'Acme' });
    const before = writes(world);
    const reports = await Promise.all([undo(call), undo(call), undo(call)]);
    expect(reports.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(writes(world) - before).toBe(1);
  });
});

describe('undo', () => {
  it('shows a plan, and changes nothing, when asked to', async () => {
    const { done, undo, world } = await open();
    const { call, id } = await done('lead.create', { name: 'Acme' });
    const before = writes(world);
    expect(await undo(call, { dryRun: true })).toEqual({
      ok: true,
      id: call,
      steps: [{ call, operation: 'close.lead.create', object: id, by: 'close.lead.delete', state: 'ready' }],
      counts: { ready: 1 },
    });
    expect(writes(world)).toBe(before);
  });

  it('goes through another backend of the same account when the first connection has died', async () => {
    const { done, undo, journal, sandbox } = await open(['composio', 'rest']);
    const { call, receipt } = await done('lead.create', { name: 'Acme' });
    const [dead] = await sandbox.connections('composio');
    sandbox.change('composio', dead?.id ?? '', { status: 'expired' });
    expect(receipt.route?.backend).toBe('composio');
    expect((await undo(call)).ok).toBe(true);
    const [entry] = await journal.list({ operation: 'close.lead.delete' });
    expect(entry?.receipt.route?.backend).toBe('rest');
  });

  it('tells nobody of another user’s call', async () => {
    const { done, undo } = await open();
    const { call } = await done('lead.create', { name: 'Acme' });
    const code = (id: string, user: string) => undo(id, { user }).catch((error: { code: string; message: string }) => error.message);
    expect(await code(call, 'bob')).toBe(await code('call_nobody', 'ada'));
  });

  it.each([
    { when: 'a read', operation: 'me.get', input: {}, why: /wrote nothing/ },
    { when: 'a call that was refused', operation: 'lead.get', input: { lead_id: 'lead_x' }, why: /ended with not_found/ },
  ])('of $when says that there is nothing to undo', async ({ operation, input, why }) => {
    const { run, undo } = await open();
    const report = await run(operation, input);
    await expect(undo(report.receipt?.id ?? '')).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(why) });
  });

  it('of a call that only gave an earlier result again points to that one', async () => {
    const { run, done, undo } = await open();
    await done('lead.create', { name: 'Acme' }, { idempotencyKey: 'k1' });
    const again = await run('lead.create', { name: 'Acme' }, { idempotencyKey: 'k1' });
    await expect(undo(again.receipt?.id ?? '')).rejects.toMatchObject({
      message: expect.stringContaining('earlier call with the same key'),
    });
  });

  it('obeys a policy that denies what it would take', async () => {
    const { done, undo } = await open(['rest'], { policy: { deny: ['lead.delete'] } });
    const { call } = await done('lead.create', { name: 'Acme' });
    expect((await undo(call, { dryRun: true })).steps).toMatchObject([{ state: 'refused', why: expect.stringContaining('policy denies') }]);
  });

  it('of a run undoes its calls, the last first, and leaves out what cannot be', async () => {
    const { done, undo, app } = await open();
    const made = [];
    for (const name of ['One', 'Two', 'Three']) made.push(await done('lead.create', { name }, { run: 'run_7' }));
    await done('lead.create', { name: 'Not of the run' });
    app.ask('lead.update', { lead_id: made[1]?.id, name: 'Changed' });
    const { ok, steps } = await undo('run_7');
    expect([ok, steps.map(({ call, state }) => [call, state])]).toEqual([
      false,
      [
        [made[2]?.call, 'done'],
        [made[1]?.call, 'refused'],
        [made[0]?.call, 'done'],
      ],
    ]);
    expect(app.all('lead.list', { query: 'name:"Changed"' })).toHaveLength(1);
    expect(app.all('lead.list', { query: 'name:"Not of the run"' })).toHaveLength(1);
  });

  it('keeps what was there before out of receipts, errors and logs, and no longer than it is needed', async () => {
    const { done, undo, journal } = await open();
    const { id } = await done('lead.create', { name: 'Jane Roe' });
    const { call, receipt } = await done('lead.update', { lead_id: id, name: 'Jane Doe' }, { undoable: true });
    expect(JSON.stringify([receipt, await journal.list({}), await undo(call, { dryRun: true })])).not.toMatch(/Jane/);
    expect(JSON.stringify(await journal.inverses?.of(call))).toContain('Jane Roe');
    await undo(call);
    expect(JSON.stringify(await journal.inverses?.of(call))).not.toMatch(/Jane/);
  });
});

describe('a call of several writes', () => {
  const both = intent({
    app: 'close',
    id: 'lead.both',
    summary: 'Makes a task and merges leads',
    input: {} as never,
    output: {} as never,
    effect: 'destructive',
    operation: 'task.create',
    run: async (input, call) => {
      await call('task.create', { lead_id: input['a'], text: 'x' });
      return call('lead.merge', { source: input['a'], destination: input['b'] });
    },
    example: {},
  });
  const app: App = { ...closeApp, find: async (id) => (id === 'lead.both' ? (both as Intent) : closeApp.find(id)) };

  it('is undone whole or not at all', async () => {
    const passing = { safeParse: (data: unknown) => ({ success: true, data }) };
    Object.assign(both, { input: passing, output: passing });
    const task = { id: 'task_1', date_updated: '2026-03-01T10:00:00.000000+00:00' };
    const backend = fakeBackend('alpha', { reply: () => answered(task) });
    const journal = openJournal({ path: ':memory:' });
    const router = createCore({
      apps: [app],
      backends: [backend],
      policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
      identity: (user) => user,
      journal,
      now: () => new Date(),
      elapsed: () => performance.now(),
    });
    const report = await router.run('close.lead.both', { a: 'lead_aaa', b: 'lead_bbb' }, { user: 'ada' });
    const sent = () => backend.sent.filter(({ read }) => !read).length;
    const [before, undone] = [sent(), await router.undo(report.receipt?.id ?? '', { user: 'ada' })];
    expect(undone.steps).toMatchObject([
      { operation: 'close.lead.merge', state: 'refused', why: expect.stringContaining('which of the two') },
      { operation: 'close.task.create', state: 'refused', why: expect.stringContaining('another write') },
    ]);
    expect(sent()).toBe(before);
    await journal.close();
  });
});

describe('a run of thousands of writes', () => {
  const WRITES = 2400;
  const lead = (write: number): string => `lead_${String(write).padStart(4, '0')}`;
  const isChanged = (write: number): boolean => write % 100 === 0;

  /** All of it is gone by now, but for some that were changed since. */
  async function openRun() {
    const journal = openJournal({ path: ':memory:' });
    for (let write = 0; write < WRITES; write += 1) {
      const at = new Date(Date.UTC(2026, 2, 1, 10, 0, write)).toISOString();
      const receipt = { id: `call_${write}`, operation: 'close.lead.create', user: 'ada', at, verdicts: [], attempts: [], ms: 1 };
      const made = { operation: receipt.operation, backend: 'alpha', connection: 'alpha_1', how: 'delete' as const, run: 'run_1' };
      await journal.record({ outcome: 'ok', receipt }, [{ ...made, object: lead(write), image: { stamp: 'then' } }]);
    }
    const gone = answered({ error: 'Not found' }, 404);
    const backend = fakeBackend('alpha', {
      reply: (call) => {
        const write = Number(/lead_(\d+)/.exec('path' in call ? call.path : '')?.[1]);
        return isChanged(write) ? answered({ id: lead(write), date_updated: 'now' }) : gone;
      },
    });
    const router = createCore({
      apps: [closeApp],
      backends: [backend],
      policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
      identity: (user) => user,
      journal,
      now: () => new Date(),
      elapsed: () => performance.now(),
    });
    return { router, [Symbol.asyncDispose]: () => journal.close() };
  }

  it('is undone from the last to the first; counted are all, told are the first thousand and what went wrong', async () => {
    await using run = await openRun();
    const heard: string[] = [];
    const onStep = ({ object = '' }: { readonly object?: string }): void => void heard.push(object);
    const report = await run.router.undo('run_1', { user: 'ada', onStep });
    expect(report).toMatchObject({ ok: false, counts: { undone: WRITES - 24, refused: 24 } });
    expect(heard).toEqual(Array.from({ length: WRITES }, (_, at) => lead(WRITES - 1 - at)));
    expect(report.steps).toHaveLength(1000 + 14);
    expect(report.steps.filter(({ state }) => state === 'refused').map(({ object }) => object)).toEqual(
      Array.from({ length: 24 }, (_, at) => lead(2300 - 100 * at)),
    );
  });

  it('is planned as far as is wanted, and it is told how much is left', async () => {
    await using run = await openRun();
    const plan = await run.router.undo('run_1', { user: 'ada', dryRun: true, most: 150 });
    expect([plan.steps.length, plan.left, plan.counts]).toEqual([150, WRITES - 150, { undone: 149, refused: 1 }]);
    await expect(run.router.undo('run_1', { user: 'bo', dryRun: true })).rejects.toMatchObject({ code: 'not_found' });
  });
});
