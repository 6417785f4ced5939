import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isRouterError, RouterError } from '../../src/contract/errors.ts';
import type { Step } from '../../src/contract/steps.ts';
import { find } from '../../src/router/find.ts';
import { withSteps } from '../../src/router/steps.ts';
import { validate } from '../../src/router/validate.ts';

const APPS = [closeApp];
const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';

/** The steps about a call that is refused before anything is sent. */
async function stepsFor(operation: string, input: object): Promise<readonly Step[]> {
  try {
    validate((await find(APPS, operation)).entry, { ...input });
  } catch (error) {
    if (isRouterError(error)) return (await withSteps(APPS, error, {})).details.steps ?? [];
    throw error;
  }
  throw new Error('the call is right');
}

async function stepsOf(error: RouterError, via?: string): Promise<readonly Step[]> {
  return (await withSteps(APPS, error, via === undefined ? {} : { via })).details.steps ?? [];
}

describe('what a program can do about a wrong input', () => {
  it.each<[string, string, object, readonly Step[]]>([
    [
      'a field is mistyped',
      'close.lead.create',
      { name: 'A', descripton: 'x' },
      [{ do: 'rename_field', field: 'descripton', to: 'description' }],
    ],
    ['a field has another name', 'close.note.create', { lead_id: LEAD, notes: 'x' }, [{ do: 'rename_field', field: 'notes', to: 'note' }]],
    [
      'one field is too many and one too few',
      'close.lead.create',
      { company: 'A' },
      [{ do: 'rename_field', field: 'company', to: 'name' }],
    ],
    ['the id is only called id', 'close.lead.get', { id: LEAD }, [{ do: 'rename_field', field: 'id', to: 'lead_id' }]],
    [
      'a nested field is mistyped',
      'close.lead.create',
      { name: 'A', contacts: [{ nmae: 'B' }] },
      [{ do: 'rename_field', field: 'contacts.0.nmae', to: 'contacts.0.name' }],
    ],
    [
      'an id is missing',
      'close.lead.get',
      {},
      [{ do: 'find_id', field: 'lead_id', with: ['close.lead.find', 'close.lead.list'], prefix: 'lead' }],
    ],
    [
      'an id is of another kind',
      'close.note.create',
      { lead_id: 'cont_1', note: 'x' },
      [{ do: 'find_id', field: 'lead_id', with: ['close.lead.list'], prefix: 'lead' }],
    ],
    [
      'a value has another name',
      'close.call.log',
      { lead_id: LEAD, direction: 'incoming' },
      [{ do: 'choose_value', field: 'direction', from: ['inbound', 'outbound'], nearest: 'inbound' }],
    ],
    ['a number is text', 'close.call.log', { lead_id: LEAD, duration: '60' }, [{ do: 'convert_value', field: 'duration', to: 'integer' }]],
    [
      'cents have a fraction',
      'close.opportunity.create',
      { lead_id: LEAD, value: 199.99 },
      [{ do: 'convert_value', field: 'value', to: 'integer', times: 100 }],
    ],
    [
      'a date has another form',
      'close.opportunity.create',
      { lead_id: LEAD, date_won: '2026/03/31' },
      [{ do: 'convert_value', field: 'date_won', to: 'date' }],
    ],
    [
      'a list is one object',
      'close.lead.create',
      { name: 'A', contacts: { name: 'B' } },
      [{ do: 'convert_value', field: 'contacts', to: 'array' }],
    ],
    ['a number is too large', 'close.task.list', { skip: 40_000 }, [{ do: 'bound_value', field: 'skip', least: 0, most: 35_000 }]],
    [
      'a label stands for an id',
      'close.lead.update',
      { lead_id: LEAD, status: 'Qualified' },
      [
        { do: 'remove_field', field: 'status', loses: true },
        { do: 'find_id', field: 'status_id', with: ['close.lead_status.list'], prefix: 'stat' },
      ],
    ],
    [
      'nobody knows the field',
      'close.note.create',
      { lead_id: LEAD, note: 'x', frobnicate: 1 },
      [{ do: 'remove_field', field: 'frobnicate', loses: true }],
    ],
  ])('when %s', async (_, operation, input, steps) => {
    expect(await stepsFor(operation, input)).toEqual(steps);
  });

  it('holds nothing of what was written', async () => {
    const secret = 'Ingrid Solheim';
    const steps = await stepsFor('close.lead.create', {
      name: 5,
      url: [secret],
      status_id: secret,
      contacts: [{ name: secret, emails: [{ email: secret }] }],
    });
    expect(steps.length).toBeGreaterThan(2);
    expect(JSON.stringify(steps)).not.toContain('Ingrid');
  });
});

