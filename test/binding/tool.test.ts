import { describe, expect, it } from 'vitest';
import { fromTool, isMeant, obstacle, toTool } from '../../src/binding/tool.ts';
import type { ToolCell } from '../../src/contract/binding.ts';

const cell: ToolCell = {
  transport: 'tool',
  tool: 'ACME_ADD_CALL',
  accepts: ['lead_id', 'status', 'contacts', 'user_id', 'note', 'done', 'custom'],
  needs: ['note'],
  rename: { status: 'disposition', user_id: 'user_ids', custom: 'custom_fields' },
  json: ['contacts', 'custom'],
  list: ['user_id'],
  single: ['lead_id'],
  excludes: ['contacts.urls'],
  values: { status: { completed: 'answered', busy: 'busy' }, done: { true: 'yes', false: 'no' } },
  constants: { kind: 'call' },
  also: { comment: 'note' },
};

describe('a tool', () => {
  it('gets its own names, values and constants', () => {
    const input = {
      lead_id: 'lead_1',
      status: 'completed',
      user_id: 'user_1',
      note: 'x',
      done: true,
      contacts: [{ custom: { cf_a: 1 } }],
      custom: { cf_b: 2 },
    };
    const args = toTool(cell, input);
    expect(args).toEqual({
      kind: 'call',
      lead_id: 'lead_1',
      disposition: 'answered',
      user_ids: ['user_1'],
      note: 'x',
      done: 'yes',
      contacts: '[{"custom.cf_a":1}]',
      custom_fields: '{"cf_b":2}',
    });
    expect(fromTool(cell, args)).toEqual(input);
  });

  it('keeps a list of several, and clears with null', () => {
    const input = { user_id: ['user_1', 'user_2'], note: null, contacts: null };
    expect(fromTool(cell, toTool(cell, input))).toEqual(input);
  });

  it.each([
    [
      { note: 'x', duration: 5 },
      { reason: 'unsupported_fields', fields: ['duration'] },
    ],
    [
      { note: 'x', contacts: [{ name: 'a' }, { urls: [] }] },
      { reason: 'unsupported_fields', fields: ['contacts.urls'] },
    ],
    [{ lead_id: 'lead_1' }, { reason: 'missing_for_tool', fields: ['note'] }],
    [
      { note: 'x', status: 'timeout' },
      { reason: 'unsupported_value', fields: ['status'] },
    ],
    [
      { note: 'x', status: ['busy'] },
      { reason: 'unsupported_value', fields: ['status'] },
    ],
    [
      { note: 'x', status: null },
      { reason: 'unsupported_value', fields: ['status'] },
    ],
    [
      { note: 'x', status: 'toString' },
      { reason: 'unsupported_value', fields: ['status'] },
    ],
    [
      { note: 'x', lead_id: ['lead_1', 'lead_2'] },
      { reason: 'unsupported_value', fields: ['lead_id'] },
    ],
    [{ note: 'x', duration: undefined }, undefined],
  ])('says of %j what it cannot carry', (input, expected) => {
    expect(obstacle(cell, input)).toEqual(expected);
  });
});

describe('arguments that a skill wrote', () => {
  it.each([
    ['legacy names', { comment: 'x' }, { note: 'x' }],
    ['our own names and values', { status: 'completed', user_id: 'user_1' }, { status: 'completed', user_id: 'user_1' }],
    ['flat custom fields', { 'custom.cf_a': 1 }, { custom: { cf_a: 1 } }],
    ['a list where JSON is meant', { contacts: [{ name: 'a' }] }, { contacts: [{ name: 'a' }] }],
    ['text that is no JSON', { contacts: 'Ingrid' }, { contacts: 'Ingrid' }],
    ['names nobody knows', { shoe_size: 44, constructor: 1 }, { shoe_size: 44, constructor: 1 }],
    ['a field under two names', { note: 'x', comment: 'y' }, { note: 'x', comment: 'y' }],
  ])('with %s are understood, and nothing of them is dropped', (_, args, input) => {
    expect(fromTool(cell, args)).toEqual(input);
  });

  it('are meant for the cell whose constants and door names they have', () => {
    expect(isMeant(cell, { kind: 'call' })).toBe(true);
    expect(isMeant(cell, { kind: 'email' })).toBe(false);
    const legacy: ToolCell = { transport: 'tool', tool: 'T', accepts: ['note_id'], doorOnly: ['note_id'] };
    expect([isMeant(legacy, { note_id: 'acti_1' }), isMeant(legacy, {})]).toEqual([true, false]);
  });
});
