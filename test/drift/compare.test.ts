import { beforeAll, describe, expect, it } from 'vitest';
import type { LiveTool } from '../../src/contract/adapter.ts';
import type { DriftFinding, DriftProposal } from '../../src/contract/drift.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { applied, compared, type Known, known } from './replay.ts';

let now: Known;
beforeAll(async () => {
  now = await known('composio');
});

interface Seen {
  readonly findings: readonly DriftFinding[];
  readonly proposals: readonly DriftProposal[];
}

/** Composio with one tool changed: its arguments, by name; undefined takes one away. `!` in `required` makes it optional. */
function changed(name: string, properties: JsonObject, required: readonly string[] = []): Seen {
  const tools = now.tools.map(
    (tool): LiveTool => (tool.name === name ? { ...tool, input: merged(tool.input ?? {}, properties, required) } : tool),
  );
  const seen = compared(now, tools);
  expect(compared({ ...now, binding: applied(now, seen.proposals) }, tools).broken).toEqual([]);
  return seen;
}

function merged(input: JsonObject, properties: JsonObject, required: readonly string[]): JsonObject {
  const own = { ...(isObject(input['properties']) ? input['properties'] : {}), ...properties };
  const left = Object.entries(own).filter(([, schema]) => schema !== undefined);
  const before = Array.isArray(input['required']) ? input['required'] : [];
  return {
    type: 'object',
    properties: Object.fromEntries(left),
    required: [...before.filter((one) => own[String(one)] !== undefined), ...required],
  };
}

const text = { type: 'string' };
const told = ({ findings }: Seen) => findings.map(({ kind, field, breaks }) => ({ kind, field, breaks }));

describe('a tool that changed', () => {
  it('without harm: more arguments, more values, a wider type', () => {
    const seen = changed('CLOSE_CREATE_CALL', {
      colour: text,
      duration: { type: ['number', 'null'] },
      direction: { type: 'string', enum: ['outbound', 'inbound', 'internal'] },
    });
    expect(told(seen)).toEqual([
      { kind: 'added_field', field: 'colour', breaks: [] },
      { kind: 'changed_values', field: 'direction', breaks: [] },
    ]);
    expect(seen.proposals).toEqual([]);
  });

  it('by an argument that is gone: calls with it go by proxy', () => {
    const seen = changed('CLOSE_CREATE_CALL', { recording_url: undefined });
    expect(told(seen)).toEqual([{ kind: 'removed_field', field: 'recording_url', breaks: ['call.create'] }]);
    expect(seen.proposals[0]?.cell).toMatchObject({ accepts: expect.not.arrayContaining(['recording_url']) });
  });

  it('by one that is gone and that the operation requires: all calls go by proxy', () => {
    const seen = changed('CLOSE_DELETE_CALL', { call_id: undefined });
    expect(seen.proposals[0]?.cell).toMatchObject({ proxy: true });
  });

  it('by another name of an argument', () => {
    const seen = changed('CLOSE_CREATE_CALL', { phone: undefined, phone_number: text });
    expect(told(seen)).toEqual([{ kind: 'renamed_field', field: 'phone', breaks: ['call.create'] }]);
    expect(seen.proposals[0]?.cell).toMatchObject({ rename: { phone: 'phone_number' } });
  });

  it('by an argument that means something else: it is not taken for the one that is gone', () => {
    const seen = changed('CLOSE_CREATE_CALL', { contact_id: undefined, colour_id: text });
    expect(told(seen).map(({ kind }) => kind)).toEqual(['removed_field', 'added_field']);
  });

  it('by an argument that is required now: calls without it go by proxy', () => {
    const seen = changed('CLOSE_CREATE_LEAD', {}, ['url']);
    expect(told(seen)).toEqual([{ kind: 'required_field', field: 'url', breaks: ['lead.create'] }]);
    expect(seen.proposals[0]?.cell).toMatchObject({ needs: ['url'] });
  });

  it('by a required argument that nothing of ours can fill: all calls go by proxy', () => {
    const seen = changed('CLOSE_CREATE_LEAD', { consent_token: text }, ['consent_token']);
    expect(told(seen)).toEqual([{ kind: 'required_field', field: 'consent_token', breaks: ['lead.create'] }]);
    expect(seen.proposals[0]?.cell).toMatchObject({ proxy: true });
  });

  it('by an argument that takes a list now: one value travels as a list of one', () => {
    const seen = changed('CLOSE_LIST_OPPORTUNITIES', { status_id: { type: 'array', items: text } });
    expect(told(seen)).toEqual([{ kind: 'changed_type', field: 'status_id', breaks: ['opportunity.list'] }]);
    expect(seen.proposals[0]?.cell).toMatchObject({ list: ['status_id'] });
  });

  it('by a value that is no longer taken: calls with it go by proxy', () => {
    const seen = changed('CLOSE_CREATE_SMS', { status: { type: 'string', enum: ['inbox', 'draft', 'scheduled', 'outbox'] } });
    expect(told(seen)).toEqual([{ kind: 'changed_values', field: 'status', breaks: ['sms.create'] }]);
    expect(seen.proposals[0]?.cell).toMatchObject({
      values: { status: { inbox: 'inbox', draft: 'draft', scheduled: 'scheduled', outbox: 'outbox' } },
    });
  });

  it('by the value that tells two operations apart: only the other one still goes by it', () => {
    const seen = changed('CLOSE_LIST_ACTIVITIES', { activity_type: { type: 'string', enum: ['email'] } });
    expect(told(seen)).toEqual([{ kind: 'changed_values', field: 'activity_type', breaks: ['call.list'] }]);
    expect(seen.proposals.map(({ operation, cell }) => [operation, 'proxy' in cell])).toEqual([['call.list', true]]);
  });
});