describe('what a program can do about an unknown operation', () => {
  it.each([
    ['close.deal.create', 'close.opportunity.create'],
    ['CLOSE_CREATE_LEAD', 'close.lead.create'],
    ['close.leads.list', 'close.lead.list'],
    ['sendSms', 'close.sms.send'],
    ['close.task.finish', 'close.task.complete'],
    ['lead.remove', 'close.lead.delete'],
  ])('%s is %s', async (written, meant) => {
    const error = await find(APPS, written).catch((thrown: unknown) => thrown);
    if (!isRouterError(error)) throw new Error('it is known');
    expect(await stepsOf(error)).toEqual([{ do: 'use_operation', operation: meant, choices: expect.arrayContaining([meant]) }]);
  });

  it('is nothing when no name is near, and never a delete where only the noun is understood', async () => {
    const far = await find(APPS, 'close.frobnicate.xyz').catch((thrown: unknown) => thrown);
    if (!isRouterError(far)) throw new Error('it is known');
    expect(await stepsOf(far)).toEqual([]);
    const vague = await find(APPS, 'close.note.frobnicate').catch((thrown: unknown) => thrown);
    expect(isRouterError(vague) && vague.details.nearest?.[0]).not.toContain('delete');
  });
});

describe('what a program can do about a refusal', () => {
  const details = { operation: 'close.lead.get', what: 'x', next: 'y.' };
  it.each<[RouterError, readonly Step[], string?]>([
    [
      new RouterError('not_found', details),
      [{ do: 'find_id', field: 'lead_id', with: ['close.lead.find', 'close.lead.list'], prefix: 'lead' }],
    ],
    [new RouterError('rate_limited', { ...details, retryAfterMs: 1500 }), [{ do: 'wait', ms: 1500 }]],
    [new RouterError('backend_unavailable', details), [{ do: 'wait', ms: 5000 }]],
    [new RouterError('unauthenticated', { ...details, backend: 'composio' }), [{ do: 'connect', backends: ['composio'] }]],
    [new RouterError('ambiguous_account', { ...details, choices: ['a:1', 'b:2'] }), [{ do: 'choose_connection', choices: ['a:1', 'b:2'] }]],
    [new RouterError('configuration', details), [{ do: 'ask_operator' }]],
    [new RouterError('unsupported_fields', { ...details, choices: ['custom, url'] }), [{ do: 'leave_via' }], 'membrane'],
    [
      new RouterError('unsupported_fields', { ...details, choices: ['custom, url'] }),
      [
        { do: 'remove_field', field: 'custom', loses: true },
        { do: 'remove_field', field: 'url', loses: true },
      ],
    ],
    [new RouterError('approval_required', details), [{ do: 'approve' }]],
    [new RouterError('idempotency_conflict', details), [{ do: 'new_idempotency_key' }]],
    [
      new RouterError('outcome_unknown', { ...details, operation: 'close.lead.create' }),
      [{ do: 'look', with: ['close.lead.list', 'close.lead.get'] }],
    ],
    [
      new RouterError('rejected', { ...details, operation: 'close.note.create', fields: [{ path: 'lead_id', problem: 'no such lead' }] }),
      [{ do: 'find_id', field: 'lead_id', with: ['close.lead.list'], prefix: 'lead' }],
    ],
  ])('%s', async (error, steps, via) => {
    expect(await stepsOf(error, via)).toEqual(steps);
  });

  it('stays what a thrower said it is', async () => {
    const told = new RouterError('conflict', { ...details, steps: [{ do: 'ask_user' }] });
    expect(await withSteps(APPS, told, {})).toBe(told);
  });
});

describe('every field that takes an id', () => {
  it('has an operation that shows such ids, or is known to have none', async () => {
    const lost: string[] = [];
    for (const entry of await closeApp.all()) {
      const required = Object.entries((entry.input as unknown as { shape: Record<string, unknown> }).shape).filter(([name]) =>
        /_id$/.test(name),
      );
      for (const [name] of required) {
        const error = new RouterError('rejected', {
          operation: `close.${entry.id}`,
          what: 'x',
          next: 'y.',
          fields: [{ path: name, problem: 'x', reason: 'rule' }],
        });
        const [step] = await stepsOf(error);
        if (step?.do !== 'find_id') lost.push(`${entry.id} ${name}`);
      }
    }
    expect(lost).toMatchInlineSnapshot(`
      [
        "opportunity.list lead_saved_search_id",
        "task.create agent_config_id",
        "task.update agent_config_id",
        "call.create playbook_id",
        "call.create conversation_type_id",
        "call.update playbook_id",
        "call.update conversation_type_id",
        "call.log playbook_id",
        "call.log conversation_type_id",
        "comment.list object_id",
        "comment.create object_id",
        "event.list object_id",
        "event.list request_id",
        "bulk_edit.create custom_field_id",
        "whatsapp.list external_whatsapp_message_id",
        "whatsapp.create external_whatsapp_message_id",
        "field_enrichment.run object_id",
        "field_enrichment.run field_id",
      ]
    `);
  });
});
