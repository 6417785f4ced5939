import { describe, expect, it } from 'vitest';
import { readExecution, readProxied } from '../../adapters/composio/replies.ts';
import type { Failure, Reply } from '../../src/contract/adapter.ts';

const failureOf = (reply: Reply): Failure | undefined => (reply.kind === 'failed' ? reply.failure : undefined);
const failed = (data: unknown, error: string | null = 'no') =>
  failureOf(readExecution({ data, error, successful: false, log_id: 'log_1' }));

describe('a tool that the app refused', () => {
  it.each([
    [400, 'rejected', 'answered'],
    [401, 'unauthenticated', 'answered'],
    [402, 'rejected', 'answered'],
    [403, 'permission_denied', 'answered'],
    [404, 'not_found', 'answered'],
    [405, 'unsupported_operation', 'answered'],
    [409, 'conflict', 'answered'],
    [415, 'rejected', 'answered'],
    [418, 'rejected', 'answered'],
    [422, 'rejected', 'answered'],
    [429, 'rate_limited', 'answered'],
    [500, 'backend_unavailable', 'unknown'],
    [502, 'backend_unavailable', 'unknown'],
    [503, 'backend_unavailable', 'unknown'],
    [504, 'backend_unavailable', 'unknown'],
  ])('with %i is %s, delivery %s', (status, code, delivery) => {
    const data = { http_error: `${status} Client Error: for url: …`, status_code: status, message: 'no' };
    expect(failed(data)).toMatchObject({ code, delivery, status, origin: 'app' });
  });

  it.each([
    ['404 Client Error: Not Found for url: https://api.close.com/api/v1/contact/cont_x/', {}],
    ['Resource not found', { http_error: '404 Client Error: Not Found', status_code: null }],
  ])('in the words before 2026 is told by the leading status: %s', (error, data) => {
    expect(failed(data, error)).toMatchObject({ code: 'not_found', delivery: 'answered', status: 404 });
  });

  it('without any status may have done anything', () => {
    expect(failed({ status_code: null, message: 'timed out' }, 'timed out')).toMatchObject({
      code: 'backend_unavailable',
      delivery: 'unknown',
    });
    expect(failed(null, null)).toMatchObject({ code: 'backend_unavailable', delivery: 'unknown' });
  });

  it('is not judged by a number that only looks like a status', () => {
    expect(failed({}, '4040 leads were found')?.status).toBeUndefined();
  });

  it('names the fields that the app refused, without the values', () => {
    const body = {
      errors: [],
      'field-errors': { status_id: 'stat_9999 is unknown', contacts: [{}, { emails: { email: 'Invalid address.' } }] },
    };
    const fields = failed({ status_code: 400, message: JSON.stringify(body) })?.fields;
    expect(fields).toEqual([
      { path: 'status_id', problem: 'the app refused this value' },
      { path: 'contacts.1.emails.email', problem: 'Invalid address.' },
    ]);
  });

  it('never passes on the app’s text, which can hold what a person wrote', () => {
    const secret = 'ingrid@northpine.example said +4790000000';
    expect(JSON.stringify(failed({ status_code: 400, message: secret, http_error: secret }, secret))).not.toContain('ingrid');
  });
});

describe('a tool that ran', () => {
  it('gives its data', () => {
    expect(readExecution({ data: { id: 'lead_1' }, error: null, successful: true })).toEqual({ kind: 'tool', data: { id: 'lead_1' } });
  });

  it.each([
    ['data null', { data: null, error: null, successful: true }],
    ['data text', { data: 'ok', error: null, successful: true }],
    ['data a list', { data: [], error: null, successful: true }],
    ['no word about success', { data: {} }],
    ['success as text', { data: {}, successful: 'true' }],
    ['a page of HTML', '<html>Sign in</html>'],
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
  ])('but answers %s may have run all the same', (_, body) => {
    expect(failureOf(readExecution(body))).toMatchObject({ code: 'reply_unexpected', delivery: 'unknown' });
  });
});

describe('a proxied request', () => {
  it('gives the app’s own status, headers and body', () => {
    const reply = readProxied({ data: { error: 'no' }, status: 404, headers: { 'Retry-After': '3', 'X-Count': 7, odd: null } });
    expect(reply).toEqual({ kind: 'http', status: 404, headers: { 'retry-after': '3', 'x-count': '7' }, body: { error: 'no' } });
  });

  it('without data has no body', () => {
    expect(readProxied({ data: null, status: 204 })).toEqual({ kind: 'http', status: 204, headers: {}, body: undefined });
  });

  it.each([
    { data: {} },
    { data: {}, status: '200' },
    { data: {}, status: 0 },
    { data: {}, status: 20.5 },
    '<html>',
    null,
    undefined,
  ])('that answers %j may have been sent on', (body) => {
    expect(failureOf(readProxied(body))).toMatchObject({ code: 'reply_unexpected', delivery: 'unknown' });
  });
});
