import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/contract/guards.ts';
import { type HttpStage, openStage, type StageOptions } from './http-stage.ts';
import { AUDIENCE, startIssuer } from './tokens.ts';

const ADA = 'key-of-ada-0123456789';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const run = (args: JsonObject, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'run_operation', arguments: args },
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A request as nobody's client would make it. */
async function post({ mcp }: HttpStage, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { port } = new URL(mcp.url);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const base = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const asked = request({ host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers: { ...base, ...headers } });
  asked.end(text);
  const [reply] = await once(asked, 'response');
  let answer = '';
  for await (const chunk of reply.setEncoding('utf8')) answer += chunk;
  return { status: reply.statusCode, headers: new Headers(reply.headers), text: answer };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const keyed = (options: StageOptions = {}) => openStage({ config: { mcp: { keys: { ada: ADA } } }, ...options });

describe('who may speak to the server', () => {
  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['nobody', {}, 401],
    ['a wrong key', bearer('key-of-ada-0123456788'), 401],
    ['the key as another scheme', { authorization: `Basic ${ADA}` }, 401],
    ['the right key', bearer(ADA), 200],
  ])('%s: %j gives %i', async (_, headers, status) => {
    const stage = await keyed();
    const answer = await post(stage, LIST, headers);
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(answer.text).not.toContain(ADA);
  });

  it('a key in the address is none', async () => {
    const stage = await keyed();
    const { status } = await fetch(`${stage.mcp.url}?access_token=${ADA}&key=${ADA}`, { method: 'POST', body: JSON.stringify(LIST) });
    expect(status).toBe(401);
  });

  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['a foreign name, as after DNS rebinding', { host: 'evil.example' }, 403],
    ['a foreign name with our port', { host: 'evil.example:4770' }, 403],
    ['our name inside a foreign one', { host: '127.0.0.1.evil.example' }, 403],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a page without origin', { origin: 'null' }, 403],
    ['a page whose name begins like ours', { origin: 'http://localhost.evil.example' }, 403],
    ['a page of this machine', { origin: 'http://localhost:8080' }, 200],
  ])('%s: %j gives %i, even with the right key', async (_, headers, status) => {
    const stage = await keyed();
    expect((await post(stage, LIST, { ...bearer(ADA), ...headers })).status).toBe(status);
  });

  it('only names that were allowed, on any other address than loopback, and never without a key', async () => {
    const address = { host: '0.0.0.0', port: 0 };
    await expect(openStage({ address })).rejects.toMatchObject({ code: 'configuration', message: expect.stringContaining('mcp.keys') });
    await expect(keyed({ address })).rejects.toMatchObject({ code: 'configuration', message: expect.stringContaining('--allowed-hosts') });
    await expect(keyed({ address, open: true, allowedHosts: ['router.example'] })).rejects.toMatchObject({ code: 'configuration' });
    const stage = await keyed({ address, allowedHosts: ['router.example'] });
    expect((await post(stage, LIST, { ...bearer(ADA), host: 'router.example' })).status).toBe(200);
    expect((await post(stage, LIST, { ...bearer(ADA), host: '127.0.0.1' })).status).toBe(403);
  });
});

