import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operation } from '../../src/catalog/operation.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { ROUTE_REASONS } from '../../src/contract/receipt.ts';
import { type Candidate, type Question, resolve } from '../../src/router/resolve.ts';
import { ADA, BOB, connection } from '../support/fake-backend.ts';

const LEAD_GET = operation({
  app: 'acme',
  id: 'lead.get',
  summary: 'Get a lead',
  input: z.looseObject({}),
  output: z.looseObject({}),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a test' },
  http: { method: 'GET', path: '/lead/' },
  example: {},
});

function candidate(backend: string, of: Partial<Connection> = {}, more: Partial<Candidate> = {}): Candidate {
  return {
    connection: connection(backend, { account: ADA, ...of }),
    cell: { transport: 'proxy' },
    can: { tool: true, http: 'proxy', connect: 'link' },
    demoted: false,
    failures: 0,
    ...more,
  };
}

const BOTH = [candidate('alpha'), candidate('beta')];

function ask(candidates: readonly Candidate[], more: Partial<Question> = {}): ReturnType<typeof resolve> {
  return resolve({ operation: LEAD_GET, input: {}, candidates, absent: [], prefer: [], pin: undefined, account: 'user', ...more });
}

const moving = (goes: boolean) => ({ stopped: [], move: { from: 'alpha', to: 'beta', goes } });

function told(decision: ReturnType<typeof resolve>): readonly string[] {
  return decision.verdicts.map(({ backend, reason, detail }) => [backend, reason, detail].filter(Boolean).join(' '));
}

describe('a user who is being moved', () => {
  it.each<{ when: string; candidates?: readonly Candidate[]; more: Partial<Question>; gives: readonly string[] }>([
    {
      when: 'it is the turn of this one: the target first, the source in reserve',
      more: { prefer: ['alpha', 'beta'], steering: moving(true) },
      gives: ['beta chosen', 'alpha migrating_to beta'],
    },
    {
      when: 'it is not: the source first, even if the policy prefers the target',
      more: { prefer: ['beta', 'alpha'], steering: moving(false) },
      gives: ['alpha chosen', 'beta not_in_cutover stays on alpha'],
    },
    {
      when: 'a third backend is preferred to both, it stays so',
      candidates: [...BOTH, candidate('gamma')],
      more: { prefer: ['gamma', 'alpha'], steering: moving(true) },
      gives: ['gamma chosen', 'beta alternative', 'alpha migrating_to beta'],
    },
    {
      when: 'a third is in reserve, the target stays before it or after the source',
      candidates: [...BOTH, candidate('gamma')],
      more: { prefer: ['alpha', 'gamma', 'beta'], steering: moving(true) },
      gives: ['beta chosen', 'alpha migrating_to beta', 'gamma alternative'],
    },
    {
      when: 'the target has not been connected',
      candidates: [candidate('alpha')],
      more: { absent: [{ backend: 'beta' }], steering: moving(true) },
      gives: ['beta not_connected', 'alpha chosen'],
    },
    {
      when: 'the target is another account: nobody is asked to choose',
      candidates: [candidate('alpha'), candidate('beta', { account: BOB })],
      more: { steering: moving(true) },
      gives: ['beta account_differs not the account on alpha', 'alpha chosen'],
    },
    {
      when: 'nobody knows whose the target is',
      candidates: [candidate('alpha'), connectionless('beta')],
      more: { steering: moving(true) },
      gives: ['beta account_unknown', 'alpha chosen'],
    },
    {
      when: 'the road to the target is broken, the source comes first until it is mended',
      candidates: [candidate('alpha'), candidate('beta', {}, { open: ['proxy'] })],
      more: { steering: moving(true) },
      gives: ['alpha chosen', 'beta breaker_open'],
    },
    {
      when: 'the source can no longer be used',
      candidates: [candidate('alpha', { status: 'expired' }), candidate('beta')],
      more: { steering: moving(false) },
      gives: ['alpha not_active expired', 'beta chosen'],
    },
    {
      when: 'the caller names a connection, that is the one',
      more: { pin: { backend: 'alpha' }, steering: moving(true) },
      gives: ['beta not_pinned', 'alpha chosen'],
    },
  ])('$when', ({ candidates = BOTH, more, gives }) => {
    expect(told(ask(candidates, more))).toEqual(gives);
  });

  it('has every route that it would have otherwise', () => {
    const any = fc.record({
      status: fc.constantFrom('active' as const, 'expired' as const, 'pending' as const),
      account: fc.constantFrom(ADA, ADA, ADA, BOB),
      demoted: fc.boolean(),
    });
    fc.assert(
      fc.property(any, any, fc.boolean(), fc.boolean(), (alpha, beta, goes, prefersTarget) => {
        const candidates = [
          candidate('alpha', { status: alpha.status, account: alpha.account }, { demoted: alpha.demoted }),
          candidate('beta', { status: beta.status, account: beta.account }, { demoted: beta.demoted }),
        ];
        const prefer = prefersTarget ? ['beta', 'alpha'] : ['alpha', 'beta'];
        const [without, moved] = [ask(candidates, { prefer }), ask(candidates, { prefer, steering: moving(goes) })];
        if (without.kind !== 'use') return;
        expect(moved.kind === 'use' && moved.routes.length).toBe(without.routes.length);
        const shown = moved.verdicts.filter(({ reason }) => ROUTE_REASONS.has(reason));
        expect(shown).toHaveLength(without.routes.length);
      }),
    );
  });
});

describe('a backend that was stopped', () => {
  const steering = { stopped: [{ backend: 'alpha', detail: 'by ada at 09:00' }] };

  it('is passed over, with the name of whoever stopped it', () => {
    expect(told(ask(BOTH, { steering }))).toEqual(['alpha backend_stopped by ada at 09:00', 'beta chosen']);
  });

  it('is not used when there is nothing else, nor when it is named: the policy denies the call', () => {
    for (const decision of [
      ask([candidate('alpha')], { steering }),
      ask([], { absent: [{ backend: 'alpha', unreachable: 'policy_denied' }], steering }),
      ask(BOTH, { pin: { backend: 'alpha' }, steering }),
    ]) {
      expect(decision).toMatchObject({ kind: 'none', because: 'policy_denied' });
      expect(told(decision)).toContain('alpha backend_stopped by ada at 09:00');
    }
  });

  it('does not explain that another one, which was named, is not connected', () => {
    const decision = ask([], { absent: [{ backend: 'alpha', unasked: true }, { backend: 'beta' }], pin: { backend: 'beta' }, steering });
    expect(decision).toMatchObject({ kind: 'none', because: 'connection_required' });
  });
});

function connectionless(backend: string): Candidate {
  const { account: _account, ...known } = connection(backend);
  return candidate(backend, {}, { connection: known });
}
