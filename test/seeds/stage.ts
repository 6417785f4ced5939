import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { BACKENDS, SIDE_DOORS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { type Serving, startServing } from '../../src/server/serving.ts';
import { adapt, NAMES, type Name } from '../contract/rig.ts';

/** All doors in front of a router that reaches Close through one backend only. */
export interface Over extends AsyncDisposable {
  readonly world: World;
  readonly ready: Serving['ready'];
}

export async function openOver(backend: Name): Promise<Over> {
  const world = createWorld({ switches: { rateLimits: false } });
  const adapted = await adapt(backend, world);
  const { behind, router } = adapted.core;
  const doors = await Promise.all(NAMES.map(async (name) => [name, await BACKENDS[name].door({ app: closeApp })] as const));
  const serving = await startServing({
    doors: Object.fromEntries(doors),
    sideDoors: { rube: await SIDE_DOORS.rube({ app: closeApp }) },
    serve,
    port: 0,
    app: closeApp.id,
    executor: behind.executor,
    connections: {
      recent: behind.recent,
      refresh: (query) => router.connections.list(query),
      connect: (query) => router.connections.connect(query),
    },
    linking: behind.linking,
    keys: {},
    user: 'ada',
    users: ['ada'],
    now: () => new Date(),
  });
  const close = async (): Promise<void> => {
    await serving.close();
    await adapted[Symbol.asyncDispose]();
  };
  return { world, ready: serving.ready, [Symbol.asyncDispose]: close };
}

/** What a meta tool answers, as an agent reads it from the text. */
export interface Envelope {
  readonly data: JsonObject;
  readonly error: string | null;
  readonly successful: boolean;
}

/** An agent's client at the Rube door. */
export interface Rube extends AsyncDisposable {
  readonly client: Client;
  call(name: string, args: JsonObject): Promise<Envelope>;
  /** One tool through MULTI_EXECUTE_TOOL; its item of the results. */
  run(slug: string, args: JsonObject): Promise<{ readonly data: JsonObject; readonly error: string | null }>;
}

export type Era = 'legacy' | { readonly pin: '2026-07-28' };

export async function openRube(url: string, key: string, era: Era = 'legacy'): Promise<Rube> {
  const client = new Client({ name: 'an-agent', version: '1' }, { versionNegotiation: { mode: era } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${key}` } } }));
  const call = async (name: string, args: JsonObject): Promise<Envelope> =>
    envelopeOf(await client.callTool({ name, arguments: { ...args } }));
  return {
    client,
    call,
    run: async (tool_slug, args) => {
      const { data } = await call('RUBE_MULTI_EXECUTE_TOOL', {
        tools: [{ tool_slug, arguments: args }],
        sync_response_to_workbench: false,
        memory: {},
      });
      const [item] = itemsOf(data);
      const response = isObject(item?.['response']) ? item['response'] : {};
      return { data: isObject(response['data']) ? response['data'] : {}, error: (item?.['error'] ?? null) as string | null };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export function envelopeOf(result: JsonObject): Envelope {
  const [first] = Array.isArray(result['content']) ? result['content'] : [];
  return JSON.parse(isObject(first) ? String(first['text']) : 'null');
}

/** The results of a MULTI_EXECUTE_TOOL, in order. */
export function itemsOf(data: JsonObject): readonly JsonObject[] {
  return Array.isArray(data['results']) ? data['results'].filter(isObject) : [];
}

export function rowsOf(body: JsonObject): readonly JsonObject[] {
  return Array.isArray(body['data']) ? body['data'].filter(isObject) : [];
}
