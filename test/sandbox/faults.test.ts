import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { startTiny } from './tiny-sandbox.ts';

const WRITE = { user: 'ada', operation: 'close.note.create', input: {} };

/** What the client of a call gets: its answer, or what broke. */
async function tell(call: Promise<Response>): Promise<{ status: number; type: string | null; body: string } | { broke: true }> {
  try {
    const reply = await call;
    return { status: reply.status, type: reply.headers.get('content-type'), body: await reply.text() };
  } catch {
    return { broke: true };
  }
}

const ROWS: readonly { readonly fault: Fault; readonly written: number; readonly gets: object }[] = [
  { fault: { when: 'before', kind: 'status', status: 429, headers: { 'retry-after': '3' } }, written: 0, gets: { status: 429, body: '' } },
  { fault: { when: 'after', kind: 'status', status: 504 }, written: 1, gets: { status: 504, body: '' } },
  { fault: { when: 'after', kind: 'status', status: 204 }, written: 1, gets: { status: 204, body: '' } },
  {
    fault: { when: 'before', kind: 'html' },
    written: 0,
    gets: { status: 502, type: 'text/html', body: expect.stringContaining('<html>') },
  },
  { fault: { when: 'after', kind: 'html', status: 200 }, written: 1, gets: { status: 200, type: 'text/html' } },
  { fault: { when: 'before', kind: 'reset' }, written: 0, gets: { broke: true } },
  { fault: { when: 'after', kind: 'reset' }, written: 1, gets: { broke: true } },
  { fault: { when: 'mid-body' }, written: 1, gets: { broke: true } },
  { fault: { when: 'after', kind: 'truncate' }, written: 1, gets: { status: 200, type: 'application/json', body: '{"id":1,"by"' } },
  { fault: { when: 'before', kind: 'truncate' }, written: 0, gets: { status: 200, body: '{"data' } },
  { fault: { when: 'after', kind: 'body', body: { data: null } }, written: 1, gets: { status: 200, body: '{"data":null}' } },
  { fault: { when: 'before', kind: 'body', body: 'not json', status: 201 }, written: 0, gets: { status: 201, body: 'not json' } },
];

describe('a fault on the wire', () => {
  it.each(ROWS)('$fault.when $fault.kind $fault.status: $written written', async ({ fault, written, gets }) => {
    await using sandbox = await startTiny();
    const set = sandbox.fault(fault);
    expect(await tell(sandbox.run('composio', WRITE))).toMatchObject(gets);
    expect(sandbox.world.notes).toHaveLength(written);
    expect(set.fired()).toBe(1);
    expect((await sandbox.run('composio', WRITE)).status).toBe(200); // it strikes once
  });

  it.each(['before', 'after'] as const)('leaves a client without answer when it hangs %s, and the port still closes', async (when) => {
    const sandbox = await startTiny();
    sandbox.fault({ when, kind: 'hang' });
    const abort = new AbortController();
    const call = fetch(`${sandbox.url}/composio/run`, {
      method: 'POST',
      headers: { 'x-key': sandbox.ready.backends['composio']?.['apiKey'] ?? '' },
      body: JSON.stringify(WRITE),
      signal: abort.signal,
    });
    const broke = expect(call).rejects.toThrow();
    while (sandbox.world.notes.length < (when === 'after' ? 1 : 0) || sandbox.requests().length === 0) await new Promise(setImmediate);
    await sandbox.close();
    await broke;
    expect(sandbox.world.notes).toHaveLength(when === 'after' ? 1 : 0);
  });

  it('strikes only what it is aimed at, as often as it says', async () => {
    await using sandbox = await startTiny();
    sandbox.fault({ backend: 'membrane', when: 'before', kind: 'status', status: 500, times: 'always' });
    sandbox.fault({ method: 'get', when: 'before', kind: 'status', status: 501 });
    sandbox.fault({ path: '/other', when: 'before', kind: 'status', status: 502 });
    const twice = sandbox.fault({ path: '^/r.n$', when: 'before', kind: 'status', status: 503, times: 2 });
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) statuses.push((await sandbox.run('composio', WRITE)).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect(twice.fired()).toBe(2);
  });

  it('can be taken back', async () => {
    await using sandbox = await startTiny();
    sandbox.fault({ when: 'before', kind: 'reset', times: 'always' }).remove();
    expect((await sandbox.run('composio', WRITE)).status).toBe(200);
  });
});

