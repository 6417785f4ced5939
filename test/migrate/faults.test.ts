import { describe, expect, it } from 'vitest';
import type { MigrationStatus } from '../../src/contract/migration.ts';
import { STORES } from '../support/stores.ts';
import { carrierOf, followed, LIMITS, openStage, PAIR, type Stage } from './stage.ts';

const USERS = Array.from({ length: 8 }, (_, at) => `user-${at}`);

/** Calls that Scalekit's wire carries for the app, apart from asking about connections. */
const CARRYING = 'ExecuteTool|proxy';

/** Resolves when so many calls have reached the target's wire. */
async function reached({ sandbox }: Stage, count: number): Promise<void> {
  const carried = () => sandbox.requests('scalekit').filter(({ path }) => new RegExp(CARRYING).test(path)).length;
  while (carried() < count) await new Promise(setImmediate);
}

/** Calls go on until the guard has had its say, or has had every opportunity for it: it looks once a second, however many calls there are. */
async function untilStopped(stage: Stage, operation = 'close.lead.list', input: object = { limit: 1 }): Promise<MigrationStatus> {
  const operator = stage.operator();
  const looks = AbortSignal.timeout(20_000);
  while (!looks.aborted) {
    const reports = await Promise.all(stage.users.map((user) => stage.run(user, operation, input)));
    expect(reports.flatMap((report) => (report.ok ? [] : [report.error.message]))).toEqual([]);
    for (const { behind } of stage.replicas) await behind.follower.settled();
    const status = await operator.status();
    if (status.migration?.state === 'stopped') return status;
  }
  throw new Error('the guard did not stop it');
}

describe('a cutover', () => {
  it.each([
    { when: 'during an outage of the target', status: 503 },
    { when: 'to a target that has us wait', status: 429 },
  ])('$when goes back by itself, and no caller notices', async ({ status }) => {
    await using stage = await openStage({ store: ':memory:', users: USERS });
    await Promise.all(USERS.map((user) => stage.run(user, 'close.lead.list', { limit: 1 })));
    stage.sandbox.fault({ backend: 'scalekit', path: CARRYING, when: 'before', kind: 'status', status, times: 'always' });
    await stage.operator().cutover({ pair: PAIR, percent: 100, users: [], limits: LIMITS });
    const { migration } = await untilStopped(stage);
    expect(migration).toMatchObject({
      by: 'the guard',
      percent: 0,
      reason: expect.stringMatching(/requests through scalekit failed; through composio it was 0 %/),
    });
    await followed();
    expect(carrierOf(await stage.run('user-0', 'close.lead.list', { limit: 1 }))).toBe('composio');
    const again = await stage.operator().cutover({ percent: 100, users: [], limits: LIMITS }); // an operator may decide so all the same
    expect(again.migration).toMatchObject({ state: 'cutover', percent: 100 });
    expect(again.migration).not.toHaveProperty('reason');
  });

  it('whose answers differ goes back by itself, naming the share; the fields are in the status', async () => {
    const policy = { prefer: ['composio', 'scalekit'], pin: {}, deny: [], ask: [], account: 'organization' as const };
    await using stage = await openStage({ store: ':memory:', users: USERS, stay: USERS, config: { policy } });
    const [first, ...others] = stage.sandbox.world.keys();
    const colleague = others.find(({ organizationId }) => organizationId === first?.organizationId);
    for (const user of USERS) stage.sandbox.connect('scalekit', user, colleague?.key);
    await stage.operator().cutover({ pair: PAIR, percent: 50, users: [], limits: LIMITS, sample: 1 });
    const { migration, operations } = await untilStopped(stage, 'close.me.get', {});
    expect(migration?.reason).toMatch(/^\d+ of \d+ compared reads differ between composio and scalekit$/);
    const [me] = operations;
    expect(me?.operation).toBe('close.me.get');
    expect(me?.fields.map(({ field }) => field)).toContain('id (other)');
    expect(JSON.stringify(operations)).not.toContain(first?.userId);
  });

  it('that both sides fare badly with goes on', async () => {
    await using stage = await openStage({ store: ':memory:', users: USERS });
    await stage.operator().cutover({ pair: PAIR, percent: 50, users: [], limits: LIMITS });
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(
        USERS.map((user) => stage.run(user, 'close.lead.get', { lead_id: 'lead_ofNobodyAtAll0000000000000000000000000000' })),
      );
    }
    const [replica] = stage.replicas;
    await new Promise((resolve) => setTimeout(resolve, 1100)); // from then on a call makes the guard look again
    await stage.run('user-0', 'close.lead.list', { limit: 1 });
    await replica?.behind.follower.settled();
    const { migration } = await stage.operator().status();
    expect(migration?.state).toBe('cutover');
    expect(migration?.sight?.target.bad).toBeGreaterThan(0);
    expect(migration?.sight?.source.bad).toBeGreaterThan(0);
  });
});

