import type { Adapter } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import type { PanicReport, Revoked } from '../contract/migration.ts';
import type { Ruling } from '../contract/switchboard.ts';
import { heldBy } from './exposure.ts';
import { adapterOf, forEachOf, knownUsers, type SwitchingParts } from './parts.ts';
import { stopName, stopsOf } from './stops.ts';

/** How long a backend may take to revoke one connection. */
const REVOKING_MS = 30_000;
const EVER = '';
/** Whoever stops a backend does not give way to whoever decides at the same time. */
const TRIES = 20;

/** Stops all traffic through a backend, in every process on the store, within a second. */
export async function stop(parts: SwitchingParts, backend: BackendId): Promise<PanicReport> {
  const adapter = adapterOf(parts, backend);
  const ruling = await rule(parts, backend, 'stopped');
  const { held, unread } = await heldBy(parts, adapter, await usersOf(parts));
  const connections = held.map(({ user, connection }) => listed(adapter, user, connection));
  return { ...reportOf(backend, 'stopped', ruling, STOPPED), connections, unread };
}

/** Lets traffic through again, also through a backend that is not configured any more. Throws `conflict` when it is not stopped. */
export async function lift(parts: SwitchingParts, backend: BackendId): Promise<PanicReport> {
  if (!stopsOf(await parts.board.rulings()).some((one) => one.backend === backend))
    throw new RouterError('conflict', {
      backend,
      what: 'nobody has stopped it',
      next: 'See "skillrouter migrate status"; nothing was changed.',
    });
  const ruling = await rule(parts, backend, 'lifted');
  return { ...reportOf(backend, 'lifted', ruling, LIFTED), connections: [], unread: [] };
}

/** Has the backend give up every credential that it can be told to, one after the other's answer; the rest is said. */
export async function revoke(parts: SwitchingParts, report: PanicReport): Promise<PanicReport> {
  const adapter = adapterOf(parts, report.backend);
  const { held, unread } = await heldBy(parts, adapter, await usersOf(parts));
  const connections = await forEachOf(held, ({ user, connection }) => revokeOne(adapter, user, connection));
  return { ...report, connections, unread };
}

const STOPPED =
  'No process begins a request through it from a second after this on. Requests that were on the wire already end there; a write among them whose answer is lost is looked for through other connections of the same account, or reported as outcome_unknown.';
const LIFTED = 'Calls go through it again within a second; connections that were read meanwhile count as unreachable for five seconds.';

async function rule({ board, operator, now }: SwitchingParts, backend: BackendId, state: 'stopped' | 'lifted'): Promise<Ruling> {
  const name = stopName(backend);
  for (let tries = 1; ; tries += 1) {
    const standing = (await board.rulings()).find((one) => one.name === name);
    if (standing?.value['state'] === state) return standing;
    const ruling = { name, revision: (standing?.revision ?? 0) + 1, by: operator, at: now().toISOString(), value: { state } };
    if (await board.rule(ruling)) return ruling;
    if (tries >= TRIES)
      throw new RouterError('conflict', { backend, what: 'others decide about it all the time', next: 'Try again; nothing was changed.' });
  }
}

function reportOf(backend: BackendId, state: PanicReport['state'], { by, at }: Ruling, underway: string) {
  return { backend, state, by, at, underway };
}

async function usersOf(parts: SwitchingParts): Promise<readonly string[]> {
  return (await knownUsers(parts, EVER)).map(({ user }) => user);
}

function listed({ revocation }: Adapter, user: string, { id, status }: Connection): Revoked {
  const known = { user, connection: id };
  if (status === 'revoked') return { ...known, state: 'revoked', how: 'was revoked before' };
  if (revocation?.revoke) return { ...known, state: 'listed', how: `${status}; --revoke has the backend give it up` };
  return { ...known, state: 'by_hand', how: revocation?.byHand ?? UNKNOWN };
}

async function revokeOne(adapter: Adapter, user: string, connection: Connection): Promise<Revoked> {
  const before = listed(adapter, user, connection);
  const { revocation } = adapter;
  if (before.state !== 'listed' || !revocation?.revoke) return before;
  try {
    const how = await revocation.revoke(connection, AbortSignal.timeout(REVOKING_MS));
    return { ...before, state: 'revoked', how: `${how}. ${revocation.byHand}` };
  } catch (error) {
    if (!isRouterError(error)) throw error;
    return { ...before, state: 'failed', how: `${error.code}: ${error.details.what}. ${revocation.byHand}` };
  }
}

const UNKNOWN = 'Nothing is known of how to revoke it: see its own console.';
