import { describe, expect, it } from 'vitest';
import { useScratch } from '../support/scratch.ts';
import { call, clientOf, connectStdio, dataOf, ERAS, type Era, textOf } from './stage.ts';

const cwd = useScratch();
const FIVE = ['search_operations', 'describe_operation', 'run_operation', 'connections', 'connect'];

describe.each(Object.keys(ERAS).map(Number) as Era[])('a client of the %i revision at stdin and stdout', (era) => {
  it('finds an operation, reads it, runs it and reads back what it made', async () => {
    const client = clientOf(era);
    await using _ = await connectStdio(client, ['--sandbox'], { cwd: cwd() });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(FIVE);

    expect(dataOf(await call(client, 'connections'))).toMatchObject({ usable: true });
    const found = dataOf(await call(client, 'search_operations', { query: 'add a company' }));
    expect(found['operations']).toContainEqual(expect.objectContaining({ operation: 'close.lead.create', effect: 'write' }));
    expect(found['connections']).toMatchObject({ close: { composio: 'active', rest: 'active' } });
    const described = await call(client, 'describe_operation', { operation: 'close.lead.create' });
    expect(textOf(described)).toContain('contacts[].emails[].email');

    const made = await call(client, 'run_operation', { operation: 'close.lead.create', input: { name: 'Northpine Logistics' } });
    const { id } = dataOf(made)['data'] as { readonly id: string };
    expect(textOf(made)).toMatch(/^ok close\.lead\.create via \w+, call_/);
    const read = await call(client, 'run_operation', { operation: 'lead.get', input: { lead_id: id } });
    expect(dataOf(read)).toMatchObject({
      operation: 'close.lead.get',
      data: { id, name: 'Northpine Logistics' },
      receipt: { delivery: 'answered' },
    });
  });

  it('is told what it did wrong and what to do, and nothing is sent', async () => {
    const client = clientOf(era);
    await using _ = await connectStdio(client, ['--sandbox'], { cwd: cwd() });
    const wrong = await call(client, 'run_operation', { operation: 'lead.create', input: { nmae: 'Acme' }, dryrun: true });
    expect(wrong.isError).toBe(true);
    expect(dataOf(wrong)).toMatchObject({ code: 'invalid_input', retryable: false, next: expect.stringContaining('dry_run') });
    expect(textOf(wrong)).toContain('dryrun is not an argument (did you mean dry_run?)');
    const misspelt = await call(client, 'run_operation', { operation: 'lead.create', input: { nmae: 'Acme' } });
    expect(textOf(misspelt)).toContain('did you mean name?');
    const unknown = await call(client, 'run_operation', { operation: 'lead.make', input: {} });
    expect(dataOf(unknown)).toMatchObject({ code: 'unknown_operation', next: expect.stringContaining('search_operations') });
    await expect(call(client, 'no_such_tool')).rejects.toMatchObject({ code: -32602 });
  });
});
