import { describe, expect, it } from 'vitest';
import { ADA, accountPage, CONNECTION, HTTP, refusal, row, scripted, TOOL } from './scalekit-server.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

describe('the connections of a user', () => {
  it('are those under the connector, page by page', async () => {
    const asked: unknown[] = [];
    await using scalekit = await scripted({
      accounts: {
        listConnectedAccounts: ({ connector, identifier, pageSize, pageToken }) => {
          asked.push({ connector, identifier, pageSize, pageToken });
          return pageToken === '' ? accountPage([row()], 'two') : accountPage([row({ id: 'ca_2', status: 2 })]);
        },
      },
    });
    expect(await scalekit.adapter().connections(ADA, soon())).toEqual([
      { ...CONNECTION, detail: 'ACTIVE' },
      { ...CONNECTION, id: 'ca_2', status: 'expired', detail: 'EXPIRED' },
    ]);
    expect(asked).toEqual([
      { connector: 'close', identifier: 'ada', pageSize: 99, pageToken: '' },
      { connector: 'close', identifier: 'ada', pageSize: 99, pageToken: 'two' },
    ]);
  });

  it('are all found when there are 10,000', async () => {
    const all = Array.from({ length: 10_000 }, (_, at) => row({ id: `ca_${at}` }));
    await using scalekit = await scripted({
      accounts: {
        listConnectedAccounts: ({ pageSize, pageToken }) => {
          const start = Number(pageToken);
          const next = start + pageSize;
          return accountPage(all.slice(start, next), next < all.length ? String(next) : '');
        },
      },
    });
    expect(await scalekit.adapter().connections(ADA, soon())).toHaveLength(10_000);
  });

  it('are nobody else’s, whatever the list says', async () => {
    const rows = [row({ id: 'ca_2', identifier: 'bob' }), row({ id: 'ca_3', connector: 'Close' }), row({ id: '' }), row()];
    await using scalekit = await scripted({ accounts: { listConnectedAccounts: () => accountPage(rows) } });
    expect((await scalekit.adapter().connections(ADA, soon())).map(({ id }) => id)).toEqual(['ca_1']);
  });

  it.each([
    ['repeats a page', () => 'again'],
    ['never ends', (page: number) => `page${page}`],
  ])('cannot be told when the list %s', async (_, token) => {
    let page = 0;
    await using scalekit = await scripted({
      accounts: {
        listConnectedAccounts: () => {
          page += 1;
          return accountPage([row()], token(page));
        },
      },
    });
    await expect(scalekit.adapter().connections(ADA, soon())).rejects.toMatchObject({ code: 'reply_unexpected' });
  });

  it.each([
    [16, 'unauthenticated'],
    [7, 'permission_denied'],
    [14, 'backend_unavailable'],
    [3, 'invalid_input'],
  ])('cannot be told when Scalekit answers %i', async (code, ours) => {
    await using scalekit = await scripted({ accounts: { listConnectedAccounts: () => Promise.reject(refusal(code)) } });
    await expect(scalekit.adapter().connections(ADA, soon())).rejects.toMatchObject({ code: ours, details: { backend: 'scalekit' } });
  });

  it.each([
    ['a line break', 'ada\r\nidentifier: bob'],
    ['letters beyond ASCII', 'usér✓'],
    ['nothing but letters beyond Latin-1', '日本'],
    ['blanks around it', ' ada '],
    ['300 characters', 'a'.repeat(300)],
    ['101 characters', 'a'.repeat(101)],
    ['no character', ''],
    ['a tab', 'a\tb'],
  ])('are not asked for with an identifier of %s', async (_, user) => {
    await using scalekit = await scripted();
    const adapter = scalekit.adapter();
    await expect(adapter.connections({ app: 'close', user }, soon())).rejects.toMatchObject({ code: 'invalid_input' });
    const connection = { ...CONNECTION, user };
    const refused = { failure: { code: 'invalid_input', delivery: 'not-sent' } };
    expect(await adapter.invoke({ ...TOOL, connection }, soon())).toMatchObject(refused);
    expect(await adapter.request({ ...HTTP, connection }, soon())).toMatchObject(refused);
    await expect(adapter.connect({ app: 'close', user }, soon())).rejects.toMatchObject({ code: 'invalid_input' });
    expect([scalekit.rpcs.length, scalekit.proxied.length, scalekit.tokens.length]).toEqual([0, 0, 0]);
  });

  it.each(['a'.repeat(100), 'ada@northpine.example', 'tenant 7/ada', '{"a":1}'])('are asked for with the identifier %s', async (user) => {
    await using scalekit = await scripted({ accounts: { listConnectedAccounts: () => accountPage([row({ identifier: user })]) } });
    expect(await scalekit.adapter().connections({ app: 'close', user }, soon())).toHaveLength(1);
  });
});

