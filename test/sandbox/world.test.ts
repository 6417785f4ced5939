import { describe, expect, it } from 'vitest';
import { createWorld, type World, type WorldOptions, type WorldSnapshot } from '../../src/sandbox/world.ts';
import { clientOf, open } from './world-client.ts';
import { knownIn, STORY } from './world-story.ts';

const TELLABLE = STORY.slice(
  0,
  STORY.findIndex((step) => step.operation === 'meeting.delete'),
);

/** Tells a part of the story and returns every answer as text. */
function tell(world: World): string {
  const client = clientOf(world);
  const known = knownIn(client);
  return JSON.stringify(
    TELLABLE.map(({ operation, input, remember }) => {
      const answer = client.ask(operation, input?.(known) ?? {});
      if (remember) known[remember] = String(answer['id']);
      return answer;
    }),
  );
}

describe('a world', () => {
  it('gives the same bytes for the same seed and the same calls, and others for another seed', () => {
    const [one, again, other] = [createWorld({ seed: 7 }), createWorld({ seed: 7 }), createWorld({ seed: 8 })];
    const told = tell(one);
    expect(tell(again)).toBe(told);
    expect(JSON.stringify(again.snapshot())).toBe(JSON.stringify(one.snapshot()));
    expect(tell(other)).not.toBe(told);
  });

  it('goes on from a snapshot that went through JSON as if nothing had happened', () => {
    const world = createWorld({ seed: 'paused' });
    tell(world);
    const snapshot: WorldSnapshot = JSON.parse(JSON.stringify(world.snapshot()));
    const resumed = createWorld({ snapshot });
    expect(resumed.keys()).toEqual(world.keys());
    expect(resumed.ledger()).toEqual(world.ledger());
    expect(tell(resumed)).toBe(tell(world));
    expect(resumed.now()).toEqual(world.now());
  });

  it('does not let a snapshot change with the world', () => {
    const client = open();
    const before = client.world.snapshot();
    const text = JSON.stringify(before);
    client.ask('lead.create', { name: 'Later' });
    expect(JSON.stringify(before)).toBe(text);
  });

  it('starts empty on request: people, keys and settings, no leads', () => {
    const client = open({ data: 'empty' });
    expect(client.all('lead.list')).toHaveLength(0);
    expect(client.all('event.list')).toHaveLength(0);
    expect(client.all('pipeline.list')).toHaveLength(2);
    expect(client.ask('lead.create', { name: 'First' })).toMatchObject({ status_label: 'Potential' });
  });

  it('has two keys of one organization and one of another', () => {
    const keys = createWorld().keys();
    expect(keys.map((one) => one.label)).toEqual([
      'Fernhill Trading (Ada Brandt)',
      'Fernhill Trading (Jonas Vale)',
      'Quayside Labs (Ada Brandt)',
    ]);
    expect(keys.every((one) => /^api_[0-9A-Za-z]{22}\.[0-9A-Za-z]{22}$/.test(one.key))).toBe(true);
    expect(keys[0]?.userId).toBe(keys[2]?.userId);
    expect(keys[0]?.organizationId).not.toBe(keys[2]?.organizationId);
  });

  it('follows the machine’s clock when told to', () => {
    const world = createWorld({ clock: { kind: 'real' } });
    const before = Date.now();
    world.advance(3_600_000);
    expect(world.now().getTime()).toBeGreaterThanOrEqual(before + 3_600_000);
  });
});

describe('the ledger', () => {
  it('lists every committed effect once, by ids and a hash, without anything of a person', () => {
    const client = open();
    const input = { name: 'Secretive Ltd', contacts: [{ name: 'Zelda Quill', emails: [{ email: 'zelda@quill.example' }] }] };
    const lead = client.id('lead.create', input);
    client.ask('lead.get', { lead_id: lead });
    client.refusal('lead.create', { status: 'Nope' });
    client.ask('lead.create', { contacts: input.contacts, name: input.name });
    const [one, two, ...rest] = client.world.ledger();
    expect(rest).toEqual([]);
    expect(one).toMatchObject({ seq: 1, operation: 'close.lead.create', ids: expect.arrayContaining([lead]) });
    expect(client.key.startsWith(`${one?.key}.`)).toBe(true);
    expect(two?.fingerprint).toBe(one?.fingerprint);
    const text = JSON.stringify(client.world.ledger());
    for (const secret of ['Secretive', 'Zelda', 'quill', client.key]) expect(text).not.toContain(secret);
  });

  it('names the job’s operation for what a job did later', () => {
    const client = open({ clock: { perCallMs: 0 } });
    client.ask('bulk_delete.create', { query: 'name:"Vireo"' });
    client.world.advance(3_000);
    expect(client.world.ledger().map((one) => one.operation)).toEqual(Array(3).fill('close.bulk_delete.create'));
  });
});

