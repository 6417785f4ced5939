import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../src/catalog/close/rate-limit.ts';

const FOUND = { limit: 100, remaining: 50, resetSeconds: 5 };

describe('the rate limit that Close tells', () => {
  it.each([
    ['with commas', { ratelimit: 'limit=100, remaining=50, reset=5' }],
    ['with semicolons', { ratelimit: 'limit=100; remaining=50; reset=5' }],
    ['in any case', { RateLimit: 'LIMIT=100,Remaining=50,reset=5' }],
    ['in headers of their own', { 'ratelimit-limit': '100', 'RateLimit-Remaining': '50', 'ratelimit-reset': '5' }],
    ['in the older headers', { 'x-rate-limit-limit': '100', 'X-Rate-Limit-Remaining': '50', 'x-rate-limit-reset': '5' }],
    ['twice, the current form first', { ratelimit: 'limit=100, remaining=50, reset=5', 'x-rate-limit-limit': '1' }],
    [
      'half in the current form, whole in another',
      {
        ratelimit: 'limit=9',
        'ratelimit-limit': '100',
        'ratelimit-remaining': '50',
        'ratelimit-reset': '5',
      },
    ],
  ])('is read %s', (_, headers) => {
    expect(rateLimit(headers as Record<string, string>)).toEqual(FOUND);
  });

  it('keeps fractions of a second', () => {
    expect(rateLimit({ ratelimit: 'limit=100, remaining=0, reset=0.42' })?.resetSeconds).toBe(0.42);
  });

  it.each([
    ['is absent', {}],
    ['is incomplete', { ratelimit: 'limit=100, remaining=50' }],
    ['is no number', { ratelimit: 'limit=many, remaining=some, reset=soon' }],
    ['is negative', { ratelimit: 'limit=100, remaining=-1, reset=5' }],
    ['is endless', { ratelimit: 'limit=1e400, remaining=1, reset=Infinity' }],
  ])('is unknown when it %s', (_, headers) => {
    expect(rateLimit(headers as Record<string, string>)).toBeUndefined();
  });

  it('never throws and never tells a number that is none', () => {
    const name = fc.oneof(fc.constantFrom('RateLimit', 'ratelimit-reset', 'x-rate-limit-limit', '__proto__'), fc.string());
    const value = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(limit|remaining|reset)=[-+0-9.e]{1,9}[,;] ?(limit|remaining|reset)=[-+0-9.e]{1,9}[,;] ?reset=[0-9.]{1,400}$/),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), (headers) => {
        const found = rateLimit(headers);
        if (found) expect(Object.values(found).every((number) => Number.isFinite(number) && number >= 0)).toBe(true);
      }),
    );
  });
});
