import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../src/migrate/compare.ts';

describe('two answers', () => {
  it.each<{ when: string; source: unknown; target: unknown; ordered?: boolean; differ: readonly string[] }>([
    { when: 'are equal', source: { id: 1, a: [1, { b: 2 }] }, target: { a: [1, { b: 2 }], id: 1 }, differ: [] },
    { when: 'name nothing differently', source: { a: null }, target: {}, differ: [] },
    { when: 'lack a field', source: { a: 1, b: { c: 2 } }, target: { b: {} }, differ: ['a missing', 'b.c missing'] },
    { when: 'have one more', source: {}, target: { a: 1 }, differ: ['a extra'] },
    { when: 'have another value', source: { a: '1' }, target: { a: 1 }, differ: ['a other'] },
    {
      when: 'have objects in another order',
      source: {
        data: [
          { id: 'x', n: 1 },
          { id: 'y', n: 2 },
        ],
      },
      target: {
        data: [
          { id: 'y', n: 2 },
          { id: 'x', n: 3 },
        ],
      },
      differ: ['data[].n other'],
    },
    {
      when: 'have objects in another order, which was asked for',
      source: { data: [{ id: 'x' }, { id: 'y' }] },
      target: { data: [{ id: 'y' }, { id: 'x' }] },
      ordered: true,
      differ: ['data[] order'],
    },
    { when: 'have plain items in another order', source: { a: [1, 2, 2] }, target: { a: [2, 1, 2] }, differ: [] },
    { when: 'have an item twice that was there once', source: { a: [1, 2] }, target: { a: [1, 2, 2] }, differ: ['a[] extra'] },
    {
      when: 'tell one instant in two ways',
      source: { at: '2026-03-02T09:00:00Z' },
      target: { at: '2026-03-02T10:00:00.000+01:00' },
      differ: [],
    },
    { when: 'have other cursors', source: { cursor: 'a', data: [] }, target: { cursor: 'b', data: [] }, differ: [] },
    { when: 'have somebody’s data for a key', source: { 'jane@example.com': 1 }, target: {}, differ: ['* missing'] },
  ])('that $when', ({ source, target, ordered = false, differ }) => {
    expect(differences(source, target, { ordered }).map(({ path, kind }) => `${path} ${kind}`)).toEqual(differ);
  });

  it('never differ from themselves, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(differences(value, structuredClone(value), { ordered: true })).toEqual([]);
      }),
    );
  });
});
