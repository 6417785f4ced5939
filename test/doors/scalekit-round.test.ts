import { describe, expect, it } from 'vitest';
import { closeBinding } from '../../adapters/scalekit/close.generated.ts';
import { CLOSE_TOOLS } from '../../adapters/scalekit/close-tools.ts';
import { toHttp } from '../../src/binding/http.ts';
import { obstacle, toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { ToolCell } from '../../src/contract/binding.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { openDoor } from './scalekit-stage.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

async function connected(door: Awaited<ReturnType<typeof openDoor>>): Promise<{ adapter: Adapter; connection: Connection }> {
  const adapter = door.adapter();
  const [connection] = await adapter.connections({ app: 'close', user: 'ada' }, soon());
  if (!connection) throw new Error('the door shows no connection');
  return { adapter, connection };
}

/** As much of the operation's example as the tool can carry. */
function carried(cell: ToolCell, { example }: Operation): JsonObject {
  return Object.fromEntries(
    Object.entries({ ...NEEDED, ...example }).filter(
      ([name]) => cell.accepts.includes(name) && (name in example || cell.needs?.includes(name)),
    ),
  );
}

function isCarried({ cell, operation }: { readonly cell: ToolCell; readonly operation: Operation }): boolean {
  return obstacle(cell, carried(cell, operation)) === undefined;
}

/** What some tools demand although the operation does not. */
const NEEDED: JsonObject = { status: 'completed', status_id: 'stat_7mKqcZb5WvV0ExampleStatus', note: 'Called' };

const tools = operations.flatMap((operation) => {
  const cell = closeBinding.cells[operation.id];
  return cell?.transport === 'tool' ? [{ operation, cell, name: operation.id }] : [];
});

describe('the binding', () => {
  it('has all 81 tools, one operation each', () => {
    const bound = tools.map(({ cell }) => cell.tool);
    expect(bound.toSorted()).toEqual(CLOSE_TOOLS.map(({ name }) => name).toSorted());
  });

  it('names no parameter that its tool does not have, and leaves out none that it can use', () => {
    const theirs = (cell: ToolCell): readonly string[] => [
      ...cell.accepts.map((field) => cell.rename?.[field] ?? field),
      ...Object.keys(cell.also ?? {}),
    ];
    const wrong = tools.flatMap(({ cell }) => {
      const published = Object.keys(CLOSE_TOOLS.find(({ name }) => name === cell.tool)?.inputs ?? {});
      const unused = published.filter((name) => !theirs(cell).includes(name) && !DOOR_ONLY.includes(name));
      return [...theirs(cell).filter((name) => !published.includes(name)), ...unused].map((name) => `${cell.tool}.${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it('sends what a tool requires', () => {
    const wrong = tools.flatMap(({ cell, operation }) => {
      const required = CLOSE_TOOLS.find(({ name }) => name === cell.tool)?.required ?? [];
      const sent = Object.keys(toTool(cell, carried(cell, operation)));
      return required.filter((name) => !sent.includes(name)).map((name) => `${cell.tool}.${name}`);
    });
    expect(wrong).toEqual([]);
  });
});

/** Parameters that Close itself does not have; the door reads them. */
const DOOR_ONLY = ['_limit', '_skip', '_order_by', 'value_currency'];

describe('our adapter, speaking to our door', () => {
  it.each(tools.filter(isCarried))('carries $name by its tool, whole, in one request', async ({ operation, cell }) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const input = carried(cell, operation);
    const before = door.sandbox.requests('scalekit').length;
    const call = { connection, tool: cell.tool, arguments: toTool(cell, input), read: false };
    expect(await adapter.invoke(call, soon())).toMatchObject({ kind: 'tool' });
    expect(door.stage.calls).toEqual([{ operation: `close.${operation.id}`, input }]);
    expect(door.sandbox.requests('scalekit').length - before).toBe(1);
  });

  it('leaves to the proxy only examples that the tools cannot carry', () => {
    expect(tools.filter((tool) => !isCarried(tool)).map(({ name }) => name)).toEqual([
      'custom_field_contact.create',
      'custom_field_lead.create',
      'custom_field_opportunity.create',
    ]);
  });

  it('carries every operation by proxy, whole, one request each', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const before = door.sandbox.requests('scalekit').length;
    for (const operation of operations) {
      const reply = await adapter.request({ connection, ...toHttp(operation, operation.example), read: false }, soon());
      expect(reply, operation.id).toMatchObject({ kind: 'http', status: operation.http.success ?? 200 });
      expect(door.stage.calls.at(-1), operation.id).toEqual({ operation: `close.${operation.id}`, input: operation.example });
    }
    expect(door.sandbox.requests('scalekit').length - before).toBe(operations.length);
  });

  const write = { tool: 'close_lead_create', arguments: { name: 'N' }, read: false };

  it.each([
    ['before', 'reset', 0],
    ['after', 'reset', 1],
    ['mid-body', undefined, 1],
    ['before', 'status', 0],
    ['after', 'status', 1],
    ['after', 'html', 1],
    ['after', 'truncate', 1],
  ] as const)('sends a write once when the line breaks %s it was served (%s)', async (when, kind, ran) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const fault = kind === undefined ? { when: 'mid-body' as const } : { when: when as 'before' | 'after', kind };
    const target = { backend: 'scalekit', path: '/scalekit.v1.tools', times: 5 };
    door.sandbox.fault({ ...target, ...fault });
    expect(await adapter.invoke({ connection, ...write }, soon())).toMatchObject({ kind: 'failed', failure: { delivery: 'unknown' } });
    const sent = door.sandbox.requests('scalekit').filter(({ path }) => path.endsWith('/ExecuteTool'));
    expect([sent.length, door.stage.calls.length]).toEqual([1, ran]);
  });

  it('gives up at the deadline when the line hangs', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    door.sandbox.fault({ backend: 'scalekit', path: '/scalekit.v1.tools', when: 'after', kind: 'hang' });
    expect(await adapter.invoke({ connection, ...write }, AbortSignal.timeout(300))).toMatchObject({
      failure: { code: 'timeout', delivery: 'unknown' },
    });
    expect(door.stage.calls).toHaveLength(1);
  });

  it('goes on when its token ends in mid-run', async () => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    door.stage.advance(7_200_000);
    expect(await adapter.invoke({ connection, ...write }, soon())).toMatchObject({ kind: 'tool' });
    door.stage.advance(7_200_000);
    const get = { method: 'GET', path: '/me/', query: [], read: true } as const;
    expect(await adapter.request({ connection, ...get }, soon())).toMatchObject({ kind: 'http', status: 200 });
    expect(door.stage.calls).toHaveLength(2);
  });

  it.each([
    ['rejected', 400, { fields: [{ path: 'name', problem: 'is wrong' }] }],
    ['unauthenticated', 401, {}],
    ['permission_denied', 403, {}],
    ['not_found', 404, {}],
    ['conflict', 409, {}],
    ['rate_limited', 429, { retryAfterMs: 3000 }],
  ] as const)('hears of %s what the app said, by tool and by proxy alike', async (code, status, more) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    const error = new RouterError(code, { what: 'it says no', next: 'n.', status, ...more });
    door.stage.answer = () => ({ ok: false, error });
    const replies = [
      await adapter.invoke({ connection, ...write }, soon()),
      await adapter.request({ connection, method: 'POST', path: '/lead/', query: [], body: { name: 'N' }, read: false }, soon()),
    ];
    const failures = replies.map((reply) => (reply.kind === 'http' ? closeApp.errors.read(reply) : undefined));
    expect(failures).toMatchObject([
      { code, origin: 'app', delivery: 'answered', status },
      { code, origin: 'app', delivery: 'answered', status },
    ]);
    if (code === 'rejected') expect(failures.map((failure) => failure?.fields)).toMatchObject([more.fields, more.fields]);
  });

  it.each(['expired', 'pending', 'revoked', 'disabled'] as const)('hears that the account is %s before anything is run', async (status) => {
    await using door = await openDoor();
    const { adapter, connection } = await connected(door);
    door.sandbox.change('scalekit', door.account, { status });
    const failure = { code: 'connection_required', delivery: 'not-sent', origin: 'backend' };
    expect(await adapter.invoke({ connection, ...write }, soon())).toMatchObject({ failure });
    expect(await adapter.request({ connection, method: 'GET', path: '/me/', query: [], read: true }, soon())).toMatchObject({ failure });
    expect(door.stage.calls).toEqual([]);
  });

  it('makes a link for a new user, who is connected once the link was followed', async () => {
    await using door = await openDoor();
    const adapter = door.adapter();
    const bob = { app: 'close', user: 'bob' };
    const { url = '', connection } = await adapter.connect(bob, soon());
    expect(await adapter.connections(bob, soon())).toMatchObject([{ id: connection, status: 'pending' }]);
    door.sandbox.complete(url);
    expect(await adapter.connections(bob, soon())).toMatchObject([{ id: connection, status: 'active' }]);
  });
});
