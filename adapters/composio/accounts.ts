import type { Connection } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { RawClient } from './client.ts';
import { fromStatus } from './status.ts';

/** 100 pages of 100: a list that goes on after that never ends. */
const MOST_PAGES = 100;
const PAGE = 100;

/** The question that proves ownership: Composio answers with connections of this user only, or with none. */
export interface AccountQuery {
  readonly app: string;
  readonly user: string;
  readonly id?: string;
}

/** All pages of the user's connected accounts of one toolkit, each account once. */
export async function listAccounts(
  client: RawClient,
  query: AccountQuery,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<readonly Connection[]> {
  const found = new Map<string, Connection>();
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const body: unknown = await client.connectedAccounts.list(toParams(query, cursor), { maxRetries: 0, signal });
    if (!isObject(body) || !Array.isArray(body['items'])) throw unreadable('Composio answered no readable list of connected accounts');
    for (const item of body['items']) {
      const connection = readAccount(item, query, now);
      if (connection) found.set(connection.id, connection);
    }
    cursor = stringAt(body, 'next_cursor') || undefined;
    if (cursor === undefined) return [...found.values()];
    if (seen.has(cursor)) throw unreadable('Composio repeats a page of the list of connected accounts');
    seen.add(cursor);
  }
  throw unreadable('the list of connected accounts at Composio does not end');
}

function toParams({ app, user, id }: AccountQuery, cursor: string | undefined): Parameters<RawClient['connectedAccounts']['list']>[0] {
  return {
    user_ids: [user],
    toolkit_slugs: [app],
    limit: PAGE,
    ...(id === undefined ? {} : { connected_account_ids: [id] }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** Reads only what is used. An account that names another user or toolkit than was asked for is not ours. */
function readAccount(item: unknown, { app, user, id: wanted }: AccountQuery, now: Date): Connection | undefined {
  const id = stringAt(item, 'id');
  if (!isObject(item) || !id || (wanted !== undefined && id !== wanted)) return undefined;
  if ((stringAt(item, 'user_id') ?? user) !== user || (stringAt(item['toolkit'], 'slug') ?? app).toLowerCase() !== app) return undefined;
  const createdAt = stringAt(item, 'created_at');
  return {
    id,
    backend: 'composio',
    app,
    user,
    status: readStatus(item),
    ...describe(item),
    ...(createdAt === undefined ? {} : { createdAt }),
    checkedAt: now.toISOString(),
  };
}

/** `is_disabled` of the account or of its auth config outweighs ACTIVE: neither runs tools. */
function readStatus(item: JsonObject): Connection['status'] {
  const status = fromStatus(item['status']);
  const config = isObject(item['auth_config']) ? item['auth_config'] : {};
  return status === 'active' && (item['is_disabled'] === true || config['is_disabled'] === true) ? 'disabled' : status;
}

function describe(item: JsonObject): { detail?: string; connectUrl?: string } {
  const words = [stringAt(item, 'status'), stringAt(item, 'status_reason')].filter((word) => word !== undefined && word !== '');
  const state = isObject(item['state']) ? item['state']['val'] : undefined;
  const url = stringAt(state, 'redirectUrl');
  return {
    ...(words.length > 0 ? { detail: printable(words.join(': ')) } : {}),
    ...(url !== undefined && fromStatus(item['status']) === 'pending' ? { connectUrl: url } : {}),
  };
}

/** A reason is free text from outside: short, and without characters that move a terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}

function unreadable(what: string): RouterError {
  return new RouterError('reply_unexpected', {
    what,
    next: 'Check base_url, and that nothing stands between here and Composio.',
    backend: 'composio',
  });
}
