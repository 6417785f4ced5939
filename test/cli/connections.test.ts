import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATUSES } from '../../src/contract/connection.ts';
import { type Rig, startRig } from '../support/cli-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillrouter-connections-'));
let rig: Rig;
beforeAll(async () => {
  rig = await startRig(folder);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const approve = (url: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ account: '0', decision: 'approve' }), redirect: 'manual' });

describe('connections connect', () => {
  it('prints the link, and the command that waits for this connection and no other', async () => {
    const { stdout, stderr, code } = await rig.run('connections', 'connect', 'composio', '--user', 'zed');
    const [, words = ''] = /^Then: skillrouter (.+)$/m.exec(stderr) ?? [];
    expect(code).toBe(0);
    expect(words).toMatch(/^connections wait ca_\w+ --via composio --user zed$/);
    await approve(stdout.trim());
    const waited = await rig.run(...words.split(' '), '--json');
    expect(waited.lines[0]).toMatchObject({ ready: true, backend: 'composio', connection: words.split(' ')[2] });
  });

  it('says the same to a program, in the words of all our JSON', async () => {
    const { lines } = await rig.run('connections', 'connect', 'composio', '--user', 'yan', '--json');
    expect(lines[0]).toEqual({
      backend: 'composio',
      user: 'yan',
      connection: expect.stringMatching(/^ca_/),
      url: expect.stringContaining('http'),
      expires_at: expect.stringMatching(/Z$/),
      how: expect.any(String),
      wait: expect.stringMatching(/^skillrouter connections wait ca_\w+ --via composio --user yan$/),
    });
  });

  it('opens no second connection beside an active one, unless it is asked to', async () => {
    const links = async () => (await rig.requests('composio')).filter((line) => /^POST .*\/link$/.test(line)).length;
    const before = await links();
    const present = await rig.run('connections', 'connect', 'composio', '--json');
    expect(present.lines[0]).toMatchObject({ status: 'active', how: expect.stringContaining('--another') });
    expect(await links()).toBe(before);
    const another = await rig.run('connections', 'connect', 'composio', '--another', '--json');
    expect(another.lines[0]).toMatchObject({ url: expect.stringContaining('http') });
    expect(await links()).toBe(before + 1);
  });

  it('is no success when nothing could be connected', async () => {
    const { code, stdout } = await rig.run('connections', 'connect', 'rest', '--user', 'zed');
    expect([code, stdout]).toEqual([3, expect.stringContaining('Create an API key')]);
  });
});

describe('connections list', () => {
  it('tells the next command what the last one met', async () => {
    const rowOf = async () => {
      const { lines } = await rig.run('connections', 'list', '--json');
      const { connections } = lines[0] as unknown as { readonly connections: readonly { readonly backend: string }[] };
      return connections.find(({ backend }) => backend === 'membrane');
    };
    const read = () => rig.run('run', 'lead.list', '--limit', '1', '--via', 'membrane', '--json');
    expect((await read()).code).toBe(0);
    expect(await rowOf()).toMatchObject({ demoted: null, last_success_at: expect.stringMatching(/Z$/), last_failure: null });
    await rig.fault({ backend: 'membrane', path: '(?:/proxy/|/run$)', when: 'before', kind: 'html', status: 502, times: 'always' });
    const { code, lines } = await read();
    expect(code).not.toBe(0);
    const { error } = lines[0] as unknown as { readonly error: { readonly code: string } };
    await rig.calm();
    expect(await rowOf()).toMatchObject({ demoted: null, last_failure: { at: expect.stringMatching(/Z$/), code: error.code } });
    const { stdout } = await rig.run('connections', 'list');
    expect(stdout).toMatch(/^backend +connection +user +status +read +account +last use +note$/m);
    expect(stdout).toMatch(
      new RegExp(`^membrane .* active +(now|\\d+ s ago) .*failed (now|\\d+ s ago): ${error.code}, worked (now|\\d+ s ago)`, 'm'),
    );
  });
});

