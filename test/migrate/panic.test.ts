import { describe, expect, it } from 'vitest';
import { openCore } from '../../src/core.ts';
import { sandboxBackends, startSandbox } from '../../src/sandbox.ts';
import { openSwitching } from '../../src/switching.ts';
import { STORES } from '../support/stores.ts';
import { carrierOf, followed, LIMITS, openStage, PAIR } from './stage.ts';

const USERS = ['ada', 'bob', 'only-composio'];

describe.each(STORES)('panic on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('lets nothing through a backend any more, in no process, until it is lifted', async () => {
    await using there = await place();
    await using stage = await openStage({ store: there.path, users: USERS, stay: ['only-composio'], replicas: 2 });
    const operator = stage.operator('eve on ops-3');
    const all = (replica: number) => Promise.all(USERS.map((user) => stage.run(user, 'close.lead.list', { limit: 1 }, replica)));
    for (const replica of [0, 1]) expect((await all(replica)).map(carrierOf)).toEqual(['composio', 'composio', 'composio']);

    const report = await operator.stop('composio');
    expect(report).toMatchObject({
      state: 'stopped',
      by: 'eve on ops-3',
      connections: expect.arrayContaining([expect.objectContaining({ user: 'ada', state: 'listed' })]),
    });
    await followed();
    const before = stage.sandbox.requests('composio').length;
    for (const replica of [0, 1]) {
      const reports = await all(replica);
      expect(reports.map(carrierOf)).toEqual(['scalekit', 'scalekit', 'policy_denied']);
      expect(reports[0]?.receipt?.verdicts).toContainEqual(
        expect.objectContaining({ backend: 'composio', reason: 'backend_stopped', detail: expect.stringContaining('by eve on ops-3') }),
      );
      const [, , denied] = reports;
      expect(denied?.ok === false && denied.error.message).toMatch(/stopped.*panic --lift composio/);
    }
    const core = stage.replicas[1];
    const named = await core?.router.run('close.lead.create', { name: 'Through a stopped one' }, { user: 'ada', via: 'composio' });
    expect(named).toMatchObject({ ok: false, error: { code: 'policy_denied' } });
    const listed = await core?.router.connections.list({ app: 'close', user: 'ada' });
    expect(listed?.unreachable).toMatchObject([{ backend: 'composio', code: 'policy_denied' }]);
    expect(stage.sandbox.requests('composio')).toHaveLength(before);
    await expect(
      operator.cutover({ pair: { from: PAIR.to, to: PAIR.from }, percent: 10, users: [], limits: LIMITS }),
    ).rejects.toMatchObject({ code: 'policy_denied' });

    expect(await operator.lift('composio')).toMatchObject({ state: 'lifted' });
    await followed();
    expect(carrierOf(await stage.run('ada', 'close.lead.list', { limit: 1 }, 0))).toBe('composio');
  });
});

describe('a backend that was stopped', () => {
  it('gives up what it can, and it is said what a person has to do', async () => {
    await using stage = await openStage({ store: ':memory:', users: USERS, stay: ['only-composio'] });
    const operator = stage.operator();
    const [, second] = await stage.sandbox.connections('composio');
    stage.sandbox.change('composio', second?.id ?? '', { status: 'expired' });
    const stopped = await operator.stop('composio');
    expect(await stage.sandbox.connections('composio')).not.toContainEqual(expect.objectContaining({ status: 'revoked' }));
    const { connections } = await operator.revoke(stopped);
    expect(connections).toMatchObject([
      { user: 'ada', state: 'failed', how: expect.stringMatching(/conflict.*Composio dashboard/) },
      { user: 'bob', state: 'revoked', how: expect.stringMatching(/^Composio revoked its credential\..*delete that key in Close/) },
      { user: 'only-composio', state: 'revoked' },
    ]);
    const states = (await stage.sandbox.connections('composio')).map(({ user, status }) => `${user} ${status}`);
    expect(states).toEqual(['nobody-in-particular active', 'ada expired', 'bob revoked', 'only-composio revoked']);

    const scalekit = await operator.revoke(await operator.stop('scalekit'));
    expect(scalekit.connections.map(({ state }) => state)).toEqual(['revoked', 'revoked']);
    expect((await stage.sandbox.connections('scalekit')).map(({ user }) => user)).toEqual(['nobody-in-particular']);
  });

  it('gives up what it holds under another name for the user, and keys of our own are for a person to delete', async () => {
    const sandbox = await startSandbox({ user: 'acme-ada', clock: 'real' });
    const { backends, users } = sandboxBackends(sandbox.ready);
    const { membrane = {}, rest = {} } = backends;
    const core = await openCore({
      backends: { membrane, rest },
      users: { ada: { membrane: { user: 'acme-ada' }, rest: users['acme-ada']?.rest ?? {} } },
      defaultUser: 'ada',
      policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
      store: ':memory:',
    });
    const operator = openSwitching(core, { app: 'close', operator: 'ada' });
    const first = await operator.revoke(await operator.stop('membrane'));
    expect(first.connections).toMatchObject([
      { user: 'ada', state: 'revoked', how: expect.stringContaining('Membrane erased the credentials') },
    ]);
    expect((await sandbox.connections('membrane')).map(({ status }) => status)).toEqual(['revoked']);
    const own = await operator.revoke(await operator.stop('rest'));
    expect(own.connections).toMatchObject([{ user: 'ada', state: 'by_hand', how: expect.stringContaining('Settings, API Keys') }]);
    await core.close();
    await sandbox.close();
  });

  it('is stopped even if it says nothing of what it holds', async () => {
    await using stage = await openStage({ store: ':memory:', users: ['ada'] });
    await stage.run('ada', 'close.lead.list', { limit: 1 });
    stage.sandbox.fault({ backend: 'composio', when: 'before', kind: 'status', status: 503, times: 'always' });
    expect(await stage.operator().stop('composio')).toMatchObject({
      state: 'stopped',
      connections: [],
      unread: [{ user: 'ada', code: 'backend_unavailable' }],
    });
    await followed();
    expect(carrierOf(await stage.run('ada', 'close.lead.list', { limit: 1 }))).toBe('scalekit');
    await expect(stage.operator().stop('nobody')).rejects.toMatchObject({ code: 'configuration' });
    await expect(stage.operator().lift('scalekit')).rejects.toMatchObject({ code: 'conflict' });
    expect((await stage.operator().status()).stopped.map(({ backend }) => backend)).toEqual(['composio']);
  });
});

describe('exposure', () => {
  it('tells of each backend whom it reaches, how far, and when it was last used', async () => {
    await using stage = await openStage({ store: ':memory:', users: USERS, stay: ['only-composio'] });
    const [first] = await stage.sandbox.connections('scalekit');
    stage.sandbox.change('scalekit', first?.id ?? '', { status: 'expired' });
    await stage.run('ada', 'close.lead.list', { limit: 1 });
    const { backends } = await stage.operator().exposure();
    const [composio, scalekit] = backends;
    expect(composio).toMatchObject({ backend: 'composio', usable: 3, accounts: [expect.any(String)], unread: [] });
    expect(composio?.operations.tool).toBeGreaterThan(10);
    expect(composio?.operations.proxy).toBeGreaterThan(100);
    expect(composio?.last_used).toMatch(/^\d{4}-/);
    expect(composio?.connections.map(({ user, last_used }) => [user, last_used !== null])).toEqual([
      ['ada', true],
      ['bob', false],
      ['only-composio', false],
    ]);
    expect(scalekit).toMatchObject({ usable: 2, last_used: null });
  });
});