describe('a tool that is gone while another is new', () => {
  const without = (name: string, fresh: LiveTool): Seen => compared(now, [...now.tools.filter((tool) => tool.name !== name), fresh]);
  const tool = (name: string, fields: readonly string[]): LiveTool => ({
    name,
    description: '',
    input: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, text])), required: fields },
    deprecated: false,
    disabled: false,
  });

  it.each([
    { gone: 'CLOSE_DELETE_CALL', fresh: 'CLOSE_GET_CALL', why: 'what reads is not what deletes' },
    { gone: 'CLOSE_DELETE_CALL', fresh: 'CLOSE_UPDATE_CALL', why: 'what changes is not what deletes' },
    { gone: 'CLOSE_DELETE_CALL', fresh: 'CLOSE_DELETE_LEAD', why: 'a lead is not a call' },
    { gone: 'CLOSE_DELETE_CALL', fresh: 'CLOSE_CREATE_CALL_LOG', why: 'what creates is not what deletes' },
  ])('$fresh is never proposed for $gone: $why', ({ gone, fresh }) => {
    const { findings, proposals } = without(gone, tool(fresh, ['call_id']));
    expect(findings.find(({ kind }) => kind === 'renamed')).toBeUndefined();
    expect(proposals.find(({ operation }) => operation === 'call.delete')?.cell).toMatchObject({ proxy: true });
  });

  it('is found again under a plainly equal name', () => {
    const { findings, proposals } = without('CLOSE_DELETE_CALL', tool('CLOSE_REMOVE_CALL', ['call_id']));
    expect(findings).toMatchObject([{ kind: 'renamed', tool: 'CLOSE_DELETE_CALL', now: 'CLOSE_REMOVE_CALL' }]);
    expect(proposals).toMatchObject([{ operation: 'call.delete', cell: { tool: 'CLOSE_REMOVE_CALL' } }]);
  });

  it('stays lost when two new ones could be it', () => {
    const both = [tool('CLOSE_REMOVE_CALL', ['call_id']), tool('CLOSE_CALL_REMOVE', ['call_id'])];
    const { proposals } = compared(now, [...now.tools.filter(({ name }) => name !== 'CLOSE_DELETE_CALL'), ...both]);
    expect(proposals.find(({ operation }) => operation === 'call.delete')?.cell).toMatchObject({ proxy: true });
  });

  it('that is only switched off is told so', () => {
    const tools = now.tools.map((one) => (one.name === 'CLOSE_DELETE_CALL' ? { ...one, disabled: true } : one));
    expect(compared(now, tools)).toMatchObject({ findings: [{ kind: 'disabled', breaks: ['call.delete'] }], broken: ['call.delete'] });
  });

  it('that is advised against still runs', () => {
    const tools = now.tools.map((one) => (one.name === 'CLOSE_DELETE_CALL' ? { ...one, deprecated: true } : one));
    expect(compared(now, tools)).toMatchObject({ findings: [{ kind: 'deprecated', breaks: [] }], broken: [] });
  });
});
