import { describe, expect, it } from 'vitest';
import { startRig } from '../support/cli-rig.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();

describe('verify --live', () => {
  it('writes only with consent, in leads of its own, and leaves none of them', async () => {
    await using rig = await startRig(scratch());
    const listed = async (): Promise<number> => {
      const { stdout } = await rig.run('run', 'lead.list', '--limit', '200', '--fields', '["id"]', '--json');
      return (JSON.parse(stdout) as { readonly data: { readonly data: readonly unknown[] } }).data.data.length;
    };
    const before = await listed();
    const flags = ['verify', '--live', '--operations', 'lead.create,note.*', '--backends', 'rest,membrane', '--json'];
    const refused = await rig.run(...flags, '--writes');
    expect(refused.code).toBe(4);
    expect(await listed()).toBe(before);
    const ran = await rig.run(...flags, '--writes', '--yes');
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true, leftovers: [], plan: { mode: 'live' } });
    expect(ran.code).toBe(0);
    expect(await listed()).toBe(before);
    const capped = await rig.run(...flags, '--writes', '--yes', '--max-requests', '12');
    expect(JSON.parse(capped.stdout)).toMatchObject({ ok: false, ended: 'requests_used_up', leftovers: [] });
    expect(capped.code).toBe(5);
    expect(await listed()).toBe(before);
  }, 90_000);
});
