import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useScratch } from '../support/scratch.ts';
import { verified } from './stage.ts';

const scratch = useScratch();

const OPERATIONS = ['lead.*', 'contact.*', 'call.*', 'email.create', 'search.query', 'export.*', 'me.get'];

async function recorded(folder: string): Promise<void> {
  const report = await verified({ writes: true, backends: ['rest', 'scalekit'], operations: OPERATIONS, record: folder });
  expect(report.ok).toBe(true);
}

describe('a recording', () => {
  it('comes to the same when it is replayed', async () => {
    const folder = scratch();
    await recorded(folder);
    const report = await verified({ mode: 'replay', replay: folder });
    expect(report.cells.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
    expect(report.cells.length).toBeGreaterThan(30);
  });

  it('fails on a call that it does not have, and names the nearest that it has', async () => {
    const folder = scratch();
    await verified({ backends: ['rest', 'scalekit'], operations: ['lead.get'], record: folder });
    const report = await verified({ mode: 'replay', replay: folder, operations: ['lead.get', 'contact.get'] });
    expect(report.ok).toBe(false);
    expect(report.unrecorded?.join('\n')).toMatch(/contact.list on rest: there is no recording of GET \/contact\/.*the nearest is/);
  });

  it('is refused with file and line when somebody has edited it', async () => {
    const folder = scratch();
    await verified({ backends: ['rest'], operations: ['lead.list'], record: folder });
    const file = join(folder, 'rest', 'lead.list.jsonl');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const second = lines[1] ?? '';
    writeFileSync(file, [lines[0], second.replace('"status":200', '"status":500'), ...lines.slice(2)].join('\n'));
    await expect(verified({ mode: 'replay', replay: folder })).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining(`${file}:2`),
    });
    writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n`);
    await expect(verified({ mode: 'replay', replay: folder })).rejects.toThrow(/exchanges instead of/);
    writeFileSync(file, '{ "oops"');
    await expect(verified({ mode: 'replay', replay: folder })).rejects.toThrow(`${file}:1: it is not a line of a recording`);
  });

  it('shows where the sandbox is not like the service that was recorded', async () => {
    const folder = scratch();
    const wish = { backends: ['rest'], operations: ['lead.get'] };
    const same = { ...wish, against: folder };
    await verified({ ...wish, record: folder });
    expect((await verified(same)).guesses).toEqual([]);
    // Another Close, which has one field more and one of another type.
    await verified({ ...wish, record: folder, rewire: (backend) => ({ ...backend, adapter: elsewhere(backend.adapter) }) });
    expect((await verified(same)).guesses).toEqual([
      { backend: 'rest', operation: 'lead.get', at: 'http body.display_name', recorded: 'number', sandbox: 'string' },
      { backend: 'rest', operation: 'lead.get', at: 'http body.lead_count', recorded: 'number', sandbox: 'nothing' },
      { backend: 'rest', operation: 'lead.get', at: 'http body.status_label', recorded: 'nothing', sandbox: 'string' },
    ]);
  });
});

type Adapter = Parameters<NonNullable<NonNullable<Parameters<typeof verified>[0]>['rewire']>>[0]['adapter'];

function elsewhere(adapter: Adapter): Adapter {
  return {
    backend: adapter.backend,
    can: adapter.can,
    connections: (query, signal) => adapter.connections(query, signal),
    invoke: (call, signal) => adapter.invoke(call, signal),
    request: async (call, signal) => {
      const reply = await adapter.request(call, signal);
      if (reply.kind !== 'http' || !call.path.startsWith('/lead/lead_')) return reply;
      const { status_label: _gone, ...body } = reply.body as Readonly<Record<string, unknown>>;
      return { ...reply, body: { ...body, display_name: 5, lead_count: 3 } };
    },
    connect: (query, signal) => adapter.connect(query, signal),
    close: () => adapter.close(),
  };
}
