import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operation } from '../../src/catalog/operation.ts';
import type { Cell } from '../../src/contract/binding.ts';
import { STATUSES } from '../../src/contract/connection.ts';
import { type Candidate, type Question, resolve } from '../../src/router/resolve.ts';
import { ADA, BOB, connection } from '../support/fake-backend.ts';

const TOOL: Cell = { transport: 'tool', tool: 'MAKE_LEAD', accepts: ['name', 'status'], needs: [], values: { status: { open: 'OPEN' } } };

/** The app's own API has everything but `outcome`, and other words for one of its values. */
const LEAD_CREATE = operation({
  app: 'acme',
  id: 'lead.create',
  summary: 'Create a lead',
  input: z.looseObject({}),
  output: z.looseObject({}),
  effect: 'write',
  idempotent: false,
  confirm: { how: 'none', why: 'a test' },
  http: { method: 'POST', path: '/lead/', omits: ['outcome'], restates: { outcome: { won: { status: 'closed' } } } },
  example: {},
});

function candidate(backend: string, overrides: Partial<Candidate> & { readonly of?: Parameters<typeof connection>[1] } = {}): Candidate {
  const { of, ...rest } = overrides;
  return {
    connection: connection(backend, { account: ADA, ...of }),
    cell: TOOL,
    can: { tool: true, http: 'proxy', connect: 'link' },
    demoted: false,
    failures: 0,
    ...rest,
  };
}

function ask(candidates: readonly Candidate[], more: Partial<Question> = {}): ReturnType<typeof resolve> {
  return resolve({
    operation: LEAD_CREATE,
    input: { name: 'A' },
    candidates,
    absent: [],
    prefer: [],
    pin: undefined,
    account: 'user',
    ...more,
  });
}

function routesOf(decision: ReturnType<typeof resolve>): readonly string[] {
  return decision.kind === 'use' ? decision.routes.map((route) => `${route.connection.backend}/${route.transport}`) : [decision.kind];
}

function reasonsOf(decision: ReturnType<typeof resolve>): readonly string[] {
  return decision.verdicts.map(({ backend, transport, reason }) => [backend, transport, reason].filter(Boolean).join(' '));
}

describe('the order of routes', () => {
  const two = [candidate('beta'), candidate('alpha')];
  it.each<{ when: string; candidates: readonly Candidate[]; more?: Partial<Question>; gives: readonly string[] }>([
    { when: 'nothing tells them apart, names do', candidates: two, gives: ['alpha/tool', 'beta/tool', 'alpha/proxy', 'beta/proxy'] },
    {
      when: 'the policy prefers one',
      candidates: two,
      more: { prefer: ['beta'] },
      gives: ['beta/tool', 'beta/proxy', 'alpha/tool', 'alpha/proxy'],
    },
    {
      when: 'one has failed lately',
      candidates: [candidate('alpha', { failures: 2 }), candidate('beta')],
      gives: ['beta/tool', 'alpha/tool', 'beta/proxy', 'alpha/proxy'],
    },
    {
      when: 'a field is not in the tool',
      candidates: [candidate('alpha')],
      more: { input: { name: 'A', custom: {} } },
      gives: ['alpha/proxy'],
    },
    {
      when: "a field is in the tool and not in the app's own request",
      candidates: [candidate('alpha', { cell: { ...TOOL, accepts: ['outcome'] } })],
      more: { input: { outcome: 'lost' } },
      gives: ['alpha/tool'],
    },
    {
      when: "the app's own request has other words for a field",
      candidates: [candidate('alpha', { cell: { ...TOOL, accepts: ['outcome'] } })],
      more: { input: { outcome: 'won' } },
      gives: ['alpha/tool', 'alpha/proxy'],
    },
    { when: 'a value is not in the tool', candidates: [candidate('alpha')], more: { input: { status: 'closed' } }, gives: ['alpha/proxy'] },
    {
      when: 'the tool needs more than was given',
      candidates: [candidate('alpha', { cell: { ...TOOL, needs: ['status'] } })],
      gives: ['alpha/proxy'],
    },
    {
      when: 'the breaker of one transport is open',
      candidates: [candidate('alpha', { open: ['tool'] }), candidate('beta')],
      more: { prefer: ['alpha'] },
      gives: ['alpha/proxy', 'beta/tool', 'beta/proxy', 'alpha/tool'],
    },
    {
      when: 'every breaker is open, none counts',
      candidates: ['alpha', 'beta'].map((one) => candidate(one, { open: ['tool', 'proxy'] })),
      gives: ['alpha/tool', 'beta/tool', 'alpha/proxy', 'beta/proxy'],
    },
    { when: 'one is pinned', candidates: two, more: { pin: { backend: 'beta' } }, gives: ['beta/tool', 'beta/proxy'] },
    {
      when: 'there is no proxy',
      candidates: [candidate('alpha', { can: { tool: true, http: 'none', connect: 'link' } })],
      gives: ['alpha/tool'],
    },
  ])('when $when', ({ candidates, more, gives }) => {
    expect(routesOf(ask(candidates, more))).toEqual(gives);
  });
});

