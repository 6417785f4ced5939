import { describe, expect, it } from 'vitest';
import { closeBinding } from '../../adapters/membrane/close.generated.ts';
import { toHttp } from '../../src/binding/http.ts';
import { obstacle, toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { type Opened, openDoor } from './membrane-stage.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

async function connected(door: Opened): Promise<{ adapter: Adapter; connection: Connection }> {
  const adapter = door.adapter();
  const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, soon());
  if (!connection) throw new Error('the door shows no connection');
  return { adapter, connection };
}

const posts = (door: Opened) => door.sandbox.requests('membrane').filter(({ method }) => method === 'POST').length;

describe('our adapter, speaking to our door', () => {
  const tools = operations.flatMap((operation) => {
    const cell = closeBinding.cells[operation.id];
    return cell?.transport === 'tool' && !obstacle(cell, operation.example) ? [{ operation, cell }] : [];
  });

  it('has an example for most of the 20 actions', () => {
    expect(Object.values(closeBinding.cells).filter(({ transport }) => transport === 'tool')).toHaveLength(20);
    expect(tools.map(({ operation }) => operation.id).length).toBeGreaterThanOrEqual(15);
  });

  it.each(tools)('carries $operation.id by its action, whole', async ({ operation, cell }) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const call = { connection, tool: cell.tool, arguments: toTool(cell, operation.example), read: false };
    expect(await adapter.invoke(call, soon())).toMatchObject({ kind: 'tool' });
    expect(door.stage.calls).toEqual([{ operation: `close.${operation.id}`, input: operation.example }]);
    expect(posts(door)).toBe(1);
  });

  it('carries every operation by proxy, whole, one request each', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const before = door.sandbox.requests('membrane').length;
    for (const operation of operations) {
      const reply = await adapter.request({ connection, ...toHttp(operation, operation.example), read: false }, soon());
      expect(reply, operation.id).toMatchObject({ kind: 'http', status: operation.http.success ?? 200 });
      expect(door.stage.calls.at(-1), operation.id).toEqual({ operation: `close.${operation.id}`, input: operation.example });
    }
    expect(door.sandbox.requests('membrane').length - before).toBe(operations.length);
  });

  it('sees status, headers and body of the app through the proxy, and its refusals through an action', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    door.stage.answer = () => ({
      ok: false,
      error: new RouterError('rejected', {
        what: 'no',
        next: '',
        status: 400,
        fields: [{ path: 'name', problem: 'This field is required.' }],
      }),
    });
    const proxied = await adapter.request(
      { connection, method: 'POST', path: '/lead/', query: [], body: { name: 'N' }, read: false },
      soon(),
    );
    const invoked = await adapter.invoke({ connection, tool: 'create-lead', arguments: { name: 'N' }, read: false }, soon());
    const answer = { kind: 'http', status: 400, body: { 'field-errors': { name: 'This field is required.' } } };
    expect([proxied, invoked]).toMatchObject([answer, answer]);
  });

  it.each(['before', 'after', 'mid-body'] as const)('sends a write once when the line breaks %s it was served', async (when) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    await adapter.invoke({ connection, tool: 'get-lead', arguments: { id: 'lead_1' }, read: true }, soon());
    door.stage.calls.length = 0;
    door.sandbox.reset();
    door.sandbox.fault({ backend: 'membrane', method: 'POST', when, kind: 'reset', times: 5 });
    const tool = { connection, tool: 'create-lead', arguments: { name: 'N' }, read: false };
    const http = { connection, method: 'POST' as const, path: '/lead/', query: [], body: { name: 'N' }, read: false };
    for (const reply of [await adapter.invoke(tool, soon()), await adapter.request(http, soon())])
      expect(reply).toMatchObject({ kind: 'failed', failure: { delivery: 'unknown' } });
    expect(door.sandbox.counts()['membrane']).toEqual({ POST: 2 });
    expect(door.stage.calls).toHaveLength(when === 'before' ? 0 : 2);
  });

  it('is told of a link, and sees the connection become usable', async () => {
    await using door = await openDoor();
    const { adapter } = await connected(door);
    const link = await adapter.connect({ app: 'close', user: 'carol' }, soon());
    const states = async () =>
      (await adapter.connections({ app: 'close', user: 'carol' }, soon())).map(({ status, connectUrl }) => [status, connectUrl]);
    expect(await states()).toEqual([['pending', link.url]]);
    door.sandbox.complete(link.url ?? '');
    expect(await states()).toEqual([['active', undefined]]);
  });

  it.each([
    'active',
    'pending',
    'expired',
    'revoked',
    'failed',
    'disabled',
    'unknown',
  ] as const)('shows a connection that is %s as such', async (status) => {
    await using door = await openDoor();
    door.sandbox.change('membrane', door.connection, { status });
    expect(await door.adapter().connections({ app: 'close', user: 'ada' }, soon())).toMatchObject([{ id: door.connection, status }]);
  });

  it.each([
    'pending',
    'expired',
    'revoked',
    'failed',
    'disabled',
    'unknown',
  ] as const)('runs nothing on a connection that is %s', async (status) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    door.sandbox.change('membrane', connection.id, { status });
    const tool = await adapter.invoke({ connection, tool: 'create-lead', arguments: { name: 'N' }, read: false }, soon());
    const http = await adapter.request({ connection, method: 'DELETE', path: '/lead/lead_1/', query: [], read: false }, soon());
    const failure = { code: 'connection_required', delivery: 'not-sent' };
    expect([tool, http]).toMatchObject([{ failure }, { failure }]);
    expect(door.stage.calls).toEqual([]);
  });

  it('never sees another tenant’s connection, whoever names it', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const stolen = { ...connection, user: 'mallory' };
    expect(await adapter.connections({ app: 'close', user: 'mallory' }, soon())).toEqual([]);
    const tool = await adapter.invoke({ connection: stolen, tool: 'create-lead', arguments: { name: 'N' }, read: false }, soon());
    const http = await adapter.request({ connection: stolen, method: 'DELETE', path: '/lead/lead_1/', query: [], read: false }, soon());
    expect([tool, http]).toMatchObject([
      { failure: { delivery: 'not-sent' } },
      { failure: { code: 'connection_required', delivery: 'not-sent' } },
    ]);
    expect(door.stage.calls).toEqual([]);
  });
});
