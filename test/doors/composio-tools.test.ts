import { describe, expect, it } from 'vitest';
import { closeBinding } from '../../adapters/composio/close.generated.ts';
import { CLOSE_TOOLS } from '../../adapters/composio/close-tools.ts';
import type { ToolCell } from '../../src/contract/binding.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { done, openDoor } from './composio-stage.ts';

const cells = Object.entries(closeBinding.cells).flatMap(([operation, cell]) => (cell.transport === 'tool' ? [{ operation, cell }] : []));
const toolOf = (cell: ToolCell) => CLOSE_TOOLS.find(({ slug }) => slug === cell.tool);
const theirs = (cell: ToolCell, field: string): string => cell.rename?.[field] ?? field;

describe('the binding', () => {
  it('uses each of the 14 published tools', () => {
    expect(CLOSE_TOOLS).toHaveLength(14);
    expect([...new Set(cells.map(({ cell }) => cell.tool))].toSorted()).toEqual(CLOSE_TOOLS.map(({ slug }) => slug).toSorted());
  });

  it.each(cells)('of $operation sends only what its tool publishes', ({ cell }) => {
    const published = Object.keys(toolOf(cell)?.inputs ?? {});
    const sent = [...cell.accepts.map((field) => theirs(cell, field)), ...Object.keys(cell.constants ?? {})];
    expect(sent.filter((name) => !published.includes(name))).toEqual([]);
  });

  it.each(cells)('of $operation sends only published values', ({ cell }) => {
    const sent = [
      ...Object.entries(cell.values ?? {}).flatMap(([field, map]) =>
        Object.values(map).map((value) => [theirs(cell, field), value] as const),
      ),
      ...Object.entries(cell.constants ?? {}),
    ];
    const foreign = sent.filter(([name, value]) => {
      const allowed: readonly unknown[] | undefined = toolOf(cell)?.inputs[name]?.enum;
      return allowed !== undefined && !allowed.includes(value);
    });
    expect(foreign).toEqual([]);
  });

  it.each(cells)('of $operation never leaves out what its tool requires', async ({ operation, cell }) => {
    const { closeApp } = await import('../../src/catalog/close/index.ts');
    const { kindsOf } = await import('../../src/binding/kinds.ts');
    const entry = await closeApp.find(operation);
    const kinds = entry && 'http' in entry ? kindsOf(entry) : {};
    const sure = [
      ...cell.accepts.filter((field) => kinds[field]?.required || cell.needs?.includes(field)).map((field) => theirs(cell, field)),
      ...Object.keys(cell.constants ?? {}),
    ];
    expect(toolOf(cell)?.required.filter((name) => !sure.includes(name))).toEqual([]);
  });
});

