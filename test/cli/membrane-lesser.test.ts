import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { type Rig, startRig } from '../support/cli-rig.ts';

let folder = '';
let rig: Rig;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'skillrouter-membrane-lesser-'));
  rig = await startRig(folder);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function answer(...args: readonly string[]): Promise<JsonObject> {
  const ran = await rig.run('membrane', ...args, '--json');
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.lines).toHaveLength(1);
  return ran.lines[0] ?? {};
}

function items(found: JsonObject): readonly JsonObject[] {
  return Array.isArray(found['items']) ? found['items'].filter(isObject) : [];
}

describe('what the Membrane CLI has and a router has no use for', () => {
  it.each([
    [['token', '--tenantKey', 'ada', '--manager'], /"request"/],
    [['credentials', '--shell'], /skillrouter serve/],
    [['connection', 'patch', 'ca_1', '--data', '{}'], /"connect --connectionId <id>"/],
    [['connection', 'delete', 'ca_1'], /dashboard/],
    [['connection', 'archive', 'ca_1'], /dashboard/],
    [['action', 'update', 'get-lead', '--config', '{}'], /"action list --intent <words>"/],
    [['action', 'delete', 'get-lead'], /"action list --intent <words>"/],
    [['agent-session', 'create', 'build', '--wait'], /"action list --intent <words>"/],
    [['pull'], /skillrouter init/],
    [['push', '--force'], /skillrouter init/],
    [['diff'], /skillrouter doctor/],
    [['open'], /skillrouter doctor/],
  ])('%j says what to use instead, sends nothing, and ends with 2', async (args, instead) => {
    const before = (await rig.requests()).length;
    const { code, stdout, stderr } = await rig.run('membrane', ...args, '--json');
    const { ok, error } = JSON.parse(stderr) as { readonly ok: boolean; readonly error: { readonly next: string } };
    expect([code, stdout, ok]).toEqual([2, '', false]);
    expect(error.next).toMatch(instead);
    expect(error.next).toMatch(/Nothing was sent\.$/);
    expect((await rig.requests()).length).toBe(before);
  });

  it('is not shown in help, where the others are', async () => {
    const { stdout } = await rig.run('membrane', '--help');
    expect(stdout).toMatch(/^ {2}action-run-log/m);
    expect(stdout).not.toMatch(/^ {2}(?:token|credentials|agent-session|pull|push|diff|open)\b/m);
  });
});

