import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isObject } from '../../src/contract/guards.ts';
import { toolNames } from '../../src/toolsets/names.ts';
import { specsOf, type ToolSpec } from '../../src/toolsets/spec.ts';

const SPECS = await specsOf([closeApp]);

function named(operation: string): ToolSpec {
  const found = SPECS.find((spec) => spec.operation === operation);
  if (!found) throw new Error(`no spec of ${operation}`);
  return found;
}

describe('the tools of an app', () => {
  it('are one per operation and intent, in the order of the catalogue', () => {
    expect(SPECS.map(({ operation }) => operation)).toEqual(closeApp.ids.map((id) => `close.${id}`));
  });

  it('have names that every provider takes, each of its own', () => {
    expect(SPECS.filter(({ name }) => !/^[a-z][a-z0-9_]{0,39}$/.test(name)).map(({ name }) => name)).toEqual([]);
    expect(new Set(SPECS.map(({ name }) => name)).size).toBe(SPECS.length);
    expect(named('close.lead.create').name).toBe('close_lead_create');
  });

  it('say in at most 300 characters what they do', () => {
    expect(SPECS.filter(({ description }) => description.length > 300 || description.length < 20)).toEqual([]);
    expect(named('close.lead.create').description).toMatch(/^Create a lead .*\. Returns the object with its id\. Close does not look/);
    expect(named('close.lead.list').description).toContain('Returns { data, has_more');
  });

  it('take an object without unknown fields', () => {
    const open = SPECS.filter(({ inputSchema }) => inputSchema['type'] !== 'object' || inputSchema['additionalProperties'] !== false);
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('describe every field that goes in', () => {
    const silent = SPECS.flatMap(({ name, inputSchema: { properties } }) =>
      Object.entries(isObject(properties) ? properties : {}).flatMap(([field, schema]) =>
        isObject(schema) && typeof schema['description'] === 'string' ? [] : [`${name}.${field}`],
      ),
    );
    expect(silent).toEqual([]);
  });

  it('tell reads, additions, changes and what cannot be taken back apart', () => {
    expect(named('close.lead.list')).toMatchObject({ risk: 'read', annotations: { readOnlyHint: true, destructiveHint: false } });
    expect(named('close.note.create')).toMatchObject({
      risk: 'write',
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    });
    expect(named('close.lead.update')).toMatchObject({ risk: 'write', annotations: { destructiveHint: true, idempotentHint: true } });
    expect(named('close.lead.delete')).toMatchObject({ risk: 'irreversible', annotations: { destructiveHint: true } });
  });

  it('count as irreversible when some input of theirs reaches a person', () => {
    const sending = SPECS.filter(({ risk, operation }) => risk === 'irreversible' && !/delete|merge/.test(operation));
    expect(sending.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['close.sms.send', 'close.email.create', 'close.sequence.update', 'close.sequence.resume']),
    );
    expect(named('close.email.draft').risk).toBe('write');
    expect(named('close.sms.log').risk).toBe('write');
    expect(named('close.email.create').sends({ status: 'draft' })).toBe(false);
    expect(named('close.email.create').sends({ status: 'outbox' })).toBe(true);
  });
});

describe('a name', () => {
  it('that would be too long or another one’s ends in a digest', () => {
    const names = [...toolNames(['notes.a_b.c', 'notes.a.b_c', `notes.${'long'.repeat(12)}.get`, '9.lives']).values()];
    expect(names).toEqual([
      expect.stringMatching(/^notes_a_b_c_[0-9a-f]{6}$/),
      expect.stringMatching(/^notes_a_b_c_[0-9a-f]{6}$/),
      expect.stringMatching(/^[a-z_]{33}_[0-9a-f]{6}$/),
      'op_9_lives',
    ]);
    expect(new Set(names).size).toBe(4);
  });
});
