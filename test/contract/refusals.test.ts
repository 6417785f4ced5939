import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORE_TROUBLES, HARMLESS } from './core-errors.ts';
import { ALL_TROUBLES, meetOver } from './errors-over.ts';
import { ask } from './pair.ts';
import { operationOf, operations, startingWorld } from './reference.ts';
import { NAMES, openPair, type Pair } from './rig.ts';

const PAIRS = NAMES.flatMap((door) => NAMES.map((adapter) => ({ door, adapter })));

describe('what can go wrong', () => {
  it('is tried with every core operation, but for those that take nothing that could be wrong', () => {
    const tried = new Set([...CORE_TROUBLES.map(({ operation }) => operation), ...HARMLESS]);
    expect(operations.filter(({ core, id }) => core && !tried.has(id))).toEqual([]);
    expect(HARMLESS).toEqual(['me.get', 'pipeline.list', 'webhook.list']);
  });

  it('is an object that is not there wherever a path names one', () => {
    const named = operations.filter(({ core, http }) => core && http.path.includes('{')).map(({ id }) => id);
    expect(CORE_TROUBLES.filter(({ name }) => name === 'not found').map(({ operation }) => operation)).toEqual(named);
    expect(named.length).toBeGreaterThan(40);
  });
});

describe.each(PAIRS)('a program for $door, over $adapter', ({ door, adapter }) => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair(door, adapter, startingWorld());
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  it.each(ALL_TROUBLES.filter(({ final }) => !final))('is told its own way: $name ($operation)', async (trouble) => {
    expect((await meetOver(pair, trouble)).why).toBeUndefined();
  });

  it.each(ALL_TROUBLES.filter(({ final }) => final))('is told its own way: $name ($operation)', async (trouble) => {
    await using broken = await openPair(door, adapter, startingWorld());
    expect((await meetOver(broken, trouble)).why).toBeUndefined();
    // The next call is refused too, and Close still hears nothing that it would have to do.
    const again = await ask(broken, operationOf(trouble.operation), trouble.input);
    expect(again.kind).toBe('refused');
    expect(broken.stage.current.ledger()).toEqual([]);
  });
});
