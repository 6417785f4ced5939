import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Connection } from '../../src/contract/connection.ts';
import type { Caller, DirectoryQuery, DoorHost } from '../../src/contract/door.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { Memory } from './door-memory.ts';
import { errorBody } from './errors.ts';

/** What every handler of the door works with. */
export interface Desk {
  readonly host: DoorHost;
  readonly app: App;
  readonly binding: Binding;
  /** The key of the one integration that is served. */
  readonly integration: string;
  readonly memory: Memory;
}

export interface Env {
  Variables: { caller: Caller; claims: JsonObject };
}

export type Call = Context<Env>;

/** Membrane's own no, thrown from any depth of a handler and written by the door. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object, message: string) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

function refusal(status: number, type: string, key: string | undefined, message: string, data?: object): Refusal {
  return new Refusal(status, errorBody(type, key, message, data), message);
}

/** guess: the words of all refusals; types, keys and statuses are those of errors.ts. */
export const refuse = {
  malformed: (message: string, problems: readonly string[] = []) =>
    refusal(
      400,
      'bad_request',
      undefined,
      message,
      problems.length > 0 ? { details: problems.map((one) => ({ message: one })) } : undefined,
    ),
  notFound: (what: string) => refusal(404, 'bad_request', 'not_found', `${what} not found`),
  notAuthenticated: (message: string) => refusal(401, 'bad_request', 'not_authenticated', message),
  accessDenied: (message: string) => refusal(403, 'bad_request', 'access_denied', message),
  defunct: () => refusal(400, 'connection', 'connection_is_defunct', 'The connection is not connected: reconnect it'),
  unserved: (message: string) => refusal(400, 'configuration', undefined, message),
};

/** Ids as Membrane gives them, 24 hexadecimal digits, the same for the same thing. */
export function idOf(kind: string, name: string): string {
  return createHash('sha256').update(`${kind}:${name}`).digest('hex').slice(0, 24);
}

/** Connections that this caller may see, oldest first. A tenant's token never shows another's. */
export async function visible(desk: Desk, call: Call, query: DirectoryQuery = {}): Promise<readonly Connection[]> {
  const own = call.get('caller').user;
  return desk.host.directory.list({ app: desk.app.id, ...query, ...(own === undefined ? {} : { users: [own] }) });
}

/** By id, by the key that the caller gave it, or by the integration when that has only one. Source: docs, "api-proxy". */
export async function connectionBy(desk: Desk, call: Call, selector: string): Promise<Connection> {
  const [byId] = await visible(desk, call, { ids: [selector] });
  if (byId) return byId;
  const all = await visible(desk, call);
  const byKey = all.find(({ id }) => desk.memory.notes.get(id)?.key === selector);
  if (byKey) return byKey;
  const [only, ...others] = isIntegration(desk, selector) ? all : [];
  if (!only || others.length > 0) throw refuse.notFound('Connection');
  return only;
}

/** The connection that a call names in any of Membrane's ways. undefined: it names none. */
export async function namedConnection(desk: Desk, call: Call, named: JsonObject): Promise<Connection | undefined> {
  const selector = stringAt(named, 'connectionId') ?? stringAt(named, 'connectionKey');
  if (selector !== undefined) return connectionBy(desk, call, selector);
  const integration = stringAt(named, 'integrationKey') ?? stringAt(named, 'integrationId');
  if (integration === undefined) return undefined;
  if (!isIntegration(desk, integration)) throw refuse.notFound('Integration');
  return defaultConnection(desk, call);
}

/** guess: the default of an integration, or of the workspace, is the tenant's newest usable connection, or else the newest. */
export async function defaultConnection(desk: Desk, call: Call): Promise<Connection> {
  const all = await visible(desk, call);
  const found = all.findLast(({ status }) => status === 'active') ?? all.at(-1);
  if (!found) throw refuse.notFound('Connection');
  return found;
}

export function isIntegration({ integration }: Desk, selector: string): boolean {
  return selector === integration || selector === idOf('integration', integration) || selector === idOf('connector', integration);
}

/** The tenant that the token names. An administrator's names none. */
export function tenantOf(call: Call): string {
  const { user } = call.get('caller');
  if (user === undefined) throw refuse.accessDenied('The token names no tenant');
  return user;
}

/** An empty body says nothing, whatever its type: the SDK sends one with a form's type. */
export async function bodyOf(call: Call): Promise<JsonObject> {
  const text = await call.req.text();
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    throw refuse.malformed('The body is not valid JSON');
  }
  throw refuse.malformed('The body must be a JSON object');
}

/** guess: the usual size of a page; that 1000 is the most is documented. */
const PAGE = { usual: 100, most: 1000 };

/** One page of `items`. The SDK begins at cursor 0 and goes on for as long as there is one. */
export function paged<Item>(
  call: Call,
  items: readonly Item[],
  { usual = PAGE.usual, most = PAGE.most }: { readonly usual?: number; readonly most?: number } = {},
): { items: readonly Item[]; cursor?: string } {
  const [limit, start] = [wholeNumber(call, 'limit', usual), wholeNumber(call, 'cursor', 0)];
  if (limit < 1 || limit > most) throw refuse.malformed(`limit must be between 1 and ${most}`);
  const next = start + limit;
  return { items: items.slice(start, next), ...(next < items.length ? { cursor: String(next) } : {}) };
}

function wholeNumber(call: Call, name: string, otherwise: number): number {
  const text = call.req.query(name);
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw refuse.malformed(`${name} is not a number of this list`);
  return Number(text);
}

/** Whether the words that were asked for stand in the text. */
export function mentions(text: string, asked: string | undefined): boolean {
  const words = wordsOf(asked ?? '');
  return words.every((word) => text.toLowerCase().includes(word));
}

export function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Not of Membrane's protocol: a key that callers of ours may send along, so that a repeated call is not a second one. */
export function keyOf(call: Call): { idempotencyKey?: string } {
  const idempotencyKey = call.req.header('idempotency-key');
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}
