/** The page that shows Close as a REST API (seed 003), by plain fetch at the REST door, over every backend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/contract/guards.ts';
import { NAMES } from '../contract/rig.ts';
import { type Over, openOver, rowsOf } from './stage.ts';

describe.each(NAMES)('the page’s requests, over %s', (backend) => {
  let over: Over;
  const known = { lead: '', contact: '' };
  beforeAll(async () => {
    over = await openOver(backend);
  });
  afterAll(() => over[Symbol.asyncDispose]());

  async function send(method: string, path: string, body?: JsonObject): Promise<{ readonly status: number; readonly body: JsonObject }> {
    const { url = '', apiKey = '' }: Readonly<Record<string, string>> = over.ready.backends['rest'] ?? {};
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  }

  it('create a lead, and find it again', async () => {
    const made = await send('POST', '/lead/', { name: 'Acme Corp', url: 'https://acme.example', description: 'Enterprise prospect' });
    expect(made).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^lead_/), display_name: 'Acme Corp' } });
    known.lead = String(made.body['id']);
    const found = await send('GET', '/lead/?query=name%3A%22Acme+Corp%22&_limit=5&_skip=0&_fields=id,name');
    expect(rowsOf(found.body)).toEqual([{ id: known.lead, name: 'Acme Corp' }]);
    expect(rowsOf((await send('GET', '/lead/')).body).length).toBeGreaterThan(1);
  });

  it('create a contact on it, and read it', async () => {
    const made = await send('POST', '/contact/', {
      lead_id: known.lead,
      name: 'Jane Smith',
      emails: [{ email: 'jane@acme.example', type: 'office' }],
      phones: [{ phone: '+15551234567', type: 'office' }],
    });
    expect(made).toMatchObject({ status: 200, body: { lead_id: known.lead, name: 'Jane Smith' } });
    known.contact = String(made.body['id']);
    expect(await send('GET', `/contact/${known.contact}/`)).toMatchObject({ body: { emails: [{ email: 'jane@acme.example' }] } });
  });

  it('create an opportunity; the page’s status_type, a field of answers only, is refused and does nothing', async () => {
    const before = over.world.ledger().length;
    const wrong = await send('POST', '/opportunity/', { lead_id: known.lead, value: 50000, status_type: 'active' });
    const effects = over.world.ledger().length - before;
    expect([wrong.status >= 400, effects]).toEqual([true, 0]);
    const right = await send('POST', '/opportunity/', { lead_id: known.lead, value: 50000 });
    expect(right).toMatchObject({ status: 200, body: { lead_id: known.lead, value: 50000, status_type: 'active' } });
    expect(rowsOf((await send('GET', `/opportunity/?lead_id=${known.lead}`)).body)).toHaveLength(1);
  });

  it('create a task, and list it by what the page filters by', async () => {
    const made = await send('POST', '/task/', {
      lead_id: known.lead,
      text: 'Follow up on demo request',
      _type: 'lead',
      date: '2026-03-10',
    });
    expect(made).toMatchObject({ status: 200, body: { _type: 'lead', date: '2026-03-10', is_complete: false } });
    const listed = await send('GET', `/task/?lead_id=${known.lead}&_type=lead&is_complete=false`);
    expect(rowsOf(listed.body).map(({ id }) => id)).toEqual([made.body['id']]);
  });

  it('list the activities of a lead', async () => {
    const listed = await send('GET', `/activity/?lead_id=${known.lead}`);
    expect(listed.status).toBe(200);
    expect(rowsOf(listed.body).every(({ lead_id }) => lead_id === known.lead)).toBe(true);
  });
});
