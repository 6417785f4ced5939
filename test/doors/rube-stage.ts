import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { closeBinding } from '../../adapters/composio/close.generated.ts';
import { createRubeDoor } from '../../adapters/composio/rube-door.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Connection } from '../../src/contract/connection.ts';
import type { Directory, DoorHost } from '../../src/contract/door.ts';
import type { CallContext, CanonicalCall, Outcome } from '../../src/contract/executor.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { type Envelope, type Era, envelopeOf } from '../seeds/stage.ts';

export const ADA = 'key-of-ada';
/** Speaks for whomever the address names. */
export const ANYONE = 'key-of-the-project';
export const ORIGIN = 'http://127.0.0.1:4760';

export type Answer = (call: CanonicalCall, context: CallContext) => Outcome | Promise<Outcome>;

/** The Rube door in front of an executor that does what the test says, without a port. */
export interface RubeStage {
  /** What reached the executor, in order. */
  readonly calls: (CanonicalCall & { readonly context: CallContext })[];
  readonly connections: Connection[];
  answer: Answer;
  /** Why no link is made, if none is. */
  refusal?: Error;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  connect(options?: { readonly path?: string; readonly key?: string; readonly era?: Era }): Promise<Client>;
  /** A meta tool, called by a client of its own. */
  call(name: string, args: unknown): Promise<Envelope>;
}

export const done = (data: unknown): Outcome => ({ ok: true, data });

export function connection(more: Partial<Connection> = {}): Connection {
  const at = '2026-03-02T09:00:00.000Z';
  return { id: 'ca_1', backend: 'composio', app: 'close', user: 'ada', status: 'active', createdAt: at, checkedAt: at, ...more };
}

export function openStage(): RubeStage {
  const calls: RubeStage['calls'] = [];
  const connections: Connection[] = [connection()];
  const host: DoorHost = {
    executor: {
      run: async (call, context) => {
        calls.push({ ...call, context });
        return stage.answer(call, context);
      },
    },
    directory: directoryOf(connections, () => stage.refusal),
    authenticate: (credential) => (credential === ADA ? { user: 'ada' } : credential === ANYONE ? {} : undefined),
    now: () => new Date('2026-03-02T09:00:00.000Z'),
    url: () => `${ORIGIN}/rube`,
  };
  const door = createRubeDoor({ app: closeApp, binding: closeBinding, pollMs: 5 })(host);
  const fetchPath: RubeStage['fetch'] = (path, init) => door.fetch(new Request(`${ORIGIN}${path}`, init));
  const stage: RubeStage = {
    calls,
    connections,
    answer: () => done({ id: 'lead_1' }),
    fetch: fetchPath,
    connect: async ({ path = '/mcp', key = ADA, era = 'legacy' } = {}) => {
      const client = new Client({ name: 'an-agent', version: '1' }, { versionNegotiation: { mode: era } });
      const transport = new StreamableHTTPClientTransport(new URL(`${ORIGIN}${path}`), {
        requestInit: { headers: { authorization: `Bearer ${key}` } },
        fetch: (url, init) => door.fetch(new Request(url, init)),
      });
      await client.connect(transport);
      return client;
    },
    call: async (name, args) => {
      const response = await post(stage, { name, arguments: args });
      return envelopeOf((await jsonIn(response))['result'] as JsonObject);
    },
  };
  return stage;
}

/** `tools/call` as a program without an SDK sends it: one POST, no handshake. */
export function post(stage: RubeStage, params: JsonObject, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return stage.fetch('/mcp', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADA}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
}

/** The message in an answer, be it plain or an event of a stream. */
export async function jsonIn(response: Response): Promise<JsonObject> {
  const text = await response.text();
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
}

function directoryOf(connections: Connection[], refusal: () => Error | undefined): Directory {
  return {
    list: async ({ users }) => connections.filter(({ user }) => users?.includes(user) ?? true),
    connect: async ({ user }) => {
      const error = refusal();
      if (error) throw error;
      const made = connection({ id: `ca_${connections.length + 1}`, user, status: 'pending', connectUrl: `${ORIGIN}/link` });
      connections.push(made);
      return { connection: made.id, url: `${ORIGIN}/link/${made.id}`, how: 'Open the link.' };
    },
    change: async () => undefined,
  };
}
