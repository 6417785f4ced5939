import { expect, it } from 'vitest';
import { WRONG_CALLS } from './cases.ts';
import { tryRepair } from './stage.ts';

it('is given at least fifty wrong calls', () => {
  expect(new Set(WRONG_CALLS.map(({ name }) => name)).size).toBe(WRONG_CALLS.length);
  expect(WRONG_CALLS.length).toBeGreaterThanOrEqual(50);
});

it.each(
  WRONG_CALLS.map((wrong) => [wrong.name, wrong] as const),
)('an agent that only follows the steps of errors gets over %s', async (_, wrong) => {
  const { ok, meant, log } = await tryRepair(wrong);
  expect({ ok, meant }, log.join(' → ')).toEqual({ ok: true, meant: true });
  expect(log.length).toBeGreaterThan(1); // it was wrong to begin with
});
