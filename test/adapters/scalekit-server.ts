import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { createScalekitAdapter, type ScalekitOptions } from '../../adapters/scalekit/adapter.ts';
import { type Descriptors, loadDescriptors } from '../../adapters/scalekit/descriptors.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { createEntrance } from '../../src/server/entrance.ts';

export const descriptors: Descriptors = await loadDescriptors();

/** One HTTP/1.1 request: to the token endpoint or the proxy. */
export interface SeenHttp {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface SeenRpc {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface HttpAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Script {
  readonly tools?: Partial<ServiceImpl<Descriptors['tools']>>;
  readonly accounts?: Partial<ServiceImpl<Descriptors['accounts']>>;
  /** Takes an RPC over before it is read. true: it was taken. */
  readonly rpc?: (request: Http2ServerRequest, response: Http2ServerResponse) => boolean;
  /** The proxy. */
  readonly proxy?: (seen: SeenHttp) => HttpAnswer | 'reset' | 'hang';
  /** The token endpoint; default a fresh token per request. */
  readonly token?: (seen: SeenHttp) => HttpAnswer | 'reset' | 'hang';
}

export interface Scripted extends AsyncDisposable {
  readonly url: string;
  readonly rpcs: readonly SeenRpc[];
  readonly tokens: readonly SeenHttp[];
  readonly proxied: readonly SeenHttp[];
  adapter(options?: Partial<ScalekitOptions>): Adapter;
}

export const NOW = new Date('2026-03-02T09:00:00.000Z');

/** Stands where Scalekit stands, one port for both protocols; answers what the test says, and remembers what it was asked. */
export async function scripted(script: Script = {}): Promise<Scripted> {
  const rpcs: SeenRpc[] = [];
  const tokens: SeenHttp[] = [];
  const proxied: SeenHttp[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const adapters: Adapter[] = [];
  const route = connectNodeAdapter({
    routes: (router) => {
      router.service(descriptors.tools, script.tools ?? { executeTool: () => ({ data: { id: 'lead_1' }, executionId: 'exec_1' }) });
      router.service(descriptors.accounts, script.accounts ?? { listConnectedAccounts: () => accountPage([row()]) });
    },
  });
  const http2 = createHttp2((request, response) => {
    rpcs.push({ method: request.url.split('/').at(-1) ?? '', headers: request.headers });
    if (!script.rpc?.(request, response)) route(request, response);
  });
  http2.on('session', (session) => sessions.add(session));
  const http1 = createHttp1(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    const isToken = seen.path === '/oauth/token';
    (isToken ? tokens : proxied).push(seen);
    const answer = isToken ? (script.token ?? freshToken(tokens))(seen) : (script.proxy ?? proxyAnswer)(seen);
    if (answer === 'reset') return void request.socket.resetAndDestroy();
    if (answer === 'hang') return;
    const { status = 200, headers = {}, body: content } = answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof content === 'string' || content === undefined ? (content ?? '') : JSON.stringify(content));
  });
  const entrance = createEntrance({
    http1: (socket) => http1.emit('connection', socket),
    http2: (socket) => http2.emit('connection', socket),
  });
  entrance.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => entrance.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(entrance.address() as AddressInfo).port}`;
  return {
    url,
    rpcs,
    tokens,
    proxied,
    adapter: (options = {}) => {
      const adapter = createScalekitAdapter({ envUrl: url, clientId: 'skc_1', clientSecret: 'test_1', now: () => NOW, ...options });
      adapters.push(adapter);
      return adapter;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(adapters.map((adapter) => adapter.close()));
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      if (entrance.listening) await new Promise((resolve) => entrance.close(resolve));
    },
  };
}

function proxyAnswer(): HttpAnswer {
  return { body: { id: 'lead_1' } };
}

function freshToken(tokens: readonly SeenHttp[]): () => HttpAnswer {
  return () => ({ body: { access_token: `token_${tokens.length}`, token_type: 'Bearer', expires_in: 3600 } });
}

/** A gRPC error, with the detail that marks it as the app's when `tool` is given. */
export function refusal(code: number, tool?: { readonly code?: string; readonly message?: string }): ConnectError {
  if (!tool) return new ConnectError('scripted', code as Code);
  const value = {
    errorCode: 'TOOL_ERROR',
    toolErrorInfo: { executionId: 'e', toolErrorCode: tool.code ?? '', toolErrorMessage: tool.message ?? '' },
  };
  return new ConnectError('scripted', code as Code, undefined, [{ desc: descriptors.errorInfo, value }]);
}

type Page = MessageInitShape<Descriptors['accounts']['method']['listConnectedAccounts']['output']>;
type Row = NonNullable<Page['connectedAccounts']>[number];

export function row(overrides: Partial<Row> = {}): Row {
  return { id: 'ca_1', identifier: 'ada', connector: 'close', provider: 'CLOSE', status: 1, ...overrides } as Row;
}

export function accountPage(rows: readonly Row[], nextPageToken = ''): Page {
  return { connectedAccounts: [...rows], totalSize: rows.length, nextPageToken, prevPageToken: '' };
}

export const CONNECTION: Connection = {
  id: 'ca_1',
  backend: 'scalekit',
  app: 'close',
  user: 'ada',
  status: 'active',
  checkedAt: NOW.toISOString(),
};

export const TOOL = { connection: CONNECTION, tool: 'close_lead_create', arguments: { name: 'Northpine' }, read: false };
export const HTTP = {
  connection: CONNECTION,
  method: 'POST' as const,
  path: '/lead/',
  query: [['_fields', 'id,name']] as const,
  body: { name: 'Northpine' },
  read: false,
};
export const ADA = { app: 'close', user: 'ada' };
