import { createMembraneAdapter, type MembraneOptions } from '../../adapters/membrane/adapter.ts';
import type { Adapter, Failure, Reply } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { type Answer, json, type ScriptedHttp, startHttp } from '../support/scripted-http.ts';

export const NOW = new Date('2026-03-02T09:00:00.000Z');

export interface Scripted extends ScriptedHttp {
  adapter(options?: Partial<MembraneOptions>): Adapter;
  /** Requests that could have written something. */
  posts(): number;
}

/** Stands where Membrane stands. */
export async function scripted(answer: Answer): Promise<Scripted> {
  const server = await startHttp(answer);
  const keys = { workspaceKey: 'wk', workspaceSecret: 'ws_secret_of_the_workspace' };
  return {
    ...server,
    adapter: (options = {}) => createMembraneAdapter({ ...keys, baseUrl: server.url, now: () => NOW, ...options }),
    posts: () => server.seen.filter(({ method }) => method !== 'GET').length,
  };
}

export const connection = (overrides: object = {}): object => ({
  id: 'con_1',
  name: 'Close',
  userId: 'u_1',
  state: 'READY',
  connected: true,
  disconnected: false,
  createdAt: '2026-03-01T00:00:00.000Z',
  updatedAt: '2026-03-01T00:00:00.000Z',
  integration: { id: 'int_1', key: 'close', name: 'Close', logoUri: '' },
  user: { id: 'u_1', name: 'ada', internalId: 'ada' },
  ...overrides,
});

export const action = (overrides: object = {}): object => ({
  id: 'act_1',
  key: 'create-lead',
  name: 'Create Lead',
  state: 'READY',
  inputSchema: { type: 'object', properties: { name: { type: 'string' }, url: { type: 'string' } }, required: ['name'] },
  ...overrides,
});

export const membraneError = (type: string, key?: string, more: object = {}): object => ({
  type,
  ...(key === undefined ? {} : { key }),
  message: 'No',
  ...more,
});

/** Answers what is read before a write, and everything else as given. */
export const afterReading =
  (answer: Answer): Answer =>
  (response, seen) => {
    if (seen.method === 'GET' && seen.path === '/actions') return json({ items: [action()] })(response, seen);
    if (seen.method === 'GET' && /^\/connections\/[^/]+$/.test(seen.path)) return json(connection())(response, seen);
    return answer(response, seen);
  };

export const ADA: Connection = {
  id: 'con_1',
  backend: 'membrane',
  app: 'close',
  user: 'ada',
  status: 'active',
  checkedAt: NOW.toISOString(),
};

export const TOOL = { connection: ADA, tool: 'create-lead', arguments: { name: 'Northpine' }, read: false };
export const HTTP = {
  connection: ADA,
  method: 'POST' as const,
  path: '/lead/',
  query: [['_fields', 'id,name']] as const,
  body: { name: 'Northpine' },
  read: false,
};

export const soon = (): AbortSignal => AbortSignal.timeout(20_000);
export const failureOf = (reply: Reply): Failure | undefined => (reply.kind === 'failed' ? reply.failure : undefined);
