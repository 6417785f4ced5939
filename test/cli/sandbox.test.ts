import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const run = (...args: readonly string[]) => runCli([...args, '--json'], { cwd: scratch() });

interface Served {
  readonly ready: true;
  readonly user: string;
  readonly backends: {
    readonly rest: { readonly url: string; readonly apiKey: string };
    readonly composio: { readonly url: string; readonly apiKey: string };
  };
}

/** `skillrouter sandbox` in a process of its own, until `stop`. */
async function serve(...args: readonly string[]) {
  const child = startCli(['sandbox', '--json', '--port', '0', ...args], { cwd: scratch() });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const served: Served = JSON.parse(line);
  return {
    served,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      return code;
    },
  };
}

/** Close's own API of a served sandbox. */
function ask({ backends: { rest } }: Served, path: string, init: RequestInit = {}): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${rest.apiKey}:`).toString('base64')}`;
  return fetch(`${rest.url}${path}`, { ...init, headers: { authorization, 'content-type': 'application/json' } });
}

const askMe = (served: Served): Promise<Response> => ask(served, '/me/');

async function post(served: Served, path: string, body: object) {
  const answer = await ask(served, path, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as { readonly id: string } };
}

/** Time goes by in the sandbox. */
async function advance({ backends: { rest } }: Served, ms: number): Promise<void> {
  const answer = await fetch(new URL('/__sandbox/clock', rest.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMs: Math.ceil(ms) }),
  });
  expect(answer.status).toBe(200);
}

/** The documented form of Close's header, as numbers. */
function limitIn(headers: Headers): { readonly limit: number; readonly remaining: number; readonly reset: number } {
  const [, limit, remaining, reset] = /^limit=(\d+), remaining=(\d+), reset=([\d.]+)$/.exec(headers.get('ratelimit') ?? '') ?? [];
  return { limit: Number(limit), remaining: Number(remaining), reset: Number(reset) };
}

