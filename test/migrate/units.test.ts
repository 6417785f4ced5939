import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import type { Ruling, Switchboard } from '../../src/contract/switchboard.ts';
import { atLeast, judge } from '../../src/migrate/guard.ts';
import { Load } from '../../src/migrate/load.ts';
import { isMoved, isShadowing, type Migration, migrationOf, placeOf, type RuledMigration } from '../../src/migrate/state.ts';
import { steeringOf } from '../../src/migrate/steer.ts';
import { Tallies } from '../../src/migrate/tallies.ts';
import { Watch } from '../../src/migrate/watch.ts';

const CUTOVER: Migration = {
  id: 'mig_1',
  app: 'close',
  from: 'alpha',
  to: 'beta',
  state: 'cutover',
  epoch: 1,
  cutover: {
    percent: 10,
    users: ['zoe'],
    since: '2026-03-02T09:00:00.000Z',
    limits: { errors: 0.05, differences: 0.02 },
    baseline: { requests: 100, errors: 1 },
  },
};
const RULED: RuledMigration = { ...CUTOVER, revision: 1, by: 'ada', at: '2026-03-02T09:00:00.000Z' };
const USERS = Array.from({ length: 2000 }, (_, at) => `user_${at}`);

function ruling(value: object, name = 'migration/close'): Ruling {
  return { name, revision: 1, by: 'ada', at: '2026-03-02T09:00:00.000Z', value: { ...value } };
}

describe('whose turn it is', () => {
  const moved = (percent: number, state: Migration['state'] = 'cutover') =>
    USERS.filter((user) => isMoved({ ...CUTOVER, state, cutover: { ...CUTOVER.cutover, percent } as never }, user));

  it('is a share of the users, the same ones each time, and more as it grows', () => {
    const [none, some, most, all] = [moved(0), moved(10), moved(60), moved(100)];
    expect([none.length, all.length]).toEqual([0, USERS.length]);
    expect(some.length).toBeGreaterThan(140);
    expect(some.length).toBeLessThan(260);
    expect(most).toEqual(expect.arrayContaining(some));
    expect(moved(10)).toEqual(some);
  });

  it('is named users in any case, and nobody before or after the cutover', () => {
    expect(isMoved(CUTOVER, 'zoe')).toBe(true);
    for (const state of ['shadow', 'stopped', 'rolled_back', 'finished'] as const) expect(moved(100, state)).toEqual([]);
  });

  it('does not depend on another migration', () => {
    expect(USERS.filter((user) => placeOf(user, 'mig_1') < 10)).not.toEqual(USERS.filter((user) => placeOf(user, 'mig_2') < 10));
  });
});

describe('what the rulings mean', () => {
  it('is that a user goes or stays while a migration is under way, and nothing before and after', () => {
    const query = { app: 'close', user: 'zoe' };
    expect(steeringOf([ruling(CUTOVER)], query)).toEqual({ stopped: [], move: { from: 'alpha', to: 'beta', goes: true } });
    expect(steeringOf([ruling({ ...CUTOVER, state: 'shadow' })], query).move).toMatchObject({ goes: false });
    expect(steeringOf([ruling({ ...CUTOVER, state: 'rolled_back' })], query)).toEqual({ stopped: [] });
    expect(steeringOf([ruling(CUTOVER)], { ...query, app: 'other' })).toEqual({ stopped: [] });
  });

  it('is that what was stopped is stopped until it is lifted, for every app', () => {
    const told = steeringOf([ruling({ state: 'stopped' }, 'stop/alpha'), ruling({ state: 'lifted' }, 'stop/beta')], {
      app: 'other',
      user: 'ada',
    });
    expect(told.stopped).toEqual([{ backend: 'alpha', detail: 'stopped by ada at 2026-03-02T09:00:00.000Z' }]);
  });

  it('is nothing when a later version wrote what this one cannot read', () => {
    for (const value of [{}, { ...CUTOVER, state: 'paused' }, { ...CUTOVER, to: 7 }])
      expect(migrationOf([ruling(value)], 'close')).toBeUndefined();
    expect(migrationOf([ruling(CUTOVER)], 'close')).toEqual(RULED);
  });

  it('is that comparing ends with its time', () => {
    const shadowing = { ...CUTOVER, shadowing: { sample: 0.5, until: '2026-03-02T10:00:00.000Z' } };
    expect(isShadowing(shadowing, new Date('2026-03-02T09:59:59Z'))).toBe(true);
    expect(isShadowing(shadowing, new Date('2026-03-02T10:00:00Z'))).toBe(false);
    expect(isShadowing({ ...shadowing, state: 'rolled_back' }, new Date('2026-03-02T09:59:59Z'))).toBe(false);
  });
});

