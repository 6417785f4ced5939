import { expect, it } from 'vitest';
import { runCampaign } from './campaign.ts';

const NONE = { duplicates: 0, lost: 0, wrongSuccesses: 0, unreported: 0, unjournaled: 0, findings: [] };

it.concurrent('writes through four backends in trouble end as their callers are told, once each', { timeout: 120_000 }, async () => {
  const figures = await runCampaign({ writes: 200, seed: 'short', lanes: 8, hangMs: 1500 });
  expect(figures).toMatchObject({ ...NONE, died: 0 });
  expect(figures.writes).toBeGreaterThanOrEqual(200);
  expect(figures.doubtful).toBeGreaterThan(50);
});

it.concurrent('two processes on one store that are killed now and then keep the same promises', { timeout: 120_000 }, async () => {
  const figures = await runCampaign({ writes: 40, seed: 'kills', lanes: 2, replicas: 2, kills: true, hangMs: 1500 });
  expect(figures).toMatchObject(NONE);
  expect(figures.byTrouble['kill -9']?.wishes).toBeGreaterThan(0);
});
