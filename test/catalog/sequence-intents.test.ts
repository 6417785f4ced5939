import { describe, expect, it } from 'vitest';
import { sequenceEnrol, sequencePause, sequenceResume } from '../../src/catalog/close/intents-sequence.ts';
import type { JsonObject } from '../../src/contract/guards.ts';

const pair = { sequence_id: 'seq_1', contact_id: 'cont_1' };
const enrolled = (status: string, id = 'sub_1') => ({ id, ...pair, status });

/** A Close that knows some enrolments, lists them two to a page, and remembers what it was asked to write. */
function close(...known: readonly JsonObject[]) {
  const written: [string, JsonObject][] = [];
  const call = async (operation: string, input: JsonObject): Promise<unknown> => {
    const skip = Number(input['skip'] ?? 0) / 50; // the page of 100 that was asked for comes as 2
    if (operation.endsWith('.list')) return { data: known.slice(skip, skip + 2), has_more: skip + 2 < known.length };
    if (operation.endsWith('.get')) return known.find((one) => one['id'] === input['subscription_id']);
    written.push([operation, input]);
    return operation.endsWith('.create') ? { ...input, id: 'sub_new', status: 'active' } : { ...known[0], ...input };
  };
  return { call, written };
}

describe('enrolling a contact', () => {
  it('enrols it when it is not enrolled', async () => {
    const { call, written } = close(enrolled('finished'));
    expect(await sequenceEnrol.run(pair, call)).toMatchObject({ id: 'sub_new', already: false });
    expect(written).toEqual([['sequence_subscription.create', pair]]);
  });

  it.each(['active', 'paused'])('writes nothing when an enrolment is %s', async (status) => {
    const { call, written } = close(enrolled('finished', 'sub_0'), enrolled(status));
    expect(await sequenceEnrol.run(pair, call)).toMatchObject({ id: 'sub_1', status, already: true });
    expect(written).toEqual([]);
  });

  it('looks through all pages', async () => {
    const { call, written } = close(
      enrolled('finished', 'sub_a'),
      enrolled('error', 'sub_b'),
      enrolled('goal', 'sub_c'),
      enrolled('paused'),
    );
    expect(await sequenceEnrol.run(pair, call)).toMatchObject({ id: 'sub_1', already: true });
    expect(written).toEqual([]);
  });

  it('is not misled by the enrolment of somebody else', async () => {
    const { call } = close({ ...enrolled('active'), contact_id: 'cont_2' }, { ...enrolled('active'), sequence_id: 'seq_2' });
    expect(await sequenceEnrol.run(pair, call)).toMatchObject({ already: false });
  });
});

describe('pausing and resuming', () => {
  it('pauses the enrolment of the pair', async () => {
    const { call, written } = close(enrolled('active'));
    expect(await sequencePause.run(pair, call)).toMatchObject({ status: 'paused', already: false });
    expect(written).toEqual([['sequence_subscription.update', { subscription_id: 'sub_1', status: 'paused' }]]);
  });

  it('writes nothing when it is so already', async () => {
    const { call, written } = close(enrolled('active'));
    expect(await sequenceResume.run({ subscription_id: 'sub_1' }, call)).toMatchObject({ id: 'sub_1', already: true });
    expect(written).toEqual([]);
  });

  it('says that there is no enrolment, and what to do', async () => {
    const { call } = close(enrolled('finished'));
    await expect(sequencePause.run(pair, call)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('sequence.enrol'),
    });
  });

  it('asks which one when there are several', async () => {
    const { call, written } = close(enrolled('active', 'sub_1'), enrolled('paused', 'sub_2'));
    await expect(sequenceResume.run(pair, call)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { choices: ['sub_1', 'sub_2'] },
    });
    expect(written).toEqual([]);
  });
});
