/** Every write of the catalogue: what its declaration finds out when the answer was lost, in a world where it happened and in one where it did not. */
import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { confirm } from '../../src/router/confirm.ts';
import type { Finding } from '../../src/router/doubt.ts';
import { createWorld, type World, type WorldSnapshot } from '../../src/sandbox/world.ts';
import { type Client, clientOf, listAt, open } from '../sandbox/world-client.ts';
import { knownIn, STORY } from '../sandbox/world-story.ts';
import { doubtOver } from './doubts.ts';

const entries = await closeApp.all();
const writes = entries.filter((entry): entry is Operation => !isIntent(entry) && entry.effect !== 'read');
const ids = new Set(entries.map(({ id }) => id));

interface Case {
  readonly name: string;
  readonly operation: Operation;
  readonly input: JsonObject;
  /** The world right before the write. */
  readonly before: WorldSnapshot;
}

/** Forms of a write that the story does not have. */
const VARIANTS: Readonly<Record<string, readonly JsonObject[]>> = {
  'note.create': [{ note: 'From long ago', date_created: '2020-05-01T10:00:00Z' }],
  'call.create': [
    { direction: 'inbound', duration: 60, phone: '(415) 555-0132', note: 'a <b> & "c"', date_created: '2021-01-01T00:00:00Z' },
  ],
  'sms.create': [{ status: 'outbox', text: 'On my way', local_phone: '+14155550100', remote_phone: '+14155550132' }],
  'email.create': [
    {
      status: 'outbox',
      sender: 'ada@fernhill.example',
      to: ['ingrid@northpine.example'],
      subject: 'Re: "Pilot"',
      body_html: '<body><p>Hi</p></body>',
    },
  ],
  'lead.create': [{ name: '"A" & B\\C (GmbH)' }, { name: '???' }, { name: '株式会社' }, { name: ' spaced  out ' }, { name: 'or and not' }],
  'contact.create': [
    { name: 'Bea', phones: [{ phone: '415-555-0199', type: 'office' }], emails: [{ email: 'Bea@Example.com', type: 'office' }] },
    { title: 'nobody' },
  ],
  'task.create': [{ text: ' Trim me ', date: '2026-12-24' }],
};

const cases: readonly Case[] = tell();

function tell(): readonly Case[] {
  const client = open({ clock: { perCallMs: 0 } });
  const known = knownIn(client);
  return STORY.flatMap(({ operation: id, input = () => ({}), remember }) => {
    const operation = writes.find((one) => one.id === id);
    const before = client.world.snapshot();
    const given: Readonly<Record<string, unknown>> = input(known);
    const answer = client.ask(id, given);
    client.world.advance(1000);
    if (remember) known[remember] = String(answer['id'] ?? listAt(answer, 'data')[0]?.['id']);
    if (!operation) return [];
    const lead = given['lead_id'] === undefined ? {} : { lead_id: given['lead_id'] };
    const variants = (VARIANTS[id] ?? []).map((variant) => ({ ...lead, ...variant }));
    return [given, ...variants].map((one, at) => ({
      name: at === 0 ? id : `${id} ${JSON.stringify(VARIANTS[id]?.[at - 1])}`,
      operation,
      input: one,
      before,
    }));
  });
}

/** A copy of the world in which the write is about to be sent. */
function worldOf({ before }: Case, switches: Parameters<World['set']>[0] = {}): Client {
  const world = createWorld({ snapshot: before, clock: { perCallMs: 0 }, switches: { rateLimits: false, ...switches } });
  return clientOf(world);
}

interface Outcome {
  readonly finding: Finding;
  /** What the write answered, if it was done. */
  readonly answer?: JsonObject;
}

async function lose(client: Client, { operation, input }: Case, happens: boolean): Promise<Outcome> {
  const sentAt = client.world.now().getTime();
  client.world.advance(700);
  const answer = happens ? client.ask(operation.id, input) : undefined;
  client.world.advance(300);
  const finding = await confirm(doubtOver(client.world, operation, input, sentAt));
  return { finding, ...(answer ? { answer } : {}) };
}

const idIn = (finding: Finding): unknown => (finding.kind === 'present' ? stringAt(finding.data, 'id') : finding);
const how = (...ways: readonly string[]) => cases.filter(({ operation }) => ways.includes(operation.confirm.how));

it('is held against every write of the catalogue', () => {
  expect(new Set(cases.map(({ operation }) => operation.id))).toEqual(new Set(writes.map(({ id }) => id)));
});

