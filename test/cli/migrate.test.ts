import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../support/cli-rig.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const PAIR = ['--from', 'composio', '--to', 'membrane'] as const;

async function carrier(rig: Rig): Promise<unknown> {
  const { lines } = await rig.run('run', 'lead.list', '--limit', '1', '--json');
  return (lines[0]?.['receipt'] as { readonly route?: { readonly backend: string } } | undefined)?.route?.backend;
}

describe('migrate', () => {
  it('plans, moves, and moves back, from one command to the next', async () => {
    await using rig = await startRig(scratch());
    expect(await carrier(rig)).toBe('composio');
    const plan = await rig.run('migrate', 'plan', ...PAIR);
    expect(plan.code).toBe(0);
    expect(plan.stdout).toMatch(/ada +1 .*active.* move +both sides are the same account/);
    expect(plan.stdout).toMatch(/close\.lead\.list +1 +proxy +/);
    const asJson = await rig.run('migrate', 'plan', ...PAIR, '--json');
    expect(asJson.lines).toMatchObject([
      { app: 'close', from: 'composio', to: 'membrane', verdict: expect.stringMatching(/^ready/), users: [{ user: 'ada', does: 'move' }] },
    ]);

    const moved = await rig.run('migrate', 'cutover', '--percent', '100%', ...PAIR);
    expect([moved.code, moved.stdout]).toEqual([0, expect.stringContaining('composio to membrane: 100 % of the users')]);
    expect(await carrier(rig)).toBe('membrane');
    const early = await rig.run('migrate', 'finish', '--json');
    expect([early.code, early.lines[0]]).toMatchObject([
      4,
      { error: { code: 'conflict', message: expect.stringContaining('policy.prefer') } },
    ]);
    const stale = await rig.run('migrate', 'cutover', '--percent', '5', '--revision', '7', '--json');
    expect([stale.code, stale.lines[0]]).toMatchObject([
      4,
      { error: { code: 'conflict', message: expect.stringMatching(/decided meanwhile: revision 1/) } },
    ]);
    const back = await rig.run('migrate', 'rollback', '--json');
    expect(back.lines).toMatchObject([{ migration: { state: 'rolled_back', percent: 0, revision: 2 } }]);
    expect(await carrier(rig)).toBe('composio');
  });

  it('ends when the configuration says the same, and steers nothing any more', async () => {
    await using rig = await startRig(scratch());
    await rig.run('migrate', 'cutover', '--percent', '100', ...PAIR);
    const file = join(scratch(), 'skillrouter.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('prefer: [composio, membrane', 'prefer: [membrane, composio'));
    const finished = await rig.run('migrate', 'finish', '--json');
    expect(finished.lines).toMatchObject([{ migration: { state: 'finished' } }]);
    expect(await carrier(rig)).toBe('membrane');
    const next = await rig.run('migrate', 'cutover', '--percent', '10', '--json');
    expect([next.code, next.lines[0]]).toMatchObject([2, { error: { code: 'configuration' } }]);
  });

  it('is blocked, with exit code 4, for a user who has nothing on the other side; a link is made only when it is asked for', async () => {
    await using rig = await startRig(scratch());
    const plan = await rig.run('migrate', 'plan', '--from', 'composio', '--to', 'rest', '--users', 'ada,grace', '--json');
    expect(plan.code).toBe(0);
    const nothing = await rig.run('migrate', 'plan', '--from', 'rest', '--to', 'membrane', '--users', 'grace', '--json');
    expect([nothing.code, nothing.lines[0]]).toMatchObject([4, { verdict: 'blocked', users: [{ user: 'grace', does: 'nothing' }] }]);
    await rig.change('membrane', await idOf(rig, 'membrane'), 'expired');
    const without = await rig.run('migrate', 'plan', ...PAIR);
    expect([without.code, without.stdout]).toEqual([4, expect.stringContaining('--links makes one')]);
    const links = await rig.run('migrate', 'plan', ...PAIR, '--links', '--json');
    expect(links.lines).toMatchObject([{ users: [{ does: 'consent', link: expect.stringMatching(/^http/) }] }]);
  });

  it.each([
    [['migrate', 'plan', '--from', 'composio'], '--to is missing'],
    [['migrate', 'plan', '--from', 'composio', '--to', 'nowhere'], 'Configured are: composio, membrane, rest'],
    [['migrate', 'cutover'], '--percent 10'],
    [['migrate', 'cutover', '--percent', '101'], '--percent must be a percentage'],
    [['migrate', 'cutover', '--percent', '10'], 'no migration under way'],
    [['migrate', 'shadow', ...PAIR, '--for', 'soon'], '--for must be a time'],
    [['migrate', 'shadow', ...PAIR, '--sample', 'all'], '--sample must be a percentage'],
    [['panic', 'nowhere'], 'is not configured'],
    [['panic', 'composio', '--lift', '--revoke'], 'make no sense'],
  ])('%j is refused, with what to write instead', async (args, says) => {
    await using rig = await startRig(scratch());
    const { code, stderr } = await rig.run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
    const status = await rig.run('migrate', 'status', '--json');
    expect(status.lines).toEqual([{ operations: [], stopped: [] }]);
  });
});

describe('exposure and panic', () => {
  it('show what a backend reaches, stop it at once, and revoke only with --yes where nobody can be asked', async () => {
    await using rig = await startRig(scratch());
    await carrier(rig);
    const before = await rig.run('exposure', '--json');
    expect(before.lines).toMatchObject([
      {
        app: 'close',
        backends: [
          { backend: 'composio', usable: 1, last_used: expect.any(String) },
          { backend: 'membrane', last_used: null },
          { backend: 'rest' },
        ],
      },
    ]);
    const asked = await rig.run('panic', 'composio', '--revoke');
    expect([asked.code, asked.stderr]).toEqual([
      4,
      expect.stringContaining('all traffic through composio is stopped, but revoking cannot be undone'),
    ]);
    expect(await carrier(rig)).toBe('membrane');
    expect((await rig.run('exposure')).stdout).toMatch(/composio: reaches everything.*stopped by .* at 20/s);
    const revoked = await rig.run('panic', 'composio', '--revoke', '--yes', '--json');
    expect(revoked.lines).toMatchObject([
      { state: 'stopped', connections: [{ user: 'ada', state: 'revoked', how: expect.stringContaining('delete that key in Close') }] },
    ]);
    const lifted = await rig.run('panic', 'composio', '--lift');
    expect([lifted.code, lifted.stdout]).toEqual([0, expect.stringContaining('lifted')]);
    const { lines } = await rig.run('connections', 'list', '--json');
    expect(lines).toMatchObject([
      { connections: expect.arrayContaining([expect.objectContaining({ backend: 'composio', status: 'revoked' })]) },
    ]);
  });
});

async function idOf(rig: Rig, backend: string): Promise<string> {
  const { lines } = await rig.run('connections', 'list', '--json');
  const { connections } = lines[0] as { readonly connections: readonly { readonly backend: string; readonly connection: string }[] };
  return connections.find((one) => one.backend === backend)?.connection ?? '';
}
