import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errors } from '../../src/catalog/close/errors.ts';
import { type ErrorCode, type FieldProblem, RouterError } from '../../src/contract/errors.ts';

const read = (status: number, body: unknown, headers: Record<string, string> = {}) => errors.read({ status, headers, body });
const emailError = { errors: { 0: { errors: [], 'field-errors': { email: 'Invalid email address.' } } } };

const WORDS = [
  { when: 'a field error', body: { errors: [], 'field-errors': { lead_id: 'This field is required.' } }, path: 'lead_id' },
  { when: 'only field errors', body: { 'field-errors': { cursor: 'Expired cursor' } }, path: 'cursor' },
  { when: 'a paging field', body: { errors: [], 'field-errors': { _limit: 'Input should be less than or equal to 200' } }, path: 'limit' },
  { when: 'a custom field', body: { 'field-errors': { 'custom.cf_abc': 'No such choice' } }, path: 'custom.cf_abc' },
  {
    when: 'nested errors',
    body: {
      errors: [],
      'field-errors': { contacts: { errors: { 0: { errors: [], 'field-errors': { emails: emailError } } } } },
    },
    path: 'contacts.0.emails.0.email',
  },
  { when: 'errors in lists', body: { 'field-errors': { emails: [{ email: ['Not an address'] }] } }, path: 'emails.0.email' },
  { when: 'plainly nested errors', body: { 'field-errors': { schedule: { ranges: 'Overlap' } } }, path: 'schedule.ranges' },
];

describe("Close's refusals", () => {
  it.each(WORDS)('name the field for $when', ({ body, path }) => {
    const failure = read(400, body);
    expect(failure).toMatchObject({ code: 'rejected', delivery: 'answered', origin: 'app', status: 400 });
    expect(failure.fields?.map((field) => field.path)).toEqual([path]);
    expect(failure.fields?.[0]?.problem).toMatch(/\w/);
  });

  it.each([
    ['errors of the whole', { errors: ['Only draft emails can be modified.'], 'field-errors': {} }, 'Only draft emails can be modified'],
    ['a single error', { error: 'Something is off.' }, 'Something is off'],
    ['an HTML page', '<html>no</html>', 'Close refused the content'],
    ['nothing', undefined, 'Close refused the content'],
    ['an empty object', {}, 'Close refused the content'],
    ['a list', ['a'], 'Close refused the content'],
  ])('say why for %s', (_, body, what) => {
    expect(read(400, body)).toMatchObject({ code: 'rejected', delivery: 'answered', what });
  });

  const STATUSES: readonly (readonly [number, unknown, ErrorCode, string])[] = [
    [400, { error: 'The request contains invalid JSON.' }, 'invalid_input', 'answered'],
    [401, { error: 'Unauthorized' }, 'unauthenticated', 'answered'],
    [402, { error: 'Your plan does not include this feature.' }, 'rejected', 'answered'],
    [403, { error: 'You do not have permission.' }, 'permission_denied', 'answered'],
    [404, { error: 'Not found' }, 'not_found', 'answered'],
    [405, { error: 'Method not allowed' }, 'unsupported_operation', 'answered'],
    [408, '', 'timeout', 'answered'],
    [409, { error: 'Conflict' }, 'conflict', 'answered'],
    [410, { error: 'Gone' }, 'not_found', 'answered'],
    [415, { error: 'Unsupported media type' }, 'rejected', 'answered'],
    [422, { error: 'No' }, 'rejected', 'answered'],
    [429, { error: 'Too many requests' }, 'rate_limited', 'answered'],
    [418, 'teapot', 'rejected', 'answered'],
    [500, '<html>', 'backend_unavailable', 'unknown'],
    [502, '', 'backend_unavailable', 'unknown'],
    [503, '<html>upstream unavailable</html>', 'backend_unavailable', 'unknown'],
    [504, undefined, 'backend_unavailable', 'unknown'],
    [200, '<html>', 'reply_unexpected', 'unknown'],
    [302, '', 'reply_unexpected', 'unknown'],
  ];
  it.each(STATUSES)('%i with %j is %s, %s', (status, body, code, delivery) => {
    expect(read(status, body)).toMatchObject({ code, delivery, status, origin: 'app' });
  });

  const FOREIGN = [undefined, '', '<html>no</html>', {}, { message: 'Forbidden' }, ['a'], null];
  it.each(FOREIGN)('are none when nobody signs them: %j leaves open whether a write was done', (body) => {
    for (const status of [400, 401, 402, 403, 404, 405, 408, 409, 410, 415, 422])
      expect(errors.read({ status, headers: {}, body, effect: 'write' })).toMatchObject({ code: 'reply_unexpected', delivery: 'unknown' });
  });

  it.each(FOREIGN)('are none when nobody signs a 429: %j of a load balancer that has handed the write on before', (body) => {
    const headers = { 'retry-after': '7' };
    const failure = errors.read({ status: 429, headers, body, effect: 'write' });
    expect(failure).toMatchObject({ code: 'rate_limited', delivery: 'unknown', origin: 'network', retryAfterMs: 7000 });
    expect(errors.read({ status: 429, headers, body, effect: 'read' })).toMatchObject({ code: 'rate_limited', delivery: 'answered' });
  });

  it.each<readonly [string, Record<string, string>, unknown]>([
    ['its error', {}, { error: 'Too many requests' }],
    ['its older body', {}, { rate_reset: 0.8 }],
    ['its RateLimit header, with commas', { RateLimit: 'limit=100, remaining=0, reset=0.42' }, '<html>'],
    ['its RateLimit header, with semicolons', { ratelimit: 'limit=100; remaining=0; reset=1' }, undefined],
    ['its discrete headers', { 'ratelimit-reset': '3' }, undefined],
    ['its older headers', { 'X-Rate-Limit-Reset': '0.8' }, ''],
  ])('sign a 429 by %s: the write was not executed', (_, headers, body) => {
    const failure = errors.read({ status: 429, headers, body, effect: 'write' });
    expect(failure).toMatchObject({ code: 'rate_limited', delivery: 'answered', origin: 'app' });
  });

  it.each([
    ['that an object is gone', 404, 'unknown'],
    ['that an object is gone for good', 410, 'unknown'],
    ['who may read', 403, 'answered'],
  ])('are needed to know %s', (_, status, delivery) => {
    expect(errors.read({ status, headers: {}, body: '<html>', effect: 'read' })).toMatchObject({ delivery });
  });

  it('are believed of a write in every shape that Close has', () => {
    for (const body of [{ error: 'No' }, { errors: [] }, { 'field-errors': { name: 'No' } }])
      expect(errors.read({ status: 400, headers: {}, body, effect: 'destructive' })).toMatchObject({ delivery: 'answered' });
  });

  it('tell the plan limit in its own words', () => {
    expect(read(402, { error: 'Your plan does not include this feature.' }).what).toBe('Your plan does not include this feature');
  });
});

