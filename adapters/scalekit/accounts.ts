import type { MessageShape } from '@bufbuild/protobuf';
import type { Connection, ConnectionQuery } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import type { Descriptors } from './descriptors.ts';
import { fromStatus, statusName } from './status.ts';

type Accounts = Descriptors['accounts']['method'];
type Page = MessageShape<Accounts['listConnectedAccounts']['output']>;
type Row = Page['connectedAccounts'][number];

/** The descriptor's rule is "less than 100", although its text says up to 100. */
const PAGE = 99;
/** A list that goes on after that never ends: almost 20,000 accounts of one user. */
const MOST_PAGES = 200;

export interface AccountQuery extends ConnectionQuery {
  /** The connection's name in the Scalekit dashboard. */
  readonly connector: string;
}

/** Asks for one page. */
export type AskPage = (request: {
  readonly connector: string;
  readonly identifier: string;
  readonly pageSize: number;
  readonly pageToken: string;
}) => Promise<Page>;

/** All pages of the user's connected accounts under one connector, each account once. */
export async function listAccounts(ask: AskPage, query: AccountQuery, now: Date): Promise<readonly Connection[]> {
  const found = new Map<string, Connection>();
  const seen = new Set<string>();
  let pageToken = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { connectedAccounts, nextPageToken } = await ask({
      connector: query.connector,
      identifier: query.user,
      pageSize: PAGE,
      pageToken,
    });
    for (const row of connectedAccounts) {
      if (isTheirs(row, query)) found.set(row.id, toConnection(row, query, now));
    }
    if (nextPageToken === '') return [...found.values()];
    if (seen.has(nextPageToken)) throw unreadable('Scalekit repeats a page of the list of connected accounts');
    seen.add(nextPageToken);
    pageToken = nextPageToken;
  }
  throw unreadable('the list of connected accounts at Scalekit does not end');
}

/** A row that names another user or connector than was asked for is not ours. Both are case-sensitive. */
function isTheirs({ id, identifier, connector }: Row, { user, connector: wanted }: AccountQuery): boolean {
  return id !== '' && identifier === user && connector === wanted;
}

function toConnection({ id, status }: Row, { app, user }: AccountQuery, now: Date): Connection {
  return { id, backend: 'scalekit', app, user, status: fromStatus(status), detail: statusName(status), checkedAt: now.toISOString() };
}

function unreadable(what: string): RouterError {
  return new RouterError('reply_unexpected', {
    what,
    next: 'Check env_url, and that nothing stands between here and Scalekit.',
    backend: 'scalekit',
  });
}
