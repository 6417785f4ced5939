import { type ComposioOptions, createComposioAdapter } from '../../adapters/composio/adapter.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { type Answer, json, type ScriptedHttp, startHttp } from '../support/scripted-http.ts';

export { type Answer, json };

export interface Scripted extends ScriptedHttp {
  adapter(options?: Partial<ComposioOptions>): Adapter;
}

/** Stands where Composio stands. */
export async function scripted(answer: Answer): Promise<Scripted> {
  const server = await startHttp(answer);
  const { url } = server;
  return { ...server, adapter: (options = {}) => createComposioAdapter({ apiKey: 'ak_test', baseUrl: url, now: () => NOW, ...options }) };
}

export const NOW = new Date('2026-03-02T09:00:00.000Z');

export const account = (overrides: object = {}): object => ({
  id: 'ca_1',
  user_id: 'ada',
  toolkit: { slug: 'close' },
  auth_config: { id: 'ac_1', is_disabled: false },
  status: 'ACTIVE',
  status_reason: null,
  is_disabled: false,
  created_at: '2026-03-01T00:00:00.000Z',
  state: { authScheme: 'API_KEY', val: { status: 'ACTIVE' } },
  ...overrides,
});

export const page = (items: unknown, next: string | null = null): object => ({
  items,
  next_cursor: next,
  total_pages: 1,
  current_page: 1,
  total_items: 1,
});

/** Answers the list of accounts with one that is Ada's, and everything else as given. */
export const afterOwnership =
  (answer: Answer): Answer =>
  (response, seen) =>
    seen.path === '/api/v3.1/connected_accounts' ? json(page([account()]))(response, seen) : answer(response, seen);

export const CONNECTION: Connection = {
  id: 'ca_1',
  backend: 'composio',
  app: 'close',
  user: 'ada',
  status: 'active',
  checkedAt: NOW.toISOString(),
};

export const TOOL = { connection: CONNECTION, tool: 'CLOSE_CREATE_LEAD', arguments: { name: 'Northpine' }, read: false };
export const HTTP = {
  connection: CONNECTION,
  method: 'POST' as const,
  path: '/lead/',
  query: [['_fields', 'id,name']] as const,
  body: { name: 'Northpine' },
  read: false,
};