describe('run --sandbox', () => {
  it('creates a lead and prints data and receipt', async () => {
    const { lines, code, stderr } = await run('run', 'lead.create', '--sandbox', '--name', 'Acme');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      ok: true,
      operation: 'close.lead.create',
      data: { id: expect.stringMatching(/^lead_/), name: 'Acme' },
      receipt: {
        id: expect.stringMatching(/^call_/),
        route: { backend: 'composio', connection: expect.stringMatching(/^ca_/), transport: 'tool' },
        delivery: 'answered',
        verdicts: expect.arrayContaining([expect.objectContaining({ backend: 'rest', reason: 'alternative' })]),
        attempts: [{ backend: 'composio', transport: 'tool', delivery: 'answered', ms: expect.any(Number) }],
        ms: expect.any(Number),
      },
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('takes the backend that --via names, or nothing', async () => {
    const [rest, gone] = await Promise.all([
      run('run', 'me.get', '--sandbox', '--via', 'rest'),
      run('run', 'me.get', '--sandbox', '--via', 'composio:ca_gone'),
    ]);
    expect(rest.lines[0]).toMatchObject({ ok: true, receipt: { route: { backend: 'rest', transport: 'direct' } } });
    expect(gone.lines[0]).toMatchObject({ ok: false, error: { code: 'configuration', details: { choices: expect.any(Array) } } });
    expect(gone.code).toBe(2);
  });

  it('lowers a page larger than the operation’s largest, and says so', async () => {
    const [leads, events] = await Promise.all([
      run('run', 'lead.list', '--sandbox', '--limit', '5000'),
      run('run', 'event.list', '--sandbox', '--limit', '100'),
    ]);
    expect(leads.lines[0]).toMatchObject({ ok: true, receipt: { notes: [expect.stringContaining('limit lowered to 200')] } });
    expect(events.lines[0]).toMatchObject({ ok: true, receipt: { notes: [expect.stringContaining('limit lowered to 50')] } });
  });

  it('prints what it would send and sends nothing with --dry-run', async () => {
    const { lines } = await run('run', 'lead.create', '--sandbox', '--name', 'Acme', '--dry-run');
    expect(lines[0]).toMatchObject({
      ok: true,
      data: { dry_run: true, request: { tool: 'CLOSE_CREATE_LEAD', arguments: { name: 'Acme' } } },
      receipt: { attempts: [] },
    });
    expect((await run('log', '--sandbox')).lines[0]).toEqual({ calls: [] });
  });

  it('offers a link to a user without a connection, with exit code 3', async () => {
    const { lines, code } = await run('run', 'lead.list', '--sandbox', '--user', 'bob');
    expect(lines[0]).toMatchObject({
      ok: false,
      operation: 'close.lead.list',
      error: {
        code: 'connection_required',
        retryable: true,
        details: {
          connect: expect.arrayContaining([{ backend: 'composio', url: expect.stringMatching(/^http/), how: expect.any(String) }]),
        },
      },
      receipt: { verdicts: expect.arrayContaining([expect.objectContaining({ reason: 'not_connected' })]) },
    });
    expect(code).toBe(3);
  });

  it('tells the app’s own refusals apart by exit code', async () => {
    const { lines, code } = await run('run', 'lead.get', '--sandbox', '--lead_id', 'lead_doesNotExist');
    expect(lines[0]).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(code).toBe(4);
  });

  it('keeps a policy when the configuration is named, and needs none of its secrets', async () => {
    const text = `backends:\n  composio: { api_key: \${UNSET_KEY} }\n  rest: {}\npolicy: { prefer: [rest], ask: [sends] }\n`;
    writeFileSync(join(scratch(), 'policy.yaml'), text);
    const [read, sent] = await Promise.all([
      run('run', 'me.get', '--sandbox', '--config', 'policy.yaml'),
      run('run', 'sms.send', '--sandbox', '--config', 'policy.yaml', '--input', SMS),
    ]);
    expect(read.lines[0]).toMatchObject({ receipt: { route: { backend: 'rest' } } });
    expect(sent.lines[0]).toMatchObject({ error: { code: 'approval_required' } });
    expect(sent.code).toBe(4);
  });

  it('reads well for a person: data on stdout, talk on stderr', async () => {
    const { stdout, stderr } = await runCli(['run', 'me.get', '--sandbox'], { cwd: scratch() });
    expect(JSON.parse(stdout)).toMatchObject({ id: expect.stringMatching(/^user_/) });
    expect(stderr).toMatch(/^ok {2}close\.me\.get through composio \(tool\) ca_\w+, \d+ ms, call_\w+\n$/);
  });
});

const SMS = JSON.stringify({
  lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
  local_phone: '+14155550100',
  remote_phone: '+14155550132',
  text: 'Hello',
});

describe('explain --sandbox', () => {
  it('gives routes and reasons, the first being the one that run takes', async () => {
    const { lines, code } = await run('explain', 'lead.create', '--sandbox', '--input', '{"name":"A","custom":{"cf_x":"1"}}');
    const route = { connection: expect.any(String) };
    expect(lines[0]).toEqual({
      operation: 'close.lead.create',
      routes: expect.arrayContaining([
        { backend: 'composio', transport: 'proxy', ...route },
        { backend: 'rest', transport: 'direct', ...route },
      ]),
      verdicts: expect.arrayContaining([
        expect.objectContaining({ backend: 'composio', transport: 'tool', reason: 'unsupported_fields', detail: 'custom' }),
      ]),
    });
    expect(code).toBe(0);
  });
});

describe('connections --sandbox', () => {
  it('are listed over every backend', async () => {
    const { lines } = await run('connections', 'list', '--sandbox');
    const row = { app: 'close', user: 'ada', status: 'active', connection: expect.any(String), checked_at: expect.any(String) };
    expect(lines[0]).toMatchObject({
      connections: expect.arrayContaining([
        expect.objectContaining({ backend: 'composio', ...row }),
        expect.objectContaining({ backend: 'rest', ...row }),
      ]),
      unreachable: [],
    });
  });

  it('are checked by asking the app who they are', async () => {
    const { lines, code } = await run('connections', 'check', '--sandbox');
    const { connections } = lines[0] as unknown as { connections: readonly { account: string }[] };
    expect(new Set(connections.map(({ account }) => account)).size).toBe(1);
    expect(connections[0]?.account).toMatch(/.+ \(.+\)/);
    expect(code).toBe(0);
  });

  it('start with a link, and the backend has to be named', async () => {
    const [made, unnamed, unknown] = await Promise.all([
      run('connections', 'connect', 'composio', '--sandbox', '--user', 'bob'),
      run('connections', 'connect', '--sandbox', '--user', 'bob'),
      run('connections', 'connect', 'compsio', '--sandbox'),
    ]);
    expect(made.lines[0]).toMatchObject({ backend: 'composio', user: 'bob', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1/) });
    expect(unnamed.lines[0]).toMatchObject({ error: { code: 'invalid_input', message: expect.stringMatching(/composio, .*rest/) } });
    expect(unknown.lines[0]).toMatchObject({ error: { code: 'configuration' } });
  });

  it('are waited for, and waiting ends', async () => {
    const [usable, none] = await Promise.all([
      run('connections', 'wait', '--sandbox'),
      run('connections', 'wait', '--sandbox', '--user', 'bob', '--timeout', '0.3'),
    ]);
    expect(usable.lines[0]).toMatchObject({ ready: true, status: 'active' });
    expect(none.lines[0]).toMatchObject({ error: { code: 'timeout' } });
    expect(none.code).toBe(5);
  });
});

describe('log', () => {
  it('shows past calls, newest first, by filter and one by one', async () => {
    await run('run', 'me.get', '--sandbox');
    await run('run', 'lead.get', '--sandbox', '--lead_id', 'lead_doesNotExist');
    const [all, failed, other] = await Promise.all([
      run('log', '--sandbox'),
      run('log', '--sandbox', '--outcome', 'not_found'),
      run('log', '--sandbox', '--operation', 'lead.create'),
    ]);
    const { calls } = all.lines[0] as unknown as { calls: readonly { id: string; operation: string; outcome: string }[] };
    expect(calls.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['close.lead.get', 'not_found'],
      ['close.me.get', 'ok'],
    ]);
    expect(failed.lines[0]).toEqual({ calls: [calls[0]] });
    expect(other.lines[0]).toEqual({ calls: [] });
    expect((await run('log', 'show', calls[0]?.id ?? '', '--sandbox')).lines[0]).toEqual(calls[0]);
    const gone = await run('log', 'show', 'call_gone', '--sandbox');
    expect([gone.code, gone.lines[0]]).toEqual([4, expect.objectContaining({ ok: false })]);
  });
});

