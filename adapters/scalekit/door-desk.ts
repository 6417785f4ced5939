import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Connection } from '../../src/contract/connection.ts';
import type { Caller, DirectoryQuery, DoorHost } from '../../src/contract/door.ts';
import type { FieldProblem } from '../../src/contract/errors.ts';
import type { CallContext } from '../../src/contract/executor.ts';
import type { PublishedTool } from './close-tools.ts';

/** What every handler of the door works with. */
export interface Desk {
  readonly host: DoorHost;
  readonly app: App;
  readonly binding: Binding;
  /** The name of the one connection that this environment has. */
  readonly connector: string;
  /** All that it lists. */
  readonly tools: readonly PublishedTool[];
}

/** One call, over gRPC or a REST twin. */
export interface Call {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  readonly idempotencyKey?: string;
}

/** gRPC codes that the door gives by itself. */
export const CODE = { invalid: 3, notFound: 5, exists: 6, denied: 7, precondition: 9, unimplemented: 12, unauthenticated: 16 } as const;

/** Scalekit's own no, or with `tool` the app's, thrown from any depth of a handler. guess: all its words. */
export class Refusal extends Error {
  readonly code: number;
  readonly fields: readonly FieldProblem[];
  readonly tool: ToolFailure | undefined;

  constructor(code: number, message: string, more: { readonly fields?: readonly FieldProblem[]; readonly tool?: ToolFailure } = {}) {
    super(message);
    this.code = code;
    this.fields = more.fields ?? [];
    this.tool = more.tool;
  }
}

/** What the app behind a tool answered. */
export interface ToolFailure {
  readonly executionId: string;
  readonly toolErrorCode: string;
  readonly toolErrorMessage: string;
}

/** Connections that this caller may see, oldest first. A credential of one user never shows another's. */
export async function visible({ host, app }: Desk, { caller }: Call, query: DirectoryQuery): Promise<readonly Connection[]> {
  const { user } = caller;
  if (user === undefined) return host.directory.list({ app: app.id, ...query });
  if (query.users && !query.users.includes(user)) return [];
  return host.directory.list({ app: app.id, ...query, users: [user] });
}

/** How a call names an account: by id, or by identifier and connector. */
export interface AccountName {
  readonly id?: string | undefined;
  readonly connector?: string | undefined;
  readonly identifier?: string | undefined;
}

/** The accounts that a name can mean: with an id at most one. An identifier without connector means all of its accounts. */
export async function accountsNamed(desk: Desk, call: Call, { id, connector, identifier }: AccountName): Promise<readonly Connection[]> {
  if (!id && !identifier) throw new Refusal(CODE.invalid, 'connected account id, or connector and identifier, are required');
  if (connector && connector !== desk.connector) return [];
  return visible(desk, call, { ...(id ? { ids: [id] } : {}), ...(identifier ? { users: [identifier] } : {}) });
}

/**
 * The account to show for a name. Scalekit keeps one per identifier and connector; in front of a router a user may have connections on
 * other backends too, and one of those stands in where Scalekit has none.
 */
export async function accountNamed(desk: Desk, call: Call, name: AccountName): Promise<Connection> {
  const found = await accountsNamed(desk, call, name);
  const account = theOne(found) ?? found.at(-1);
  if (!account) throw new Refusal(CODE.notFound, 'connected account not found');
  return account;
}

/** Of several accounts the usable one, Scalekit's own first. guess: of two usable ones of its own none is taken. */
export function theOne(found: readonly Connection[]): Connection | undefined {
  const active = found.filter(({ status }) => status === 'active');
  const own = active.filter(({ backend }) => backend === 'scalekit');
  if (own.length > 1) throw new Refusal(CODE.precondition, 'more than one connected account matches: pass connected_account_id');
  return own[0] ?? active.at(-1);
}

/**
 * On what a tool or a proxied request runs: the account whose id was given, or else whichever of the user's the executor chooses.
 * guess: the code when none is ACTIVE.
 */
export async function contextFor(desk: Desk, call: Call, name: AccountName): Promise<CallContext> {
  const account = await accountNamed(desk, call, name);
  if (account.status !== 'active') throw new Refusal(CODE.precondition, 'connected account is not active');
  const { signal, idempotencyKey } = call;
  return {
    user: account.user,
    signal,
    ...(name.id ? { connection: account.id } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

/** Sizes of a page. guess: the usual size of every list but the tools', which is published. */
const USUAL_PAGE = 10;

export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly totalSize: number;
  readonly nextPageToken: string;
  readonly prevPageToken: string;
}

/** One page. guess: what a token looks like; that it is at most 32 characters is a rule of the descriptors. */
export function paged<Item>(
  items: readonly Item[],
  { pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string },
): Paged<Item> {
  const size = pageSize > 0 ? pageSize : USUAL_PAGE;
  const start = offsetOf(pageToken);
  const next = start + size;
  return {
    items: items.slice(start, next),
    totalSize: items.length,
    nextPageToken: next < items.length ? tokenOf(next) : '',
    prevPageToken: start > 0 ? tokenOf(Math.max(0, start - size)) : '',
  };
}

function tokenOf(offset: number): string {
  return Buffer.from(`at:${offset}`).toString('base64url');
}

function offsetOf(token: string): number {
  if (token === '') return 0;
  const found = /^at:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (found === undefined) throw new Refusal(CODE.invalid, 'page_token is not one of ours');
  return Number(found);
}
