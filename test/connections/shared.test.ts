import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Reply } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { Journal } from '../../src/contract/journal.ts';
import { answered, type FakeBackend, failure, fakeBackend, memoryJournal } from '../support/fake-backend.ts';
import { type Place, STORES } from '../support/stores.ts';

const ADAS = { app: 'close', user: 'ada' };
const LEAD = { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' };

/** Counting begins when the library is there; a test is not to depend on how long that takes. */
beforeAll(async () => void (await import('cockatiel')));

let now = 0;
beforeEach(() => {
  now = 1_000_000;
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-02T09:00:00Z') });
});
afterEach(() => void vi.useRealTimers());

function pass(ms: number): void {
  now += ms;
  vi.setSystemTime(Date.now() + ms);
}

/** A process: what it knows itself is its own, what it tells goes through the journal. */
function processOn(journal: Journal, backends: readonly FakeBackend[]) {
  const core = createCore({
    apps: [closeApp],
    backends,
    policy: { prefer: ['alpha'], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user) => user,
    journal,
    now: () => new Date(),
    elapsed: () => now,
    pause: async (ms) => pass(ms),
  });
  const read = async (via?: string) => {
    const { receipt } = await core.run('close.lead.get', LEAD, { user: 'ada', ...(via === undefined ? {} : { via }) });
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    return { backends: receipt?.attempts.map(({ backend }) => backend), verdicts: receipt?.verdicts };
  };
  return { read, close: () => core.close(), check: () => core.connections.check(ADAS), list: () => core.connections.list(ADAS) };
}

const DOWN = failure('backend_unavailable', 'not-sent', 'network');
const REFUSED = answered({ error: 'Unauthorized' }, 401);

/** Two ways to one account; what the first answers is the test's. */
function twoBackends() {
  const state: { reply: Reply } = { reply: answered({ id: 'lead_1' }) };
  const alpha = fakeBackend('alpha', { reply: () => state.reply, can: { tool: false } });
  return { state, alpha, backends: [alpha, fakeBackend('beta')] };
}

describe('the breaker of a route', () => {
  it('opens when most of the last calls failed, not before there were enough, and lets one try after a while', async () => {
    const { state, alpha, backends } = twoBackends();
    const { read } = processOn(memoryJournal(), backends);
    state.reply = DOWN;
    for (let n = 0; n < 4; n++) expect((await read()).backends).toEqual(['alpha', 'beta']);
    await read();
    const { backends: used, verdicts } = await read();
    expect(used).toEqual(['beta']);
    expect(verdicts).toContainEqual(expect.objectContaining({ backend: 'alpha', reason: 'breaker_open' }));
    pass(10_001);
    expect((await read()).backends).toEqual(['alpha', 'beta']);
    expect((await read()).backends).toEqual(['beta']);
    pass(10_001);
    state.reply = answered({ id: 'lead_1' });
    expect((await read()).backends).toEqual(['alpha']);
    expect((await read()).backends).toEqual(['alpha']);
    expect(alpha.sent.length).toBeGreaterThan(0);
  });

  it('stays closed while most calls succeed, and while it is the app that says no', async () => {
    const { state, backends } = twoBackends();
    const { read } = processOn(memoryJournal(), backends);
    for (let n = 0; n < 12; n++) await read();
    state.reply = DOWN;
    for (let n = 0; n < 8; n++) await read();
    expect((await read()).backends).toEqual(['alpha', 'beta']);
    state.reply = answered({ error: 'Not found' }, 404);
    for (let n = 0; n < 30; n++) await read();
    expect((await read()).backends).toEqual(['alpha']);
  });

  it('does not stop a call that has no other way', async () => {
    const { state, alpha, backends } = twoBackends();
    const { read } = processOn(memoryJournal(), backends);
    state.reply = DOWN;
    for (let n = 0; n < 6; n++) await read();
    const before = alpha.sent.length;
    expect((await read('alpha')).backends).toContain('alpha');
    expect(alpha.sent.length).toBeGreaterThan(before);
  });
});

describe.each(STORES)('two processes on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;
  const two = (there: Place, backends: readonly FakeBackend[]) =>
    [there.open(), there.open()].map((journal) => processOn(journal, backends)) as [
      ReturnType<typeof processOn>,
      ReturnType<typeof processOn>,
    ];

  itThere('both leave a connection alone that the app refused to one, until a probe of either brings it back', async () => {
    await using there = await place();
    const { state, alpha, backends } = twoBackends();
    const [one, other] = two(there, backends);
    state.reply = REFUSED;
    expect((await one.read()).backends).toEqual(['alpha', 'beta']);
    await one.close();
    expect(await other.read()).toMatchObject({
      backends: ['beta'],
      verdicts: expect.arrayContaining([expect.objectContaining({ backend: 'alpha', reason: 'demoted' })]),
    });
    expect(alpha.sent).toHaveLength(1);
    state.reply = answered({ id: 'lead_1' });
    await other.check();
    await other.close();
    expect((await processOn(there.open(), backends).read()).backends).toEqual(['alpha']);
  });

  itThere('both list what calls of either have shown of a connection', async () => {
    await using there = await place();
    const { state, backends } = twoBackends();
    const [one, other] = two(there, backends);
    const alphaIn = async ({ list }: typeof one) => (await list()).connections.find(({ backend }) => backend === 'alpha');
    expect(await alphaIn(other)).toMatchObject({ demoted: null, last_success_at: null, last_failure: null });
    await one.read('alpha');
    const worked = new Date().toISOString();
    pass(60_000);
    const refused = new Date().toISOString();
    state.reply = REFUSED;
    await one.read('alpha');
    await one.close();
    pass(180_000);
    const shown = { last_success_at: worked, last_failure: { at: refused, code: 'unauthenticated' } };
    expect(await alphaIn(other)).toMatchObject({ status: 'active', demoted: shown.last_failure, ...shown });
    await other.check();
    expect(await alphaIn(other)).toMatchObject({ demoted: null, last_success_at: new Date().toISOString() });
    await other.close();
    expect(await alphaIn(processOn(there.open(), backends))).toMatchObject({ demoted: null, last_failure: shown.last_failure });
  });

  itThere('do not take the word of the other when there is nothing else to use: they ask', async () => {
    await using there = await place();
    const { state, alpha } = twoBackends();
    const [one, other] = two(there, [alpha]);
    state.reply = REFUSED;
    await one.read();
    await one.close();
    state.reply = answered({ id: 'lead_1' });
    expect((await other.read()).backends).toEqual(['alpha']);
  });

  itThere('both go round a route whose breaker one has opened, as long as it is open', async () => {
    await using there = await place();
    const { state, backends } = twoBackends();
    const [one, other] = two(there, backends);
    state.reply = DOWN;
    for (let n = 0; n < 5; n++) await one.read();
    await one.close();
    expect((await other.read()).backends).toEqual(['beta']);
    pass(10_001);
    expect((await other.read()).backends).toEqual(['alpha', 'beta']);
  });

  itThere('ask the app once who a connection is', async () => {
    await using there = await place();
    let asked = 0;
    const { backends } = twoBackends();
    const counting = backends.map((backend) => {
      const request: FakeBackend['adapter']['request'] = (call, signal) => {
        asked += call.path === '/me/' ? 1 : 0;
        return backend.adapter.request(call, signal);
      };
      return { ...backend, adapter: { ...backend.adapter, request } };
    });
    for (const { read } of two(there, counting)) await read();
    expect(asked).toBe(2);
  });
});

describe('without the store', () => {
  it('connections are listed with what this process knows', async () => {
    const lastUses = () => Promise.reject(new RouterError('backend_unavailable', { what: 'the journal does not answer', next: 'Wait.' }));
    const { state, backends } = twoBackends();
    const { read, list } = processOn({ ...memoryJournal(), lastUses }, backends);
    state.reply = REFUSED;
    await read('alpha');
    const demoted = { at: new Date().toISOString(), code: 'unauthenticated' };
    expect((await list()).connections).toMatchObject([
      { backend: 'alpha', demoted, last_success_at: null, last_failure: demoted },
      { backend: 'beta', demoted: null, last_failure: null },
    ]);
  });

  it('what a process has seen itself still counts', async () => {
    const fail = () => Promise.reject(new RouterError('backend_unavailable', { what: 'the journal does not answer', next: 'Wait.' }));
    const { state, backends } = twoBackends();
    const { read, close } = processOn({ ...memoryJournal(), shared: new Proxy({}, { get: () => fail }) as never }, backends);
    state.reply = REFUSED;
    expect((await read()).backends).toEqual(['alpha', 'beta']);
    expect((await read()).backends).toEqual(['beta']);
    await close();
  });
});
