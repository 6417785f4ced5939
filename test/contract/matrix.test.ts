import { beforeAll, describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { pairOf } from './heat-map.ts';
import { type MatrixCell, tellOver } from './pair.ts';
import { type Case, operations, tellReference } from './reference.ts';
import { NAMES } from './rig.ts';

const cases: readonly Case[] = await tellReference();
const PAIRS = NAMES.flatMap((door) => NAMES.map((adapter) => ({ door, adapter })));
const NAMED = [...new Set(cases.map(({ entry }) => entry.id))];

/** `entry: why` of what may differ, by pair. Whoever adds one here says so to every user of that pair. */
const EXCUSED: Readonly<Record<string, readonly string[]>> = {};

describe('the story', () => {
  it('has every operation and every intent of the catalogue', () => {
    expect(NAMED.toSorted()).toEqual([...closeApp.ids].toSorted());
    expect(operations.filter(({ core }) => core)).toHaveLength(81);
  });

  it('writes something with every write', () => {
    const silent = cases.filter(({ entry, effects }) => entry.effect !== 'read' && effects.length === 0).map(({ entry }) => entry.id);
    // Asking for an upload address changes nothing.
    expect(silent).toEqual(['file.upload']);
  });
});

describe.each(PAIRS)('a program for $door, over $adapter', ({ door, adapter }) => {
  let cells: readonly MatrixCell[] = [];
  beforeAll(async () => {
    cells = await tellOver(door, adapter, cases);
  }, 60_000);

  it('excuses only what is listed here', () => {
    const excused = cells.filter(({ result }) => result === 'excused').map(({ entry, why }) => `${entry}: ${why}`);
    expect(excused).toEqual(EXCUSED[pairOf({ door, adapter })] ?? []);
  });

  it.each(NAMED)('%s gives what Close gives, and does what Close does, once', (id) => {
    const own = cells.filter(({ entry }) => entry === id);
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ result }) => result === 'failing').map(({ why }) => why)).toEqual([]);
  });
});
