import { describe, expect, it } from 'vitest';
import { errorFromJson, RouterError } from '../../src/contract/errors.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { pages } from '../../src/router/pages.ts';

async function walk(input: JsonObject, answer: (asked: JsonObject) => unknown): Promise<{ asked: JsonObject[]; ids: unknown[] }> {
  const asked: JsonObject[] = [];
  const ids: unknown[] = [];
  for await (const page of pages(input, async (one) => answer(asked[asked.push(one) - 1] ?? one))) ids.push(...(page['data'] as unknown[]));
  return { asked, ids };
}

describe('the pages of a list', () => {
  it('by offset, go on from where the caller began until the app has no more', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'];
    const answer = ({ skip = 0, limit = 2 }: JsonObject) => ({
      data: all.slice(Number(skip), Number(skip) + Number(limit)),
      has_more: Number(skip) + Number(limit) < all.length,
    });
    expect(await walk({ limit: 2, skip: 1 }, answer)).toEqual({
      asked: [
        { limit: 2, skip: 1 },
        { limit: 2, skip: 3 },
      ],
      ids: ['b', 'c', 'd', 'e'],
    });
  });

  it('by cursor, follow it whatever the app calls it', async () => {
    const answer = ({ cursor }: JsonObject) =>
      cursor === undefined ? { data: [1], has_more: true, cursor_next: 'n' } : { data: [2], has_more: false };
    expect(await walk({}, answer)).toEqual({ asked: [{}, { cursor: 'n' }], ids: [1, 2] });
  });

  it.each([
    ['a cursor that never moves', { data: [1], has_more: true, cursor: 'same' }, 2],
    ['empty pages that claim to have more', { data: [], has_more: true }, 1],
    ['no list at all', { nothing: true }, 1],
  ])('end at %s', async (_, answer, requests) => {
    expect((await walk({}, () => answer)).asked).toHaveLength(requests);
  });
});

it('an error survives its JSON', () => {
  const error = new RouterError('rate_limited', {
    operation: 'close.lead.list',
    backend: 'rest',
    what: 'the app asks to wait',
    next: 'Wait.',
    retryAfterMs: 1500,
    status: 429,
  });
  const again = errorFromJson(error.toJSON());
  expect([again.message, again.toJSON()]).toEqual([error.message, error.toJSON()]);
});