it.each(writes)('$id is confirmed by reads that exist, or says why it cannot be', ({ confirm: way }) => {
  if (way.how === 'none') expect(way.why.length).toBeGreaterThan(20);
  if (way.how === 'search') expect(ids).toContain(way.list);
  if ((way.how === 'gone' || way.how === 'read-back') && way.read !== undefined) expect(ids).toContain(way.read);
});

const isRepeatable = ({ operation, input }: Case): boolean => operation.idempotent && !operation.sends(input);
/** Close's statuses carry no date. */
const isUndated = ({ operation }: Case): boolean => ['lead_status.create', 'opportunity_status.create'].includes(operation.id);

describe.each(how('search').filter((one) => !isUndated(one) && !isRepeatable(one)))('$name, when its answer was lost', (one) => {
  it('is found, when it had happened', async () => {
    const { finding, answer } = await lose(worldOf(one), one, true);
    expect(idIn(finding)).toEqual(answer?.['id']);
  });

  it('is absent, when it had not', async () => {
    expect(await lose(worldOf(one), one, false)).toEqual({ finding: { kind: 'absent' } });
  });

  it('is found although the lists lag half a minute', async () => {
    const { finding, answer } = await lose(worldOf(one, { searchLagMs: 30_000 }), one, true);
    expect(idIn(finding)).toEqual(answer?.['id']);
  });

  it('is not taken for an older one that is equal', async () => {
    const client = worldOf(one);
    const older = client.ask(one.operation.id, one.input);
    client.world.advance(5000);
    const { finding } = await lose(client, one, false);
    expect([finding.kind, idIn(finding) === older['id']]).toEqual(['absent', false]);
  });

  it('is told from an older one that is equal', async () => {
    const client = worldOf(one);
    client.ask(one.operation.id, one.input);
    client.world.advance(5000);
    const { finding, answer } = await lose(client, one, true);
    expect(idIn(finding)).toEqual(answer?.['id']);
  });
});

describe.each(how('search').filter(isUndated))('$name, when its answer was lost', (one) => {
  it('is not guessed at, when an equal one exists', async () => {
    const { finding } = await lose(worldOf(one), one, true);
    expect(finding).toMatchObject({ kind: 'unsure', why: expect.stringContaining('when it was made') });
  });

  it('is absent, when none exists', async () => {
    expect(await lose(worldOf(one), one, false)).toEqual({ finding: { kind: 'absent' } });
  });
});

describe.each(how('search').filter(isRepeatable))('$name, when its answer was lost', (one) => {
  it('is found, when it had happened', async () => {
    const { finding, answer } = await lose(worldOf(one), one, true);
    expect(idIn(finding)).toEqual(answer?.['id']);
  });

  it('may be sent again, when it had not', async () => {
    expect(await lose(worldOf(one), one, false)).toEqual({ finding: { kind: 'harmless' } });
  });
});

describe.each(how('read-back', 'gone'))('$name, when its answer was lost', (one) => {
  const { operation, input } = one;
  const repeatable = isRepeatable(one);

  it('is seen, when it had happened', async () => {
    const { finding } = await lose(worldOf(one), one, true);
    const canBeSeen = operation.confirm.how === 'read-back' || 'read' in operation.confirm;
    expect(finding.kind).toBe(canBeSeen ? 'present' : 'harmless');
  });

  it('may be sent again, when it had not', async () => {
    const { finding } = await lose(worldOf(one), one, false);
    expect(finding).toEqual({ kind: repeatable ? 'harmless' : 'absent' });
  });

  it.runIf(repeatable)('leaves the same when it is sent twice', () => {
    const client = worldOf(one);
    client.ask(operation.id, input);
    const [once, lines] = [client.world.snapshot().store, client.world.ledger().length];
    const again = client.world.run({ operation: `close.${operation.id}`, input }, { key: client.key });
    if (operation.http.method === 'DELETE') {
      expect(again.ok || again.error.code === 'not_found').toBe(true);
      expect(client.world.ledger()).toHaveLength(lines);
      expect(client.world.snapshot().store).toEqual(once);
    } else expect(again).toMatchObject({ ok: true });
  });
});

describe.each(how('none'))('$name', (one) => {
  it('says that it cannot be looked up', async () => {
    const finding = await confirm(doubtOver(worldOf(one).world, one.operation, one.input, 0));
    expect(finding).toMatchObject({
      kind: 'unsure',
      why: isObject(one.operation.confirm) && one.operation.confirm.how === 'none' ? one.operation.confirm.why : '',
    });
  });
});
