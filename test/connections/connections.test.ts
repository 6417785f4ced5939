import { describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { Snapshots } from '../../src/connections/snapshot.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { ADA, answered, connection, type FakeBackend, failure, fakeBackend, memoryJournal } from '../support/fake-backend.ts';

const QUERY = { app: 'close', user: 'ada' };

function coreOver(...backends: readonly FakeBackend[]) {
  return createCore({
    apps: [closeApp],
    backends,
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user, backend) => (backend === 'beta' ? `tenant-${user}` : user),
    journal: memoryJournal(),
    now: () => new Date('2026-03-02T09:00:00Z'),
    elapsed: () => performance.now(),
  });
}

describe('a snapshot of the connections', () => {
  it('is read once for callers at the same time, held while fresh, and read again when stale or in doubt', async () => {
    let reads = 0;
    let now = 0;
    const { adapter } = fakeBackend('alpha');
    const counting = { ...adapter, connections: async () => [connection('alpha', { id: `read_${++reads}` })] };
    const snapshots = new Snapshots({ adapters: [counting], identity: (user) => user, elapsed: () => now, freshMs: 1000 });
    const ids = async () => (await snapshots.get('close', 'ada')).connections.map(({ id }) => id);
    expect(await Promise.all([ids(), ids()])).toEqual([['read_1'], ['read_1']]);
    now = 999;
    expect(await ids()).toEqual(['read_1']);
    now = 1000;
    expect(await ids()).toEqual(['read_2']);
    snapshots.forget('close', 'ada');
    expect(await ids()).toEqual(['read_3']);
  });

  it('of one user is never another user', async () => {
    const { adapter } = fakeBackend('alpha');
    const echoing = { ...adapter, connections: async ({ user }: { readonly user: string }) => [connection('alpha', { id: `of_${user}` })] };
    const snapshots = new Snapshots({ adapters: [echoing], identity: (user) => user, elapsed: () => 0 });
    expect((await snapshots.get('close', 'ada')).connections[0]?.id).toBe('of_ada');
    expect((await snapshots.get('close', 'bob')).connections[0]?.id).toBe('of_bob');
  });

  it('asks each backend for the user under the name that the backend knows', async () => {
    const asked: string[] = [];
    const { adapter, bindings } = fakeBackend('beta');
    const asking = {
      ...adapter,
      connections: async ({ user }: { readonly user: string }) => {
        asked.push(user);
        return [connection('beta')];
      },
    };
    const core = coreOver({ ...fakeBackend('beta'), adapter: asking, bindings });
    const { connections } = await core.connections.list(QUERY);
    expect(asked).toEqual(['tenant-ada']);
    expect(connections[0]?.user).toBe('ada');
  });
});

describe('connections list', () => {
  it('shows every status of every backend, and a backend that cannot be asked beside them', async () => {
    const alpha = fakeBackend('alpha', { connections: [connection('alpha'), connection('alpha', { id: 'alpha_2', status: 'expired' })] });
    const down = fakeBackend('beta', { unreachable: () => new RouterError('backend_unavailable', { what: 'no answer', next: 'Later.' }) });
    const report = await coreOver(alpha, down).connections.list(QUERY);
    expect(report.connections.map(({ connection: id, status }) => [id, status])).toEqual([
      ['alpha_1', 'active'],
      ['alpha_2', 'expired'],
    ]);
    expect(report.unreachable).toMatchObject([{ backend: 'beta', code: 'backend_unavailable' }]);
  });
});

describe('connections check', () => {
  it('tells truth over status: an active row that the app refuses has failed', async () => {
    const good = fakeBackend('alpha', { accounts: { alpha_1: ADA } });
    const bad = fakeBackend('beta');
    const refusing = { ...bad.adapter, request: async () => answered({ error: 'Unauthorized' }, 401) };
    const report = await coreOver(good, { ...bad, adapter: refusing }).connections.check(QUERY);
    expect(report.connections).toMatchObject([
      { backend: 'alpha', status: 'active', account: expect.stringContaining('orga_one') },
      { backend: 'beta', status: 'failed', detail: expect.stringContaining('unauthenticated') },
    ]);
    expect(report.failed).toBe(1);
  });
});

