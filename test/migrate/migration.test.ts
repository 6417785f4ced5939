import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/contract/guards.ts';
import { isMoved, migrationOf } from '../../src/migrate/state.ts';
import { STORES } from '../support/stores.ts';
import { carrierOf, followed, LIMITS, openStage, PAIR, type Stage } from './stage.ts';

const USERS = Array.from({ length: 12 }, (_, at) => `user-${at}`);
const SINCE = '2026-01-01T00:00:00.000Z';

/** Who is carried by what, for every user. */
async function carriers(stage: Stage, replica = 0): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    stage.users.map(async (user) => [user, carrierOf(await stage.run(user, 'close.lead.list', { limit: 1 }, replica))]),
  );
  return Object.fromEntries(found);
}

/** Users below the percentage, by the rule and not by what happened. */
async function chosen({ replicas, users }: Stage): Promise<readonly string[]> {
  const migration = migrationOf((await replicas[0]?.journal.switchboard?.rulings()) ?? [], 'close');
  return users.filter((user) => migration && isMoved(migration, user));
}

describe.each(STORES)('a migration on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('moves the same users in every process within a second, more as it grows, and all back at once', async () => {
    await using there = await place();
    await using stage = await openStage({ store: there.path, users: USERS, replicas: 2 });
    const operator = stage.operator();
    expect(new Set(Object.values(await carriers(stage)))).toEqual(new Set(['composio']));
    await carriers(stage, 1);

    await operator.cutover({ pair: PAIR, percent: 40, users: ['user-3'], limits: LIMITS });
    await followed();
    const some = await chosen(stage);
    const expected = Object.fromEntries(USERS.map((user) => [user, some.includes(user) ? 'scalekit' : 'composio']));
    expect(some).toContain('user-3');
    expect(some.length).toBeLessThan(USERS.length);
    expect(await carriers(stage, 0)).toEqual(expected);
    expect(await carriers(stage, 1)).toEqual(expected);

    await operator.cutover({ percent: 100, users: [], limits: LIMITS });
    await followed();
    expect(new Set(Object.values(await carriers(stage, 1)))).toEqual(new Set(['scalekit']));

    const status = await operator.rollback();
    expect(status.migration).toMatchObject({ state: 'rolled_back', percent: 0 });
    await followed();
    expect(new Set(Object.values(await carriers(stage, 0)))).toEqual(new Set(['composio']));
    expect(new Set(Object.values(await carriers(stage, 1)))).toEqual(new Set(['composio']));
  });

  itThere('lets one of two operators win, and tells the other who and when', async () => {
    await using there = await place();
    await using stage = await openStage({ store: there.path, users: ['ada'] });
    const [ada, bob] = [stage.operator('ada on ops-1'), stage.operator('bob on ops-2')];
    await ada.shadow({ ...PAIR, sample: 0.1 });
    const seen = (await bob.status()).migration?.revision ?? 0;
    const both = await Promise.allSettled(
      [ada, bob].map((operator, at) => operator.cutover({ percent: at === 0 ? 10 : 50, users: [], limits: LIMITS, revision: seen })),
    );
    const lost = both.find(({ status }) => status === 'rejected');
    const won = both.findIndex(({ status }) => status === 'fulfilled');
    const winner = ['ada on ops-1', 'bob on ops-2'][won];
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(lost).toMatchObject({
      reason: { code: 'conflict', message: expect.stringContaining(`${winner} has decided meanwhile: revision 2`) },
    });
    expect((await ada.status()).migration).toMatchObject({ by: winner, percent: won === 0 ? 10 : 50 });
    await expect(ada.shadow({ from: 'scalekit', to: 'composio', sample: 0.1 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`by ${winner}`),
    });
    await bob.rollback(); // whatever anybody has seen
  });

  itThere('compares reads field by field and only plans writes, in numbers that all processes share', async () => {
    await using there = await place();
    await using stage = await openStage({ store: there.path, users: ['ada', 'bob'], replicas: 2 });
    const operator = stage.operator();
    await operator.shadow({ ...PAIR, sample: 1 });
    const before = stage.sandbox.world.ledger().length;
    for (const [at, user] of ['ada', 'bob'].entries()) {
      await stage.run(user, 'close.lead.list', { limit: 2 }, at);
      await stage.replicas[at]?.behind.follower.settled(); // else a write may come between the two reads
      await stage.run(user, 'close.lead.create', { name: `Made by ${user}` }, at);
      await stage.run(user, 'close.lead.create', { name: `Also by ${user}`, addresses: [{ city: 'Bergen' }] }, at);
      await stage.replicas[at]?.behind.follower.settled();
    }
    expect(stage.sandbox.world.ledger().length - before).toBe(4);
    const { operations } = await operator.status();
    expect(operations).toMatchObject([
      { operation: 'close.lead.create', planned: 4, equal: 0, notes: [{ note: 'tool becomes proxy (addresses)', count: 2 }] },
      { operation: 'close.lead.list', equal: 2, different: 0, planned: 0, latency: expect.any(Number) },
    ]);
    const log = await stage.replicas[0]?.journal.list({});
    expect(log).toHaveLength(6); // what is mirrored is nobody's call
    expect(JSON.stringify(operations)).not.toContain('Made by');
  });
});

