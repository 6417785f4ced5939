import { describe, expect, it } from 'vitest';
import { createRestAdapter } from '../../adapters/rest/adapter.ts';
import { toHttp } from '../../src/binding/http.ts';
import { fromWire } from '../../src/binding/wire.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { KEY, served, stage } from './rest-stage.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const signal = AbortSignal.timeout(20_000);

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s over loopback', (_, operation) => {
  it('arrives as the same canonical call, and its answer comes back', async () => {
    const data = { id: 'x_1', custom: { cf_a: [1, null, 'ö'] }, data: [{ custom: { cf_b: 'two, three' } }], has_more: true };
    const set = stage(() => ({ ok: true, data }));
    await using server = await served(set.door);
    const adapter = createRestAdapter({ baseUrl: `${server.url}/api/v1`, keys: { everybody: KEY }, now: () => new Date(0) });
    const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, signal);
    if (!connection) throw new Error('there is a key for everybody');
    const reply = await adapter.request({ connection, ...toHttp(operation, operation.example), read: operation.effect === 'read' }, signal);
    await adapter.close();

    expect(set.calls.map(({ operation: id, input }) => ({ id, input }))).toEqual([
      { id: `close.${operation.id}`, input: operation.example },
    ]);
    expect(reply).toMatchObject({ kind: 'http', status: operation.http.success ?? 200 });
    const body = reply.kind === 'http' ? reply.body : undefined;
    expect(operation.http.success === 204 ? body : fromWire(body as Record<string, unknown>)).toEqual(
      operation.http.success === 204 ? undefined : data,
    );
  });
});
