import type { BackendId } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import type { PlannedConnection, PlannedUser } from '../contract/migration.ts';
import { accountKey } from '../router/account-key.ts';
import { adapterOf, type SwitchingParts } from './parts.ts';

export interface Pair {
  readonly from: BackendId;
  readonly to: BackendId;
}

type Standing = Awaited<ReturnType<SwitchingParts['standing']>>;
type Known = Standing['known'][number];

/** One side of a user: the connection that would be used, and how it stands. */
interface Side {
  readonly shown: PlannedConnection;
  readonly usable?: Known;
}

/** How long backends may take to say what connections a user has. */
const LISTING_MS = 15_000;

/** What one user needs before moving. With `links` a link is made for whoever has to consent; it is not opened. */
export async function planUser(
  parts: SwitchingParts,
  pair: Pair,
  { user, calls }: { readonly user: string; readonly calls: number },
  links: boolean,
): Promise<PlannedUser> {
  const standing = await parts.standing({ app: parts.app.id, user, pin: undefined, withinMs: LISTING_MS });
  const [from, to] = [sideOf(parts, standing, user, pair.from), sideOf(parts, standing, user, pair.to)];
  const verdict = judge(parts, pair, { user, from, to });
  const planned: PlannedUser = { user, calls, from: from.shown, to: to.shown, ...verdict };
  const isMissing = verdict.does === 'enter_key' || (verdict.does === 'consent' && links);
  return isMissing ? { ...planned, ...(await linkFor(parts, pair.to, user)) } : planned;
}

function sideOf(parts: SwitchingParts, { known, absent }: Standing, user: string, backend: BackendId): Side {
  const as = parts.identity(user, backend);
  const own = known.filter(({ connection }) => connection.backend === backend);
  const usable = own.find(({ connection, demoted }) => connection.status === 'active' && !demoted);
  const best = usable ?? own.find(({ connection }) => connection.status === 'active') ?? own[0];
  if (best) return { shown: { as, ...shownOf(best) }, ...(usable ? { usable } : {}) };
  const silent = absent.some((one) => one.backend === backend && one.unreachable !== undefined);
  return { shown: { as, status: silent ? 'unreachable' : 'none' } };
}

function shownOf({ connection, demoted }: Known): Omit<PlannedConnection, 'as'> {
  const account = connection.account?.label ?? connection.account?.organization;
  // The app refused its credential: what the backend calls active is of no use.
  const status = demoted && connection.status === 'active' ? 'failed' : connection.status;
  return { connection: connection.id, status, ...(account === undefined ? {} : { account }) };
}

interface Sides {
  readonly user: string;
  readonly from: Side;
  readonly to: Side;
}

function judge(parts: SwitchingParts, pair: Pair, sides: Sides): Pick<PlannedUser, 'does' | 'why'> {
  const { from, to } = sides;
  if (to.shown.status === 'unreachable')
    return { does: 'wait', why: `${pair.to} did not say what connections there are; ask again, or see "skillrouter doctor"` };
  if (!to.usable) return missing(parts, pair, sides);
  if (!from.usable) return { does: 'move', why: `is connected on ${pair.to}; nothing usable is left on ${pair.from}` };
  return sameAccount(parts, pair, { ...sides, ours: from.usable.connection, theirs: to.usable.connection });
}

function sameAccount(
  { policy }: SwitchingParts,
  pair: Pair,
  { user, ours, theirs }: Sides & { readonly ours: Connection; readonly theirs: Connection },
): Pick<PlannedUser, 'does' | 'why'> {
  const { from, to } = pair;
  const silent = [ours, theirs].find(({ account }) => account === undefined);
  if (silent) return { does: 'wait', why: `the app does not say who ${silent.backend} ${silent.id} is; try again later` };
  const [a, b] = [ours, theirs].map(({ account }) => account && accountKey(account, policy.account));
  if (a === b) return { does: 'move', why: 'both sides are the same account' };
  const sameOrganization = ours.account?.organization === theirs.account?.organization;
  const differ = sameOrganization ? 'two users of one organisation' : 'two organisations';
  return {
    does: 'refuse',
    why: `${from} ${ours.id} and ${to} ${theirs.id} are ${differ}: connect the same account on both, or correct users.${user}.${to} in the configuration`,
  };
}

/** There is nothing usable on the target. */
function missing(parts: SwitchingParts, { from, to }: Pair, sides: Sides): Pick<PlannedUser, 'does' | 'why'> {
  const { user, from: source, to: target } = sides;
  if (source.shown.status === 'none') return { does: 'nothing', why: `has no connection on ${from} to move` };
  const state = target.shown.status === 'none' ? `has no connection as "${target.shown.as}"` : `the connection is ${target.shown.status}`;
  switch (adapterOf(parts, to).can.connect) {
    case 'link':
      return {
        does: 'consent',
        why: `${state}: a link has to be opened (--links makes one); known there under another id? Set users.${user}.${to}`,
      };
    case 'key':
      return { does: 'enter_key', why: `${state}: a key of the app has to be configured` };
    default:
      return { does: 'refuse', why: `${state}, and ${to} cannot make one` };
  }
}

async function linkFor({ adapters, app, identity }: SwitchingParts, backend: BackendId, user: string): Promise<Partial<PlannedUser>> {
  try {
    const query = { app: app.id, user: identity(user, backend) };
    const made = await adapters.get(backend)?.connect(query, AbortSignal.timeout(LISTING_MS));
    return made?.url === undefined ? { why: made?.how ?? '' } : { link: made.url };
  } catch (error) {
    if (!isRouterError(error)) throw error;
    return { why: `no link could be made: ${error.details.what}` };
  }
}