describe('what is not a route says why', () => {
  it.each(STATUSES.filter((status) => status !== 'active'))('a connection that is %s', (status) => {
    const decision = ask([candidate('alpha', { of: { status } })]);
    expect(decision).toMatchObject({ kind: 'none', because: 'connection_required' });
    expect(decision.verdicts).toContainEqual({ backend: 'alpha', connection: 'alpha_1', reason: 'not_active', detail: status });
  });

  it('a connection whose credential the app refused', () => {
    expect(reasonsOf(ask([candidate('alpha', { demoted: true }), candidate('beta')]))).toContain('alpha demoted');
  });

  it('a backend that could not be asked, and one without a connection', () => {
    const decision = ask([candidate('alpha')], { absent: [{ backend: 'beta', unreachable: 'backend_unavailable' }, { backend: 'gamma' }] });
    expect(reasonsOf(decision)).toEqual(expect.arrayContaining(['beta backend_unreachable', 'gamma not_connected']));
    expect(routesOf(decision)).toContain('alpha/tool');
  });

  it('a route that has failed too often lately is one still, the last', () => {
    expect(reasonsOf(ask([candidate('alpha', { open: ['tool'] })]))).toEqual(['alpha proxy chosen', 'alpha tool breaker_open']);
  });

  it('an operation that the backend cannot run', () => {
    const decision = ask([candidate('alpha', { cell: { transport: 'none', why: 'no such tool' } })]);
    expect(decision).toMatchObject({ kind: 'none', because: 'unsupported_operation' });
  });

  it('fields that nobody can carry', () => {
    const decision = ask([candidate('alpha', { can: { tool: true, http: 'none', connect: 'link' } })], { input: { custom: {} } });
    expect(decision).toMatchObject({ kind: 'none', because: 'unsupported_fields' });
    expect(decision.verdicts).toContainEqual(expect.objectContaining({ reason: 'unsupported_fields', detail: 'custom' }));
  });

  it.each(['proxy', 'direct'] as const)("fields that the app's own request does not have, for each road: %s", (http) => {
    const cell: Cell = http === 'proxy' ? TOOL : { transport: 'direct' };
    const decision = ask([candidate('alpha', { cell, can: { tool: true, http, connect: 'link' } })], { input: { outcome: 'lost' } });
    expect(decision).toMatchObject({ kind: 'none', because: 'unsupported_fields' });
    expect(decision.verdicts).toContainEqual({
      backend: 'alpha',
      connection: 'alpha_1',
      transport: http,
      reason: 'unsupported_fields',
      detail: 'outcome',
    });
  });

  it('what is said twice and not the same way', () => {
    const input = { outcome: 'won', status: 'open' };
    expect(ask([candidate('alpha', { cell: { transport: 'proxy' } })], { input })).toMatchObject({ because: 'unsupported_fields' });
  });
});

describe('two accounts are never mixed', () => {
  const other = { account: BOB };
  it.each<{ when: string; candidates: readonly Candidate[]; more?: Partial<Question>; gives: string }>([
    { when: 'two usable connections differ', candidates: [candidate('alpha'), candidate('beta', { of: other })], gives: 'ambiguous' },
    {
      when: 'nobody knows who either is',
      candidates: ['alpha', 'beta'].map((one) => candidate(one, { of: { account: undefined } as never })),
      gives: 'ambiguous',
    },
    {
      when: 'the expired one was another',
      candidates: [candidate('alpha', { of: { ...other, status: 'expired' } }), candidate('beta')],
      gives: 'ambiguous',
    },
    {
      when: 'the caller named one',
      candidates: [candidate('alpha'), candidate('beta', { of: other })],
      more: { pin: { backend: 'beta' } },
      gives: 'use',
    },
    {
      when: 'the organisation is enough and it is the same',
      candidates: [candidate('alpha'), candidate('beta', { of: { account: { ...ADA, user: 'user_else' } } })],
      more: { account: 'organization' },
      gives: 'use',
    },
  ])('when $when: $gives', ({ candidates, more, gives }) => {
    expect(ask(candidates, more).kind).toBe(gives);
  });

  it('names those between which somebody has to choose, and says why of the others', () => {
    const { account: _gone, ...anonymous } = candidate('gamma').connection;
    const between = [candidate('alpha'), candidate('beta', { of: other }), { ...candidate('gamma'), connection: anonymous }];
    const decision = ask([...between, candidate('delta', { of: { status: 'pending' } })]);
    expect(reasonsOf(decision).toSorted()).toEqual([
      'alpha account_differs',
      'beta account_differs',
      'delta not_active',
      'gamma account_unknown',
    ]);
  });

  it('leaves out a connection that nobody could identify, as long as another is known', () => {
    const unknown = candidate('alpha');
    const { account: _gone, ...anonymous } = unknown.connection;
    const decision = ask([{ ...unknown, connection: anonymous }, candidate('beta')]);
    expect(routesOf(decision)).toEqual(['beta/tool', 'beta/proxy']);
    expect(reasonsOf(decision)).toContain('alpha account_unknown');
  });
});

it('gives the same decision whatever the order of arrival', () => {
  const candidates = fc.uniqueArray(
    fc.record({
      backend: fc.constantFrom('a', 'b', 'c'),
      id: fc.constantFrom('1', '2', '3'),
      status: fc.constantFrom(...STATUSES),
      failures: fc.nat(2),
      demoted: fc.boolean(),
      who: fc.constantFrom(ADA, BOB),
    }),
    { selector: ({ backend, id }) => `${backend}${id}`, maxLength: 5 },
  );
  fc.assert(
    fc.property(candidates, fc.func(fc.integer()), (given, shuffle) => {
      const all = given.map(({ backend, id, status, who, ...rest }) => candidate(backend, { ...rest, of: { id, status, account: who } }));
      const shuffled = all.toSorted(
        (x, y) => shuffle(x.connection.id, x.connection.backend) - shuffle(y.connection.id, y.connection.backend),
      );
      const [one, two] = [ask(all), ask(shuffled)];
      expect(routesOf(two)).toEqual(routesOf(one));
      if (one.kind === 'use' && two.kind === 'use') expect(two.routes).toEqual(one.routes);
      for (const route of one.kind === 'use' ? one.routes : []) expect(route.connection.status).toBe('active');
    }),
  );
});
