import { expect, it } from 'vitest';
import { plainErrors } from '../../src/catalog/plain-errors.ts';

const headers = { 'Retry-After': '7' };

it.each([
  undefined,
  '',
  '<html>Slow down</html>',
  ['a'],
])('a write that is told to wait by %j, of which nobody knows whose it is, may have been done', (body) => {
  const asked = { code: 'rate_limited', retryAfterMs: 7000 };
  expect(plainErrors.read({ status: 429, headers, body, effect: 'write' })).toMatchObject({
    ...asked,
    delivery: 'unknown',
    origin: 'network',
  });
  expect(plainErrors.read({ status: 429, headers, body, effect: 'read' })).toMatchObject({ ...asked, delivery: 'answered', origin: 'app' });
});

it('a write that is told to wait by an object was refused by the app', () => {
  const failure = plainErrors.read({ status: 429, headers, body: { message: 'Slow down' }, effect: 'write' });
  expect(failure).toMatchObject({ code: 'rate_limited', delivery: 'answered', origin: 'app' });
});
