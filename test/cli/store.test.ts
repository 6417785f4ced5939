/** A store that cannot serve, as somebody at the command line meets it: what is wrong, what to do, and nothing sent unprotected. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startRig } from '../support/cli-rig.ts';
import { useScratch } from '../support/scratch.ts';
import { closedPort } from '../support/scripted-server.ts';

const scratch = useScratch();
const LEAD = ['run', 'lead.create', '--name', 'Acme', '--via', 'rest', '--idempotency-key', 'k1', '--json'] as const;

async function leadsMade(rig: Awaited<ReturnType<typeof startRig>>): Promise<number> {
  return (await rig.requests('rest')).filter((request) => request.startsWith('POST')).length;
}

describe('a journal', { timeout: 90_000 }, () => {
  it('that is damaged is named, with what is lost with it; moved away, it is begun anew', async () => {
    await using rig = await startRig(scratch());
    await rig.run(...LEAD);
    const path = join(scratch(), 'journal.db');
    writeFileSync(path, readFileSync(path).fill(7, 100));
    for (const rest of ['-wal', '-shm']) rmSync(`${path}${rest}`, { force: true });
    const made = await leadsMade(rig);
    const { code, lines } = await rig.run(...LEAD);
    expect([code, lines[0]]).toMatchObject([2, { ok: false, error: { code: 'configuration' } }]);
    expect(JSON.stringify(lines[0])).toMatch(/journal\.db is damaged.*look before you repeat a write/);
    expect(await leadsMade(rig)).toBe(made);
    rmSync(path);
    expect((await rig.run('log', '--json')).lines[0]).toEqual({ calls: [] });
  });

  it('that another process has locked is waited for, and then named', async () => {
    await using rig = await startRig(scratch());
    await rig.run('log');
    using other = closing(new DatabaseSync(join(scratch(), 'journal.db')));
    other.exec('begin exclusive');
    const { code, lines } = await rig.run(...LEAD);
    expect([code, lines[0]]).toMatchObject([2, { error: { message: expect.stringContaining('is locked by another process') } }]);
    expect(await leadsMade(rig)).toBe(0);
    other.exec('rollback');
    expect((await rig.run(...LEAD)).code).toBe(0);
  });

  it('on a server that is away stops writes with keys, the log and bulk runs, and lets reads go on', async () => {
    await using rig = await startRig(scratch());
    const config = join(scratch(), 'skillrouter.yaml');
    const away = `store: postgres://ada@127.0.0.1:${await closedPort()}/journal`;
    writeFileSync(config, readFileSync(config, 'utf8').replace('store: ./journal.db', away));
    const refused = { ok: false, error: { code: 'backend_unavailable', message: expect.stringContaining('does not answer') } };
    for (const command of [LEAD, ['log', '--json'], ['bulk', 'list', '--json']]) {
      const { code, lines } = await rig.run(...command);
      expect([code, lines[0]], command.join(' ')).toMatchObject([5, refused]);
    }
    expect(await leadsMade(rig)).toBe(0);
    const read = await rig.run('run', 'lead.list', '--limit', '1', '--via', 'rest', '--json');
    expect([read.code, read.lines[0]]).toMatchObject([
      0,
      { ok: true, receipt: { unrecorded: expect.stringContaining('does not answer') } },
    ]);
  });
});

function closing<Closable extends { close(): void }>(closable: Closable): Closable & Disposable {
  return Object.assign(closable, { [Symbol.dispose]: () => closable.close() });
}