/** What a program with Composio's SDK sends, and the canonical call that must come of it. */
const CALLS: readonly (readonly [slug: string, args: Record<string, unknown>, operation: string, input: Record<string, unknown>])[] = [
  [
    'CLOSE_CREATE_CALL',
    { lead_id: 'lead_1', direction: 'outbound', duration: 60 },
    'call.create',
    { lead_id: 'lead_1', direction: 'outbound', duration: 60 },
  ],
  [
    'CLOSE_CREATE_CALL',
    { lead_id: 'lead_1', direction: 'inbound', disposition: 'error' },
    'call.create',
    { lead_id: 'lead_1', direction: 'inbound', disposition: 'error' },
  ],
  [
    'CLOSE_CREATE_CALL',
    { lead_id: 'lead_1', direction: 'inbound', disposition: 'vm-left' },
    'call.create',
    { lead_id: 'lead_1', direction: 'inbound', disposition: 'vm-left' },
  ],
  [
    'CLOSE_CREATE_CALL',
    { lead_id: 'lead_1', direction: 'inbound', disposition: 'vm-answer' },
    'call.create',
    { lead_id: 'lead_1', direction: 'inbound', disposition: 'vm-answer' },
  ],
  [
    'CLOSE_CREATE_EMAIL',
    { lead_id: 'lead_1', status: 'draft', to: ['a@b.example'] },
    'email.create',
    { lead_id: 'lead_1', status: 'draft', to: ['a@b.example'] },
  ],
  [
    'CLOSE_CREATE_LEAD',
    { name: 'Northpine', contacts: [{ name: 'Ingrid' }] },
    'lead.create',
    { name: 'Northpine', contacts: [{ name: 'Ingrid' }] },
  ],
  [
    'CLOSE_CREATE_SMS',
    { lead_id: 'lead_1', text: 'Hi', status: 'outbox', local_phone: '+15550100', remote_phone: '+15550101' },
    'sms.create',
    { lead_id: 'lead_1', text: 'Hi', status: 'outbox', local_phone: '+15550100', remote_phone: '+15550101' },
  ],
  [
    'CLOSE_CREATE_TASK',
    { lead_id: 'lead_1', text: 'Call', date: '2026-03-09' },
    'task.create',
    { lead_id: 'lead_1', text: 'Call', date: '2026-03-09' },
  ],
  ['CLOSE_DELETE_CALL', { call_id: 'acti_1' }, 'call.delete', { call_id: 'acti_1' }],
  ['CLOSE_GET_CONTACT', { contact_id: 'cont_1', fields: ['id'] }, 'contact.get', { contact_id: 'cont_1', fields: ['id'] }],
  ['CLOSE_GET_NOTE', { lead_id: 'lead_1', limit: 5 }, 'note.list', { lead_id: 'lead_1', limit: 5 }],
  ['CLOSE_GET_OPPORTUNITY', { opportunity_id: 'oppo_1' }, 'opportunity.get', { opportunity_id: 'oppo_1' }],
  ['CLOSE_LIST_ACTIVITIES', { activity_type: 'call', lead_ids: ['lead_1'] }, 'call.list', { lead_id: 'lead_1' }],
  [
    'CLOSE_LIST_ACTIVITIES',
    { activity_type: 'email', user_ids: ['user_1', 'user_2'], date_created_gte: '2026-03-01' },
    'email.list',
    { user_id: ['user_1', 'user_2'], date_created__gte: '2026-03-01' },
  ],
  ['CLOSE_LIST_CUSTOM_ACTIVITY_TYPES', {}, 'custom_activity_type.list', {}],
  ['CLOSE_LIST_CUSTOM_OBJECT_TYPES', {}, 'custom_object_type.list', {}],
  ['CLOSE_LIST_OPPORTUNITIES', { status_id: 'stat_1', skip: 10 }, 'opportunity.list', { status_id: 'stat_1', skip: 10 }],
  ['CLOSE_WHO_AM_I', {}, 'me.get', {}],
  // The public close-automation skill, whose arguments the published tools do not have.
  ['CLOSE_GET_NOTE', { note_id: 'acti_1' }, 'note.get', { note_id: 'acti_1' }],
  ['CLOSE_CREATE_LEAD', { name: 'N', custom: { cf_one: 'x' } }, 'lead.create', { name: 'N', custom: { cf_one: 'x' } }],
  ['CLOSE_CREATE_LEAD', { name: 'N', custom: { 'custom.cf_one': 'x' } }, 'lead.create', { name: 'N', custom: { cf_one: 'x' } }],
  ['CLOSE_CREATE_LEAD', { name: 'N', 'custom.cf_one': 'x' }, 'lead.create', { name: 'N', custom: { cf_one: 'x' } }],
  [
    'CLOSE_CREATE_CALL',
    { lead_id: 'lead_1', direction: 'outbound', status: 'no-answer' },
    'call.create',
    { lead_id: 'lead_1', direction: 'outbound', status: 'no-answer' },
  ],
];

describe('the real SDK executes', () => {
  it.each(CALLS)('%s %j as %s', async (slug, args, operation, input) => {
    await using door = await openDoor();
    const result = await door.composio.tools.execute(slug, { userId: 'ada', arguments: args, version: '20260915_00' });
    expect(result).toMatchObject({ successful: true, error: null, data: { id: 'lead_1' } });
    expect(door.stage.calls).toEqual([{ operation: `close.${operation}`, input }]);
  });

  it('and gets the app’s own spelling back', async () => {
    await using door = await openDoor();
    const { data } = await door.composio.tools.execute('CLOSE_CREATE_LEAD', {
      userId: 'ada',
      arguments: { name: 'N' },
      version: '20260915_00',
    });
    expect(data).toEqual({ id: 'lead_1', 'custom.cf_one': 'x' });
  });

  it('a delete, whose answer is empty', async () => {
    await using door = await openDoor();
    door.stage.answer = () => done({ deleted: true });
    const { data } = await door.composio.tools.execute('CLOSE_DELETE_CALL', {
      userId: 'ada',
      arguments: { call_id: 'acti_1' },
      version: 'latest',
      dangerouslySkipVersionCheck: true,
    });
    expect(data).toEqual({});
  });

  it('a list whose paging the app does not know, and gets the page', async () => {
    await using door = await openDoor();
    door.stage.answer = () => done({ data: ['a', 'b', 'c', 'd'].map((id) => ({ id })), has_more: false });
    const { data } = await door.composio.tools.execute('CLOSE_LIST_CUSTOM_ACTIVITY_TYPES', {
      userId: 'ada',
      arguments: { limit: 2, skip: 1 },
      version: '20260915_00',
    });
    expect(data).toMatchObject({ data: [{ id: 'b' }, { id: 'c' }], has_more: true });
    expect(door.stage.calls).toMatchObject([{ input: {} }]);
  });
});

