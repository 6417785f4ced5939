import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fromHttp, httpObstacle, toHttp } from '../../src/binding/http.ts';
import { operation } from '../../src/catalog/operation.ts';
import type { HttpTemplate } from '../../src/contract/operation.ts';

const anything = z.strictObject({
  thing_id: z.string(),
  kinds: z.array(z.string()).optional(),
  numbers: z.array(z.number()).optional(),
  owner: z.union([z.string(), z.array(z.string()).min(2)]).optional(),
  note: z.string().nullable().optional(),
  mixed: z.union([z.string(), z.number()]).optional(),
  done: z.boolean().optional(),
  filter: z.object({ a: z.number() }).optional(),
});

const read = declare({ method: 'GET', path: '/thing/{thing_id}/' });
const write = declare({ method: 'PUT', path: '/thing/{thing_id}/' });

function declare(http: HttpTemplate) {
  return operation({
    app: 'close',
    id: 'thing.do',
    summary: 'Do',
    input: anything,
    output: z.unknown(),
    effect: 'read',
    idempotent: true,
    confirm: { how: 'none', why: 'test' },
    http,
    example: { thing_id: 't1' },
  });
}

describe('a value without a form on the wire is refused before anything is sent', () => {
  it.each([
    ['an empty id', { thing_id: '' }, ['thing_id']],
    ['an id that is a step up', { thing_id: '..' }, ['thing_id']],
    ['an id with a slash', { thing_id: 'a/b' }, ['thing_id']],
    ['an id with a backslash', { thing_id: 'a\\b' }, ['thing_id']],
    ['an id with an escape of its own', { thing_id: '%2e%2e' }, ['thing_id']],
    ['an id with a line break', { thing_id: 'a\r\nb' }, ['thing_id']],
    ['an id with half a character', { thing_id: '\ud800' }, ['thing_id']],
    ['null in a query', { thing_id: 't', note: null }, ['note']],
    ['an empty list in a query', { thing_id: 't', kinds: [] }, ['kinds']],
    ['a comma in a list item', { thing_id: 't', kinds: ['a,b', 'c'] }, ['kinds']],
    ['a comma where a list could stand', { thing_id: 't', owner: 'a,b' }, ['owner']],
    ['a number where text could stand', { thing_id: 't', mixed: 7 }, ['mixed']],
    ['half a character in a query', { thing_id: 't', note: '\udc00' }, ['note']],
  ])('%s', (_, input, fields) => {
    expect(httpObstacle(read, input)).toEqual({ reason: 'unsupported_value', fields });
    expect(() => toHttp(read, input)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('and the refusal names the field, not the value', () => {
    expect(() => toHttp(read, { thing_id: 'ada@northpine.example/x' })).toThrow(/^close\.thing\.do: thing_id: (?!.*northpine)/);
  });
});

describe("a field that the app's own request does not have", () => {
  const log = declare({ method: 'PUT', path: '/thing/{thing_id}/', omits: ['note'], restates: { note: { finished: { done: true } } } });

  it('is refused by name before anything is sent', () => {
    expect(httpObstacle(log, { thing_id: 't1', note: 'left' })).toEqual({ reason: 'unsupported_fields', fields: ['note'] });
    expect(() => toHttp(log, { thing_id: 't1', note: 'left' })).toThrow(/^close\.thing\.do: note: is not in the app's own request/);
  });

  it('is said in other words where the app has some, unless those say something else already', () => {
    expect(toHttp(log, { thing_id: 't1', note: 'finished' }).body).toEqual({ done: true });
    expect(toHttp(log, { thing_id: 't1', note: 'finished', done: true }).body).toEqual({ done: true });
    expect(httpObstacle(log, { thing_id: 't1', note: 'finished', done: false })?.fields).toEqual(['note']);
  });

  it('is nothing that the catalogue knows when a program sends it there', () => {
    const input = fromHttp(log, { method: 'PUT', path: '/thing/t1/', query: [], body: { note: 'left', done: true } });
    expect(input).toEqual({ thing_id: 't1', 'body.note': 'left', done: true });
  });
});

describe('a query', () => {
  it.each([
    [{ kinds: ['one'] }, [['kinds', 'one']]],
    [{ numbers: [1, 2.5] }, [['numbers', '1,2.5']]],
    [{ owner: ['a', 'b'] }, [['owner', 'a,b']]],
    [{ note: '' }, [['note', '']]],
    [{ note: 'a,b' }, [['note', 'a,b']]],
    [{ note: 'true' }, [['note', 'true']]],
    [{ done: false }, [['done', 'false']]],
    [{ filter: { a: 1 } }, [['filter', '{"a":1}']]],
  ])('carries %j', (input, query) => {
    const request = toHttp(read, { thing_id: 't1', ...input });
    expect(request).toEqual({ method: 'GET', path: '/thing/t1/', query });
    expect(fromHttp(read, request)).toEqual({ thing_id: 't1', ...input });
  });

  it('may repeat a name for a list', () => {
    const query = [['kinds', 'a'], ['kinds', 'b,c']] as const; // biome-ignore format: one row
    expect(fromHttp(read, { method: 'GET', path: '/thing/t1/', query })).toEqual({ thing_id: 't1', kinds: ['a', 'b', 'c'] });
  });

  it('keeps text that is no number, for validation to refuse', () => {
    expect(fromHttp(read, { method: 'GET', path: '/thing/t1/', query: [['numbers', '1,x']] })).toEqual({
      thing_id: 't1',
      numbers: [1, 'x'],
    });
  });
});

describe('a name of the language', () => {
  it('in a query is a field like any other, for validation to refuse', () => {
    const input = fromHttp(read, {
      method: 'GET',
      path: '/thing/t1/',
      query: [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    });
    expect(Object.keys(input ?? {})).toEqual(['__proto__', 'constructor', 'thing_id']);
  });
});

describe('a body', () => {
  it('clears with null and leaves alone what is absent', () => {
    expect(toHttp(write, { thing_id: 't1', note: null, kinds: undefined })).toEqual({
      method: 'PUT',
      path: '/thing/t1/',
      query: [],
      body: { note: null },
    });
  });

  it('cannot redirect a write to another object', () => {
    const request = { method: 'PUT', path: '/thing/t1/', query: [['thing_id', 't3']], body: { thing_id: 't2', note: 'x' } } as const;
    expect(fromHttp(write, request)).toEqual({ thing_id: 't1', note: 'x' });
  });
});
