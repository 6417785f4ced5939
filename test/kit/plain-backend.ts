import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Adapter, HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import type { AdapterSubject, SampleCall } from '../../src/contract-kit.ts';
import { createAgent, type Exchanged, exchange } from '../../src/wire/exchange.ts';
import { urlBelow } from '../../src/wire/target.ts';

/** The least backend that there can be, as an adapter sees it: one user, one connection, one tool, and a proxy. */
const SECRET = 'plain-secret-0123456789';
const CONNECTION = 'conn_1';

/** Where a copy of the adapter can be made wrong. */
export interface Habits {
  /** Reads what came of a call. */
  readonly read: (exchanged: Exchanged, kind: 'tool' | 'http') => Reply;
  readonly path: (connection: string, rest: string) => string;
  readonly status: (word: unknown) => Connection['status'];
  readonly list: (exchanged: Exchanged, user: string) => readonly Connection[];
}

export const GOOD: Habits = {
  read: (exchanged, kind) => {
    if (!exchanged.ok) return { kind: 'failed', failure: exchanged.failure };
    const { status, headers, text } = exchanged.answer;
    const body = parsed(text);
    if (kind === 'http' && (status >= 400 || isObject(body))) return { kind: 'http', status, headers, body };
    if (status < 300 && isObject(body)) return { kind: 'tool', data: body };
    const known = ({ 401: 'unauthenticated', 403: 'permission_denied', 404: 'not_found', 429: 'rate_limited' } as const)[status];
    const wait = status === 429 ? { retryAfterMs: Number(headers['retry-after']) * 1000 } : {};
    const told = { origin: 'backend', status, what: `the backend answered ${status}`, ...wait } as const;
    if (known) return { kind: 'failed', failure: { code: known, delivery: 'answered', ...told } };
    return { kind: 'failed', failure: { code: 'reply_unexpected', delivery: 'unknown', ...told } };
  },
  path: (connection, rest) => `/connections/${encodeURIComponent(connection)}${rest}`,
  status: (word) => (word === 'OK' ? 'active' : 'unknown'),
  list: (exchanged, user) => {
    const body = exchanged.ok && exchanged.answer.status === 200 ? parsed(exchanged.answer.text) : undefined;
    const rows = isObject(body) && Array.isArray(body['rows']) ? body['rows'] : undefined;
    if (rows === undefined)
      throw new RouterError('backend_unavailable', { what: 'no list came', next: 'Try again later.', backend: 'plain' });
    return rows.map((row) => ({ ...told(stringAt(row, 'id') ?? '', user), status: GOOD.status(stringAt(row, 'state')) }));
  },
};

function told(id: string, user: string): Connection {
  return { id, backend: 'plain', app: 'notes', user, status: 'active', checkedAt: new Date().toISOString() };
}

export async function plainAdapter(base: string, habits: Habits = GOOD): Promise<Adapter> {
  const agent = await createAgent();
  const send = (method: 'GET' | 'POST', path: string, { body, signal }: { readonly body?: object; readonly signal: AbortSignal }) => {
    const url = urlBelow(base, { path, query: [] });
    const headers = { authorization: SECRET, ...(body ? { 'content-type': 'application/json' } : {}) };
    const message = { origin: base, path: url?.pathname ?? path, method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    return exchange(agent, message, signal);
  };
  const call = (connection: Connection, rest: string, kind: 'tool' | 'http', body: object, signal: AbortSignal): Promise<Reply> =>
    send('POST', habits.path(connection.id, rest), { body, signal }).then((exchanged) => habits.read(exchanged, kind));
  const refusal = (what: string): Reply => ({
    kind: 'failed',
    failure: { code: 'connection_required', delivery: 'not-sent', what, origin: 'backend' },
  });
  const isOdd = ({ id }: Connection): boolean => habits.path === GOOD.path && !/^\w+$/.test(id);
  return {
    backend: 'plain',
    can: { tool: true, http: 'proxy', connect: 'none' },
    connections: async ({ app, user }, signal) => {
      const exchanged = await send('GET', `/list/${app}/${user}`, { signal });
      return habits.list(exchanged, user).map((one) => ({ ...one }));
    },
    invoke: async ({ connection, tool, arguments: args }: ToolCall, signal) =>
      isOdd(connection) ? refusal('no such connection') : call(connection, `/tools/${tool}`, 'tool', args, signal),
    request: async ({ connection, path, body }: HttpCall, signal) =>
      isOdd(connection) || !urlBelow(base, { path, query: [] })
        ? refusal('the path leads elsewhere')
        : call(connection, `/proxy${path}`, 'http', body ?? {}, signal),
    connect: async () => ({ how: 'Nothing has to be done.' }),
    close: () => agent.destroy(),
  };
}

export const CALLS: readonly SampleCall[] = [
  { name: 'the tool', tool: 'PIN', arguments: { text: 'Milk' }, read: false },
  { name: 'the request', method: 'POST', path: '/notes', query: [], body: { text: 'Milk' }, read: false },
];

/** The plain adapter, or one that somebody spoilt. */
export function plainSubject(open: (url: string) => Promise<Adapter>): AdapterSubject {
  return {
    name: 'plain',
    carries: /\/connections\//,
    strangeStatus: { path: /\/list\//, rewrite: (body) => body.toString().replace('"OK"', '"BRAND_NEW"') },
    calls: CALLS,
    start: async () => {
      let effects = 0;
      const server = createServer((request, response) => void answer(request, response).then((done) => (effects += done)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return {
        upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        open,
        query: { app: 'notes', user: 'ada' },
        secrets: [SECRET],
        effects: () => effects,
        close: async () => {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<number> {
  await Array.fromAsync(request as AsyncIterable<Buffer>);
  const { url = '' } = request;
  const reply = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (url === '/list/notes/ada') reply(200, { rows: [{ id: CONNECTION, state: 'OK' }] });
  else if (url.startsWith('/list/')) reply(200, { rows: [] });
  else if (url.startsWith(`/connections/${CONNECTION}/`)) reply(200, { id: 'note_1' });
  else reply(404, { error: 'unknown' });
  return response.statusCode === 200 && url.startsWith('/connections/') ? 1 : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
