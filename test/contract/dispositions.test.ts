import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Heard } from './clients.ts';
import { operationOf, startingWorld } from './reference.ts';
import { NAMES, openPair, type Pair } from './rig.ts';

/** Outcomes of a call that Close derives from no status, so that only Composio's tool can record them. */
const ONLY_COMPOSIO = ['vm-left', 'vm-answer', 'blocked', 'error', 'abandoned'];
const ANYWHERE = ['answered', 'no-answer', 'busy'];

function leadOf({ stage }: Pair): string {
  const outcome = stage.current.run({ operation: 'close.lead.list', input: {} }, { key: stage.keys()[0]?.key ?? '' });
  const data: unknown = outcome.ok && isObject(outcome.data) ? outcome.data['data'] : undefined;
  return String(Array.isArray(data) ? data[0].id : undefined);
}

function log(pair: Pair, disposition: string): Promise<Heard> {
  return pair.client.tool('CLOSE_CREATE_CALL', { lead_id: leadOf(pair), direction: 'outbound', disposition });
}

function recorded(heard: Heard): JsonObject {
  return heard.kind === 'result' && isObject(heard.data) ? heard.data : {};
}

describe('a program that logs calls with Composio’s tool', () => {
  it.each([...ONLY_COMPOSIO, ...ANYWHERE])('finds %s recorded as it said, over Composio', async (disposition) => {
    await using pair = await openPair('composio', 'composio', startingWorld());
    expect(recorded(await log(pair, disposition))).toMatchObject({ disposition });
    expect(pair.receipts.map(({ route }) => route?.transport)).toEqual(['tool']);
  });

  describe.each(NAMES.filter((name) => name !== 'composio'))('over %s', (adapter) => {
    it.each(ANYWHERE)('finds %s recorded as it said', async (disposition) => {
      await using pair = await openPair('composio', adapter, startingWorld());
      expect(recorded(await log(pair, disposition))).toMatchObject({ disposition });
    });

    it.each(ONLY_COMPOSIO)('is told that %s cannot be recorded there, and nothing is', async (disposition) => {
      await using pair = await openPair('composio', adapter, startingWorld());
      const heard = await log(pair, disposition);
      expect(heard).toMatchObject({ kind: 'refused', text: expect.stringContaining('disposition') });
      expect(pair.stage.current.ledger()).toEqual([]);
      expect(pair.receipts[0]?.verdicts).toContainEqual(expect.objectContaining({ reason: 'unsupported_fields', detail: 'disposition' }));
    });
  });
});

describe('a program that logs calls with Scalekit’s tool', () => {
  const outcome = (pair: Pair, status: string): Promise<Heard> =>
    pair.client.tool('close_call_create', { lead_id: leadOf(pair), direction: 'outbound', status });

  it('finds left_voicemail recorded as Close’s vm-left, over Composio', async () => {
    await using pair = await openPair('scalekit', 'composio', startingWorld());
    const made = recorded(await outcome(pair, 'left_voicemail'));
    expect(made).toMatchObject({ disposition: 'vm-left' });
    const read = await pair.client.tool('close_call_get', { call_id: made['id'] });
    expect(recorded(read)).toMatchObject({ disposition: 'vm-left' });
  });

  it.each(NAMES.filter((name) => name !== 'composio'))('is told over %s that left_voicemail cannot be recorded there', async (adapter) => {
    await using pair = await openPair('scalekit', adapter, startingWorld());
    expect(await outcome(pair, 'left_voicemail')).toMatchObject({ kind: 'refused', text: expect.stringContaining('disposition') });
    expect(pair.stage.current.ledger()).toEqual([]);
  });

  it.each(NAMES)('is told over %s that wrong_number is no outcome of Close, and which are', async (adapter) => {
    await using pair = await openPair('scalekit', adapter, startingWorld());
    expect(await outcome(pair, 'wrong_number')).toMatchObject({ kind: 'refused', text: expect.stringMatching(/status.*no-answer/) });
    expect(pair.stage.current.ledger()).toEqual([]);
  });

  it.each([
    ['completed', { status: 'completed', disposition: 'answered' }],
    ['no_answer', { status: 'no-answer', disposition: 'no-answer' }],
  ])('finds %s recorded as it said, over Scalekit', async (status, says) => {
    await using pair = await openPair('scalekit', 'scalekit', startingWorld());
    expect(recorded(await outcome(pair, status))).toMatchObject(says);
    expect(pair.receipts.map(({ route }) => route?.transport)).toEqual(['tool']);
  });

  it('cannot change a call to left_voicemail: no update of Close takes a disposition', async () => {
    await using pair = await openPair('scalekit', 'composio', startingWorld());
    const { id } = recorded(await outcome(pair, 'completed'));
    const heard = await pair.client.tool('close_call_update', { call_id: id, status: 'left_voicemail' });
    expect(heard).toMatchObject({ kind: 'refused', text: expect.stringContaining('status') });
    expect(recorded(await pair.client.tool('close_call_get', { call_id: id }))).toMatchObject({ status: 'completed' });
  });
});

it.each(NAMES)('a program that sends Close a disposition in its own request over %s is told that Close has none', async (door) => {
  await using pair = await openPair(door, 'composio', startingWorld());
  const body = { lead_id: leadOf(pair), direction: 'outbound', disposition: 'vm-left' };
  const heard = await pair.client.http({ method: 'POST', path: operationOf('call.create').http.path, body });
  expect(heard.kind).toBe('refused');
  expect(pair.stage.current.ledger()).toEqual([]);
});
