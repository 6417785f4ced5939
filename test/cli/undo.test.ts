import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRig } from '../support/cli-rig.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();

/** A lead that was made and changed from the command line. */
async function changedLead(...flags: readonly string[]) {
  const rig = await startRig(scratch());
  const made = await rig.run('run', 'lead.create', '--name', 'Acme', '--json');
  const { id } = made.lines[0]?.['data'] as { readonly id: string };
  const changed = await rig.run('run', 'lead.update', '--lead_id', id, '--description', 'A note on Jane Roe', ...flags, '--json');
  const { id: call } = changed.lines[0]?.['receipt'] as { readonly id: string };
  const description = async () => {
    const { lines } = await rig.run('run', 'lead.get', '--lead_id', id, '--json');
    return (lines[0]?.['data'] as { readonly description: string }).description;
  };
  return { rig, call, id, description };
}

describe('undo', () => {
  it('shows the plan and does it only with --yes, where nobody can be asked; twice does nothing more', async () => {
    const { rig, call, id, description } = await changedLead('--undoable');
    await using _ = rig;
    const asked = await rig.run('undo', call);
    expect([asked.code, await description()]).toEqual([4, 'A note on Jane Roe']);
    expect(asked.stdout).toContain(`close.lead.update ${id}: description as before`);
    expect(asked.stderr).toContain('approval_required');
    const done = await rig.run('undo', call, '--yes', '--json');
    expect([done.code, await description()]).toEqual([0, '']);
    expect(done.lines).toMatchObject([{ ok: true, id: call, dry_run: false, steps: [{ state: 'done', fields: ['description'] }] }]);
    const again = await rig.run('undo', call, '--yes', '--json');
    expect([again.code, again.lines[0]]).toMatchObject([0, { ok: true, steps: [{ state: 'undone' }] }]);
    expect(asked.stdout + done.stdout + again.stdout).not.toContain('Jane');
  });

  it('says with --dry-run what it would do, without asking', async () => {
    const { rig, call, description } = await changedLead('--undoable');
    await using _ = rig;
    const { code, lines } = await rig.run('undo', call, '--dry-run', '--json');
    expect([code, lines[0], await description()]).toMatchObject([0, { dry_run: true, steps: [{ state: 'ready' }] }, 'A note on Jane Roe']);
  });

  it('refuses what cannot be undone, with the reason and exit code 4', async () => {
    const { rig, call } = await changedLead();
    await using _ = rig;
    const { code, stdout } = await rig.run('undo', call, '--yes');
    expect(code).toBe(4);
    expect(stdout).toContain('refused');
    expect(stdout).toContain('what was there before was not kept');
    const nobody = await rig.run('undo', 'call_nobody', '--yes', '--json');
    expect([nobody.code, nobody.lines[0]]).toMatchObject([4, { ok: false, error: { code: 'not_found' } }]);
  });

  it('takes back every row of a bulk run', async () => {
    await using rig = await startRig(scratch());
    writeFileSync(join(scratch(), 'leads.csv'), 'name\nBulk one\nBulk two\n');
    const bulk = await rig.run('bulk', 'lead.create', '--input', 'leads.csv', '--json');
    const { run } = bulk.lines.at(-1) as { readonly run: string };
    const undone = await rig.run('undo', run, '--yes', '--json');
    expect([undone.code, undone.lines[0]]).toMatchObject([
      0,
      { ok: true, counts: { done: 2 }, steps: [{ state: 'done' }, { state: 'done' }] },
    ]);
    const left = await rig.run('run', 'lead.list', '--query', 'name:"Bulk"', '--json');
    expect(left.lines[0]).toMatchObject({ data: { data: [] } });
  });
});