describe('connections wait', () => {
  it('fails at once for a connection that does not exist, and names those that do', async () => {
    const { code, stderr } = await rig.run('connections', 'wait', 'ca_nope', '--timeout', '600');
    expect(code).toBe(2);
    expect(stderr).toMatch(/ada has no connection "ca_nope".*composio ca_\w+ \(active\)/);
    expect((await rig.run('connections', 'wait', '--via', 'composio:ca_nope', '--timeout', '600')).code).toBe(2);
  });
});

describe('explain', () => {
  it('ends as run would when there is no route', async () => {
    const [explained, ran] = await Promise.all([
      rig.run('explain', 'lead.list', '--user', 'nobody', '--json'),
      rig.run('run', 'lead.list', '--user', 'nobody', '--json'),
    ]);
    expect(explained.lines[0]).toMatchObject({ routes: [], because: 'connection_required' });
    expect([explained.code, ran.code]).toEqual([3, 3]);
  });
});

describe('a refusal of the app', () => {
  it.each(['composio', 'rest'])('is told with its fields and reasons, through %s', async (backend) => {
    const { code, stderr } = await rig.run('run', 'lead.create', '--name', 'A', '--status_id', 'stat_nope', '--via', backend);
    expect(code).toBe(4);
    expect(stderr).toMatch(/Correct status_id and call again/);
    expect(stderr).toMatch(/^ {2}status_id {2}Object does not exist\.?$/m);
  });
});

describe('a sandbox that lasts for one command', () => {
  it('says so of its links', async () => {
    const [connected, refused] = await Promise.all([
      rig.run('connections', 'connect', 'composio', '--sandbox', '--user', 'grace'),
      rig.run('run', 'lead.list', '--sandbox', '--user', 'grace'),
    ]);
    for (const { stderr } of [connected, refused]) expect(stderr).toMatch(/leads? nowhere.*"skillrouter sandbox" serves one that stays/);
    expect(connected.stderr).toContain("by the sandbox's own clock");
    expect(connected.stderr).not.toContain('Then:');
  });
});

describe('a sandbox that was told which connections to have', () => {
  const statusesOf = (lines: readonly unknown[], backend: string): readonly string[] => {
    const { connections } = lines[0] as { readonly connections: readonly { readonly backend: string; readonly status: string }[] };
    return [...new Set(connections.filter((row) => row.backend === backend).map(({ status }) => status))];
  };

  it('shows all seven statuses, as far as each backend has words for them', async () => {
    const { lines, code } = await rig.run('connections', 'list', '--sandbox', '--connection', 'all=all', '--json');
    expect(code).toBe(0);
    for (const backend of ['composio', 'membrane']) expect(statusesOf(lines, backend).toSorted()).toEqual([...STATUSES].toSorted());
    expect(statusesOf(lines, 'scalekit').toSorted()).toEqual(['active', 'expired', 'pending', 'revoked', 'unknown']);
    expect(statusesOf(lines, 'rest')).toEqual(['active']);
  });

  it('shows a backend’s own word, and finds a dead key by asking', async () => {
    const listed = await rig.run('connections', 'list', '--sandbox', '--connection', 'composio=unknown:PAUSED', '--json');
    expect(listed.stdout).toContain('"status":"unknown"');
    expect(listed.stdout).toContain('"detail":"PAUSED"');
    const checked = await rig.run('connections', 'check', '--sandbox', '--connection', 'rest=revoked', '--json');
    expect([checked.code, statusesOf(checked.lines, 'rest')]).toEqual([3, ['failed']]);
  });

  it.each([
    [['--sandbox', '--connection', 'nope=active'], /It takes composio, membrane, rest, scalekit or all/],
    [['--sandbox', '--connection', 'composio=dead'], /It takes active, pending, .*or all/],
    [['--sandbox', '--connection', 'composio'], /backend=status/],
    [['--connection', 'composio=active'], /is for --sandbox/],
  ])('refuses %j', async (flags, words) => {
    const { code, stderr } = await rig.run('connections', 'list', ...flags);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});
