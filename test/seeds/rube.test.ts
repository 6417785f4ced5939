/** The public close-automation skill (seed 001), workflow by workflow, through the Rube door and over every backend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { startSandbox } from '../../src/sandbox.ts';
import { NAMES } from '../contract/rig.ts';
import { openOver, openRube, type Rube, rowsOf } from './stage.ts';

/** What a step leaves for the next ones. */
interface Known {
  leadId: string;
  contactId: string;
  userId: string;
  statusId: string;
  customField: string;
  noteId: string;
  callId: string;
}

interface Step {
  readonly workflow: string;
  /** What an agent would search for. */
  readonly useCase: string;
  readonly tool: string;
  /** The arguments that the skill lists as key parameters, wrong ones included. */
  readonly args: (known: Known) => JsonObject;
  readonly gives: (known: Known) => JsonObject;
  readonly keep?: (data: JsonObject) => Partial<Known>;
  /** Left out: one effect. */
  readonly writes?: 0;
}

const STEPS: readonly Step[] = [
  {
    workflow: '1. Create and Manage Leads',
    useCase: 'create a new lead in Close CRM',
    tool: 'CLOSE_CREATE_LEAD',
    args: ({ statusId, customField }) => ({
      name: 'Harbourline Freight',
      contacts: [{ name: 'Nadia Okafor', emails: [{ email: 'nadia@harbourline.example', type: 'office' }] }],
      custom: { [`custom.${customField}`]: 'Referral' },
      status_id: statusId,
    }),
    gives: ({ statusId, customField }) => ({
      name: 'Harbourline Freight',
      status_id: statusId,
      contacts: [{ name: 'Nadia Okafor' }],
      [`custom.${customField}`]: 'Referral',
    }),
    keep: (data) => {
      const [contact] = Array.isArray(data['contacts']) ? data['contacts'].filter(isObject) : [];
      return { leadId: String(data['id']), contactId: String(contact?.['id']) };
    },
  },
  ...(['completed', 'no-answer', 'busy'] as const).map(
    (status): Step => ({
      workflow: `2. Log Calls, ${status}`,
      useCase: 'log a phone call activity on a lead in Close',
      tool: 'CLOSE_CREATE_CALL',
      args: ({ leadId, contactId }) => ({
        lead_id: leadId,
        contact_id: contactId,
        direction: 'outbound',
        status,
        duration: 180,
        note: 'Talked about freight rates',
      }),
      gives: ({ leadId, contactId }) => ({ lead_id: leadId, contact_id: contactId, direction: 'outbound', status, duration: 180 }),
      keep: (data) => ({ callId: String(data['id']) }),
    }),
  ),
  {
    workflow: '3. Send SMS Messages, logged',
    useCase: 'send an SMS message through Close',
    tool: 'CLOSE_CREATE_SMS',
    args: ({ leadId, contactId }) => ({
      lead_id: leadId,
      contact_id: contactId,
      direction: 'outbound',
      text: 'See you at ten',
      status: 'sent',
    }),
    gives: ({ leadId }) => ({ lead_id: leadId, text: 'See you at ten', status: 'sent', direction: 'outbound' }),
  },
  {
    workflow: '4. Manage Tasks',
    useCase: 'create a follow-up task in Close',
    tool: 'CLOSE_CREATE_TASK',
    args: ({ leadId, userId }) => ({
      lead_id: leadId,
      text: 'Send the offer',
      date: '2026-12-01',
      assigned_to: userId,
      is_complete: false,
    }),
    gives: ({ leadId, userId }) => ({
      lead_id: leadId,
      text: 'Send the offer',
      date: '2026-12-01',
      assigned_to: userId,
      is_complete: false,
    }),
  },
  {
    workflow: '5. Manage Notes, one by its id',
    useCase: 'retrieve a specific note in Close',
    tool: 'CLOSE_GET_NOTE',
    args: ({ noteId }) => ({ note_id: noteId }),
    gives: ({ noteId }) => ({ id: noteId, note: 'Prefers e-mail' }),
    writes: 0,
  },
  {
    workflow: '6. Delete Activities',
    useCase: 'delete a call activity in Close',
    tool: 'CLOSE_DELETE_CALL',
    args: ({ callId }) => ({ call_id: callId }),
    gives: () => ({}),
  },
  {
    workflow: 'ID Resolution, lead',
    useCase: 'search for leads in Close by name',
    tool: 'CLOSE_LIST_LEADS',
    args: () => ({ query: 'name:"Harbourline Freight"' }),
    gives: ({ leadId }) => ({ data: [expect.objectContaining({ id: leadId })] }),
    writes: 0,
  },
  {
    workflow: 'ID Resolution, contact',
    useCase: 'get the details of a lead in Close',
    tool: 'CLOSE_GET_LEAD',
    args: ({ leadId }) => ({ lead_id: leadId }),
    gives: ({ leadId, contactId }) => ({ id: leadId, contacts: [expect.objectContaining({ id: contactId })] }),
    writes: 0,
  },
];