describe('access tokens', () => {
  const withOauth = (issuer: { readonly url: string; readonly jwksUri: string }, more: JsonObject = {}) =>
    openStage({ config: { mcp: { oauth: { issuer: issuer.url, audience: AUDIENCE, jwks_uri: issuer.jwksUri, ...more } } } });
  const past = Math.floor(Date.now() / 1000) - 60;

  it.each<[string, ...Parameters<Awaited<ReturnType<typeof startIssuer>>['token']>]>([
    ['expired', { exp: past }],
    ['without an end', { exp: undefined }],
    ['not valid yet', { nbf: past + 3600 }],
    ['for another audience', { aud: 'https://other.example/mcp' }],
    ['for nobody in particular', { aud: undefined }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['without a user', { sub: undefined }],
    ['for a user whose name leads elsewhere', { sub: '../admin' }],
    ['for a user whose name is two lines', { sub: 'ada\r\nx-user: zed' }],
    ['for everybody', { sub: '*' }],
    ['signed by somebody else', {}, { by: 'stranger' }],
    ['signed with the public key as a secret', {}, { by: 'secret' }],
    ['signed by nobody (alg none)', {}, { by: 'nobody' }],
    ['with a key that was never published', {}, { kid: 'two' }],
  ])('%s are refused, and the refusal says where to get one', async (_, claims, options) => {
    await using issuer = await startIssuer();
    const stage = await withOauth(issuer);
    const { status, headers, text } = await post(stage, LIST, bearer(await issuer.token(claims, options)));
    const origin = new URL(stage.mcp.url).origin;
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`);
    expect(JSON.parse(text)).toMatchObject({ error: 'invalid_token' });
    const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`)).json();
    expect(metadata).toMatchObject({ resource: stage.mcp.url, authorization_servers: [issuer.url], bearer_methods_supported: ['header'] });
  });

  it('of the issuer speak for the user that they name, and go no further than us', async () => {
    await using issuer = await startIssuer();
    const stage = await withOauth(issuer, { user_claim: 'email', scopes: ['crm'] });
    const token = await issuer.token({ email: 'ada', scope: 'openid crm' });
    const answer = await post(stage, run({ operation: 'lead.create', input: { name: 'Acme' } }), bearer(token));
    expect(answer.text).toContain('close.lead.create');
    const receipts = await stage.core.journal.list({ limit: 5 });
    expect(receipts.map(({ receipt }) => receipt.user)).toEqual(['ada']);
    expect(JSON.stringify(receipts)).not.toContain(token);
    const lacking = await post(stage, LIST, bearer(await issuer.token({ email: 'ada', scope: 'openid' })));
    expect([lacking.status, lacking.headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('scope="crm"')]);
  });

  it('cannot be checked while the issuer is away: that is told, and is nobody’s fault', async () => {
    const issuer = await startIssuer();
    const stage = await withOauth(issuer);
    const token = await issuer.token();
    await issuer[Symbol.asyncDispose]();
    const { status, headers } = await post(stage, LIST, bearer(token));
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('stand beside keys, each for its own', async () => {
    await using issuer = await startIssuer();
    const oauth = { issuer: issuer.url, audience: AUDIENCE, jwks_uri: issuer.jwksUri };
    const stage = await openStage({ config: { mcp: { oauth, keys: { ada: ADA } } } });
    expect((await post(stage, LIST, bearer(ADA))).status).toBe(200);
    expect((await post(stage, LIST, bearer(await issuer.token()))).status).toBe(200);
    expect((await post(stage, LIST, bearer('a.b.c'))).status).toBe(401);
  });
});

describe('what a caller may do', () => {
  const keys = {
    ada: ADA,
    report: { key: 'key-of-reports-0123456789', user: 'ada', read_only: true, deny: ['lead.delete'] },
    intake: { key: 'key-of-intake-0123456789', user: 'ada', allow: ['lead.create'] },
  };

  it.each([
    [ADA, 'lead.create', 'ok'],
    [keys.report.key, 'lead.list', 'ok'],
    [keys.report.key, 'lead.create', 'policy_denied'],
    [keys.intake.key, 'lead.create', 'ok'],
    [keys.intake.key, 'lead.list', 'policy_denied'],
  ])('with the key %s, %s gives %s', async (key, operation, gives) => {
    const stage = await openStage({ config: { mcp: { keys } } });
    const { text } = await post(stage, run({ operation, input: operation === 'lead.create' ? { name: 'Acme' } : {} }), bearer(key));
    expect(text).toContain(gives === 'ok' ? `"operation":"close.${operation}"` : gives);
    expect(text.includes('"isError":true')).toBe(gives !== 'ok');
  });

  it('is never widened by a key beyond what the server as a whole may do', async () => {
    const stage = await openStage({ config: { mcp: { keys, read_only: true, allow: ['lead.*'] } } });
    const created = await post(stage, run({ operation: 'lead.create', input: { name: 'Acme' } }), bearer(keys.intake.key));
    expect(created.text).toContain('policy_denied');
    const listed = await post(stage, run({ operation: 'lead.list' }), bearer(keys.intake.key));
    expect(listed.text).toContain('policy_denied');
  });

  it.each<[string, JsonObject]>([
    ['as an argument of the tool', { operation: 'me.get', user: 'zed' }],
    ['as an argument of the operation', { operation: 'me.get', input: { user: 'zed' } }],
    ['as its option', { operation: 'me.get', scope: {}, approved: true }],
  ])('does not follow from a user or a consent that is smuggled in %s', async (_, args) => {
    const stage = await keyed();
    const { text } = await post(stage, run(args), bearer(ADA));
    expect(text).toContain('invalid_input');
    expect(stage.sandbox.requests()).toEqual([]);
  });

  it('does not follow from a header either', async () => {
    const stage = await openStage({ config: { mcp: { keys: { zed: ADA } } } });
    const headers = { ...bearer(ADA), 'x-user': 'ada', 'x-forwarded-user': 'ada', cookie: 'user=ada' };
    const { text } = await post(stage, run({ operation: 'me.get' }), headers);
    expect(text).toContain('connection_required');
  });

  it('does not follow from an answer that nobody was asked for, nor from a state that was made up', async () => {
    const stage = await keyed();
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 't', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
    };
    const headers = { ...bearer(ADA), 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'run_operation' };
    const ask = run({ operation: 'lead.delete', input: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' } });
    const inputResponses = { approve: { action: 'accept', content: { decision: 'approve' } } };
    const claim = { ...ask, params: { ...ask.params, _meta: meta, inputResponses } };
    expect((await post(stage, claim, headers)).text).toContain('input_required');
    const forged = { ...claim, params: { ...claim.params, requestState: 'v1.eyJwIjp7ImNhbGwiOiJ4In0sImV4cCI6OTk5OTk5OTk5OX0.AAAA' } };
    expect((await post(stage, forged, headers)).text).toContain('requestState');
    expect(stage.sandbox.requests().filter(({ method }) => method === 'DELETE')).toEqual([]);
  });
});

describe('how much a caller may send', () => {
  it.each([
    ['a body over 4 MiB', `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`, 413],
    ['what is no JSON', '{"jsonrpc":', 400],
    ['nothing', '', 400],
    ['another type', '<xml/>', 415],
    ['a hundred messages in one', JSON.stringify(Array.from({ length: 100 }, () => LIST)), 413],
  ])('%s gives a plain refusal', async (name, body, status) => {
    const stage = await keyed();
    const type = name === 'another type' ? { 'content-type': 'text/xml' } : {};
    expect((await post(stage, body, { ...bearer(ADA), ...type })).status).toBe(status);
  });

  it('a body of unknown length over the limit is not read to its end', async () => {
    const stage = await keyed();
    const { port } = new URL(stage.mcp.url);
    const socket = connectSocket(Number(port), '127.0.0.1');
    socket.on('error', () => undefined); // it is hung up on while it still writes
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${ADA}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = 'x'.repeat(1024 * 1024);
    for (let sent = 0; sent < 12 && !text; sent++) {
      socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => text, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 413/);
    socket.destroy();
  });

  it('arguments that are nested without end are refused, and the server goes on', async () => {
    const stage = await keyed();
    const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_operation","arguments":{"operation":"lead.create","input":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}}`;
    expect((await post(stage, deep, bearer(ADA))).text).toContain('invalid_input');
    expect((await post(stage, LIST, bearer(ADA))).status).toBe(200);
    expect(stage.faults).toEqual([]);
  });

  it('more requests than its share are refused with how long to wait, and others are not held up by it', async () => {
    const zed = 'key-of-zed-0123456789';
    const stage = await openStage({ config: { mcp: { keys: { ada: ADA, zed }, requests_per_minute: 5 } } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(stage, LIST, bearer(ADA))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(stage, LIST, bearer(zed))).status).toBe(200);
  });

  it('wrong keys without end are refused as too many, while the right one goes on', async () => {
    const stage = await keyed();
    const statuses = new Set<number>();
    for (let tried = 0; tried < 130; tried++) statuses.add((await post(stage, LIST, bearer(`wrong-${tried}`))).status);
    expect([...statuses]).toEqual([401, 429]);
    expect((await post(stage, LIST, bearer(ADA))).status).toBe(200);
  });

  it('headers that are two in one are no headers', async () => {
    const stage = await keyed();
    const { port } = new URL(stage.mcp.url);
    const socket = connectSocket(Number(port), '127.0.0.1');
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${ADA}\nX-Injected: yes\rX-More: yes\r\nContent-Length: 2\r\n\r\n{}`,
    );
    const [data] = await once(socket.setEncoding('utf8'), 'data');
    socket.destroy();
    expect(data).toMatch(/^HTTP\/1\.1 400/);
    const named = await post(
      stage,
      { ...LIST, id: 'x\r\nset-cookie: a=b' },
      { ...bearer(ADA), 'mcp-session-id': 'x".;%0d%0aset-cookie:a=b' },
    );
    expect(named.headers.get('set-cookie')).toBeNull();
  });
});
