import type { Failure } from '../../src/contract/adapter.ts';
import type { ConnectionQuery, ConnectLink } from '../../src/contract/connection.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { linkOf } from './connections.ts';
import { readRefusal } from './errors.ts';
import { readStatus } from './status.ts';
import type { Tenants } from './tenants.ts';

export interface Linking {
  readonly integration: string;
  /** The app's own domain, by which Membrane finds a connector where no integration is configured. */
  readonly appUrl: string;
  readonly signal: AbortSignal;
}

export type Started = { readonly link: ConnectLink } | { readonly failure: Failure };

/**
 * Asks for a link. `connection-requests` is in the SDK and in Membrane's skills but not in its API document, `connections/ensure`
 * is in all: where the first is not known, the second is tried. Both are sent once.
 */
export async function startLink(tenants: Tenants, query: ConnectionQuery, linking: Linking): Promise<Started> {
  const requested = await request(tenants, query, linking);
  if (!('failure' in requested) || requested.failure.status !== 404) return requested;
  return ensure(tenants, query, linking);
}

async function request(tenants: Tenants, { app, user }: ConnectionQuery, { integration, signal }: Linking): Promise<Started> {
  const question = { method: 'POST', path: '/connection-requests', body: { integrationKey: integration } } as const;
  const asked = await tenants.ask(user, question, signal);
  if (!asked.ok) return asked;
  if (asked.answer.status >= 300) return { failure: readRefusal(asked.answer) };
  const { body } = asked.answer;
  const url = linkOf(body);
  if (url === undefined) return unreadable('Membrane answered no link');
  // The connection exists when the user has finished, unless the request is for one that is there already.
  const connection = stringAt(body, 'resultConnectionId') ?? stringAt(body, 'connectionId');
  return { link: { url, how: `Open the link and connect ${app}.`, ...(connection === undefined ? {} : { connection }) } };
}

async function ensure(tenants: Tenants, { app, user }: ConnectionQuery, { appUrl, signal }: Linking): Promise<Started> {
  const asked = await tenants.ask(user, { method: 'POST', path: '/connections/ensure', body: { appUrl } }, signal);
  if (!asked.ok) return asked;
  if (asked.answer.status >= 300) return { failure: readRefusal(asked.answer) };
  const { body } = asked.answer;
  const connection = stringAt(body, 'id');
  if (!isObject(body) || !connection) return unreadable('Membrane answered no readable connection');
  const url = linkOf(body);
  if (url !== undefined) return { link: { connection, url, how: `Open the link and connect ${app}.` } };
  const isReady = readStatus(body) === 'active';
  return {
    link: { connection, how: isReady ? `${app} is connected already.` : 'Membrane prepares the connection; wait, then ask again.' },
  };
}

function unreadable(what: string): { readonly failure: Failure } {
  return { failure: { code: 'reply_unexpected', delivery: 'unknown', what, origin: 'backend' } };
}