describe('mirroring to a target that does not answer', () => {
  it('holds no caller up, takes on no more than two reads, and lets go when the process ends', async () => {
    const stage = await openStage({ store: ':memory:', users: USERS });
    await Promise.all(USERS.map((user) => stage.run(user, 'close.user.list', {}))); // every connection has said by then who it is
    await stage.operator().shadow({ ...PAIR, sample: 1 });
    await followed();
    stage.sandbox.reset();
    stage.sandbox.fault({ backend: 'scalekit', path: CARRYING, when: 'before', kind: 'hang', times: 'always' });
    const hung = () => stage.sandbox.requests('scalekit').filter(({ path }) => new RegExp(CARRYING).test(path)).length;
    for (let round = 0; round < 3; round += 1) {
      const reports = await Promise.all(USERS.map((user) => stage.run(user, 'close.lead.list', { limit: 1 })));
      expect(new Set(reports.map(carrierOf))).toEqual(new Set(['composio']));
    }
    await reached(stage, 2);
    await Promise.all(USERS.map((user) => stage.run(user, 'close.user.list', {})));
    expect(hung()).toBe(2);
    const board = stage.replicas[0]?.journal.switchboard;
    const [ruling] = (await board?.rulings()) ?? [];
    await stage.replicas[0]?.behind.follower.close();
    const counted = (await board?.counted(`${ruling?.value['id']}/1`)) ?? [];
    const count = (measure: string) => counted.filter((one) => one.measure === measure).reduce((sum, one) => sum + one.count, 0);
    expect(count('dropped')).toBe(4 * USERS.length); // the two that hung among them
    expect(count('equal') + count('different')).toBe(0);
    await stage[Symbol.asyncDispose]();
  });
});

describe.each(STORES)('a rollback with calls under way, on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('loses none and does none twice, whether or not its answer was lost', async () => {
    await using there = await place();
    await using stage = await openStage({ store: there.path, users: USERS, replicas: 2 });
    const operator = stage.operator();
    await operator.cutover({ pair: PAIR, percent: 100, users: [], limits: { errors: 1, differences: 1 } });
    await followed();
    for (const replica of [0, 1]) await Promise.all(USERS.map((user) => stage.run(user, 'close.user.list', {}, replica)));
    stage.sandbox.reset();
    stage.sandbox.fault({ backend: 'scalekit', path: CARRYING, when: 'after', kind: 'reset', times: 3 });
    const before = stage.sandbox.world.ledger().length;
    const create = (at: number) => {
      const core = stage.replicas[at % 2];
      if (!core) throw new Error('two replicas');
      const options = { user: USERS[at % USERS.length] ?? '', idempotencyKey: `key-${at}` };
      return core.router.run('close.lead.create', { name: `Lead number ${at}` }, options);
    };
    const numbers = Array.from({ length: 24 }, (_, at) => at);
    const early = numbers.slice(0, 12).map(create);
    await reached(stage, 3);
    const rolledBack = operator.rollback();
    const late = numbers.slice(12).map(create);
    const reports = await Promise.all([...early, ...late]);
    await rolledBack;
    expect(reports.flatMap((report) => (report.ok ? [] : [report.error.message]))).toEqual([]);
    expect(reports.map(carrierOf)).toContain('scalekit');
    const made = () =>
      stage.sandbox.world
        .ledger()
        .slice(before)
        .filter(({ operation }) => operation === 'close.lead.create');
    expect(made()).toHaveLength(24);

    await followed();
    const again = await Promise.all(numbers.map(create));
    expect(again.every(({ receipt }) => receipt?.replayed)).toBe(true);
    expect(again.map((report) => report.ok && report.data)).toEqual(reports.map((report) => report.ok && report.data));
    expect(made()).toHaveLength(24);
  });
});
