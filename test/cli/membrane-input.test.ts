import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();

let server: Server;
/** Every request that any call of these tests sent. */
const sent: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    sent.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"lead_1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  sent.length = 0;
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(scratch(), 'skillrouter.yaml'), `backends:\n  rest: { api_key: \${KEY}, base_url: http://127.0.0.1:${port} }\n`);
});

const membrane = (args: readonly string[], stdin?: string) =>
  runCli(['membrane', ...args], { cwd: scratch(), env: { KEY: 'api_topsecret' }, ...(stdin === undefined ? {} : { stdin }) });

/** Everything here has to be refused before anything is sent, on stderr, with exit code 2 unless said otherwise. */
async function refusal(args: readonly string[], { exit = 2, stdin = '' } = {}) {
  const { code, stdout, stderr } = await membrane([...args, '--json'], stdin);
  expect(stdout).toBe('');
  expect(stderr).not.toContain('topsecret');
  expect(sent).toEqual([]);
  expect(code).toBe(exit);
  return (JSON.parse(stderr) as { readonly error: { readonly code: string; readonly message: string; readonly details: object } }).error;
}

const run = (action: string, ...more: readonly string[]) => ['action', 'run', action, '--connectionId', 'close', ...more];
const request = (path: string, ...more: readonly string[]) => ['request', 'close', path, ...more];

describe('bad input is answered, and nothing is sent', () => {
  it('an action that nobody has, with the nearest', async () => {
    const { code, message, details } = await refusal(run('lead.craete', '--input', '{"name":"A"}'));
    expect(code).toBe('unknown_operation');
    expect(message).toMatch(/no action "lead\.craete"/);
    expect(details).toMatchObject({ nearest: expect.arrayContaining(['lead.create']) });
  });

  it.each([
    ['a field that the action has not', run('create-lead', '--input', '{"name":"A","websit":"b"}'), /websit: is not a field/],
    ['a field that is missing', run('create-lead', '--input', '{}'), /name: is required/],
    ['an id that leaves the path', run('lead.get', '--input', '{"lead_id":"lead_1/../me"}'), /must be an id/],
    ['an id with a line break', run('lead.get', '--input', '{"lead_id":"lead_1\\r\\nx"}'), /must be an id/],
    ['input that is a list', run('create-lead', '--input', '[]'), /holds a list, not an object/],
    ['a number that is none', ['action', 'list', '--limit', 'many'], /--limit must be a number/],
    ['another app', ['connection', 'ensure', 'hubspot.com'], /no connector for "hubspot\.com"/],
    ['another app that looks like it', ['connection', 'ensure', 'close.com.evil.example'], /no connector/],
    ['another connector', ['connect', '--connectorKey', 'hubspot'], /no connector for "hubspot"/],
    ['a type of element that there is not', ['search', 'close', '--elementType=flow'], /--elementType does not know "flow"/],
    ['two things to act on', ['act', '--key', 'get-lead', '--id', 'lead.get'], /exactly one of --key, --id, --api/],
    ['nothing to act on', ['act', '--connectionKey', 'close'], /exactly one of --key, --id, --api/],
    ['an unknown key of a request', ['act', '--api', '{"method":"GET","url":"/me/"}'], /unknown key "url"/],
  ])('%s', async (_, args, says) => {
    const { code, message } = await refusal(args);
    expect(code).toBe('invalid_input');
    expect(message).toMatch(says);
  });

  it.each([
    ['--input', run('create-lead', '--input', '{"topsecret": "A",}'), 'line 1, column 19'],
    ['--data', request('/lead/', '-X', 'POST', '-d', '{\n  "topsecret": nul\n}'), 'line 2, column 16'],
    ['--api', ['act', '--connectionKey', 'close', '--api', '{"topsecret" "GET"}'], 'line 1, column 14'],
  ])('JSON that breaks in %s, with its place and none of its text', async (flag, args, where) => {
    expect((await refusal(args)).message).toMatch(new RegExp(`^${flag} is not JSON: it breaks at ${where}`));
  });

  it('input from stdin that is empty', async () => {
    expect((await refusal(run('create-lead', '--input', '-'))).message).toContain('stdin is empty');
  });

  it('a connection that the user has not, with those that there are', async () => {
    const { code, stdout, stderr } = await membrane([...run('me.get'), '--connectionId', 'con_gone', '--json']);
    const { error } = JSON.parse(stderr) as { readonly error: { readonly code: string; readonly details: object } };
    expect(error).toMatchObject({ code: 'connection_required', details: { choices: [expect.stringMatching(/^rest:/)] } });
    expect(stdout).toBe('');
    expect(code).toBe(3);
  });

  it('code that is to be executed', async () => {
    expect((await refusal(['act', '--connectionKey', 'close', '--code', 'x'], { exit: 4 })).code).toBe('unsupported_operation');
  });
});