describe('waiting after a 429', () => {
  it.each([
    ['the header first', { RateLimit: 'limit=100, remaining=0, reset=0.42', 'Retry-After': '1' }, { rate_reset: 9 }, 420],
    ['semicolons', { ratelimit: 'limit=100; remaining=0; reset=1' }, {}, 1000],
    ['discrete headers', { 'ratelimit-reset': '3' }, {}, 3000],
    ['the older headers', { 'X-Rate-Limit-Reset': '0.8' }, {}, 800],
    ['then Retry-After', { 'retry-after': '7' }, { rate_reset: 9 }, 7000],
    ['then the body', {}, { rate_reset: 0.8 }, 800],
    ['a Retry-After that is a date, not at all', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, {}, 2000],
    ['else two seconds', {}, 'Too many requests', 2000],
  ])('follows %s', (_, headers, body, retryAfterMs) => {
    expect(read(429, body, headers as Record<string, string>).retryAfterMs).toBe(retryAfterMs);
  });
});

describe("Close's words, before anybody sees them", () => {
  it.each([
    ['"ada@acme.example" is not valid', '… is not valid'],
    ["Value 'O'Brien' is unknown", 'Value … is unknown'],
    ["You can't do this", "You can't do this"],
    ['Invalid: ada@acme.example', 'Invalid: …'],
    ['Invalid phone +1 (415) 555-0132 given', 'Invalid phone … given'],
    ['Value "never closed by Close', 'Value …'],
    ['See https://hooks.acme.example/secret now', 'See … now'],
    ['Must be at most 604800', 'Must be at most 604800'],
    ['Two\u001b[31m lines\r\nhere\u202e', 'Two [31m lines here'],
    ['“Ada” is taken', '… is taken'],
  ])('%s', (said, shown) => {
    expect(read(400, { errors: [said] }).what).toBe(shown);
    expect(read(400, { 'field-errors': { name: said } }).fields?.[0]?.problem).toBe(shown);
  });

  it('are cut to 200 characters, and a field name that is none is not repeated', () => {
    expect(read(400, { errors: ['so '.repeat(500)] }).what.length).toBeLessThanOrEqual(200);
    expect(read(400, { 'field-errors': { 'ada@acme.example': 'No' } }).fields?.[0]?.path).toBe('…');
  });

  it('are read whatever they are, without repeating a quoted value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
        const failure = read(status, body);
        expect(failure.what).not.toBe('');
        expect(failure.what).not.toMatch(/[\n\r]|\.$/);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z'@ .-]{1,40}$/), (value) => {
        const failure = read(400, { errors: [`Value "${value}" is not allowed`] });
        expect(failure.what).toBe('Value … is not allowed');
      }),
    );
  });

  it('do not run away with a body that is deep or wide', () => {
    const deep = Array.from({ length: 500 }).reduce<unknown>((inner) => ({ a: inner }), 'x');
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`f${at}`, 'x']));
    expect(read(400, { 'field-errors': { deep } }).code).toBe('rejected');
    expect(read(400, { 'field-errors': wide }).fields?.length).toBeLessThanOrEqual(50);
  });
});

