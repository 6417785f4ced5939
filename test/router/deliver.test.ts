import { beforeAll, describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Reply } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { Policy, Router, RunOptions } from '../../src/router/router.ts';
import { ADA, answered, BOB, connection, type FakeBackend, failure, fakeBackend, memoryJournal } from '../support/fake-backend.ts';

const POLICY: Policy = { prefer: [], pin: {}, deny: [], ask: [], account: 'user' };
const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';

function routerOver(backends: readonly FakeBackend[], policy: Partial<Policy> = {}, elapsed: () => number = () => performance.now()) {
  const journal = memoryJournal();
  const router = createCore({
    apps: [closeApp],
    backends,
    policy: { ...POLICY, ...policy },
    identity: (user) => user,
    journal,
    now: () => new Date('2026-03-02T09:00:00Z'),
    elapsed,
  });
  return { router, journal };
}

const create = (router: Router, options: Partial<RunOptions> = {}) =>
  router.run('close.lead.create', { name: 'Acme' }, { user: 'ada', ...options });
const read = (router: Router, options: Partial<RunOptions> = {}) =>
  router.run('close.lead.get', { lead_id: LEAD }, { user: 'ada', ...options });

/** What the first route answers, and whether the second may then be asked: for a write, and for a read. */
const TABLE: readonly { when: string; reply: Reply; write: 'moves on' | string; read: 'moves on' | string }[] = [
  { when: 'the request never left', reply: failure('backend_unavailable', 'not-sent', 'network'), write: 'moves on', read: 'moves on' },
  { when: 'the backend refuses our key', reply: failure('unauthenticated', 'not-sent', 'backend'), write: 'moves on', read: 'moves on' },
  {
    when: 'the connection has just expired there',
    reply: failure('connection_required', 'not-sent', 'backend'),
    write: 'moves on',
    read: 'moves on',
  },
  { when: 'the app refuses the credential', reply: answered({ error: 'Unauthorized' }, 401), write: 'moves on', read: 'moves on' },
  { when: 'the app forbids it to this user', reply: answered({ error: 'Forbidden' }, 403), write: 'moves on', read: 'moves on' },
  { when: 'the app asks to wait', reply: answered({ error: 'Too many requests' }, 429), write: 'rate_limited', read: 'rate_limited' },
  { when: 'only the backend asks to wait', reply: failure('rate_limited', 'answered', 'backend'), write: 'moves on', read: 'moves on' },
  {
    when: 'the app refuses the content',
    reply: answered({ 'field-errors': { name: 'Too long.' }, errors: [] }, 400),
    write: 'rejected',
    read: 'rejected',
  },
  { when: 'the app knows no such object', reply: answered({ error: 'Not found' }, 404), write: 'not_found', read: 'not_found' },
  { when: 'the app fails', reply: answered('<html>', 502), write: 'outcome_unknown', read: 'moves on' },
  { when: 'no answer came in time', reply: failure('timeout', 'unknown', 'network'), write: 'outcome_unknown', read: 'moves on' },
  { when: 'the answer cannot be read', reply: answered('<html>', 200), write: 'outcome_unknown', read: 'moves on' },
];

// What is loaded at the first call must not count against the deadline of one that is judged.
beforeAll(async () => void (await create(routerOver([fakeBackend('alpha')]).router)));

describe.each(TABLE)('when $when', ({ reply, write, read: reading }) => {
  it.each([
    ['a write', write, create],
    ['a read', reading, read],
  ] as const)('%s: %s', async (_, expected, call) => {
    const [first, second] = [fakeBackend('alpha', { reply: () => reply }), fakeBackend('beta')];
    const { router } = routerOver([first, second]);
    const report = await call(router, { timeoutMs: 400 });
    expect(report.receipt?.attempts[0]).toMatchObject({ backend: 'alpha' });
    if (expected === 'moves on') {
      expect(report).toMatchObject({ ok: true, receipt: { route: { backend: 'beta' } } });
      expect(second.sent).toHaveLength(1);
    } else {
      expect(report).toMatchObject({ ok: false, error: { code: expected } });
      expect(second.sent.filter((one) => !one.read)).toHaveLength(0);
    }
  });
});

describe('a backend that asks to wait', () => {
  it('is not asked by another of its roads meanwhile', async () => {
    const limited = failure('rate_limited', 'answered', 'backend');
    const cell = { transport: 'tool', tool: 'NEW_LEAD', accepts: ['name'] } as const;
    const first = fakeBackend('alpha', { reply: () => limited, cells: { 'lead.create': cell } });
    const report = await create(routerOver([first]).router, { timeoutMs: 400 });
    expect(report).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    expect(first.sent).toHaveLength(1);
    const second = fakeBackend('beta');
    const moved = await create(routerOver([first, second]).router);
    expect(moved.receipt?.attempts.map(({ backend, transport }) => [backend, transport])).toEqual([
      ['alpha', 'tool'],
      ['beta', 'proxy'],
    ]);
  });
});