interface Stage extends AsyncDisposable {
  readonly url: string;
  readonly key: string;
  /** How many effects the app has seen. */
  readonly effects: () => number;
}

/** Behind the door: the router over one backend, or the sandbox's Close itself. */
const STAGES: readonly { readonly name: string; readonly open: () => Promise<Stage> }[] = [
  ...NAMES.map((name) => ({
    name: `the router over ${name}`,
    open: async (): Promise<Stage> => {
      const { ready, world, ...over } = await openOver(name);
      const { url = '', apiKey: key = '' }: Readonly<Record<string, string>> = ready.rube ?? {};
      return { url, key, effects: () => world.ledger().length, [Symbol.asyncDispose]: () => over[Symbol.asyncDispose]() };
    },
  })),
  {
    name: 'the sandbox’s own Close',
    open: async () => {
      const { ready, world, close } = await startSandbox();
      const { url = '', apiKey: key = '' }: Readonly<Record<string, string>> = ready.rube ?? {};
      return { url, key, effects: () => world.ledger().length, [Symbol.asyncDispose]: close };
    },
  },
];

describe.each(STAGES)('the close-automation skill, in front of $name', ({ open }) => {
  const known: Known = { leadId: '', contactId: '', userId: '', statusId: '', customField: '', noteId: '', callId: '' };
  let stage: Stage;
  let rube: Rube;
  beforeAll(async () => {
    stage = await open();
    rube = await openRube(stage.url, stage.key);
  });
  afterAll(async () => {
    await rube[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  it('finds the meta tools that the prerequisites name', async () => {
    const names = (await rube.client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['RUBE_SEARCH_TOOLS', 'RUBE_MANAGE_CONNECTIONS']));
  });

  it('finds the connection ACTIVE', async () => {
    const { data, successful } = await rube.call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['close'] });
    expect(successful).toBe(true);
    expect(data).toMatchObject({ results: { close: { status: 'active', has_active_connection: true } } });
  });

  it('can look up what it has to be told', async () => {
    const me = await rube.run('CLOSE_WHO_AM_I', {});
    const [status] = rowsOf((await rube.run('CLOSE_LIST_LEAD_STATUSES', {})).data);
    const fields = rowsOf((await rube.run('CLOSE_LIST_CUSTOM_FIELD_LEADS', {})).data);
    known.userId = String(me.data['id']);
    known.statusId = String(status?.['id']);
    known.customField = String(fields.find(({ type }) => type === 'text')?.['id']);
    expect([known.userId, known.statusId, known.customField]).toEqual([
      expect.stringMatching(/^user_/),
      expect.stringMatching(/^stat_/),
      expect.stringMatching(/^cf_/),
    ]);
  });

  it.each(STEPS)('$workflow: the search for it names $tool', async ({ useCase, tool }) => {
    const { data } = await rube.call('RUBE_SEARCH_TOOLS', { queries: [{ use_case: useCase }], session: { generate_id: true } });
    const [result] = Array.isArray(data['results']) ? data['results'] : [];
    expect([...result.primary_tool_slugs, ...result.related_tool_slugs]).toContain(tool);
  });

  it.each(STEPS)('$workflow: $tool does what the skill says', async ({ tool, args, gives, keep, writes = 1 }) => {
    if (tool === 'CLOSE_GET_NOTE') {
      const made = await rube.run('CLOSE_CREATE_NOTE', { lead_id: known.leadId, note: 'Prefers e-mail' });
      known.noteId = String(made.data['id']);
    }
    const before = stage.effects();
    const { data, error } = await rube.run(tool, args(known));
    expect(error).toBeNull();
    expect(data).toMatchObject(gives(known));
    expect(stage.effects() - before).toBe(writes);
    Object.assign(known, keep?.(data));
  });

  it('3. Send SMS Messages: a message that is to leave needs its numbers, and the answer says which', async () => {
    const args = { lead_id: known.leadId, contact_id: known.contactId, text: 'On our way', status: 'outbox', direction: 'outbound' };
    const before = stage.effects();
    const { error } = await rube.run('CLOSE_CREATE_SMS', args);
    expect(error).toMatch(/_phone/);
    expect(stage.effects()).toBe(before);
  });

  it('5. Manage Notes: notes are found by their lead', async () => {
    const { data } = await rube.run('CLOSE_GET_NOTE', { lead_id: known.leadId });
    expect(rowsOf(data).map(({ id }) => id)).toContain(known.noteId);
  });

  it('6. Delete Activities: the call is gone', async () => {
    const { error } = await rube.run('CLOSE_DELETE_CALL', { call_id: known.callId });
    expect(error).not.toBeNull();
  });
});