describe('with two accounts of one user', () => {
  const both = { accounts: { listConnectedAccounts: () => accountPage([row(), row({ id: 'ca_2' })]) } };

  it('a tool is told which', async () => {
    const named: unknown[] = [];
    await using scalekit = await scripted({
      ...both,
      tools: {
        executeTool: ({ connectedAccountId }) => {
          named.push(connectedAccountId);
          return { data: {}, executionId: 'e' };
        },
      },
    });
    await scalekit.adapter().invoke({ ...TOOL, connection: { ...CONNECTION, id: 'ca_2' } }, soon());
    expect(named).toEqual(['ca_2']);
  });

  it('the proxy, which cannot be told, is not used', async () => {
    await using scalekit = await scripted(both);
    const reply = await scalekit.adapter().request(HTTP, soon());
    expect(reply).toMatchObject({ failure: { code: 'unsupported_operation', delivery: 'not-sent' } });
    expect(scalekit.proxied).toHaveLength(0);
  });

  it('an account that is not the user’s is not used through the proxy', async () => {
    await using scalekit = await scripted();
    const reply = await scalekit.adapter().request({ ...HTTP, connection: { ...CONNECTION, id: 'ca_9' } }, soon());
    expect(reply).toMatchObject({ failure: { code: 'connection_required', delivery: 'not-sent' } });
    expect(scalekit.proxied).toHaveLength(0);
  });
});

describe('parameters that a protobuf Struct would change', () => {
  class Money {
    readonly cents = 1;
  }
  const ring: Record<string, unknown> = {};
  ring['ring'] = ring;

  it.each([
    ['undefined inside', { contacts: [{ name: undefined }] }, 'contacts.0.name'],
    ['NaN', { value: Number.NaN }, 'value'],
    ['infinity', { value: Number.POSITIVE_INFINITY }, 'value'],
    ['an integer beyond 2^53', { value: 2 ** 53 }, 'value'],
    ['a BigInt', { value: 1n }, 'value'],
    ['a date', { date: new Date(0) }, 'date'],
    ['a map', { values: new Map([['a', 1]]) }, 'values'],
    ['an object of a class', { value: new Money() }, 'value'],
    ['a function', { value: () => 1 }, 'value'],
    ['half of a character', { text: '\ud800' }, 'text'],
    ['a ring', ring, expect.stringMatching(/^ring\.ring/)],
  ])('are refused before anything is sent: %s', async (_, args, path) => {
    await using scalekit = await scripted();
    const reply = await scalekit.adapter().invoke({ ...TOOL, arguments: args }, soon());
    expect(reply).toMatchObject({ failure: { code: 'invalid_input', delivery: 'not-sent', fields: [{ path }] } });
    expect(scalekit.rpcs).toHaveLength(0);
  });

  it('are few: everything that JSON has arrives as it was', async () => {
    const args = {
      text: 'é😀\n',
      value: 2 ** 53 - 1,
      small: -0.5,
      flag: false,
      nothing: null,
      list: [1, [2], { a: [] }],
      deep: { a: { b: {} } },
    };
    const seen: unknown[] = [];
    await using scalekit = await scripted({
      tools: {
        executeTool: ({ params }) => {
          seen.push(params);
          return { data: params ?? {}, executionId: 'e' };
        },
      },
    });
    expect(await scalekit.adapter().invoke({ ...TOOL, arguments: args }, soon())).toEqual({ kind: 'tool', data: args });
    expect(seen).toEqual([args]);
  });
});

describe('connecting a user', () => {
  const expiry = { seconds: 1_772_443_800n, nanos: 0 };

  it('makes the account first when there is none, once', async () => {
    const created: unknown[] = [];
    const linked: unknown[] = [];
    await using scalekit = await scripted({
      accounts: {
        listConnectedAccounts: () => accountPage([]),
        createConnectedAccount: ({ connector, identifier, connectedAccount }) => {
          created.push([connector, identifier, connectedAccount?.authorizationDetails?.details.case]);
          return { connectedAccount: { id: 'ca_7' } };
        },
        getMagicLinkForConnectedAccount: ({ connector, identifier, id }) => {
          linked.push([connector, identifier, id]);
          return { link: 'https://acme.scalekit.com/magicLink/x', expiry };
        },
      },
    });
    expect(await scalekit.adapter().connect(ADA, soon())).toEqual({
      url: 'https://acme.scalekit.com/magicLink/x',
      connection: 'ca_7',
      expiresAt: '2026-03-02T09:30:00.000Z',
      how: 'Open the link and approve access to close.',
    });
    expect(created).toEqual([['close', 'ada', 'oauthToken']]);
    expect(linked).toEqual([['close', 'ada', 'ca_7']]);
  });

  it('takes the account that waits already, rather than one that works', async () => {
    const linked: unknown[] = [];
    await using scalekit = await scripted({
      accounts: {
        listConnectedAccounts: () => accountPage([row(), row({ id: 'ca_2', status: 3 })]),
        getMagicLinkForConnectedAccount: ({ id }) => {
          linked.push(id);
          return { link: 'https://l.example', expiry };
        },
      },
    });
    expect(await scalekit.adapter().connect(ADA, soon())).toMatchObject({ connection: 'ca_2' });
    expect(linked).toEqual(['ca_2']);
  });

  it('goes on when somebody else has just made the account', async () => {
    await using scalekit = await scripted({
      accounts: {
        listConnectedAccounts: () => accountPage([]),
        createConnectedAccount: () => Promise.reject(refusal(6)),
        getMagicLinkForConnectedAccount: () => ({ link: 'https://l.example' }),
      },
    });
    expect(await scalekit.adapter().connect(ADA, soon())).toEqual({ url: 'https://l.example', how: expect.any(String) });
  });

  it('fails clearly when no link comes', async () => {
    await using scalekit = await scripted({
      accounts: { listConnectedAccounts: () => accountPage([row()]), getMagicLinkForConnectedAccount: () => ({ link: '' }) },
    });
    await expect(scalekit.adapter().connect(ADA, soon())).rejects.toMatchObject({ code: 'reply_unexpected' });
  });
});
