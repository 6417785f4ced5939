/** An idempotency key on every door, in one header of the plain wire, as any program can send it. */
import { createHmac } from 'node:crypto';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { describe, expect, it } from 'vitest';
import { CLOSE_TOOLKIT_VERSION } from '../../adapters/composio/adapter.ts';
import { loadDescriptors } from '../../adapters/scalekit/descriptors.ts';
import type { Name } from '../contract/rig.ts';
import { ADA_KEY, ANY_KEY, type Opened, openDoors } from './stage.ts';

/** What came back: the new lead, or how the protocol refused. */
interface Heard {
  readonly status: number;
  readonly lead?: string;
  /** The protocol's own word for what went wrong. */
  readonly word?: unknown;
}

type Way = (opened: Opened, key: string, name: string) => Promise<Heard>;

// biome-ignore lint/suspicious/noExplicitAny: answers of four foreign protocols, looked into by the test
type Answer = any;

async function post(url: string, body: object, headers: Readonly<Record<string, string>>): Promise<{ status: number; body: Answer }> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: await reply.json() };
}

const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function membraneToken(): string {
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ tenantKey: 'ada', exp: Date.now() / 1000 + 3600 })}`;
  return `${signed}.${createHmac('sha256', ANY_KEY).update(signed).digest('base64url')}`;
}

const composio = { 'x-api-key': ANY_KEY };
const membrane = () => ({ authorization: `Bearer ${membraneToken()}` });

async function scalekit(opened: Opened): Promise<{ authorization: string }> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'any', client_secret: ANY_KEY });
  const answer: Answer = await (await fetch(`${opened.at('scalekit')}/oauth/token`, { method: 'POST', body })).json();
  return { authorization: `Bearer ${answer.access_token}` };
}

async function first(opened: Opened, door: Name, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer: Answer = await (await fetch(`${opened.at(door)}${path}`, { headers })).json();
  return answer.items[0].id;
}

const WAYS: Readonly<Record<string, Way>> = {
  'REST, /lead/': async (opened, key, name) => {
    const { status, body } = await post(`${opened.at('rest')}/lead/`, { name }, { authorization: basic(ADA_KEY), 'idempotency-key': key });
    return { status, lead: body.id, word: body.error };
  },
  'Composio, a tool': async (opened, key, name) => {
    const asked = { user_id: 'ada', version: CLOSE_TOOLKIT_VERSION, arguments: { name } };
    const url = `${opened.at('composio')}/api/v3.1/tools/execute/CLOSE_CREATE_LEAD`;
    const { status, body } = await post(url, asked, { ...composio, 'idempotency-key': key });
    return { status, lead: body.data?.id, word: body.error?.slug };
  },
  'Composio, its proxy': async (opened, key, name) => {
    const account = await first(opened, 'composio', '/api/v3.1/connected_accounts?user_ids=ada', composio);
    const asked = { connected_account_id: account, endpoint: '/lead/', method: 'POST', body: { name } };
    const url = `${opened.at('composio')}/api/v3.1/tools/execute/proxy`;
    const { status, body } = await post(url, asked, { ...composio, 'idempotency-key': key });
    return { status, lead: body.data?.id, word: body.error?.slug };
  },
  'Membrane, an action': async (opened, key, name) => {
    const connection = await first(opened, 'membrane', '/connections', membrane());
    const url = `${opened.at('membrane')}/actions/create-lead/run?connectionId=${connection}`;
    const { status, body } = await post(url, { input: { name } }, { ...membrane(), 'idempotency-key': key });
    return { status, lead: body.output?.id, word: body.key };
  },
  'Membrane, act': async (opened, key, name) => {
    const connectionId = await first(opened, 'membrane', '/connections', membrane());
    const asked = { key: 'create-lead', connectionId, input: { name } };
    const { status, body } = await post(`${opened.at('membrane')}/act`, asked, { ...membrane(), 'idempotency-key': key });
    return { status, lead: body.output?.id, word: body.key };
  },
  'Membrane, its proxy': async (opened, key, name) => {
    const connection = await first(opened, 'membrane', '/connections', membrane());
    const url = `${opened.at('membrane')}/connections/${connection}/proxy/lead/`;
    const { status, body } = await post(url, { name }, { ...membrane(), 'idempotency-key': key });
    return { status, lead: body.id, word: body.key };
  },
  'Membrane, a request': async (opened, key, name) => {
    const connection = await first(opened, 'membrane', '/connections', membrane());
    const asked = { method: 'POST', path: '/lead/', data: { name } };
    const url = `${opened.at('membrane')}/connections/${connection}/request`;
    const { status, body } = await post(url, asked, { ...membrane(), 'idempotency-key': key });
    return { status, lead: body.body?.id, word: body.key };
  },
  'Scalekit, a tool over REST': async (opened, key, name) => {
    const asked = { tool_name: 'close_lead_create', identifier: 'ada', connector: 'close', params: { name } };
    const url = `${opened.at('scalekit')}/api/v1/execute_tool`;
    const { status, body } = await post(url, asked, { ...(await scalekit(opened)), 'idempotency-key': key });
    return { status, lead: body.data?.id, word: body.code };
  },
  'Scalekit, a tool over gRPC': async (opened, key, name) => {
    const { tools } = await loadDescriptors();
    const client = createClient(tools, createGrpcTransport({ baseUrl: opened.at('scalekit') }));
    const headers = { ...(await scalekit(opened)), 'idempotency-key': key };
    const asked = { toolName: 'close_lead_create', identifier: 'ada', connector: 'close', params: { name } };
    const answer: Answer = await client.executeTool(asked, { headers }).catch((error: unknown) => error);
    return answer instanceof Error ? { status: 409, word: (answer as Answer).code } : { status: 200, lead: answer.data?.id };
  },
  'Scalekit, its proxy': async (opened, key, name) => {
    const headers = { ...(await scalekit(opened)), connection_name: 'close', identifier: 'ada', 'idempotency-key': key };
    const { status, body } = await post(`${opened.at('scalekit')}/proxy/api/v1/lead/`, { name }, headers);
    return { status, lead: body.id, word: body.code };
  },
};

/** How each protocol says that something conflicts. Close has no words for it but the status. */
const CONFLICT: Readonly<Record<string, unknown>> = {
  REST: expect.stringContaining('idempotency key was used'),
  Composio: 'HTTP_Conflict',
  Membrane: 'already_exists',
  Scalekit: 6, // ALREADY_EXISTS
};

const created = ({ world }: Opened) => world.ledger().filter(({ operation }) => operation.endsWith('lead.create')).length;
const ways = Object.entries(WAYS).map(([way, send]) => ({ way, send, protocol: way.split(',')[0] ?? '' }));

describe.each(ways)('$way', ({ send, protocol }) => {
  it('does a request with the same key once, and gives its result again', async () => {
    const opened = await openDoors(['rest']);
    const [once, again, other] = [await send(opened, 'k1', 'Once'), await send(opened, 'k1', 'Once'), await send(opened, 'k2', 'Once')];
    expect(once).toMatchObject({ status: 200, lead: expect.stringMatching(/^lead_/) });
    expect(again.lead).toBe(once.lead);
    expect(other.lead).not.toBe(once.lead);
    expect(created(opened)).toBe(2);
    const replayed = (await opened.core.journal.list({})).filter(({ receipt }) => receipt.replayed);
    expect(replayed).toMatchObject([{ outcome: 'ok', receipt: { attempts: [] } }]);
  });

  it('refuses another request with the same key as its protocol tells a conflict', async () => {
    const opened = await openDoors(['composio']);
    await send(opened, 'k1', 'Once');
    expect(await send(opened, 'k1', 'Twice')).toMatchObject({ status: 409, word: CONFLICT[protocol] });
    expect(created(opened)).toBe(1);
  });
});

it('a key that was used through one door holds at every other, whatever backend is behind', async () => {
  const opened = await openDoors(['membrane', 'rest']);
  const heard: (string | undefined)[] = [];
  for (const { send } of ways) heard.push((await send(opened, 'the same everywhere', 'Once')).lead);
  expect(new Set(heard)).toEqual(new Set([expect.stringMatching(/^lead_/)]));
  expect(created(opened)).toBe(1);
});

it('a key of one user is nothing to another', async () => {
  const opened = await openDoors(['composio']);
  opened.sandbox.connect('composio', 'bob');
  const url = `${opened.at('composio')}/api/v3.1/tools/execute/CLOSE_CREATE_LEAD`;
  const asked = (user: string) => ({ user_id: user, version: CLOSE_TOOLKIT_VERSION, arguments: { name: 'Once' } });
  for (const user of ['ada', 'bob']) await post(url, asked(user), { ...composio, 'idempotency-key': 'k1' });
  expect(created(opened)).toBe(2);
});