describe('the guard', () => {
  const fine = { of: 100, bad: 1 };
  const sight = { source: fine, target: fine, compared: { of: 100, bad: 0 } };

  it.each([
    { when: 'both sides do equally well', more: {}, stops: undefined },
    { when: 'both sides do equally badly', more: { source: { of: 100, bad: 60 }, target: { of: 100, bad: 62 } }, stops: undefined },
    {
      when: 'the target fails',
      more: { target: { of: 20, bad: 9 } },
      stops: '9 of 20 requests through beta failed; through alpha it was 1.0 %',
    },
    { when: 'the target fails in a few of a few', more: { target: { of: 9, bad: 9 } }, stops: undefined },
    { when: 'one of ten may be an accident', more: { target: { of: 10, bad: 1 } }, stops: undefined },
    {
      when: 'the source has no traffic any more: what was usual before counts',
      more: { source: { of: 0, bad: 0 }, target: { of: 50, bad: 10 } },
      stops: '10 of 50 requests through beta failed; through alpha it was 1.0 %',
    },
    { when: 'answers differ', more: { compared: { of: 40, bad: 8 } }, stops: '8 of 40 compared reads differ between alpha and beta' },
    { when: 'a single answer differs', more: { compared: { of: 40, bad: 1 } }, stops: undefined },
  ])('$when: $stops', ({ more, stops }) => {
    expect(judge(RULED, { ...sight, ...more })).toBe(stops);
  });

  it('takes a share for no more than it is, and for nearly that with many calls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        const bad = Math.floor(of * share);
        const least = atLeast({ of, bad });
        expect(least).toBeGreaterThanOrEqual(0);
        expect(least).toBeLessThanOrEqual(bad / of + 1e-9);
        if (of > 2000) expect(bad / of - least).toBeLessThan(0.03);
      }),
    );
  });
});

/** A board whose rulings the test changes, and which can fail or hang. */
function boardOf(state: { rulings: readonly Ruling[]; fails?: boolean; reads: number; told: unknown[] }): Switchboard {
  const down = () => new RouterError('backend_unavailable', { what: 'the store does not answer', next: 'Wait.' });
  const board: Partial<Switchboard> = {
    rulings: async () => {
      state.reads += 1;
      if (state.fails) throw down();
      return state.rulings;
    },
    tell: async (tallies) => {
      if (state.fails) throw down();
      state.told.push(...tallies);
    },
  };
  return board as Switchboard; // all that is asked of it here
}

describe('a watch', () => {
  it('knows what was ruled less than a second ago, with two readings a second at most', async () => {
    const state = { rulings: [] as readonly Ruling[], reads: 0, told: [] };
    let now = 0;
    const watch = new Watch({ board: boardOf(state), elapsed: () => now });
    expect(await watch.current()).toEqual([]);
    state.rulings = [ruling(CUTOVER)];
    for (; now < 3000; now += 10) await watch.current();
    expect(watch.known).toEqual(state.rulings);
    expect(state.reads).toBeLessThanOrEqual(9);
    state.rulings = [];
    now += 900; // nobody called meanwhile
    expect(await watch.current()).toEqual([]);
  });

  it('goes on with what it knew while the store is away, and does not ask it at every call', async () => {
    const state = { rulings: [ruling(CUTOVER)], fails: false, reads: 0, told: [] };
    let now = 0;
    const watch = new Watch({ board: boardOf(state), elapsed: () => now });
    await watch.current();
    state.fails = true;
    for (const end = now + 4000; now < end; now += 10) expect(await watch.current()).toHaveLength(1);
    expect(state.reads).toBeLessThanOrEqual(12);
    state.fails = false;
    state.rulings = [];
    now += 1000;
    expect(await watch.current()).toEqual([]);
  });
});

describe('tallies', () => {
  it('are told again when the store was away, and begin anew with another subject', async () => {
    const state = { rulings: [], fails: true, reads: 0, told: [] as { subject: string; measure: string; count: number }[] };
    const tallies = new Tallies({ board: boardOf(state), elapsed: () => 0 });
    tallies.add('mig_1/1', 'close.lead.get', 'equal');
    await tallies.tell();
    state.fails = false;
    tallies.add('mig_1/1', 'close.lead.get', 'equal');
    await tallies.tell();
    await tallies.tell();
    expect(state.told).toMatchObject([{ subject: 'mig_1/1', measure: 'equal', count: 2 }]);
    tallies.add('mig_1/2', 'close.lead.get', 'equal');
    await tallies.tell();
    expect(state.told.at(-1)).toMatchObject({ subject: 'mig_1/2', count: 1 });
  });

  it('stay few, however many fields differ', async () => {
    const state = { rulings: [], reads: 0, told: [] as { measure: string }[] };
    const tallies = new Tallies({ board: boardOf(state), elapsed: () => 0 });
    for (let at = 0; at < 500; at += 1) tallies.add('s/1', 'close.lead.get', `field:f${at} (other)`);
    await tallies.tell();
    const measures = new Set(state.told.map(({ measure }) => measure));
    expect(measures.size).toBeLessThan(70);
    expect(measures).toContain('field:further ones');
  });
});

describe('the load that mirroring adds', () => {
  it('is two at a time and ten a second, and the rest is dropped', async () => {
    let now = 0;
    const load = new Load(() => now);
    const gates: (() => void)[] = [];
    const slow = () => new Promise<void>((resolve) => void gates.push(resolve));
    expect([load.admit(slow), load.admit(slow), load.admit(slow)]).toEqual([true, true, false]);
    for (const open of gates) open();
    await new Promise(setImmediate);
    let begun = 2;
    for (let at = 0; at < 50; at += 1) {
      begun += load.admit(async () => undefined) ? 1 : 0;
      await new Promise(setImmediate);
    }
    expect(begun).toBe(10);
    now = 1000;
    expect(load.admit(async () => undefined)).toBe(true);
  });
});
