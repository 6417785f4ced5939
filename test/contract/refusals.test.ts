import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, wayThrough } from './pair.ts';
import { operationOf, startingWorld } from './reference.ts';
import { meet, sight, TROUBLES } from './refusals.ts';
import { NAMES, openPair, type Pair } from './rig.ts';

const PAIRS = NAMES.flatMap((door) => NAMES.map((adapter) => ({ door, adapter })));

describe.each(PAIRS)('a program for $door, over $adapter', ({ door, adapter }) => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair(door, adapter, startingWorld());
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  it.each(TROUBLES.filter(({ final }) => !final))('is told its own way: $name ($operation)', async (trouble) => {
    pair.stage.current = startingWorld();
    await expectTold(pair, trouble);
  });

  it.each(TROUBLES.filter(({ final }) => final))('is told its own way: $name ($operation)', async (trouble) => {
    await using broken = await openPair(door, adapter, startingWorld());
    await expectTold(broken, trouble);
    // The next call is refused too, and Close still hears nothing that it would have to do.
    const again = await ask(broken, operationOf(trouble.operation), trouble.input);
    expect(again.kind).toBe('refused');
    expect(broken.stage.current.ledger()).toEqual([]);
  });

  async function expectTold(at: Pair, trouble: (typeof TROUBLES)[number]): Promise<void> {
    const { way } = wayThrough(at, operationOf(trouble.operation), trouble.input);
    at.stage.calls.length = 0;
    const heard = await meet(at, trouble);
    const { text, ...seen } = heard.kind === 'refused' ? heard : { text: '' };
    expect(seen).toEqual({ kind: 'refused', ...sight(trouble, door, adapter, way === 'tool' ? 'tool' : 'http') });
    expect(text).toContain(trouble.tells ?? '');
    expect(text).not.toContain(at.stage.keys()[0]?.key);
    expect(at.stage.current.ledger()).toEqual([]);
    expect(at.stage.calls.length > 0).toBe(trouble.early !== true);
  }
});