describe('a request that leads elsewhere is refused', () => {
  it.each([
    ['upwards', '/lead/../../admin'],
    ['upwards, escaped', '/lead/%2e%2e/%2E%2E/admin'],
    ['by an escaped slash', '/lead/lead_1%2fmerge/'],
    ['by an escape of an escape', '/lead/%252e%252e/'],
    ['by a backslash', '/lead\\..\\admin'],
    ['by a line break', '/lead/\r\nHost: evil.example'],
    ['by an escaped line break', '/lead/%0d%0aX-Injected:1/'],
    ['to another host', 'https://evil.example/api/v1/lead/'],
    ['to a host that begins like it', 'https://api.close.com.evil.example/api/v1/lead/'],
    ['with a password', 'https://me:topsecret@api.close.com/api/v1/lead/'],
    ['to another part of the host', 'https://api.close.com/oauth2/token/'],
    ['to a file', 'file:///etc/passwd'],
  ])('%s', async (_, path) => {
    const { code, message } = await refusal(request(path));
    expect(code).toBe('invalid_input');
    expect(message).toContain('leads elsewhere');
  });

  it.each(['../me', '..', '.', 'lead_1/merge', 'a%2fb', 'a\\b', 'a\nb', ''])('by a path parameter: %j', async (value) => {
    expect((await refusal(request('/lead/{id}/', '--pathParam', `id=${value}`))).message).toMatch(/must be one segment of a path/);
  });

  it.each([
    ['a line break', 'Accept: application/json\r\nX-Injected: 1', /line break/],
    ['a line break in the name', 'X-A\r\nX-B: 1', /line break/],
    ['no colon', 'Accept', /"Name: value"/],
    ['a name that cannot go along', 'X-Custom: 1', /x-custom cannot go along/],
    ['a type that the app does not speak', 'Content-Type: application/xml', /must be application\/json/],
  ])('by a header with %s', async (_, header, says) => {
    expect((await refusal(request('/me/', '-H', header))).message).toMatch(says);
  });
});

describe('a request that no operation answers is refused', () => {
  it('for its path, with the nearest', async () => {
    const { code, details } = await refusal(request('/leed/'));
    expect(code).toBe('unknown_operation');
    expect(details).toMatchObject({ nearest: expect.arrayContaining(['GET /lead/']) });
  });

  it('for its path, when that looks like a host', async () => {
    expect((await refusal(request('//evil.example/api/v1/lead/'))).code).toBe('unknown_operation');
  });

  it('for its method, with those that the path has', async () => {
    const { code, message, details } = await refusal(request('/lead/{id}/', '--pathParam', 'id=lead_1', '-X', 'PATCH'), { exit: 4 });
    expect(code).toBe('unsupported_operation');
    expect(message).toContain('GET');
    expect(details).toMatchObject({ choices: expect.arrayContaining(['GET', 'PUT', 'DELETE']) });
  });

  it.each([
    ['a body without a method for it', request('/lead/', '-d', '{"name":"A"}'), /GET request of the app has no body/],
    ['a body that is no object', request('/lead/', '-X', 'POST', '-d', '"A"', '--rawData'), /a single value, not an object/],
    ['an empty body', request('/lead/', '-X', 'POST', '-d', ''), /--data is empty/],
    ['a field that the operation has not', request('/lead/', '-X', 'POST', '-d', '{"name":"A","nme":"B"}'), /nme: is not a field/],
    ['a query that it has not', request('/lead/', '--query', 'limt=1'), /limt: is not a field/],
    ['a query without a name', request('/lead/', '--query', '=1'), /--query is written name=value/],
    ['a path parameter without a place', request('/me/', '--pathParam', 'id=1'), /no place \{id\}/],
    ['a place without a path parameter', request('/lead/{id}/'), /has \{id\}, and no --pathParam/],
  ])('for %s', async (_, args, says) => {
    expect((await refusal(args)).message).toMatch(says);
  });
});

describe('what a person reads', () => {
  it('is text on stderr, with the same exit code', async () => {
    const { code, stdout, stderr } = await membrane(run('create-lead', '--input', '{}'));
    expect(stderr).toMatch(/^error invalid_input {2}close\.lead\.create: name: is required/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is said of what the configuration decides', async () => {
    const { stderr } = await membrane(['connection', 'list', '--workspaceKey', 'w', '--apiUri', 'https://x.example']);
    expect(stderr).toContain('--workspaceKey and --apiUri not used');
  });

  it('without a configuration is how to make one', async () => {
    const { code, stderr } = await runCli(['membrane', 'login', '--tenant', '--config', 'gone.yaml'], { cwd: scratch() });
    expect(stderr).toContain('gone.yaml does not exist');
    expect(code).toBe(2);
  });

  it.each([
    [['membrane']],
    [['membrane', 'connection']],
    [['membrane', 'action', 'run']],
    [['membrane', 'request']],
    [['membrane', 'shim']],
  ])('has help with examples: %j', async (words) => {
    const { code, stdout } = await runCli([...words, '--help'], { cwd: scratch() });
    expect(stdout).toMatch(/Examples:\n {2}skillrouter membrane /);
    expect(code).toBe(0);
  });
});
