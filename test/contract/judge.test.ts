import { describe, expect, it } from 'vitest';
import { firstDifference, type Trace, verdictOn } from './judge.ts';

const NOTE = { operation: 'close.note.create', ids: ['acti_1'], fingerprint: 'f' };
const TASK = { operation: 'close.task.create', ids: ['task_1'], fingerprint: 'f' };
const WANTED = { data: { id: 'acti_1', note: 'Hello' }, effects: [NOTE], calls: 1 };
const GOT = { ok: true, data: WANTED.data } as const;
const LEFT: Trace = { effects: [NOTE], calls: 1, requests: 1 };
const REFUSED = { ok: false, why: 'the client was refused' } as const;

const judged = (got: Parameters<typeof firstDifference>[0], left: Trace) => {
  const difference = firstDifference(got, WANTED, left);
  return difference && verdictOn(difference, 'the tool has no such field').result;
};

describe('a cell of the matrix', () => {
  it('is as it should be when result, effects and requests are', () => {
    expect(judged(GOT, LEFT)).toBeUndefined();
    expect(judged({ ok: true, data: { ...WANTED.data, custom: {} } }, LEFT)).toBeUndefined();
  });

  it.each([
    { when: 'the result lacks something', got: { ok: true, data: { id: 'acti_1' } } as const, left: LEFT },
    { when: 'the effect is another', got: GOT, left: { ...LEFT, effects: [{ ...NOTE, fingerprint: 'g' }] } },
    { when: 'nothing was done', got: REFUSED, left: { effects: [], calls: 0, requests: 0 } },
    { when: 'the backend refused', got: REFUSED, left: { effects: [], calls: 0, requests: 1 } },
  ])('can be excused in writing when $when', ({ got, left }) => {
    expect(judged(got, left)).toBe('excused');
    const difference = firstDifference(got, WANTED, left);
    expect(difference && verdictOn(difference, undefined)).toMatchObject({ result: 'failing', why: difference?.what });
  });

  it.each([
    { when: 'Close was asked twice', left: { ...LEFT, calls: 2 } },
    { when: 'the backend was sent two requests', left: { ...LEFT, requests: 2 } },
    { when: 'it was done twice', left: { ...LEFT, effects: [NOTE, { ...NOTE, ids: ['acti_2'] }] } },
    { when: 'the same effect stands there twice', left: { ...LEFT, effects: [NOTE, NOTE] } },
    { when: 'something else was done', left: { ...LEFT, effects: [TASK] } },
    { when: 'something else was done as well', left: { ...LEFT, effects: [NOTE, TASK] } },
  ])('has no excuse when $when, however the call ended', ({ left }) => {
    expect(judged(GOT, left)).toBe('failing');
    expect(judged(REFUSED, left)).toBe('failing');
  });
});