describe('arguments that a tool does not take', () => {
  it.each([
    ['CLOSE_CREATE_LEAD', {}, 'name: required'],
    ['CLOSE_CREATE_LEAD', { name: 7 }, 'name: must be of type string'],
    ['CLOSE_CREATE_LEAD', { name: 'N', nmae: 'N' }, 'nmae: not an argument'],
    ['CLOSE_CREATE_TASK', { lead_id: 'lead_1', text: 'Call', due_date: '2026-03-09' }, 'date: required'],
    ['CLOSE_CREATE_CALL', { lead_id: 'lead_1', direction: 'outgoing' }, 'direction: must be one of outbound, inbound'],
    ['CLOSE_CREATE_CALL', { lead_id: 'lead_1', direction: 'inbound', status: 'busy', disposition: 'busy' }, 'status: not an argument'],
    ['CLOSE_LIST_ACTIVITIES', { activity_type: 'sms' }, 'activity_type: must be one of email, call'],
    ['CLOSE_LIST_ACTIVITIES', { activity_type: 'call', organization_id: 'orga_2' }, 'organization_id: cannot be carried here'],
    ['CLOSE_GET_NOTE', { limit: '5' }, 'limit: must be of type integer'],
  ])('%s %j are refused by name, and nothing is run', async (slug, args, problem) => {
    await using door = await openDoor();
    const { status, body } = await door.fetch('POST', `/tools/execute/${slug}`, { user_id: 'ada', arguments: args, version: 'latest' });
    expect(status).toBe(400);
    expect(body.error.errors.join('; ')).toContain(problem);
    expect(door.stage.calls).toEqual([]);
  });
});

describe('what the app refuses', () => {
  const refuse = (code: 'rejected' | 'not_found' | 'unauthenticated' | 'permission_denied' | 'rate_limited', status: number) => () =>
    ({
      ok: false,
      error: new RouterError(code, { what: 'the app said no', next: 'Look.', status, fields: [{ path: 'name', problem: 'too long' }] }),
    }) as const;

  it.each([
    ['rejected', 400],
    ['unauthenticated', 401],
    ['permission_denied', 403],
    ['not_found', 404],
    ['rate_limited', 429],
  ] as const)('as %s is a result that was not successful, with the app’s status', async (code, status) => {
    await using door = await openDoor();
    door.stage.answer = refuse(code, status);
    const result = await door.composio.tools.execute('CLOSE_CREATE_LEAD', {
      userId: 'ada',
      arguments: { name: 'N' },
      version: '20260915_00',
    });
    expect(result).toMatchObject({ successful: false, error: expect.any(String), data: { status_code: status } });
  });

  it('by a bug of ours is a 500 that tells nothing', async () => {
    await using door = await openDoor();
    door.stage.answer = () => {
      throw new Error('secret detail');
    };
    const { status, body } = await door.fetch('POST', '/tools/execute/CLOSE_WHO_AM_I', { user_id: 'ada', version: 'latest' });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('before it reaches the app is an error of the HTTP request', async () => {
    await using door = await openDoor();
    door.stage.answer = () => ({
      ok: false,
      error: new RouterError('unsupported_fields', { what: 'no route carries custom', next: 'Leave it out.' }),
    });
    const { status, body } = await door.fetch('POST', '/tools/execute/CLOSE_WHO_AM_I', { user_id: 'ada', version: 'latest' });
    expect(status).toBe(422);
    expect(body.error).toMatchObject({ status: 422, suggested_fix: 'Leave it out.', message: expect.stringContaining('custom') });
  });
});
