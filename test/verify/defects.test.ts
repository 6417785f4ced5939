import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { caught, nameOf } from './catching.ts';
import { DETOURS, defectsOf, sample } from './defects.ts';

const bindings = (await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()))).flat();
const counted = defectsOf(bindings).filter(({ kind }) => !DETOURS.has(kind));

describe('verify, over bindings with seeded defects', () => {
  it('has defects of every kind to look for', () => {
    expect(new Set(counted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(14);
  });

  // `node test/verify/main.ts` seeds more of them and prints the share.
  it.each(sample(counted, 1).map((defect) => ({ name: nameOf(defect), defect })))('notices $name', async ({ defect }) => {
    expect((await caught(defect)).says).toBeDefined();
  });
});
