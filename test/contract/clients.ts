import { Composio } from '@composio/core';
import { MembraneClient } from '@membranehq/sdk';
import { ScalekitClient } from '@scalekit-sdk/node';
import { CLOSE_TOOLKIT_VERSION } from '../../adapters/composio/adapter.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';

/** How a program reaches a door: its address and the settings that its SDK wants, by their own names. */
export type Ready = { readonly url: string } & Readonly<Record<string, string>>;

/** The app's own HTTP request, as a program writes it for a backend's proxy. */
export interface AppRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: JsonObject;
}

/**
 * What the program's own SDK handed it. `result`: a tool's output, or the body that came through the proxy.
 * `refused`: `status` and `word` as that SDK tells them, in an error or in a result that is none.
 */
export type Heard =
  | { readonly kind: 'result'; readonly data: unknown }
  | { readonly kind: 'refused'; readonly status?: number; readonly word?: string; readonly text: string };

/** A program as its vendor's documentation writes it. */
export interface Client {
  tool(name: string, args: JsonObject): Promise<Heard>;
  http(request: AppRequest): Promise<Heard>;
}

export const USER = 'ada';

/** Close's own API, by plain fetch. */
async function restClient({ url, apiKey = '' }: Ready): Promise<Client> {
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  return {
    tool: () => Promise.reject(new Error('Close has no named tools')),
    http: async ({ method, path, body }) => {
      const headers = { authorization, ...(body ? { 'content-type': 'application/json' } : {}) };
      const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
      const text = await response.text();
      if (!response.ok) return { kind: 'refused', status: response.status, text };
      return { kind: 'result', data: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

async function composioClient({ url, apiKey = '' }: Ready): Promise<Client> {
  const composio = new Composio({ apiKey, baseURL: url, allowTracking: false, disableVersionCheck: true });
  const accounts = await composio.connectedAccounts.list({ userIds: [USER], toolkitSlugs: ['close'] });
  const connectedAccountId = accounts.items[0]?.id;
  return {
    tool: (name, args) =>
      heard(async () => {
        const answer = await composio.tools.execute(name, { userId: USER, arguments: { ...args }, version: CLOSE_TOOLKIT_VERSION });
        if (answer.successful) return { kind: 'result', data: answer.data };
        const status = Number(answer.data['status_code']);
        return { kind: 'refused', ...(Number.isFinite(status) ? { status } : {}), text: answer.error ?? '' };
      }),
    http: ({ method, path, body }) =>
      heard(async () => {
        const account = connectedAccountId === undefined ? {} : { connectedAccountId };
        const answer = await composio.tools.proxyExecute({ endpoint: path, method, ...account, ...(body ? { body } : {}) });
        if (answer.status < 400) return { kind: 'result', data: answer.data };
        return { kind: 'refused', status: answer.status, text: JSON.stringify(answer.data) };
      }),
  };
}

async function membraneClient({ url, workspaceKey = '', workspaceSecret = '' }: Ready): Promise<Client> {
  const membrane = new MembraneClient({ workspaceKey, workspaceSecret, tenantKey: USER, apiUri: url });
  const found = await membrane.connections.find({ integrationKey: 'close' });
  const connectionId = found.items[0]?.id ?? '';
  return {
    tool: (name, args) =>
      heard(async () => {
        const { output } = await membrane.action(name).run(args, { connectionId });
        return { kind: 'result', data: output };
      }),
    http: ({ method, path, body }) =>
      heard(async () => {
        const uri = `/connections/${connectionId}/proxy${path}`;
        const data: unknown = await {
          GET: () => membrane.get(uri),
          POST: () => membrane.post(uri, body),
          PUT: () => membrane.put(uri, body),
          DELETE: () => membrane.delete(uri),
        }[method]();
        return { kind: 'result', data };
      }),
  };
}

async function scalekitClient({ url, clientId = '', clientSecret = '', connector = 'close' }: Ready): Promise<Client> {
  const scalekit = new ScalekitClient(url, clientId, clientSecret);
  // Its proxy takes no token by itself: some call has to come first (backends/scalekit.md).
  await scalekit.actions.listConnectedAccounts({ connectionName: connector, identifier: USER });
  return {
    tool: (toolName, args) =>
      heard(async () => {
        const { data } = await scalekit.actions.executeTool({ toolName, toolInput: { ...args }, identifier: USER, connector });
        return { kind: 'result', data };
      }),
    http: ({ method, path, body }) =>
      heard(async () => {
        // Its proxy begins at the app's host.
        const request = {
          connectionName: connector,
          identifier: USER,
          path: `/api/v1${path}`,
          method,
          ...(body ? { body: { ...body } } : {}),
        };
        const { data } = await scalekit.actions.request(request);
        return { kind: 'result', data };
      }),
  };
}

/** The clients of the doors, by backend. Each new backend has to have one. */
export const CLIENTS: Readonly<Record<string, (ready: Ready) => Promise<Client>>> = {
  composio: composioClient,
  membrane: membraneClient,
  rest: restClient,
  scalekit: scalekitClient,
};

/** What an SDK throws: its status, and its own name for the case. */
async function heard(send: () => Promise<Heard>): Promise<Heard> {
  try {
    return await send();
  } catch (error) {
    const causes = causesOf(error);
    const status = causes.flatMap(statusesOf)[0];
    const word = causes.flatMap(wordsOf)[0];
    const text = causes.flatMap(textsOf).join(' | ');
    return { kind: 'refused', text, ...(status === undefined ? {} : { status }), ...(word === undefined ? {} : { word }) };
  }
}

/** The error and what it says it was caused by, in each SDK's own way. */
function causesOf(thrown: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let one = thrown; isObject(one) && causes.length < 6; one = one['cause'] ?? causedBy(one)) causes.push(one);
  return causes;
}

/** Membrane keeps the wire's error in `data`, and there the one that caused it. */
function causedBy(error: JsonObject): unknown {
  const data = isObject(error['data']) ? error['data'] : error;
  return data['causedByError'];
}

/** The message, and whatever the SDK keeps of the answer's body. */
function textsOf(error: unknown): readonly string[] {
  if (!isObject(error)) return [];
  const data = isObject(error['data']) ? error['data'] : undefined;
  const bodies = [
    isObject(error['response']) ? error['response']['data'] : undefined,
    data && (data['data'] ?? data['response']),
    error['errDetails'],
  ];
  return [
    error instanceof Error ? error.message : '',
    stringAt(error, 'toolErrorMessage') ?? '',
    ...bodies.map((body) => JSON.stringify(body) ?? ''),
  ].filter((text) => text !== '');
}

/** Composio: `status` or `statusCode`; axios: `response.status`; Membrane: the app's own in `data.response`; Scalekit: `httpStatus`. */
function statusesOf(error: unknown): readonly number[] {
  if (!isObject(error)) return [];
  const holders = [error, error['response'], isObject(error['data']) ? error['data']['response'] : undefined].filter(isObject);
  return holders.flatMap((one) => [one['status'], one['statusCode'], one['httpStatus']]).filter((one) => typeof one === 'number');
}

/** Composio: the slug in the error's body; Membrane: type and key; Scalekit: its error code. */
function wordsOf(error: unknown): readonly string[] {
  if (!isObject(error)) return [];
  const body = isObject(error['error']) ? error['error'] : undefined;
  const slug = stringAt(isObject(body?.['error']) ? body['error'] : body, 'slug');
  const data = isObject(error['data']) ? error['data'] : error;
  const membrane = [stringAt(data, 'type'), stringAt(data, 'key')].filter(Boolean).join('/');
  return [slug, stringAt(error, 'errorCode'), membrane].flatMap((one) => (one ? [one] : []));
}