describe('connections wait', () => {
  it('waits until the app answers through the connection, not merely until it is active', async () => {
    const backend = fakeBackend('alpha', { connections: [connection('alpha', { status: 'pending' })] });
    let asked = 0;
    const slow = {
      ...backend.adapter,
      request: async () =>
        ++asked < 2
          ? failure('unauthenticated', 'answered')
          : answered({ id: 'user_ada', organizations: [{ id: 'orga_one', name: 'One' }] }),
    };
    const seen: string[] = [];
    const usable = await coreOver({ ...backend, adapter: { ...slow, connections: async () => backend.connections } }).connections.wait(
      { ...QUERY, timeoutMs: 10_000 },
      (status) => {
        seen.push(status);
        backend.connections = [connection('alpha')];
      },
    );
    expect(usable).toMatchObject({ id: 'alpha_1', account: { organization: 'orga_one' } });
    expect(seen).toEqual(['pending', 'active']);
  });

  it.each([
    { when: 'the time is over', status: 'pending', code: 'timeout' },
    { when: 'the connection failed for good', status: 'failed', code: 'connection_required' },
  ] as const)('gives up when $when', async ({ status, code }) => {
    const backend = fakeBackend('alpha', { connections: [connection('alpha', { status })] });
    const waiting = coreOver(backend).connections.wait({ ...QUERY, connection: 'alpha_1', timeoutMs: 20 }, () => undefined);
    await expect(waiting).rejects.toMatchObject({ code });
  });

  it('stops at once when the caller interrupts', async () => {
    const backend = fakeBackend('alpha', { connections: [] });
    const interrupt = new AbortController();
    const waiting = coreOver(backend).connections.wait({ ...QUERY, timeoutMs: 60_000 }, () => interrupt.abort(), interrupt.signal);
    await expect(waiting).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('interrupted') });
  });
});

describe('a backend that hangs', () => {
  const hanging = () => {
    const backend = fakeBackend('alpha');
    return { ...backend, adapter: { ...backend.adapter, connections: () => new Promise<never>(() => undefined) } };
  };

  it('hides no other, and costs a call no more than half of its time', async () => {
    const core = coreOver(hanging(), fakeBackend('beta'));
    const report = await core.run('close.me.get', {}, { user: 'ada', timeoutMs: 200 });
    expect(report).toMatchObject({ ok: true, receipt: { route: { backend: 'beta' } } });
    expect(report.receipt?.verdicts).toContainEqual({ backend: 'alpha', reason: 'backend_unreachable', detail: 'timeout' });
  });

  it('does not make wait overrun its own time', async () => {
    const waiting = coreOver(hanging()).connections.wait({ ...QUERY, timeoutMs: 30 }, () => undefined);
    await expect(waiting).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('ten thousand connections of one user', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => connection('alpha', { id: `alpha_${at}` }));

  it('of two accounts: a few are asked who they are, and the answer names a few', async () => {
    let asked = 0;
    const backend = fakeBackend('alpha', { connections: many });
    const counting = {
      ...backend.adapter,
      request: async () => answered({ id: 'user_ada', organizations: [{ id: asked++ % 2 === 0 ? 'orga_one' : 'orga_two', name: 'X' }] }),
    };
    const report = await coreOver({ ...backend, adapter: counting }).run('close.lead.list', {}, { user: 'ada' });
    expect(report).toMatchObject({ ok: false, error: { code: 'ambiguous_account' } });
    expect(asked).toBeLessThanOrEqual(8);
    expect(JSON.stringify(report).length).toBeLessThan(20_000);
  });

  it('of which one is named: the receipt stays small', async () => {
    const core = coreOver(fakeBackend('alpha', { connections: many, reply: () => answered({ data: [], has_more: false }) }));
    const report = await core.run('close.lead.list', {}, { user: 'ada', via: 'alpha:alpha_7' });
    expect(report).toMatchObject({ ok: true });
    expect(report.receipt?.verdicts).toContainEqual({
      backend: 'alpha',
      reason: 'not_pinned',
      detail: expect.stringMatching(/and 99\d\d more/),
    });
  });
});

it('check leaves a connection its status when the road, not the app, failed', async () => {
  const backend = fakeBackend('alpha');
  const busy = { ...backend.adapter, request: async () => answered({ error: 'Too many requests' }, 429) };
  const report = await coreOver({ ...backend, adapter: busy }).connections.check(QUERY);
  expect(report.connections).toMatchObject([{ status: 'active', detail: expect.stringContaining('rate_limited') }]);
});
