import { describe, expect, it } from 'vitest';
import { toHttp } from '../../src/binding/http.ts';
import { isObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { entries, entryOf, inputSchemaOf, intents, operations, problemsOf } from './lead-side.ts';

const FIVE = ['list', 'create', 'get', 'update', 'delete'];
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  lead: [...FIVE, 'merge'],
  contact: FIVE,
  opportunity: FIVE,
  task: [...FIVE, 'bulk_update'],
  activity: ['list'],
  note: FIVE,
  call: FIVE,
  sms: FIVE,
  email: FIVE,
};
const INTENTS = [
  'call.log',
  'sms.send',
  'sms.log',
  'email.send',
  'email.log',
  'email.draft',
  'lead.find',
  'task.complete',
  'contact.add_details',
  'opportunity.win',
  'opportunity.lose',
];

function inputShape(operation: Operation): readonly string[] {
  const schema = inputSchemaOf(operation.id);
  return isObject(schema) && isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
}

/** Paths of the properties, at any depth, of which an agent would not learn what they mean. */
function undescribed(schema: unknown, path = ''): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => undescribed(one, path));
  if (!isObject(schema)) return [];
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  return [
    ...properties.flatMap(([name, property]) => [
      ...(isDescribed(property) ? [] : [`${path}${name}`]),
      ...undescribed(property, `${path}${name}.`),
    ]),
    ...undescribed(schema['items'], `${path}[].`),
    ...undescribed(schema['anyOf'], path),
  ];
}

function isDescribed(property: unknown): boolean {
  if (!isObject(property)) return false;
  if (typeof property['description'] === 'string') return property['description'].length > 3;
  return Array.isArray(property['anyOf']) && property['anyOf'].some(isDescribed);
}

describe('the operations of leads and what hangs under them', () => {
  it('are exactly those that Close has', () => {
    const wanted = Object.entries(EXPECTED).flatMap(([noun, verbs]) => verbs.map((verb) => `${noun}.${verb}`));
    expect(operations.map(({ id }) => id).toSorted()).toEqual(wanted.toSorted());
  });

  it('come with the everyday short forms', () => {
    expect(intents.map(({ id }) => id).toSorted()).toEqual(INTENTS.toSorted());
  });

  it('are core, but for the bulk update', () => {
    expect(operations.filter(({ core }) => !core).map(({ id }) => id)).toEqual(['task.bulk_update']);
  });
});

describe.each(entries)('$id', (entry) => {
  it('has an example that is valid and comes back unchanged', () => {
    expect(entry.input.parse(entry.example)).toEqual(entry.example);
  });

  it('refuses a field that it does not have', () => {
    expect(problemsOf(entry.id, { ...entry.example, colour: 'red' }).join()).toContain('colour');
  });

  it('describes every input field, at every depth', () => {
    expect(undescribed(inputSchemaOf(entry.id))).toEqual([]);
  });

  it('can be chosen by one line', () => {
    expect(entry.summary).toMatch(/^[A-Z].{10,159}[^.]$/);
  });
});

describe.each(operations)('the request of $id', (operation) => {
  it('takes every id in its path from the input', () => {
    expect(inputShape(operation)).toEqual(expect.arrayContaining([...operation.http.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)));
    expect(toHttp(operation, operation.example).path).not.toMatch(/undefined|[{}]/);
  });

  it('can be confirmed by an operation that exists, with filters that it has', () => {
    const { confirm } = operation;
    if (confirm.how === 'none') return;
    const asked = confirm.how === 'search' ? confirm.list : confirm.read;
    const reader = operations.find(({ id }) => id === asked);
    expect(reader?.effect, `${operation.id} is confirmed by ${asked}`).toBe('read');
    if (!reader || confirm.how !== 'search') return;
    const filter = confirm.where
      ? confirm.where(operation.example)
      : Object.fromEntries(confirm.by.map((name) => [name, operation.example[name]]));
    expect(Object.keys(filter)).not.toEqual([]);
    expect(problemsOf(reader.id, filter)).toEqual([]);
    expect(inputShape(operation)).toEqual(expect.arrayContaining([...confirm.same]));
  });

  it('says truly whether it changes something', () => {
    expect(operation.effect === 'read').toBe(operation.http.method === 'GET');
    if (operation.id.endsWith('.delete')) expect(operation.effect).toBe('destructive');
  });
});

describe('what a person outside receives', () => {
  const SENDING = [
    ['sms.create', 'outbox', true],
    ['sms.create', 'scheduled', true],
    ['sms.create', 'draft', false],
    ['sms.create', 'sent', false],
    ['sms.update', 'outbox', true],
    ['email.create', 'outbox', true],
    ['email.create', 'inbox', false],
    ['email.update', 'scheduled', true],
    ['email.update', undefined, false],
  ] as const;

  it.each(SENDING)('%s with status %s: %s', (id, status, sends) => {
    expect(entryOf(id).sends({ status })).toBe(sends);
  });

  it('is sent by the intents named so, and by no other', () => {
    expect(intents.filter((one) => one.sends(one.example)).map(({ id }) => id)).toEqual(['sms.send', 'email.send']);
  });
});

describe('the wire form', () => {
  it('of a bulk update carries the filter in the query and the change in the body', () => {
    const operation = operations.find(({ id }) => id === 'task.bulk_update');
    const input = { where: { id__in: ['task_a', 'task_b'], is_complete: false }, set: { is_complete: true } };
    expect(operation && toHttp(operation, input)).toEqual({
      method: 'PUT',
      path: '/task/',
      query: [
        ['id__in', 'task_a,task_b'],
        ['is_complete', 'false'],
      ],
      body: { is_complete: true },
    });
  });

  it('of custom fields is flat, and a null stays a null', () => {
    const operation = operations.find(({ id }) => id === 'lead.update');
    const input = {
      lead_id: 'lead_1',
      url: null,
      custom: { cf_a: null },
      custom_add: { cf_b: 'Wednesday' },
      custom_remove: { cf_c: 'Friday' },
    };
    expect(operation && toHttp(operation, input).body).toEqual({
      url: null,
      'custom.cf_a': null,
      'custom.cf_b.add': 'Wednesday',
      'custom.cf_c.remove': 'Friday',
    });
  });

  it('of send_to_inbox is the query, not the body', () => {
    const operation = operations.find(({ id }) => id === 'sms.create');
    const request = operation && toHttp(operation, { lead_id: 'lead_1', status: 'inbox', text: 'Hi', send_to_inbox: true });
    expect(request?.query).toEqual([['send_to_inbox', 'true']]);
    expect(request?.body).toEqual({ lead_id: 'lead_1', status: 'inbox', text: 'Hi' });
  });
});