describe('a connection that the app refuses', () => {
  it('is not asked again by its other transport, nor by the next call, until a probe succeeds', async () => {
    let now = 0;
    const first = fakeBackend('alpha', { reply: () => answered({ error: 'Unauthorized' }, 401) });
    const { router } = routerOver([first, fakeBackend('beta')], {}, () => now);
    await create(router);
    expect(first.sent).toHaveLength(1);
    const next = await create(router);
    expect(first.sent).toHaveLength(1);
    expect(next.receipt?.verdicts).toContainEqual(expect.objectContaining({ backend: 'alpha', reason: 'demoted' }));
    now += 31_000;
    await create(router);
    expect(first.sent).toHaveLength(2);
  });
});

describe('accounts', () => {
  it('refuses to guess between two organisations, names both, and obeys the choice', async () => {
    const backends = [fakeBackend('alpha', { accounts: { alpha_1: ADA } }), fakeBackend('beta', { accounts: { beta_1: BOB } })];
    const { router } = routerOver(backends);
    const report = await create(router);
    expect(report).toMatchObject({
      ok: false,
      error: { code: 'ambiguous_account', details: { choices: ['alpha:alpha_1', 'beta:beta_1'] } },
    });
    expect(backends.flatMap(({ sent }) => sent)).toHaveLength(0);
    expect(await create(router, { via: 'beta:beta_1' })).toMatchObject({ ok: true, receipt: { route: { backend: 'beta' } } });
  });

  it('does not hand a write to another organisation when the connection in use expires', async () => {
    const [mine, other] = [
      fakeBackend('alpha', { accounts: { alpha_1: ADA } }),
      fakeBackend('beta', { accounts: { beta_1: BOB }, connections: [] }),
    ];
    const { router } = routerOver([mine, other]);
    await router.connections.check({ app: 'close', user: 'ada' });
    other.connections = [connection('beta')];
    mine.connections = [connection('alpha', { status: 'expired' })];
    await router.connections.check({ app: 'close', user: 'ada' });
    expect(await create(router)).toMatchObject({ ok: false, error: { code: 'ambiguous_account' } });
    expect(other.sent).toHaveLength(0);
  });
});

describe('no connection', () => {
  it('is answered with a link per backend, and nothing is sent', async () => {
    const backend = fakeBackend('alpha', { connections: [connection('alpha', { status: 'revoked' })] });
    const report = await create(routerOver([backend]).router);
    expect(report).toMatchObject({
      ok: false,
      error: { code: 'connection_required', details: { connect: [{ backend: 'alpha', url: 'https://alpha.example/link' }] } },
    });
    expect(backend.sent).toHaveLength(0);
  });

  it('on one backend does not hide the other, even when the first cannot be asked', async () => {
    const down = fakeBackend('alpha', { unreachable: () => new RouterError('backend_unavailable', { what: 'no answer', next: 'Later.' }) });
    const report = await create(routerOver([down, fakeBackend('beta')]).router);
    expect(report).toMatchObject({ ok: true });
    expect(report.receipt?.verdicts).toContainEqual({ backend: 'alpha', reason: 'backend_unreachable', detail: 'backend_unavailable' });
  });
});

describe('policy', () => {
  it.each<{ policy: Partial<Policy>; options?: Partial<RunOptions>; gives: object }>([
    { policy: { deny: ['lead.create'] }, gives: { ok: false, error: { code: 'policy_denied' } } },
    { policy: { deny: ['lead.*'] }, gives: { ok: false, error: { code: 'policy_denied' } } },
    { policy: { ask: ['write'] }, gives: { ok: false, error: { code: 'approval_required' } } },
    { policy: { ask: ['write'] }, options: { approved: true }, gives: { ok: true } },
    { policy: { pin: { 'lead.create': 'beta' } }, gives: { ok: true, receipt: { route: { backend: 'beta' } } } },
    { policy: { prefer: ['beta'] }, gives: { ok: true, receipt: { route: { backend: 'beta' } } } },
    { policy: {}, options: { via: 'nowhere' }, gives: { ok: false, error: { code: 'configuration' } } },
  ])('$policy $options gives $gives', async ({ policy, options, gives }) => {
    const { router } = routerOver([fakeBackend('alpha'), fakeBackend('beta')], policy);
    expect(await create(router, options)).toMatchObject(gives);
  });
});

