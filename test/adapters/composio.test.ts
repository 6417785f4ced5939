import { describe, expect, it } from 'vitest';
import { type Answer, account, afterOwnership, CONNECTION, HTTP, json, page, scripted, TOOL } from './composio-server.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);
const ADA = { app: 'close', user: 'ada' };
const success = json({ data: { id: 'lead_1' }, error: null, successful: true, log_id: 'log_1' });

describe('a call', () => {
  it('to a tool is one request, with user, account and pinned version', async () => {
    await using composio = await scripted(afterOwnership(success));
    const adapter = composio.adapter();
    await adapter.connections(ADA, soon());
    expect(await adapter.invoke(TOOL, soon())).toEqual({ kind: 'tool', data: { id: 'lead_1' } });
    expect(composio.seen.slice(1)).toMatchObject([
      {
        method: 'POST',
        path: '/api/v3.1/tools/execute/CLOSE_CREATE_LEAD',
        headers: { 'x-api-key': 'ak_test' },
        body: { arguments: { name: 'Northpine' }, user_id: 'ada', connected_account_id: 'ca_1', version: '20260915_00' },
      },
    ]);
  });

  it('through the proxy is one request, always with the account', async () => {
    await using composio = await scripted(afterOwnership(json({ data: { id: 'lead_1' }, status: 200, headers: { RateLimit: 'limit=1' } })));
    const adapter = composio.adapter();
    await adapter.connections(ADA, soon());
    const reply = await adapter.request(HTTP, soon());
    expect(reply).toEqual({ kind: 'http', status: 200, headers: { ratelimit: 'limit=1' }, body: { id: 'lead_1' } });
    expect(composio.seen.slice(1)).toMatchObject([
      {
        path: '/api/v3.1/tools/execute/proxy',
        body: {
          endpoint: '/lead/',
          method: 'POST',
          connected_account_id: 'ca_1',
          parameters: [{ name: '_fields', value: 'id,name', type: 'query' }],
          body: { name: 'Northpine' },
        },
      },
    ]);
  });

  it('keeps its connection to Composio for the next ones', async () => {
    const ports = new Set<number | undefined>();
    await using composio = await scripted((response, seen) => {
      ports.add(response.socket?.remotePort);
      afterOwnership(success)(response, seen);
    });
    const adapter = composio.adapter();
    for (let call = 0; call < 8; call += 1) await adapter.invoke(TOOL, soon());
    // fetch frees a socket a moment after the body was read, so a second one may be opened.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('a connection that did not come from the user’s own list', () => {
  it('is asked for once, by user and id, before it is used', async () => {
    await using composio = await scripted(afterOwnership(success));
    const adapter = composio.adapter();
    await adapter.invoke(TOOL, soon());
    await adapter.invoke(TOOL, soon());
    expect(composio.seen.map(({ path }) => path)).toEqual([
      '/api/v3.1/connected_accounts',
      '/api/v3.1/tools/execute/CLOSE_CREATE_LEAD',
      '/api/v3.1/tools/execute/CLOSE_CREATE_LEAD',
    ]);
    expect(Object.fromEntries(composio.seen[0]?.query ?? [])).toMatchObject({ user_ids: 'ada', connected_account_ids: 'ca_1' });
  });

  it.each([
    ['nobody’s', page([])],
    ['another’s, by a list that was not filtered', page([account({ id: 'ca_2' })])],
    ['another’s by its own word', page([account({ user_id: 'bob' })])],
    ['of another toolkit', page([account({ toolkit: { slug: 'gmail' } })])],
  ])('and is %s, is not used', async (_, body) => {
    await using composio = await scripted((response, seen) => (seen.method === 'GET' ? json(body) : success)(response, seen));
    const reply = await composio.adapter().invoke(TOOL, soon());
    expect(reply).toMatchObject({ kind: 'failed', failure: { code: 'connection_required', delivery: 'not-sent' } });
    expect(composio.seen).toHaveLength(1);
  });

  it('and cannot be asked for now, is not used, and nothing was sent', async () => {
    await using composio = await scripted((response, seen) => (seen.method === 'GET' ? json({ error: {} }, 500) : success)(response, seen));
    expect(await composio.adapter().invoke(TOOL, soon())).toMatchObject({ failure: { code: 'backend_unavailable', delivery: 'not-sent' } });
    expect(composio.seen).toHaveLength(1);
  });

  it('and belongs to a user with a comma, is not asked for: the list would be of two users', async () => {
    await using composio = await scripted(afterOwnership(success));
    const reply = await composio.adapter().invoke({ ...TOOL, connection: { ...CONNECTION, user: 'ada,bob' } }, soon());
    expect(reply).toMatchObject({ failure: { code: 'invalid_input', delivery: 'not-sent' } });
    expect(composio.seen).toEqual([]);
  });
});

describe('the list of connections', () => {
  const list = async (answer: Answer) => {
    await using composio = await scripted(answer);
    return await composio.adapter().connections(ADA, soon());
  };

  it('asks for the user and the toolkit, and reads what it needs', async () => {
    await using composio = await scripted(json(page([account()])));
    expect(await composio.adapter().connections(ADA, soon())).toEqual([
      {
        id: 'ca_1',
        backend: 'composio',
        app: 'close',
        user: 'ada',
        status: 'active',
        detail: 'ACTIVE',
        createdAt: '2026-03-01T00:00:00.000Z',
        checkedAt: '2026-03-02T09:00:00.000Z',
      },
    ]);
    expect(Object.fromEntries(composio.seen[0]?.query ?? [])).toEqual({ user_ids: 'ada', toolkit_slugs: 'close', limit: '100' });
  });

  it('goes on to the last page, and shows an account once', async () => {
    const pages = new Map<string | null, object>([
      [null, page([account({ id: 'ca_1' })], 'two')],
      ['two', page([account({ id: 'ca_2' }), account({ id: 'ca_1' })], 'three')],
      ['three', page([account({ id: 'ca_3' })])],
    ]);
    const found = await list((response, seen) => json(pages.get(seen.query.get('cursor')))(response, seen));
    expect(found.map(({ id }) => id)).toEqual(['ca_1', 'ca_2', 'ca_3']);
  });

  it('passes over what is no account', async () => {
    const found = await list(json(page([null, 'x', {}, { id: '' }, [], account()])));
    expect(found.map(({ id }) => id)).toEqual(['ca_1']);
  });

  it.each([
    ['a word that nobody knows', { status: 'HIBERNATING' }, 'unknown', 'HIBERNATING'],
    ['no status', { status: null }, 'unknown', undefined],
    ['a reason', { status: 'EXPIRED', status_reason: 'token\u001b[2J gone' }, 'expired', 'EXPIRED: token [2J gone'],
    ['an account that is switched off', { is_disabled: true }, 'disabled', 'ACTIVE'],
    ['an auth config that is switched off', { auth_config: { id: 'ac_1', is_disabled: true } }, 'disabled', 'ACTIVE'],
  ])('reads %s', async (_, overrides, status, detail) => {
    const [found] = await list(json(page([account(overrides)])));
    expect(found?.status).toBe(status);
    expect(found?.detail).toBe(detail);
  });

  it('shows where a pending account is finished', async () => {
    const state = { authScheme: 'API_KEY', val: { status: 'INITIATED', redirectUrl: 'https://connect.example/1' } };
    const [found] = await list(json(page([account({ status: 'INITIATED', state })])));
    expect(found).toMatchObject({ status: 'pending', connectUrl: 'https://connect.example/1' });
  });

  it.each([
    ['a page of HTML', json('<html>', 200, { 'content-type': 'text/html' }), 'reply_unexpected'],
    ['truncated JSON', json('{"items":['), 'reply_unexpected'],
    ['items null', json({ items: null, next_cursor: null }), 'reply_unexpected'],
    ['data null', json({ data: null }), 'reply_unexpected'],
    ['null', json('null'), 'reply_unexpected'],
    ['the same page again and again', json(page([account()], 'again')), 'reply_unexpected'],
    ['a wrong key', json({ error: { message: 'no', code: 1, slug: 's', status: 401 } }, 401), 'unauthenticated'],
    ['a failure', json('', 502), 'backend_unavailable'],
    ['a wait', json({ error: {} }, 429, { 'retry-after': '3' }), 'rate_limited'],
  ])('answered with %s is an error that says what to do', async (_, answer, code) => {
    const error = await list(answer).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RouterError', code, details: { backend: 'composio' } });
    expect((error as { details: { next: string } }).details.next).toMatch(/\.$/);
  });

  it('that never ends is given up', async () => {
    let asked = 0;
    const endless: Answer = (response, seen) => {
      asked += 1;
      json(page([account({ id: `ca_${asked}` })], `cursor-${asked}`))(response, seen);
    };
    await expect(list(endless)).rejects.toMatchObject({ code: 'reply_unexpected' });
    expect(asked).toBe(100);
  });
});

describe('connecting', () => {
  const LINK = {
    link_token: 'lt_1',
    redirect_url: 'https://connect.example/lt_1',
    expires_at: '2026-03-02T09:10:00.000Z',
    connected_account_id: 'ca_9',
  };
  const GIVEN = { connection: 'ca_9', url: LINK.redirect_url, expiresAt: LINK.expires_at };

  it('gives a link of the configured auth config, made once', async () => {
    await using composio = await scripted(json(LINK, 201));
    const adapter = composio.adapter({ authConfig: 'ac_7', callbackUrl: 'https://ours.example/back' });
    expect(await adapter.connect(ADA, soon())).toMatchObject(GIVEN);
    expect(composio.seen).toMatchObject([
      {
        path: '/api/v3.1/connected_accounts/link',
        body: { auth_config_id: 'ac_7', user_id: 'ada', callback_url: 'https://ours.example/back' },
      },
    ]);
  });

  const configs =
    (...items: object[]): Answer =>
    (response, seen) =>
      (seen.method === 'GET' ? json(page(items)) : json(LINK, 201))(response, seen);

  it('takes the only enabled auth config', async () => {
    await using composio = await scripted(configs({ id: 'ac_off', status: 'DISABLED' }, { id: 'ac_1', status: 'ENABLED' }));
    expect(await composio.adapter().connect(ADA, soon())).toMatchObject(GIVEN);
    expect(composio.seen[1]?.body).toMatchObject({ auth_config_id: 'ac_1' });
  });

  it.each([
    ['there is none', configs()],
    ['there are two', configs({ id: 'ac_1', status: 'ENABLED' }, { id: 'ac_2', status: 'ENABLED' })],
  ])('asks for one in the configuration when %s, and makes nothing', async (_, answer) => {
    await using composio = await scripted(answer);
    await expect(composio.adapter().connect(ADA, soon())).rejects.toMatchObject({ code: 'configuration' });
    expect(composio.seen).toHaveLength(1);
  });

  it('that fails is not tried again: a second try would leave a second pending account', async () => {
    await using composio = await scripted(json({ error: {} }, 500));
    await expect(composio.adapter({ authConfig: 'ac_7' }).connect(ADA, soon())).rejects.toMatchObject({ code: 'backend_unavailable' });
    expect(composio.seen).toHaveLength(1);
  });
});

it('an empty project key is an error of the configuration', async () => {
  await using composio = await scripted(success);
  await expect(composio.adapter({ apiKey: ' ' }).connections(ADA, soon())).rejects.toMatchObject({ code: 'configuration' });
  expect(composio.seen).toEqual([]);
});