describe('scripted failures of the app', () => {
  it('before the effect: nothing has happened', () => {
    const client = open();
    client.world.fail({ operation: 'lead.create', when: 'before', error: 503 });
    expect(client.refusal('lead.create', { name: 'X' })).toMatchObject({ code: 'backend_unavailable', details: { status: 503 } });
    expect(client.world.ledger()).toHaveLength(0);
    expect(client.ask('lead.create', { name: 'X' })['name']).toBe('X');
  });

  it('after the effect: it has happened all the same', () => {
    const client = open();
    client.world.fail({ operation: 'close.lead.create', when: 'after', error: 502, times: 2, skip: 1 });
    expect(client.ask('lead.create', { name: 'Fine' })['name']).toBe('Fine');
    expect(client.refusal('lead.create', { name: 'Lost 1' }).details.status).toBe(502);
    expect(client.refusal('lead.create', { name: 'Lost 2' }).details.status).toBe(502);
    expect(client.all('lead.list', { query: 'name:Lost' })).toHaveLength(2);
    expect(client.world.ledger()).toHaveLength(3);
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'permission_denied'],
    [404, 'not_found'],
    [409, 'conflict'],
    [429, 'rate_limited'],
    [500, 'backend_unavailable'],
  ] as const)('answers %i as %s', (error, code) => {
    const client = open();
    client.world.fail({ when: 'before', error });
    expect(client.refusal('me.get').code).toBe(code);
    expect(client.ask('me.get')).toHaveProperty('id');
  });

  it('asks to wait for as long as the test says', () => {
    const client = open();
    client.world.fail({ when: 'before', error: 'rate_limited', retryAfterMs: 2500 });
    expect(client.refusal('me.get')).toMatchObject({ code: 'rate_limited', details: { retryAfterMs: 2500, status: 429 } });
  });
});

describe('rate limits', () => {
  const run = (world: World, operation: string, index = 0) =>
    world.run(
      { operation: `close.${operation}`, input: operation === 'lead.create' ? { name: 'X' } : {} },
      { key: world.keys()[index]?.key ?? '' },
    );
  const still = (switches: WorldOptions['switches'] = {}): World => createWorld({ clock: { perCallMs: 0 }, switches });

  it('tells the state of the bucket with every answer', () => {
    const world = still();
    expect(run(world, 'me.get')).toMatchObject({ ok: true, rateLimit: { limit: 20, remaining: 19, resetSeconds: 0.05 } });
    expect(run(world, 'me.get')).toMatchObject({ rateLimit: { remaining: 18 } });
  });

  it('refuses the 21st call of a second, executes nothing, and lets it through after the wait', () => {
    const world = still();
    for (let at = 0; at < 20; at += 1) expect(run(world, 'lead.create').ok).toBe(true);
    expect(run(world, 'lead.create')).toMatchObject({
      ok: false,
      rateLimit: { remaining: 0 },
      error: { code: 'rate_limited', details: { retryAfterMs: 50 } },
    });
    expect(world.ledger()).toHaveLength(20);
    expect(run(world, 'lead.list').ok).toBe(true); // reads have their own bucket
    world.advance(50);
    expect(run(world, 'lead.create').ok).toBe(true);
  });

  it('limits the organization at three times that, over all its keys', () => {
    const world = still({ perKeyPerSecond: 20, perOrganizationPerSecond: 25 });
    for (let at = 0; at < 25; at += 1) expect(run(world, 'lead.list', at % 2).ok).toBe(true);
    expect(run(world, 'lead.list', 1)).toMatchObject({ ok: false, rateLimit: { limit: 25 } });
    expect(run(world, 'lead.list', 2).ok).toBe(true); // another organization
  });

  it('never meets a caller who takes turns, by the virtual clock', () => {
    const world = createWorld();
    for (let at = 0; at < 200; at += 1) expect(run(world, 'me.get').ok).toBe(true);
  });

  it('can refuse although there is room, and be switched off', () => {
    const world = still({ hidden429: 1 });
    expect(run(world, 'me.get')).toMatchObject({ ok: false, error: { code: 'rate_limited' }, rateLimit: { remaining: 19 } });
    expect(run(world, 'me.get').ok).toBe(true);
    world.set({ rateLimits: false });
    expect(run(world, 'me.get')).not.toHaveProperty('rateLimit');
  });
});

describe('lag', () => {
  it('still reads what was deleted, for a while; a second delete knows better', () => {
    const client = open({ clock: { perCallMs: 0 }, switches: { readLagMs: 5_000 } });
    const id = client.id('lead.create', { name: 'Fading' });
    client.ask('lead.delete', { lead_id: id });
    expect(client.ask('lead.get', { lead_id: id })).toMatchObject({ name: 'Fading' });
    expect(client.refusal('lead.delete', { lead_id: id }).code).toBe('not_found');
    client.world.advance(5_000);
    expect(client.refusal('lead.get', { lead_id: id }).code).toBe('not_found');
  });

  it('lists and finds late what was created, and still what was deleted; reads by id are fresh', () => {
    const client = open({ clock: { perCallMs: 0 }, switches: { searchLagMs: 30_000 } });
    const id = client.id('lead.create', { name: 'Fresh Fish' });
    const listed = (): number => client.all('lead.list', { query: 'name:"Fresh Fish"' }).length;
    expect(client.ask('lead.get', { lead_id: id })).toMatchObject({ name: 'Fresh Fish' });
    expect(listed()).toBe(0);
    client.world.advance(30_000);
    expect(listed()).toBe(1);
    client.ask('lead.delete', { lead_id: id });
    expect(listed()).toBe(1);
    client.world.advance(30_000);
    expect(listed()).toBe(0);
  });
});
