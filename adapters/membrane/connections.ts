import type { Failure } from '../../src/contract/adapter.ts';
import type { Connection, ConnectionQuery } from '../../src/contract/connection.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { pagesOf } from './pages.ts';
import { readStatus } from './status.ts';
import type { Tenants } from './tenants.ts';

export interface Listing {
  /** Membrane's key of the integration that stands for the app. */
  readonly integration: string;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** All pages of the user's connections of one integration, each connection once. */
export async function listConnections(
  tenants: Tenants,
  query: ConnectionQuery,
  { integration, now, signal }: Listing,
): Promise<{ readonly connections: readonly Connection[] } | { readonly failure: Failure }> {
  const ask = { path: '/connections', query: [['integrationKey', integration]], what: 'list of connections' } as const;
  const pages = await pagesOf((question) => tenants.ask(query.user, question, signal), ask);
  if ('failure' in pages) return pages;
  const found = new Map<string, Connection>();
  for (const item of pages.items) {
    const connection = readConnection(item, query, { integration, now });
    if (connection) found.set(connection.id, connection);
  }
  return { connections: [...found.values()] };
}

/** Reads only what is used. A connection that names another tenant or integration than was asked for is not ours. */
export function readConnection(
  item: unknown,
  { app, user }: ConnectionQuery,
  { integration, now }: { readonly integration: string; readonly now: Date },
): Connection | undefined {
  const id = stringAt(item, 'id');
  if (!isObject(item) || !id) return undefined;
  if ((stringAt(item['user'], 'internalId') ?? user) !== user || (stringAt(item['integration'], 'key') ?? integration) !== integration) {
    return undefined;
  }
  const status = readStatus(item);
  const createdAt = stringAt(item, 'createdAt');
  const url = status === 'pending' ? linkOf(item) : undefined;
  const detail = describe(item);
  return {
    id,
    backend: 'membrane',
    app,
    user,
    status,
    ...(detail === '' ? {} : { detail }),
    ...(url === undefined ? {} : { connectUrl: url }),
    ...(createdAt === undefined ? {} : { createdAt }),
    checkedAt: now.toISOString(),
  };
}

/** Where the user finishes. Only an address that a browser opens as a page. */
export function linkOf(item: unknown): string | undefined {
  const url = isObject(item) ? (stringAt(item['clientAction'], 'uiUrl') ?? stringAt(item, 'url')) : undefined;
  return url !== undefined && /^https?:$/.test(URL.parse(url)?.protocol ?? '') ? url : undefined;
}

function describe(item: JsonObject): string {
  const [first] = Array.isArray(item['errors']) ? item['errors'] : [];
  const told = [stringAt(item['clientAction'], 'description'), stringAt(first, 'message'), stringAt(item['error'], 'message')];
  const reasons = [...told, deadBy(item)];
  const words = [stringAt(item, 'state'), reasons.find((reason) => reason)].filter((word) => word !== undefined && word !== '');
  return printable(words.join(': '));
}

/** READY alone would be no reason for a connection that is dead. */
function deadBy(item: JsonObject): string | undefined {
  if (item['archivedAt']) return 'archived';
  if (item['isDefunct'] === true) return 'defunct';
  if (item['state'] !== 'READY') return undefined;
  if (item['connected'] === false || item['disconnected'] === true) return 'disconnected';
  return item['isDeactivated'] === true ? 'deactivated' : undefined;
}

/** A reason is free text from outside: short, and without characters that move a terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}