describe('the plan', () => {
  it('says for each user what is to be done, and refuses accounts that differ', async () => {
    await using stage = await openStage({
      store: ':memory:',
      users: ['ada', 'bob', 'mapped', 'other'],
      stay: ['bob', 'mapped', 'other'],
      config: { users: { ada: {}, bob: {}, mapped: { scalekit: { user: 'acme-7' } }, other: {} } },
    });
    const [, stranger] = stage.sandbox.world.keys();
    stage.sandbox.connect('scalekit', 'acme-7');
    const operator = stage.operator();
    const fine = await operator.plan({ ...PAIR, since: SINCE, links: false, users: ['ada', 'bob', 'mapped'] });
    expect(fine.verdict).toBe('ready');
    expect(fine.because[0]).toBe('1 of 3 users must consent or enter a key first; until then they stay on composio');
    expect(fine.users).toMatchObject([
      { user: 'ada', does: 'move' },
      { user: 'bob', does: 'consent', to: { as: 'bob', status: 'none' } },
      { user: 'mapped', does: 'move', from: { as: 'mapped' }, to: { as: 'acme-7', status: 'active' } },
    ]);
    expect(fine.users[1]).not.toHaveProperty('link');
    expect(await stage.sandbox.connections('scalekit')).toHaveLength(3); // nothing was begun

    stage.sandbox.connect('scalekit', 'other', stranger?.key);
    const blocked = await operator.plan({ ...PAIR, since: SINCE, links: true });
    expect(blocked).toMatchObject({
      verdict: 'blocked',
      because: [expect.stringMatching(/^other: composio ca_\w+ and scalekit ca_\w+ are two /)],
    });
    expect(blocked.users.find(({ user }) => user === 'bob')?.link).toMatch(/^http:\/\/127\.0\.0\.1/);
    await expect(operator.cutover({ pair: PAIR, percent: 0, users: ['other'], limits: LIMITS })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(operator.cutover({ pair: PAIR, percent: 0, users: ['bob'], limits: LIMITS })).rejects.toMatchObject({
      code: 'connection_required',
    });
  });

  it('is blocked by a target that nobody has connected, and by one that cannot be asked', async () => {
    await using stage = await openStage({ store: ':memory:', users: ['ada', 'bob'], stay: ['ada', 'bob'] });
    const operator = stage.operator();
    const none = await operator.plan({ ...PAIR, since: SINCE, links: false });
    expect(none).toMatchObject({
      verdict: 'blocked',
      because: ['none of 2 users can move from composio to scalekit yet: 2 must consent first'],
    });
    stage.sandbox.fault({ backend: 'scalekit', when: 'before', kind: 'status', status: 503, times: 'always' });
    await expect(operator.plan({ from: 'composio', to: 'rest', since: SINCE, links: false })).rejects.toMatchObject({
      code: 'configuration',
    });
    await expect(operator.plan({ from: 'composio', to: 'composio', since: SINCE, links: false })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('counts what is in use, and names fields that the target’s tools cannot carry', async () => {
    const policy = {
      prefer: ['composio', 'scalekit'],
      pin: { 'call.log': 'composio', 'call.create': 'composio' },
      deny: [],
      ask: [],
      account: 'user' as const,
    };
    await using stage = await openStage({ store: ':memory:', users: ['ada'], config: { policy } });
    const made = await stage.run('ada', 'close.lead.create', { name: 'Acme' });
    const id = made.ok && isObject(made.data) ? String(made.data['id']) : '';
    await stage.run('ada', 'close.lead.create', { name: 'Acme two' });
    await stage.run('ada', 'close.lead.get', { lead_id: id });
    await stage.run('ada', 'close.call.log', { lead_id: id, direction: 'outbound', duration: 5 });
    const plan = await stage.operator().plan({ ...PAIR, since: SINCE, links: false });
    expect(plan.verdict).toBe('ready_with_proxy');
    expect(plan.operations).toMatchObject([
      {
        operation: 'close.lead.create',
        requests: 2,
        was: ['tool'],
        becomes: 'tool',
        tool: 'close_lead_create',
        byProxyWith: expect.arrayContaining(['addresses']),
      },
      { operation: 'close.call.create', requests: 1, pinned: 'composio' },
      { operation: 'close.lead.get', requests: 1, was: ['proxy'], becomes: 'tool' },
    ]);
    expect(plan.load.busiest?.calls).toBeGreaterThan(0);
    expect(plan.because).toContainEqual(expect.stringContaining('policy.pin keeps close.call.create on composio'));
  });
});

describe('a user who cannot move', () => {
  it('stays where everything works, with the reason in the receipt', async () => {
    await using stage = await openStage({ store: ':memory:', users: ['ada', 'late', 'other'], stay: ['late', 'other'] });
    const [, stranger] = stage.sandbox.world.keys();
    stage.sandbox.connect('scalekit', 'other', stranger?.key);
    await stage.operator().cutover({ pair: PAIR, percent: 100, users: [], limits: LIMITS });
    const reports = await Promise.all(['ada', 'late', 'other'].map((user) => stage.run(user, 'close.lead.list', { limit: 1 })));
    expect(reports.map(carrierOf)).toEqual(['scalekit', 'composio', 'composio']);
    const told = reports.map(({ receipt }) =>
      receipt?.verdicts.filter(({ reason }) => reason !== 'chosen').map(({ backend, reason }) => `${backend} ${reason}`),
    );
    expect(told[0]).toContain('composio migrating_to');
    expect(told[1]).toContain('scalekit not_connected');
    expect(told[2]).toContain('scalekit account_differs');
  });
});
