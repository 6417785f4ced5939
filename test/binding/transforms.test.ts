import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRANSFORMS } from '../../src/binding/transforms.ts';

const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const of = (name: string) => TRANSFORMS[name] ?? { encode: () => undefined, decode: () => undefined };
const text = fc.oneof(fc.string(), fc.constantFrom('id', 'date_created', 'custom.cf_a', 'a,b', ' a', ''));

describe('every named transform', () => {
  it.each(Object.keys(TRANSFORMS))('%s gives back what it took, or does not take it', (name) => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(fc.array(text), fc.jsonValue()), (value) => {
        const encoded = of(name).encode(value);
        if (encoded === undefined) return;
        taken += 1;
        expect(of(name).decode(overTheWire(encoded))).toEqual(overTheWire(value));
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});

describe('a comma list', () => {
  const { encode, decode } = of('comma-list');

  it.each([
    [['a', 'b'], 'a,b'],
    [['a'], 'a'],
    [['a,b'], undefined],
    [[''], undefined],
    [[], undefined],
    [[' a'], undefined],
    ['a', undefined],
  ])('of %j is %j', (value, theirs) => {
    expect(encode(value)).toBe(theirs);
  });

  it('is read with blanks after the commas, as people write it', () => {
    expect(decode('id, name')).toEqual(['id', 'name']);
  });
});

describe('addresses as objects', () => {
  const { encode, decode } = of('address-objects');

  it('hold nothing but the address', () => {
    expect(encode(['a@x.example'])).toEqual([{ email: 'a@x.example' }]);
  });

  it('that say more stay as they came, so that nothing is lost without a word', () => {
    const named = [{ email: 'a@x.example', name: 'A' }];
    expect(decode(named)).toEqual(named);
    expect(decode(['a@x.example', { email: 'b@x.example' }])).toEqual(['a@x.example', 'b@x.example']);
  });
});
