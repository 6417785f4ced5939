import { afterAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { toHttp } from '../../src/binding/http.ts';
import { kindsOf } from '../../src/binding/kinds.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { normalise } from '../../src/router/normalise.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { createWorld } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const signal = AbortSignal.timeout(25_000);
const options = { seed: 'rest', clock: { kind: 'virtual' }, switches: { rateLimits: false } } as const;

/** The same world twice: one is asked directly, the other over HTTP through adapter, wire and door. */
const near = createWorld(options);
const sandbox = await startSandbox({ world: createWorld(options), doors: { rest: await BACKENDS.rest.door({ app: closeApp }) }, serve });
const { url, apiKey = '' } = sandbox.ready.backends['rest'] ?? { url: '' };
const adapter = await BACKENDS.rest.adapter({ baseUrl: url, keys: { everybody: apiKey }, now: () => new Date(0) });
const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, signal);

afterAll(async () => {
  await adapter.close();
  await sandbox.close();
});

async function far(operation: Operation, input: JsonObject): Promise<unknown> {
  if (!connection) throw new Error('there is a key for everybody');
  const reply = await adapter.request({ connection, ...toHttp(operation, input), read: operation.effect === 'read' }, signal);
  const result = normalise(operation, reply, closeApp);
  return result.ok ? { data: result.data } : { code: result.failure.code, fields: result.failure.fields?.map(({ path }) => path) };
}

function direct(operation: Operation, input: JsonObject): unknown {
  const outcome = near.run({ operation: `close.${operation.id}`, input }, { key: apiKey });
  if (outcome.ok) return { data: outcome.data };
  return { code: outcome.error.code, fields: outcome.error.details.fields?.map(({ path }) => path) };
}

/** What the wire has no spelling for: an empty group of custom fields, and `has_more` where there is a cursor, which is the router's. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (!isObject(value)) return value;
  const isPaged = 'cursor' in value || 'cursor_next' in value;
  const entries = Object.entries(value).filter(
    ([name, item]) => !(name === 'custom' && isObject(item) && Object.keys(item).length === 0) && !(name === 'has_more' && isPaged),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, spelled(item)]));
}

async function both(id: string, input: JsonObject): Promise<unknown> {
  const operation = operations.find((one) => one.id === id);
  if (!operation) throw new Error(`no operation ${id}`);
  const [over, there] = [await far(operation, input), direct(operation, input)];
  expect(spelled(over)).toEqual(spelled(there));
  return there;
}

const idOf = (result: unknown): string => String(isObject(result) && isObject(result['data']) ? result['data']['id'] : undefined);

describe('Close over HTTP answers what Close answers', () => {
  const lists = operations.filter(
    (operation) => operation.effect === 'read' && Object.values(kindsOf(operation)).every(({ required }) => !required),
  );
  it.each(lists.map(({ id }) => id))('%s', async (id) => {
    await both(id, {});
  });

  it.each(operations.map(({ id, example }) => [id, example] as const))('%s with invented ids', async (id, example) => {
    await both(id, example);
  });

  it('the life of a lead', async () => {
    const leadId = idOf(
      await both('lead.create', { name: 'Northpine', contacts: [{ name: 'Ingrid', emails: [{ email: 'i@northpine.example' }] }] }),
    );
    const callId = idOf(
      await both('call.create', { lead_id: leadId, direction: 'outbound', status: 'completed', duration: 60, note: 'ö' }),
    );
    await both('lead.update', { lead_id: leadId, description: null, url: 'https://northpine.example' });
    await both('task.create', { lead_id: leadId, text: 'Call back', date: '2026-03-10' });
    await both('task.bulk_update', { where: { lead_id: leadId }, set: { is_complete: true } });
    await both('call.list', { lead_id: leadId, fields: ['id', 'note'] });
    await both('call.delete', { call_id: callId });
    await both('call.get', { call_id: callId });
    await both('lead.delete', { lead_id: leadId });
    await both('lead.get', { lead_id: leadId });
  });

  it('today is the caller’s day', async () => {
    const list = await both('opportunity_status.list', {});
    const page = isObject(list) && isObject(list['data']) ? list['data']['data'] : undefined;
    const statuses = Array.isArray(page) ? page.filter(isObject) : [];
    const won = statuses.find(({ type }) => type === 'won')?.['id'];
    const leadId = idOf(await both('lead.create', { name: 'Dateline' }));
    const days = await Promise.all(['14', '-12'].map((offset) => winAt(offset, { lead_id: leadId, status_id: won })));
    expect(new Set(days).size).toBe(2);
  });

  /** Straight over HTTP, as the adapter sends no time zone. The day on which the opportunity was won. */
  async function winAt(offset: string, body: JsonObject): Promise<unknown> {
    const headers = { authorization: `Basic ${btoa(`${apiKey}:`)}`, 'content-type': 'application/json', 'x-tz-offset': offset };
    const response = await fetch(`${url}/opportunity/`, { method: 'POST', headers, body: JSON.stringify(body), signal });
    const opportunity: unknown = await response.json();
    return isObject(opportunity) ? opportunity['date_won'] : undefined;
  }
});
