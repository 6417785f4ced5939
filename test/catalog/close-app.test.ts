import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toHttp } from '../../src/binding/http.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { renderIds, unlisted } from '../../src/catalog/generate-ids.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { sources, textOf } from '../support/sources.ts';

/** Written down from Close's reference, noun by noun: what the catalogue promises to have. */
const CRUD = ['list', 'create', 'get', 'update', 'delete'];
const JOB = ['list', 'create', 'get'];
const CORE: Readonly<Record<string, readonly string[]>> = {
  lead: [...CRUD, 'merge'],
  contact: CRUD,
  opportunity: CRUD,
  task: CRUD,
  activity: ['list'],
  note: CRUD,
  call: CRUD,
  sms: CRUD,
  email: CRUD,
  comment: CRUD,
  custom_field_lead: CRUD,
  custom_field_contact: CRUD,
  custom_field_opportunity: CRUD,
  me: ['get'],
  user: ['list', 'get'],
  pipeline: CRUD,
  sequence: ['list', 'get'],
  sequence_subscription: ['list', 'create', 'get', 'update'],
  webhook: CRUD,
};
const EXTRAS: Readonly<Record<string, readonly string[]>> = {
  task: ['bulk_update'],
  search: ['query'],
  lead_status: CRUD,
  opportunity_status: CRUD,
  meeting: ['list', 'get', 'update', 'delete'],
  sequence: ['create', 'update', 'delete'],
  sequence_subscription: ['delete'],
  event: ['list', 'get'],
  smart_view: CRUD,
  email_template: [...CRUD, 'render'],
  sms_template: ['list'],
  bulk_edit: JOB,
  bulk_delete: JOB,
  bulk_email: JOB,
  bulk_sequence_subscription: JOB,
  export: ['list', 'lead', 'opportunity', 'get'],
  custom_field_schema: ['get'],
  custom_field_shared: ['list'],
  comment_thread: ['list', 'get'],
  lead_status_change: ['list', 'create'],
  opportunity_status_change: ['list', 'create'],
  created: ['list'],
  lead_merge: ['list'],
  task_completed: ['list'],
  email_thread: ['list', 'get', 'delete'],
  whatsapp: ['list', 'create'],
  custom_activity: ['list', 'create'],
  custom_activity_type: ['list'],
  custom_object: ['list', 'create'],
  custom_object_type: ['list'],
  connected_account: ['list'],
  phone_number: ['list'],
  organization: ['get'],
  outcome: ['list'],
  role: ['list'],
  group: ['list'],
  integration_link: ['list'],
  unsubscribe: ['list', 'create', 'delete'],
  file: ['upload'],
  report: ['activity'],
  user_availability: ['list'],
  field_enrichment: ['run'],
};
const INTENTS = [
  ...['call.log', 'contact.add_details', 'email.draft', 'email.log', 'email.send', 'lead.find', 'opportunity.lose', 'opportunity.win'],
  ...['sequence.enrol', 'sequence.pause', 'sequence.resume', 'sms.log', 'sms.send', 'task.complete'],
];

const idsOf = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(table).flatMap(([noun, verbs]) => verbs.map((verb) => `${noun}.${verb}`));

const entries = await closeApp.all();
const operations = entries.filter((entry): entry is Operation => !isIntent(entry));
const byId = new Map(operations.map((operation) => [operation.id, operation]));

