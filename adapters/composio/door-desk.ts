import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Connection } from '../../src/contract/connection.ts';
import type { Caller, DirectoryQuery, DoorHost } from '../../src/contract/door.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { ToolSet } from './close-tools.ts';
import { refusal } from './errors.ts';

/** What every handler of the door works with. */
export interface Desk {
  readonly host: DoorHost;
  readonly app: App;
  readonly binding: Binding;
  readonly set: ToolSet;
  readonly configs: Map<string, AuthConfig>;
}

/** The only state of the door: auth configs exist in this protocol and nowhere else. */
export interface AuthConfig {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

export interface Env {
  Variables: { caller: Caller };
}

export type Call = Context<Env>;

/** Composio's own no, thrown from any depth of a handler and written by the door. */
export class Refusal extends Error {
  readonly status: number;
  readonly slug: string;
  readonly code: number | undefined;
  readonly problems: readonly string[];

  constructor(status: number, slug: string, message: string, more: { readonly code?: number; readonly problems?: readonly string[] } = {}) {
    super(message);
    this.status = status;
    this.slug = slug;
    this.code = more.code;
    this.problems = more.problems ?? [];
  }

  body(requestId: string): object {
    const { status, slug, code, message, problems } = this;
    return refusal(
      { status, slug, ...(code === undefined ? {} : { code }) },
      message,
      requestId,
      problems.length > 0 ? { errors: problems } : {},
    );
  }
}

/** guess: the words of all refusals, and every slug but ActionExecute_ConnectedAccountNotFound. */
export const refuse = {
  malformed: (message: string, problems: readonly string[] = []) => new Refusal(400, 'HTTP_BadRequest', message, { problems }),
  notConnected: () =>
    new Refusal(400, 'ActionExecute_ConnectedAccountNotFound', 'No ACTIVE connected account found for this request', { code: 1803 }),
  noAccount: () => new Refusal(404, 'ConnectedAccount_NotFound', 'Connected account not found'),
  noTool: (slug: string) => new Refusal(404, 'Tool_ToolNotFound', `Tool ${slug} not found at this version`),
};

/** Connections that this caller may see, oldest first. A credential of one user never shows another's. */
export async function visible(desk: Desk, call: Call, query: DirectoryQuery): Promise<readonly Connection[]> {
  const own = call.get('caller').user;
  if (own === undefined) return desk.host.directory.list(query);
  if (query.users && !query.users.includes(own)) return [];
  return desk.host.directory.list({ ...query, users: [own] });
}

export async function accountById(desk: Desk, call: Call, id: string): Promise<Connection> {
  const [found] = await visible(desk, call, { app: desk.app.id, ids: [id] });
  if (!found) throw refuse.noAccount();
  return found;
}

/** Lists in queries are comma-joined. undefined: not asked for. */
export function listed(call: Call, name: string): readonly string[] | undefined {
  const text = call.req.query(name);
  const values = text?.split(',').filter((value) => value !== '');
  return values && values.length > 0 ? values : undefined;
}

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

/** guess: the sizes of a page; that a cursor is opaque text is documented. */
const PAGE = { usual: 20, most: 1000 };

/** One page of `items` in Composio's envelope. */
export function paged<Item>(call: Call, items: readonly Item[]): object {
  const asked = Number(call.req.query('limit') ?? PAGE.usual);
  if (!Number.isInteger(asked) || asked < 1) throw refuse.malformed('limit must be a positive integer');
  const limit = Math.min(asked, PAGE.most);
  const start = offsetOf(call.req.query('cursor'));
  const next = start + limit;
  return {
    items: items.slice(start, next),
    next_cursor: next < items.length ? Buffer.from(`at:${next}`).toString('base64url') : null,
    total_pages: Math.max(1, Math.ceil(items.length / limit)),
    current_page: Math.floor(start / limit) + 1,
    total_items: items.length,
  };
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return 0;
  const found = /^at:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (found === undefined) throw refuse.malformed('cursor is not one of ours');
  return Number(found);
}

/** Their older identifiers, which some answers still require: always the same one for the same id. */
export function uuidOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