describe('the record', () => {
  it('keeps who, what, which route and every attempt, and nothing of the input or the result', async () => {
    const { router, journal } = routerOver([fakeBackend('alpha', { reply: () => answered({ id: 'lead_9', name: 'Secret Ltd' }) })]);
    await router.run('close.lead.create', { name: 'Secret Ltd' }, { user: 'ada' });
    expect(journal.entries).toMatchObject([
      {
        outcome: 'ok',
        receipt: { operation: 'close.lead.create', user: 'ada', delivery: 'answered', attempts: [{ backend: 'alpha', status: 200 }] },
      },
    ]);
    expect(JSON.stringify(journal.entries)).not.toContain('Secret');
  });

  it('of a dry run is not kept, and the request is shown unsent', async () => {
    const backend = fakeBackend('alpha');
    const { router, journal } = routerOver([backend]);
    const report = await create(router, { dryRun: true });
    expect(report).toMatchObject({
      ok: true,
      data: { dry_run: true, transport: 'proxy', request: { method: 'POST', path: '/lead/', body: { name: 'Acme' } } },
    });
    expect([journal.entries, backend.sent]).toEqual([[], []]);
  });
});

describe('nothing to send through', () => {
  it('is not put down to the user when a backend could not be asked', async () => {
    const down = fakeBackend('alpha', { unreachable: () => new RouterError('backend_unavailable', { what: 'no answer', next: 'Later.' }) });
    const report = await create(routerOver([down, fakeBackend('beta', { connections: [] })]).router);
    expect(report).toMatchObject({
      ok: false,
      error: { code: 'backend_unavailable', retryable: true, message: expect.stringContaining('alpha') },
    });
  });

  it('because the backend cannot be told the user id is the caller’s to mend, not to repeat', async () => {
    const picky = fakeBackend('alpha', { unreachable: () => new RouterError('invalid_input', { what: 'no such id', next: 'Another.' }) });
    const report = await create(routerOver([picky, fakeBackend('beta', { connections: [] })]).router);
    expect(report).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', retryable: false, next: expect.stringContaining('under users'), details: { backend: 'alpha' } },
    });
  });

  it('because a connection was named that does not exist: says which there are, and starts none', async () => {
    const backend = fakeBackend('alpha');
    const report = await create(routerOver([backend]).router, { via: 'alpha:typo' });
    expect(report).toMatchObject({ ok: false, error: { code: 'configuration', details: { choices: ['alpha:alpha_1'] } } });
    expect(backend.sent).toEqual([]);
  });
});

describe('a write under a key', () => {
  const begun = { idempotencyKey: 'k1', timeoutMs: 1000 };

  it('is noted just before each request, so that the note tells when it was sent', async () => {
    const steps: string[] = [];
    const backend = (id: string, reply: Reply): FakeBackend =>
      fakeBackend(id, {
        reply: () => {
          steps.push(id);
          return reply;
        },
      });
    const { router, journal } = routerOver([
      backend('alpha', failure('backend_unavailable', 'not-sent', 'network')),
      backend('beta', answered({ id: LEAD })),
    ]);
    const { sending } = journal.keys;
    journal.keys.sending = (...noted) => {
      steps.push('noted');
      return sending(...noted);
    };
    expect(await create(router, begun)).toMatchObject({ ok: true });
    expect(steps).toEqual(['noted', 'alpha', 'noted', 'beta']);
  });

  it('that cannot be noted is not sent, and leaves its turn to the next', async () => {
    const limits = { 'ratelimit-limit': '1', 'ratelimit-remaining': '1', 'ratelimit-reset': '60' };
    const backend = fakeBackend('alpha', { reply: () => ({ kind: 'http', status: 200, headers: limits, body: { id: LEAD } }) });
    const { router, journal } = routerOver([backend]);
    const { sending } = journal.keys;
    await create(router);
    const down = new RouterError('backend_unavailable', { what: 'the journal does not answer', next: 'Wait.' });
    journal.keys.sending = () => Promise.reject(down);
    expect(await create(router, begun)).toMatchObject({ ok: false, error: { code: 'backend_unavailable' } });
    expect(backend.sent).toHaveLength(1);
    journal.keys.sending = sending;
    expect(await create(router, begun)).toMatchObject({ ok: true });
    expect(backend.sent).toHaveLength(2);
  });

  it('is not sent when its time ran out while that was noted, as in a process that was suspended', async () => {
    let now = 0;
    const backend = fakeBackend('alpha');
    const { router, journal } = routerOver([backend], {}, () => now);
    const { sending } = journal.keys;
    journal.keys.sending = (...noted) => {
      now += 2000;
      return sending(...noted);
    };
    expect(await create(router, begun)).toMatchObject({ ok: false, error: { code: 'timeout' }, receipt: { delivery: 'not-sent' } });
    expect(backend.sent).toHaveLength(0);
  });
});
