import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startRig } from '../support/cli-rig.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const LEAD = ['run', 'lead.create', '--name', 'Acme'] as const;

const leads = async (rig: Awaited<ReturnType<typeof startRig>>): Promise<number> => {
  const { lines } = await rig.run('run', 'lead.list', '--query', 'name:"Acme"', '--json');
  return (lines[0]?.['data'] as { readonly data: readonly unknown[] }).data.length;
};

describe('run --idempotency-key', () => {
  it('writes once, gives the result again, and refuses the key for anything else', async () => {
    await using rig = await startRig(scratch());
    const once = await rig.run(...LEAD, '--idempotency-key', 'k1', '--json');
    const again = await rig.run(...LEAD, '--idempotency-key', 'k1', '--via', 'rest', '--json');
    expect([once.code, again.code]).toEqual([0, 0]);
    expect(again.lines[0]).toMatchObject({ ok: true, data: once.lines[0]?.['data'], receipt: { replayed: true, attempts: [] } });
    expect(once.lines[0]?.['receipt']).not.toHaveProperty('replayed');
    const other = await rig.run('run', 'lead.create', '--name', 'Other', '--idempotency-key', 'k1', '--json');
    expect([other.code, other.lines[0]]).toEqual([
      4,
      expect.objectContaining({ ok: false, error: expect.objectContaining({ code: 'idempotency_conflict' }) }),
    ]);
    expect(await leads(rig)).toBe(1);
  });

  it('shows in the log, to people too, which result was replayed', async () => {
    await using rig = await startRig(scratch());
    await rig.run(...LEAD, '--idempotency-key', 'k1');
    const { stderr } = await rig.run(...LEAD, '--idempotency-key', 'k1');
    expect(stderr).toContain('replayed, nothing sent');
    const { stdout } = await rig.run('log');
    expect(stdout.split('\n').filter((line) => line.includes('lead.create') && line.includes('replayed, nothing sent'))).toHaveLength(1);
    const { lines } = await rig.run('log', '--json');
    const [newest] = lines[0]?.['calls'] as readonly { readonly id: string }[];
    expect((await rig.run('log', 'show', newest?.id ?? '', '--json')).lines[0]).toMatchObject({ replayed: true, outcome: 'ok' });
  });
});

describe('a receipt', () => {
  it('is shown by the log as the call showed it, with what was changed in its input', async () => {
    await using rig = await startRig(scratch());
    const { lines } = await rig.run('run', 'lead.list', '--limit', '5000', '--json');
    const receipt = lines[0]?.['receipt'] as { readonly id: string };
    expect(receipt).toMatchObject({ notes: [expect.stringMatching(/^limit lowered to \d+/)] });
    expect((await rig.run('log', 'show', receipt.id, '--json')).lines[0]).toEqual({ ...receipt, outcome: 'ok' });
    expect((await rig.run('log', 'show', receipt.id)).stdout).toContain('note: limit lowered to');
  });
});

describe('a wait', () => {
  it('is announced before it begins: for how long, and why', async () => {
    await using rig = await startRig(scratch());
    await rig.fault({
      backend: 'rest',
      when: 'before',
      kind: 'status',
      status: 429,
      headers: { ratelimit: 'limit=20, remaining=0, reset=1' },
    });
    const { code, stderr, lines } = await rig.run(...LEAD, '--via', 'rest', '--json');
    expect([code, lines[0]?.['ok']]).toEqual([0, true]);
    expect(stderr).toMatch(/waiting 1\.\d s: rate_limited/);
  });

  it('for an answer that was lost says that it looks, and the receipt says what it found', async () => {
    await using rig = await startRig(scratch());
    await rig.fault({ backend: 'rest', method: 'POST', when: 'after', kind: 'reset' });
    const { code, stderr } = await rig.run(...LEAD, '--via', 'rest');
    expect(code).toBe(0);
    expect(stderr).toContain('looking whether the write happened');
    expect((await rig.run('log')).stdout).toContain('looking: it had happened');
    expect(await leads(rig)).toBe(1);
  });
});

describe('Ctrl-C in the middle of a write', () => {
  const interrupted = async (...flags: readonly string[]) => {
    const rig = await startRig(scratch());
    await rig.fault({ backend: 'rest', method: 'POST', when: 'after', kind: 'hang' });
    const child = rig.start(...LEAD, '--via', 'rest', ...flags);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = once(child, 'close');
    while (!(await rig.requests('rest')).some((request) => request.startsWith('POST'))) await new Promise((wake) => setTimeout(wake, 20));
    child.kill('SIGINT');
    const [code] = await ended;
    return { rig, code, stderr };
  };

  it('says that it may have happened, and that its key settles it', async () => {
    const { rig, code, stderr } = await interrupted('--idempotency-key', 'k1');
    await using _ = rig;
    expect(code).toBe(6);
    expect(stderr).toContain('outcome_unknown');
    expect(stderr).toContain('Repeat the call with --idempotency-key k1: it looks first');
    const again = await rig.run(...LEAD, '--via', 'rest', '--idempotency-key', 'k1', '--json');
    expect(again.lines[0]).toMatchObject({ ok: true, receipt: { confirmed: 'present' } });
    expect(await leads(rig)).toBe(1);
  });

  it('says without a key that somebody has to look', async () => {
    const { rig, code, stderr } = await interrupted();
    await using _ = rig;
    expect(code).toBe(6);
    expect(stderr).toContain('look before you repeat it');
  });
});