describe('the record of the wire', () => {
  it('counts one write as one request and holds neither credentials nor content', async () => {
    await using sandbox = await startTiny();
    sandbox.fault({ backend: 'scalekit', when: 'after', kind: 'status', status: 503 });
    await sandbox.run('composio', { ...WRITE, input: { text: 'call Zoe' } });
    await sandbox.run('scalekit', WRITE);
    await fetch(`${sandbox.ready.backends['rest']?.url}/lead/?query=zoe@example.com`);
    expect(sandbox.counts()).toEqual({ composio: { POST: 1 }, scalekit: { POST: 1 }, rest: { GET: 1 } });
    expect(sandbox.requests('scalekit')).toEqual([
      { backend: 'scalekit', method: 'POST', path: '/run', at: '2026-11-02T09:00:00.000Z', fault: 'after status' },
    ]);
    const whole = JSON.stringify(sandbox.requests());
    expect(whole).not.toMatch(/zoe|ak_|api_/i);
    expect(whole).toContain('/api/v1/lead/');
  });
});

describe('the control paths', () => {
  const post = (url: string, body: unknown): Promise<Response> =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  it('set and clear faults, and show and forget requests', async () => {
    await using sandbox = await startTiny();
    const control = `${sandbox.url}/__sandbox`;
    const set = await post(`${control}/faults`, {
      backend: 'composio',
      path: '/run',
      when: 'before',
      kind: 'status',
      status: 418,
      times: 'always',
    });
    expect(set.status).toBe(201);
    expect((await sandbox.run('composio', WRITE)).status).toBe(418);
    expect(await (await fetch(`${control}/faults`)).json()).toMatchObject({ faults: [{ kind: 'status', fired: 1 }] });
    await fetch(`${control}/faults`, { method: 'DELETE' });
    expect((await sandbox.run('composio', WRITE)).status).toBe(200);
    expect(await (await fetch(`${control}/requests?backend=composio`)).json()).toMatchObject({
      requests: [{ method: 'POST', path: '/run', fault: 'before status' }, { path: '/run' }],
      counts: { composio: { POST: 2 } },
    });
    await fetch(`${control}/requests`, { method: 'DELETE' });
    expect(sandbox.requests()).toEqual([]);
  });

  it.each([
    [{}, ['when', 'kind']],
    [{ when: 'later', kind: 'reset' }, ['when']],
    [{ when: 'before', kind: 'explode' }, ['kind']],
    [{ when: 'before', kind: 'status', status: 99 }, ['status']],
    [{ when: 'before', kind: 'reset', path: '(' }, ['path']],
    [{ when: 'before', kind: 'reset', times: 0, backend: 7 }, ['times', 'backend']],
    [{ when: 'mid-body', door: 'composio' }, ['door']],
  ])('refuse the fault %j', async (body, fields) => {
    await using sandbox = await startTiny();
    const reply = await post(`${sandbox.url}/__sandbox/faults`, body);
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: { code: string; details: { fields: { path: string }[] } } };
    expect(error.code).toBe('invalid_input');
    expect(error.details.fields.map(({ path }) => path).toSorted()).toEqual([...fields].toSorted());
  });

  it('advance the clock, never back', async () => {
    await using sandbox = await startTiny();
    const reply = await post(`${sandbox.url}/__sandbox/clock`, { advanceMs: 60_000 });
    expect(await reply.json()).toEqual({ now: '2026-11-02T09:01:00.000Z' });
    expect((await post(`${sandbox.url}/__sandbox/clock`, { advanceMs: -1 })).status).toBe(400);
  });

  it('flip a connection and show the whole state, without a key of a backend', async () => {
    await using sandbox = await startTiny();
    const [connection] = await sandbox.connections('composio');
    const reply = await post(`${sandbox.url}/__sandbox/connections/composio/${connection?.id}`, { status: 'expired', detail: 'STALE' });
    expect(await reply.json()).toMatchObject({ connection: { status: 'expired', detail: 'STALE' } });
    const state = await (await fetch(`${sandbox.url}/__sandbox/state`)).text();
    expect(JSON.parse(state)).toMatchObject({
      user: 'ada',
      world: { notes: [] },
      connections: expect.arrayContaining([{ ...connection, status: 'expired', detail: 'STALE' }]),
    });
    expect(state).not.toMatch(/api_|ak_/);
    expect((await post(`${sandbox.url}/__sandbox/connections/composio/${connection?.id}`, { status: 'ACTIVE' })).status).toBe(400);
    expect((await post(`${sandbox.url}/__sandbox/connections/composio/ca_nobody`, { status: 'active' })).status).toBe(404);
  });

  it('take nothing that a form of another page could send', async () => {
    await using sandbox = await startTiny();
    const reply = await fetch(`${sandbox.url}/__sandbox/clock`, { method: 'POST', body: '{"advanceMs":1000}' });
    expect(reply.status).toBe(400);
    expect(new Date(sandbox.world.now()).toISOString()).toBe('2026-11-02T09:00:00.000Z');
  });
});