describe('sandbox', () => {
  it('says when it is ready and how to reach it, and is then used like the real thing', async () => {
    const { served, stop } = await serve('--user', 'grace');
    const { rest, composio } = served.backends;
    expect(served).toMatchObject({ ready: true, user: 'grace' });
    writeFileSync(
      join(scratch(), 'skillrouter.yaml'),
      `backends:\n  composio: { api_key: \${COMPOSIO}, base_url: ${composio.url} }\n  rest: { api_key: \${CLOSE}, base_url: ${rest.url} }\ndefault_user: grace\n`,
    );
    const env = { COMPOSIO: composio.apiKey, CLOSE: rest.apiKey };
    const made = await runCli(['run', 'lead.create', '--name', 'Acme', '--json'], { cwd: scratch(), env });
    const id = (made.lines[0] as { data: { id: string } }).data.id;
    const found = await runCli(['run', 'lead.get', '--lead_id', id, '--via', 'rest', '--json'], { cwd: scratch(), env });
    const health = await runCli(['doctor', '--json'], { cwd: scratch(), env });
    expect(found.lines[0]).toMatchObject({ ok: true, data: { id, name: 'Acme' }, receipt: { route: { backend: 'rest' } } });
    expect(health.lines[0]).toMatchObject({ ok: true });
    expect(health.code).toBe(0);
    expect(await stop()).toBe(0);
  });

  it('writes its state where it is told, and starts empty on request', async () => {
    const { served, stop } = await serve('--seed', 'empty', '--snapshot', 'state.json');
    const headers = { authorization: `Basic ${Buffer.from(`${served.backends.rest.apiKey}:`).toString('base64')}` };
    const leads = await fetch(`${served.backends.rest.url}/lead/`, { headers });
    expect(await leads.json()).toMatchObject({ data: [], has_more: false });
    expect(await stop()).toBe(0);
    expect(JSON.parse(readFileSync(join(scratch(), 'state.json'), 'utf8'))).toMatchObject({ store: expect.any(Object) });
  });

  it('meets a flood as Close does: lets its twenty a second through, refuses the rest, and tells the truth about both', async () => {
    const { served, stop } = await serve();
    const answers = await Promise.all(Array.from({ length: 150 }, () => askMe(served)));
    const told = answers.map(({ status, headers }) => ({ status, ...limitIn(headers), retryAfter: headers.get('retry-after') }));
    const [passed, refused] = [told.filter(({ status }) => status === 200), told.filter(({ status }) => status === 429)];
    expect(passed.length + refused.length).toBe(150);
    expect(passed.length).toBeGreaterThanOrEqual(20);
    expect(refused.length).toBeGreaterThan(0);
    for (const { remaining, reset, limit, status } of told) {
      expect(limit).toBe(20);
      // The window is over when all twenty are there again: what is left of it and what remains are one number.
      const held = 20 - 20 * reset;
      expect(remaining).toBe(status === 429 ? 0 : remaining);
      expect(held).toBeGreaterThan(remaining - 0.02);
      expect(held).toBeLessThan(remaining + 1.02);
    }
    expect(refused.every(({ retryAfter }) => retryAfter === '1')).toBe(true);
    const [last] = refused.toReversed();
    await advance(served, (last?.reset ?? 0) * 1000);
    const after = await askMe(served);
    expect(after.status).toBe(200);
    expect(limitIn(after.headers).remaining).toBe(19);
    expect(await stop()).toBe(0);
  });

  it.each([
    ['comma', ['ratelimit'], /^limit=20, remaining=19, reset=0\.05$/],
    ['semicolon', ['ratelimit', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'], /^limit=20; remaining=19; reset=0\.05$/],
    ['discrete', ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'], undefined],
    ['none', [], undefined],
  ])('tells its limit in the form %s', async (form, names, text) => {
    const { served, stop } = await serve('--rate-limit-headers', form);
    const { headers } = await askMe(served);
    expect([...headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual(names);
    if (text) expect(headers.get('ratelimit')).toMatch(text);
    await stop();
  });

  it('lags, takes what it should not, and forgets its limit when it is told to', async () => {
    const { served, stop } = await serve(...['--rate-limit', '0', '--read-lag', '60000', '--search-lag', '60000', '--open-bodies']);
    const lead = await post(served, '/lead/', { name: 'Lagging' });
    const contact = await post(served, '/contact/', { lead_id: lead.body.id, name: 'Ada', nmae: 'Ada' });
    expect([lead.status, contact.status]).toEqual([200, 200]);
    expect(lead.headers.has('ratelimit')).toBe(false);
    const found = async () => (await ask(served, '/lead/?query=name:"Lagging"')).json();
    expect(await found()).toMatchObject({ data: [] });
    await advance(served, 60_000);
    expect(await found()).toMatchObject({ data: [{ id: lead.body.id }] });
    await ask(served, `/lead/${lead.body.id}/`, { method: 'DELETE' });
    expect((await ask(served, `/lead/${lead.body.id}/`)).status).toBe(200);
    await advance(served, 60_000);
    expect((await ask(served, `/lead/${lead.body.id}/`)).status).toBe(404);
    await stop();
  });

  it('tells so many callers to wait as it was told to, whatever its headers say', async () => {
    const { served, stop } = await serve('--hidden-refusals', '2', '--rate-limit', '7');
    const answers = [await askMe(served), await askMe(served), await askMe(served)];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(limitIn(answers[0]?.headers ?? new Headers())).toMatchObject({ limit: 7, remaining: 6 });
    await stop();
  });

  it('says which port is in use, with exit code 2', async () => {
    const { served, stop } = await serve();
    const { port } = new URL(served.backends.rest.url);
    const second = await run('sandbox', '--port', port);
    expect(second.lines[0]).toMatchObject({ error: { code: 'configuration', message: expect.stringContaining(`port ${port}`) } });
    expect(second.code).toBe(2);
    await stop();
  });

  it.each([
    [['--port', '70000'], /--port must be a number from 0 to 65535/],
    [['--seed', 'full'], /Allowed choices are demo, empty/],
    [['--rate-limit-headers', 'colon'], /Allowed choices are comma, semicolon, discrete, none/],
    [['--search-lag', '0.5'], /--search-lag must be a whole number of at least 0/],
    [['--rate-limit', 'many'], /--rate-limit must be a whole number/],
    [['--snapshot', 'no/such/folder/state.json'], /cannot be written/],
  ])('refuses %j', async (args, says) => {
    const { lines, code } = await run('sandbox', ...args);
    expect((lines[0] as { error: { message: string } }).error.message).toMatch(says);
    expect(code).toBe(2);
  });
});

describe('demo', () => {
  it('goes well in every step, over both backends, and says how', async () => {
    const { lines, code } = await run('demo');
    const steps = lines as unknown as readonly {
      step: string;
      ok: boolean;
      operation?: string;
      receipt?: { route?: { backend: string; transport: string }; attempts: readonly object[] };
      note?: string;
    }[];
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(code).toBe(0);
    const routes = steps.flatMap(({ operation, receipt }) =>
      receipt?.route ? [[operation, receipt.route.backend, receipt.route.transport]] : [],
    );
    expect(routes).toEqual([
      ['close.lead.create', 'composio', 'tool'],
      ['close.lead.create', 'composio', 'proxy'],
      ['close.call.log', 'composio', 'tool'],
      ['close.sms.send', 'composio', 'tool'],
      ['close.task.create', 'rest', 'direct'],
      ['close.note.create', 'rest', 'direct'],
      ['close.note.get', 'rest', 'direct'],
      ['close.call.delete', 'rest', 'direct'],
      ['close.lead.list', 'composio', 'proxy'],
    ]);
    expect(steps.find(({ operation }) => operation === 'close.task.create')?.receipt?.attempts).toHaveLength(2);
    expect(steps.at(-1)).toMatchObject({ step: 'receipts', ok: true });
  });

  it('leaves nothing behind and reads well', async () => {
    const { stdout, code } = await runCli(['demo'], { cwd: scratch() });
    expect(stdout).toMatch(/✓ create a lead {2}close\.lead\.create {2}through composio \(tool\)/);
    expect(stdout).toMatch(/✓ \d+ calls through composio and rest/);
    expect(code).toBe(0);
    expect((await runCli(['log', '--sandbox', '--json'], { cwd: scratch() })).lines[0]).toEqual({ calls: [] });
  });
});
