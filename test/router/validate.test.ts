import { describe, expect, it } from 'vitest';
import { callList } from '../../src/catalog/close/call.ts';
import { eventList } from '../../src/catalog/close/event.ts';
import { leadCreate, leadGet, leadList } from '../../src/catalog/close/lead.ts';
import { searchQuery } from '../../src/catalog/close/search.ts';
import { isRouterError, type RouterError } from '../../src/contract/errors.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { notesOf, validate } from '../../src/router/validate.ts';

function refusal(operation: Operation, input: unknown): RouterError {
  try {
    validate(operation, input);
  } catch (error) {
    if (isRouterError(error)) return error;
    throw error;
  }
  throw new Error('the input was accepted');
}

describe('an input that does not fit', () => {
  it.each<{ when: string; operation?: Operation; input: unknown; path: string; says: RegExp }>([
    { when: 'a field is unknown', input: { name: 'A', descripton: 'x' }, path: 'descripton', says: /\(did you mean description\?\)\. / },
    {
      when: 'a nested field is unknown',
      input: { name: 'A', contacts: [{ nam: 'B' }] },
      path: 'contacts.0.nam',
      says: /did you mean name\?/,
    },
    { when: 'a required field is missing', input: {}, path: 'name', says: /name: is required/ },
    { when: 'a type is wrong', input: { name: 7 }, path: 'name', says: /must be a string, received number/ },
    {
      when: 'an id is of another kind',
      input: { name: 'A', status_id: 'lead_1' },
      path: 'status_id',
      says: /must be an id that starts with stat_/,
    },
    {
      when: 'a value is not of the enum',
      input: { name: 'A', addresses: [{ label: 'home' }] },
      path: 'addresses.0.label',
      says: /must be one of business, mailing, other/,
    },
    {
      when: 'a page is no number',
      operation: leadList,
      input: { limit: '10' },
      path: 'limit',
      says: /must be an? (number|integer), received string/,
    },
    { when: 'an id tries to leave the path', operation: leadGet, input: { lead_id: '../me' }, path: 'lead_id', says: /lead_/ },
    { when: 'an id has a slash in it', operation: leadGet, input: { lead_id: 'lead_1/../../x' }, path: 'lead_id', says: /lead_/ },
    { when: 'an id has a query in it', operation: leadGet, input: { lead_id: 'lead_1?x=1' }, path: 'lead_id', says: /lead_/ },
    { when: 'an id has a line break in it', operation: leadGet, input: { lead_id: 'lead_1\r\nX: 1' }, path: 'lead_id', says: /lead_/ },
    { when: 'an id has a line break at its end', operation: leadGet, input: { lead_id: 'lead_1\n' }, path: 'lead_id', says: /lead_/ },
    { when: 'an id is not ASCII', operation: leadGet, input: { lead_id: 'lead_ünï' }, path: 'lead_id', says: /lead_/ },
    { when: 'a name is empty', input: { name: '' }, path: 'name', says: /name: must not be empty\./ },
    { when: 'text is too long', input: { name: 'x'.repeat(1001) }, path: 'name', says: /must have at most 1000 characters/ },
    {
      when: 'text is too short',
      input: { name: 'A', addresses: [{ country: 'N' }] },
      path: 'addresses.0.country',
      says: /exactly 2 characters/,
    },
    { when: 'a page is too small', operation: leadList, input: { limit: 0 }, path: 'limit', says: /limit: must be at least 1\./ },
    { when: 'a list is empty', operation: leadList, input: { fields: [] }, path: 'fields', says: /fields: must not be empty/ },
    {
      when: 'an id has an odd letter',
      operation: leadGet,
      input: { lead_id: 'lead_ü' },
      path: 'lead_id',
      says: /followed by letters \(a-z\), digits, _ or - only/,
    },
    {
      when: 'an address is none',
      input: { name: 'A', contacts: [{ emails: [{ email: 'x' }] }] },
      path: 'contacts.0.emails.0.email',
      says: /must be an e-mail address/,
    },
    {
      when: 'neither of two forms fits',
      operation: callList,
      input: { lead_id: 7 },
      path: 'lead_id',
      says: /must be a string, or must be an array/,
    },
    { when: 'a custom field has no id', input: { name: 'A', custom: { Industry: 'x' } }, path: 'custom.Industry', says: /cf_/ },
  ])('when $when, it says which field and why', ({ operation = leadCreate, input, path, says }) => {
    const error = refusal(operation, input);
    expect(error.code).toBe('invalid_input');
    expect(error.details.fields?.map((field) => field.path)).toContain(path);
    expect(error.message).toMatch(says);
  });

  it.each([null, [], 'text', 7])('is refused when it is no object: %j', (input) => {
    expect(refusal(leadCreate, input).message).toMatch(/must be an object/);
  });

  it('never repeats a value, which may be personal or secret', () => {
    const secret = 'api_THISISASECRET';
    const error = refusal(leadCreate, { name: { [secret]: secret }, status_id: secret, contacts: [{ emails: [{ email: secret }] }] });
    expect(JSON.stringify([error.message, error.toJSON()])).not.toContain(secret);
  });
});

describe('what is understood although it is spelled otherwise', () => {
  it('flat custom fields are the custom object', () => {
    expect(validate(leadCreate, { name: 'A', 'custom.cf_1': 'x', custom: { cf_2: 'y' } })).toEqual({
      name: 'A',
      custom: { cf_1: 'x', cf_2: 'y' },
    });
  });

  it.each([
    [leadList, { limit: 5000 }, 200],
    [leadList, { limit: 200 }, 200],
    [eventList, { limit: 100 }, 50],
    [eventList, { limit: 20, cursor: 'abc' }, 20],
    [eventList, { limit: 51, cursor: 'abc' }, 50],
    [searchQuery, { ...searchQuery.example, limit: 1000 }, 200],
  ])('a page of $id larger than its largest is the largest', (operation, input, limit) => {
    expect(validate(operation, input)).toEqual({ ...input, limit });
    const notes = notesOf(operation, input);
    expect(notes).toEqual(limit === input.limit ? [] : [`limit lowered to ${limit}, the most that ${operation.id} gives at once`]);
  });

  it('a page that is no whole number is refused, and not lowered', () => {
    expect(refusal(leadList, { limit: 1e9 + 0.5 }).code).toBe('invalid_input');
  });

  it('null is kept and an absent field stays absent', () => {
    expect(validate(leadCreate, { name: 'A', custom: { cf_1: null } })).toEqual({ name: 'A', custom: { cf_1: null } });
  });
});