describe('lesser commands that a router can serve', () => {
  it('logs out of nothing, also where there is no configuration', async () => {
    expect(await answer('logout', '--config', '/nowhere/skillrouter.yaml')).toMatchObject({ loggedOut: true });
  });

  it.each(['integration', 'external-app'])('lists the app as an %s', async (kind) => {
    expect(items(await answer(kind, 'list', '--search', 'clo'))).toMatchObject([{ id: 'close', key: 'close', name: 'Close' }]);
    expect(items(await answer(kind, 'list'))).toHaveLength(1);
    expect(items(await answer(kind, 'list', '--search', 'hubspot'))).toEqual([]);
  });

  it('starts another connection, whatever there is', async () => {
    expect(await answer('connection', 'create', 'Connect to Close', '--user', 'cleo')).toMatchObject({
      state: 'CLIENT_ACTION_REQUIRED',
      clientAction: { uiUrl: expect.stringContaining(rig.url) },
    });
  });

  it('asks for a connection, and tells what became of the request', async () => {
    const asked = await answer('connection-request', 'create', '--connectorKey', 'close', '--tenantKey', 'dana');
    expect(asked).toMatchObject({ status: 'pending', url: expect.stringContaining(rig.url) });
    const id = String(asked['requestId']);
    expect(await answer('connection-request', 'get', id, '--tenantKey', 'dana')).toMatchObject({ requestId: id, status: 'pending' });
    await fetch(String(asked['url']), { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) });
    const done = { requestId: id, status: 'success', resultConnectionId: id };
    expect(await answer('connection-request', 'get', id, '--tenantKey', 'dana')).toMatchObject(done);
    // Nobody is sent to a page again who is connected.
    expect(await answer('connection-request', 'create', '--integrationKey', 'close', '--tenantKey', 'dana')).toEqual(done);
  });

  it('tells that the user declined', async () => {
    const asked = await answer('connection-request', 'create', '--tenantKey', 'eve');
    await fetch(String(asked['url']), { method: 'POST', body: new URLSearchParams({ decision: 'decline' }) });
    const { status } = await answer('connection-request', 'get', String(asked['requestId']), '--tenantKey', 'eve');
    expect(status).toBe('error');
  });

  it('keeps a log of runs, found by the id that a run printed', async () => {
    const { actionRunId } = await answer('action', 'run', 'list-leads', '--connectionId', 'close', '--input', '{"_limit":1}');
    const ran = await rig.run(
      'membrane',
      'action',
      'run',
      'get-lead',
      '--connectionId',
      'close',
      '--input',
      '{"id":"lead_none"}',
      '--json',
    );
    const failed = JSON.parse(ran.stderr) as { readonly actionRunId: string };
    const logged = await answer('action-run-log', 'get', String(actionRunId), '--details');
    expect(logged).toMatchObject({
      id: actionRunId,
      name: 'close.lead.list',
      status: 'success',
      connectionId: expect.stringMatching(/^\w+:/),
    });
    expect(stringAt(logged, 'completedAt') ?? '').toMatch(/Z$/);
    expect(await answer('action-run-log', 'get', failed.actionRunId)).toMatchObject({ status: 'error', error: { key: 'not_found' } });
    const [newest] = items(await answer('action-run-log', 'list', '--limit', '1'));
    expect(newest).toMatchObject({ id: failed.actionRunId });
  });

  it('knows no other run', async () => {
    const { code, stderr } = await rig.run('membrane', 'action-run-log', 'get', 'call_none', '--json');
    expect([code, JSON.parse(stderr)]).toMatchObject([4, { error: { code: 'not_found' } }]);
  });
});

describe('a request with a method that the app does not take', () => {
  it.each([
    ['PATCH', /does not take PATCH there\. Use GET or PUT or DELETE/, 4],
    ['GET', /a GET request of the app has no body/, 2],
  ])('%s says so, body or not', async (method, words, exit) => {
    const { code, stderr } = await rig.run('membrane', 'request', 'close', '/lead/lead_1/', '-X', method, '-d', '{}');
    expect([code, stderr]).toEqual([exit, expect.stringMatching(words)]);
    expect(stderr).not.toContain('--via');
  });
});

describe('wrong usage', () => {
  it.each([
    [['membrane', 'action', 'run'], /missing required argument 'action'/],
    [['membrane', 'request', 'close', '/me/', '--nope'], /unknown option '--nope'/],
    [['membrane', 'login', 'complete', 'a', 'b'], /too many arguments/],
    [['connections', 'wait', 'a', 'b'], /too many arguments/],
    [['sandbox', '--seed', 'nope'], /Allowed choices are demo, empty/],
    [['membrane', 'connection', 'lits'], /unknown command 'connection lits' \(Did you mean connection list\?\)/],
    [['membrane', 'nope'], /unknown command 'membrane nope'/],
  ])('%j is one JSON object on stdout for a program', async (args, words) => {
    const { code, lines, stderr } = await rig.run(...args, '--json');
    expect([code, stderr]).toEqual([2, '']);
    expect(lines).toMatchObject([{ ok: false, error: { code: 'invalid_input', message: expect.stringMatching(words) } }]);
  });

  it.each([
    [['membrane']],
    [['membrane', 'action']],
    [[]],
  ])('%j alone lacks a command: help on stderr, the error on stdout', async (args) => {
    const { code, lines, stderr } = await rig.run(...args, '--json');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Usage: skillrouter')]);
    expect(lines).toMatchObject([
      { ok: false, error: { code: 'invalid_input', message: expect.stringContaining('a command is missing') } },
    ]);
  });
});
