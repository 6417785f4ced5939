import { expect, it } from 'vitest';
import { closeApp } from '../../../src/catalog/close/index.ts';
import { HELD_OUT, TUNED } from './phrases.ts';
import { score } from './score.ts';

const ALL = [...TUNED, ...HELD_OUT];

it('is asked 150 different phrases, half of which it was not tuned on, about operations that exist', () => {
  expect([TUNED.length, HELD_OUT.length]).toEqual([75, 75]);
  expect(new Set(ALL.map(([words]) => words)).size).toBe(150);
  const known = new Set(closeApp.ids);
  expect(ALL.flatMap(([, ...right]) => right).filter((id) => !known.has(id))).toEqual([]);
});

it('finds the right operation first for nine phrases of ten that it was tuned on, and nearly always among three', async () => {
  const { phrases, first, three, missed } = await score(TUNED);
  expect(first / phrases, JSON.stringify(missed, null, 1)).toBeGreaterThanOrEqual(0.9);
  expect(three / phrases).toBeGreaterThanOrEqual(0.97);
});

it('does not much worse on phrases that nobody looked at while it was tuned', async () => {
  const { phrases, first, three, missed } = await score(HELD_OUT);
  expect(first / phrases, JSON.stringify(missed, null, 1)).toBeGreaterThanOrEqual(0.8);
  expect(three / phrases).toBeGreaterThanOrEqual(0.95);
});