const made = (code: ErrorCode, more: { fields?: readonly FieldProblem[]; retryAfterMs?: number; status?: number } = {}) =>
  new RouterError(code, { what: 'it did not work', next: 'Do otherwise.', ...more });

describe('our errors, written the way Close does', () => {
  const WRITTEN: readonly (readonly [ErrorCode, number, ErrorCode])[] = [
    ['rejected', 400, 'rejected'],
    ['invalid_input', 400, 'invalid_input'],
    ['unauthenticated', 401, 'unauthenticated'],
    ['permission_denied', 403, 'permission_denied'],
    ['not_found', 404, 'not_found'],
    ['unsupported_operation', 405, 'unsupported_operation'],
    ['conflict', 409, 'conflict'],
    ['rate_limited', 429, 'rate_limited'],
    ['backend_unavailable', 503, 'backend_unavailable'],
    // Close has no words for these; what is read back is their nearest.
    ['unsupported_fields', 400, 'rejected'],
    ['unknown_operation', 404, 'not_found'],
    ['connection_required', 401, 'unauthenticated'],
    ['ambiguous_account', 401, 'unauthenticated'],
    ['policy_denied', 403, 'permission_denied'],
    ['approval_required', 403, 'permission_denied'],
    ['idempotency_conflict', 409, 'conflict'],
    ['timeout', 504, 'backend_unavailable'],
    ['outcome_unknown', 502, 'backend_unavailable'],
    ['reply_unexpected', 502, 'backend_unavailable'],
    ['configuration', 500, 'backend_unavailable'],
    ['internal', 500, 'backend_unavailable'],
  ];
  it.each(WRITTEN)('%s is a %i and is read back as %s', (code, status, back) => {
    const answer = errors.write(made(code));
    expect(answer.status).toBe(status);
    expect(errors.read(answer).code).toBe(back);
  });

  it('keeps the status of a refusal', () => {
    expect(errors.write(made('rejected', { status: 402 })).status).toBe(402);
    expect(errors.write(made('rejected', { status: 415 })).body).toEqual({ error: 'Unsupported media type' });
    expect(errors.write(made('rejected', { status: 401 })).status).toBe(400);
    expect(errors.write(made('rejected', { status: 200 })).status).toBe(400);
  });

  it('says how long to wait, in whole seconds', () => {
    const answer = errors.write(made('rate_limited', { retryAfterMs: 420 }));
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: { error: 'Too many requests' } });
  });

  it('nests field problems as Close does', () => {
    const fields = [
      { path: 'contacts.0.emails.0.email', problem: 'Invalid email address.' },
      { path: 'limit', problem: 'too large' },
      { path: 'custom.cf_abc', problem: 'no such choice' },
    ];
    expect(errors.write(made('rejected', { fields })).body).toEqual({
      errors: [],
      'field-errors': {
        contacts: { errors: { 0: { errors: [], 'field-errors': { emails: emailError } } } },
        _limit: 'too large',
        'custom.cf_abc': 'no such choice',
      },
    });
  });

  it('puts a problem of the whole input beside the fields', () => {
    const fields = [{ path: '', problem: 'must be an object' }];
    expect(errors.write(made('rejected', { fields })).body).toEqual({ errors: ['must be an object'], 'field-errors': {} });
  });

  const segment = fc.oneof(fc.constantFrom('contacts', 'emails', 'name', 'lead_id', 'sort', 'url'), fc.nat({ max: 20 }).map(String));
  const path = fc
    .tuple(fc.constantFrom('contacts', 'name', 'custom.cf_1', 'limit', 'order_by', 'statuses'), fc.array(segment, { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest].join('.'));

  it('is read back with the same code and the same field paths', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), (paths) => {
        const error = made('rejected', { fields: paths.map((one) => ({ path: one, problem: 'is wrong' })) });
        const back = errors.read(errors.write(error));
        expect(back.code).toBe('rejected');
        expect(back.fields?.map((field) => field.path).toSorted()).toEqual(paths.toSorted());
      }),
    );
  });
});
