import { describe, expect, it } from 'vitest';
import { createComposioAdapter } from '../../adapters/composio/adapter.ts';
import { closeBinding } from '../../adapters/composio/close.generated.ts';
import { toHttp } from '../../src/binding/http.ts';
import { obstacle, toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Connection } from '../../src/contract/connection.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { type Opened, openDoor } from './composio-stage.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

async function connected(door: Opened): Promise<{ adapter: Adapter; connection: Connection }> {
  const adapter = createComposioAdapter({ apiKey: door.key, baseUrl: door.url, now: () => new Date('2026-03-02T09:00:00.000Z') });
  const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, soon());
  if (!connection) throw new Error('the door shows no connection');
  return { adapter, connection };
}

describe('our adapter, speaking to our door', () => {
  const tools = operations.flatMap((operation) => {
    const cell = closeBinding.cells[operation.id];
    return cell?.transport === 'tool' && !obstacle(cell, operation.example) ? [{ operation, cell }] : [];
  });

  it('has an example for most tools', () => {
    expect(tools.length).toBeGreaterThanOrEqual(12);
  });

  it.each(tools)('carries $operation.id by its tool, whole', async ({ operation, cell }) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const call = { connection, tool: cell.tool, arguments: toTool(cell, operation.example), read: false };
    expect(await adapter.invoke(call, soon())).toMatchObject({ kind: 'tool' });
    expect(door.stage.calls).toEqual([{ operation: `close.${operation.id}`, input: operation.example }]);
  });

  it('carries every operation by proxy, whole, one request each', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const before = door.sandbox.requests('composio').length;
    for (const operation of operations) {
      const reply = await adapter.request({ connection, ...toHttp(operation, operation.example), read: false }, soon());
      expect(reply, operation.id).toMatchObject({ kind: 'http', status: operation.http.success ?? 200 });
      expect(door.stage.calls.at(-1), operation.id).toEqual({ operation: `close.${operation.id}`, input: operation.example });
    }
    expect(door.sandbox.requests('composio').length - before).toBe(operations.length);
  });

  it.each(['before', 'after', 'mid-body'] as const)('sends a write once when the line breaks %s it was served', async (when) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    door.sandbox.fault({ backend: 'composio', method: 'POST', when, kind: 'reset', times: 5 });
    const reply = await adapter.invoke({ connection, tool: 'CLOSE_CREATE_LEAD', arguments: { name: 'N' }, read: false }, soon());
    expect(reply).toMatchObject({ kind: 'failed', failure: { delivery: 'unknown' } });
    expect(door.sandbox.counts()['composio']?.['POST']).toBe(1);
    expect(door.stage.calls).toHaveLength(when === 'before' ? 0 : 1);
  });

  it('is told of a link, and sees the account become ACTIVE', async () => {
    await using door = await openDoor();
    const { adapter } = await connected(door);
    const link = await adapter.connect({ app: 'close', user: 'carol' }, soon());
    const states = async () => (await adapter.connections({ app: 'close', user: 'carol' }, soon())).map(({ id, status }) => [id, status]);
    expect(await states()).toEqual([[link.connection, 'pending']]);
    door.sandbox.complete(link.url ?? '');
    expect(await states()).toEqual([[link.connection, 'active']]);
  });
});