describe("the app's list of operations", () => {
  it('has every operation of Close that was promised, core and extra, and no other', () => {
    expect(
      operations
        .filter(({ core }) => core)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(idsOf(CORE).toSorted());
    expect(
      operations
        .filter(({ core }) => !core)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(idsOf(EXTRAS).toSorted());
    expect([idsOf(CORE).length, operations.length]).toEqual([81, 167]);
  });

  it('has the intents', () => {
    expect(
      entries
        .filter(isIntent)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(INTENTS);
  });

  it('comes in one order, in which everything is loaded too', () => {
    expect(entries.map(({ id }) => id)).toEqual(closeApp.ids);
    expect(new Set(closeApp.ids).size).toBe(closeApp.ids.length);
  });

  it('is written down afresh whenever an operation was added', async () => {
    const written = readFileSync(new URL('../../src/catalog/close/ids.generated.ts', import.meta.url), 'utf8');
    expect(await renderIds(), 'run: node src/catalog/generate-ids.ts').toBe(written);
    expect(await unlisted(), 'files of operations that files.ts does not list').toEqual([]);
  });

  it('knows no backend: not one word of its files names any', () => {
    const naming = sources().filter(({ path }) => path.startsWith('src/catalog/') && /composio|membrane|scalekit|rube/i.test(textOf(path)));
    expect(naming.map(({ path }) => path)).toEqual([]);
  });

  it('finds an operation by its id and nothing by a name that is none', async () => {
    expect((await closeApp.find('lead.create'))?.id).toBe('lead.create');
    expect((await closeApp.find('sequence.enrol'))?.id).toBe('sequence.enrol');
    for (const name of ['lead.crate', '', 'constructor', '__proto__', 'toString', 'close.lead.create'])
      expect(await closeApp.find(name)).toBeUndefined();
  });

  it('can be read without loading a schema', () => {
    const index = new URL('../../src/catalog/close/index.ts', import.meta.url).href;
    const script = `
      import { registerHooks } from 'node:module';
      const schemas = [];
      registerHooks({ load: (url, context, next) => (url.includes('/zod/') && schemas.push(url), next(url, context)) });
      const { closeApp } = await import('${index}');
      console.log(closeApp.ids.length, schemas.length);
      await closeApp.find('me.get');
      console.log(schemas.length > 0);`;
    const lines = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim().split('\n');
    expect(lines).toEqual([`${closeApp.ids.length} 0`, 'true']);
  });
});

describe.each(entries.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
  it('takes its own example as it is, and refuses a field that it does not know', () => {
    expect(entry.input.parse(entry.example)).toEqual(entry.example);
    const refused = entry.input.safeParse({ ...entry.example, no_such_field: 1 });
    expect(refused.error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
  });

  it('describes itself and every field that goes in or comes out, however deep', () => {
    expect(entry.summary).toMatch(/^[A-Z][^\n]{10,160}[^.\s]$/);
    expect(undescribed(z.toJSONSchema(entry.input, { io: 'input', unrepresentable: 'any' }) as JsonObject, '')).toEqual([]);
    expect(undescribed(z.toJSONSchema(entry.output, { io: 'output', unrepresentable: 'any' }) as JsonObject, '')).toEqual([]);
  });

  it('never sends to a person by reading or deleting', () => {
    if (entry.effect === 'read') expect(entry.sends(entry.example)).toBe(false);
    expect(entry.app).toBe('close');
  });
});

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s on the wire', (_, operation) => {
  it('has a request whose placeholders are fields, and whose method fits what it does', () => {
    const { path, method } = toHttp(operation, operation.example);
    expect(path).toMatch(/^(\/[^/{}]+)+\/$/);
    if (method === 'DELETE') expect(operation.output.safeParse({ deleted: true }).success).toBe(true);
    if (operation.effect === 'read') expect(['GET', 'POST']).toContain(method);
    else expect(method).not.toBe('GET');
  });

  it('can be confirmed with reads that exist, by fields that both have', () => {
    const { confirm } = operation;
    if (confirm.how === 'none') return expect(confirm.why).not.toBe('');
    const asked = confirm.how === 'search' ? confirm.list : confirm.read;
    if (asked === undefined) return expect(confirm.how).toBe('gone');
    const read = byId.get(asked);
    expect(read?.effect).toBe('read');
    if (confirm.how !== 'search') return undefined;
    expect(fieldsOf(operation)).toEqual(expect.arrayContaining([...confirm.by, ...confirm.same]));
    expect(confirm.same.length).toBeGreaterThan(0);
    return expect(read && fieldsOf(read)).toEqual(expect.arrayContaining([...confirm.by]));
  });
});

describe('what a person receives', () => {
  it.each([
    ['sequence_subscription.create', {}, true],
    ['sequence_subscription.update', { status: 'active' }, true],
    ['sequence_subscription.update', { status: 'paused' }, false],
    ['sequence.update', { status: 'active' }, true],
    ['sequence.update', { name: 'x' }, false],
    ['bulk_email.create', {}, true],
    ['bulk_sequence_subscription.create', { action_type: 'subscribe' }, true],
    ['bulk_sequence_subscription.create', { action_type: 'pause' }, false],
    ['whatsapp.create', {}, false],
    ['comment.create', {}, false],
  ])('%s with %j: %s', (id, input, sends) => {
    expect(byId.get(id)?.sends(input)).toBe(sends);
  });
});

function fieldsOf(operation: Operation): readonly string[] {
  const { properties } = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' });
  return Object.keys(properties ?? {});
}

/** The paths of all properties, however deep, that say nothing about themselves. */
function undescribed(schema: JsonObject, path: string): readonly string[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const here = Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const at = path ? `${path}.${name}` : name;
    return [...(says(property) ? [] : [at]), ...undescribed(property, at)];
  });
  const variants = ['anyOf', 'allOf', 'oneOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  const inner = [schema['items'], ...variants].filter(isObject).flatMap((one) => undescribed(one, `${path}[]`));
  return [...here, ...inner];
}

/** A nullable field says it in the variant that is not null. */
function says(property: JsonObject): boolean {
  if (typeof property['description'] === 'string') return true;
  return Array.isArray(property['anyOf']) && property['anyOf'].filter(isObject).some(says);
}
