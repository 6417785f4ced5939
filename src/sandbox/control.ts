import { type Context, Hono } from 'hono';
import { type Connection, type ConnectionStatus, STATUSES } from '../contract/connection.ts';
import { ERRORS, isRouterError, RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Mount } from '../contract/host.ts';
import type { AppKey, Override, SandboxBackend } from './backends.ts';
import { connectPage, deadLinkPage, donePage } from './connect-page.ts';
import type { Wire } from './faults.ts';
import { readFault } from './read-fault.ts';

export const CONTROL_PREFIX = '/__sandbox';

export interface ControlParts {
  readonly wire: Wire;
  readonly backends: ReadonlyMap<string, SandboxBackend>;
  readonly keys: () => readonly AppKey[];
  readonly keyFor: (user: string) => string;
  readonly advance: (ms: number) => void;
  /** ISO instant. */
  readonly now: () => string;
  readonly state: () => Promise<object>;
}

/** The sandbox's own paths: what tests and people at the controls use, and the pages behind connect links. */
export function createControl(parts: ControlParts): Mount {
  const api = new Hono();
  api.get('/state', async (call) => call.json(await parts.state()));
  api.route('/', wireRoutes(parts));
  api.post('/clock', async (call) => {
    parts.advance(readAdvance(await bodyOf(call)));
    return call.json({ now: parts.now() });
  });
  api.post('/connections/:backend/:id', async (call) => {
    const { backend, id } = call.req.param();
    const connection = parts.backends.get(backend)?.override(id, readOverride(await bodyOf(call)));
    if (!connection)
      throw new RouterError('not_found', { what: `${backend} has no connection ${id}`, next: 'GET /__sandbox/state lists them.' });
    return call.json({ connection });
  });
  api.route('/connect', connectRoutes(parts));
  api.notFound((call) => call.json({ error: 'no such path' }, 404));
  api.onError(refusal);
  return { prefix: CONTROL_PREFIX, local: true, fetch: async (request) => api.fetch(request) };
}

function wireRoutes({ wire }: ControlParts): Hono {
  const api = new Hono();
  api.get('/requests', (call) => call.json({ requests: wire.requests(call.req.query('backend')), counts: wire.counts() }));
  api.delete('/requests', (call) => {
    wire.forget();
    return call.body(null, 204);
  });
  api.get('/faults', (call) => call.json({ faults: wire.pending().map(({ fault, fired }) => ({ ...shownFault(fault), fired })) }));
  api.post('/faults', async (call) => {
    const fault = readFault(await bodyOf(call));
    wire.set(fault);
    return call.json({ fault }, 201);
  });
  api.delete('/faults', (call) => {
    wire.clear();
    return call.body(null, 204);
  });
  return api;
}

function connectRoutes({ backends, keys, keyFor }: ControlParts): Hono {
  const pages = new Hono();
  const find = (token: string) => [...backends.values()].find((backend) => backend.pending(token)?.expired === false);
  pages.get('/:token', (call) => {
    const { token } = call.req.param();
    const found = find(token)?.pending(token);
    return found ? call.html(connectPage(found.connection, keys(), keyFor(found.connection.user))) : call.html(deadLinkPage(), 410);
  });
  pages.post('/:token', async (call) => {
    const { token } = call.req.param();
    const form = await call.req.parseBody();
    const chosen = typeof form['account'] === 'string' ? keys()[Number(form['account'])]?.key : undefined;
    const back = find(token)?.pending(token)?.callbackUrl;
    const connection = find(token)?.finish(token, form['decision'] === 'decline' ? 'decline' : 'approve', chosen);
    if (!connection) return call.html(deadLinkPage(), 410);
    const target = back === undefined ? undefined : callbackOf(back, connection);
    return target === undefined ? call.html(donePage(connection)) : call.redirect(target, 303);
  });
  return pages;
}

/** guess: the names of what is added to the address; none of the backends documents them. */
function callbackOf(address: string, { id, status }: Connection): string | undefined {
  if (!/^https?:/.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  url.searchParams.set('status', status === 'active' ? 'success' : 'failed');
  url.searchParams.set('connected_account_id', id);
  return url.href;
}

/** Only JSON: no page of another origin can send that without being asked first. */
async function bodyOf(call: Context): Promise<JsonObject> {
  const value: unknown = call.req.header('content-type')?.startsWith('application/json')
    ? await call.req.json().catch(() => undefined)
    : undefined;
  if (!isObject(value)) throw invalid('the body is no JSON object', 'Send one, with content-type application/json.');
  return value;
}

function readAdvance(body: JsonObject): number {
  const { advanceMs } = body;
  if (typeof advanceMs === 'number' && Number.isFinite(advanceMs) && advanceMs >= 0) return advanceMs;
  throw invalid('advanceMs is not a number of milliseconds', 'Send {"advanceMs": 60000}; the clock never goes back.');
}

function readOverride(body: JsonObject): Override {
  const { status, detail } = body;
  if (status !== undefined && !isStatus(status)) throw invalid('status is not one of the seven', `Send one of ${STATUSES.join(', ')}.`);
  if (detail !== undefined && detail !== null && typeof detail !== 'string') throw invalid('detail is not text', 'Send text, or null.');
  if (status === undefined && detail === undefined) throw invalid('nothing is to be changed', 'Send status, detail or both.');
  return { ...(status === undefined ? {} : { status }), ...(detail === undefined ? {} : { detail }) };
}

function isStatus(value: unknown): value is ConnectionStatus {
  return STATUSES.some((status) => status === value);
}

function invalid(what: string, next: string): RouterError {
  return new RouterError('invalid_input', { what, next });
}

function refusal(error: Error): Response {
  if (!isRouterError(error)) return Response.json({ error: 'internal error' }, { status: 500 });
  return Response.json({ error: error.toJSON() }, { status: ERRORS[error.code].http });
}

/** A RegExp has no JSON form of its own. */
function shownFault(fault: object): object {
  const { path } = fault as { readonly path?: unknown };
  return path instanceof RegExp ? { ...fault, path: path.source } : fault;
}
