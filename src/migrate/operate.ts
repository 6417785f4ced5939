import { randomUUID } from 'node:crypto';
import { isRouterError, RouterError } from '../contract/errors.ts';
import { MOST_CALLS, shareOf } from './guard.ts';
import type { SwitchingParts } from './parts.ts';
import { checkPair } from './plan.ts';
import { type Pair, planUser } from './plan-users.ts';
import { expectRevision, ruleMigration, standingMigration, wordsOf } from './rule.ts';
import { isUnderWay, type Limits, type Migration, type RuledMigration, subjectOf } from './state.ts';
import { stopsOf } from './stops.ts';

/** What every command of an operator may say. */
export interface Expecting {
  /** The revision that the operator has seen: another one means that somebody else was quicker. */
  readonly revision?: number;
}

export interface ShadowRequest extends Pair, Expecting {
  readonly sample: number;
  /** Milliseconds; without, until the migration ends. */
  readonly forMs?: number;
}

export interface CutoverRequest extends Expecting {
  /** Needed where none is under way. */
  readonly pair?: Pair;
  /** From 0 to 100. */
  readonly percent: number;
  readonly users: readonly string[];
  readonly limits: Limits;
  /** How many of the calls go on being mirrored, from 0 to 1; without, as before, or `DEFAULT_SAMPLE`. */
  readonly sample?: number;
}

/** Goes on comparing during a cutover, so that the guard has something to see. */
const DEFAULT_SAMPLE = 0.05;
/** What of the source's past counts as usual. */
const BASELINE_MS = 86_400_000;
/** A rollback does not give way to whoever decides at the same time. */
const TRIES = 20;

/** Mirrors and plans a share of the calls from now on. What was compared before is counted anew. */
export async function shadow(parts: SwitchingParts, request: ShadowRequest): Promise<RuledMigration> {
  checkPair(parts, request);
  const standing = await standingMigration(parts);
  expectRevision(standing, request.revision);
  const base = baseOf(parts, standing, request);
  const until = request.forMs === undefined ? {} : { until: new Date(parts.now().getTime() + request.forMs).toISOString() };
  const next: Migration = {
    ...base,
    state: base.state === 'cutover' ? 'cutover' : 'shadow',
    epoch: base.epoch + 1,
    shadowing: { sample: request.sample, ...until },
  };
  const ruled = await ruleMigration(parts, next, standing);
  await parts.board.forget(ruled.id, subjectOf(ruled));
  return ruled;
}

/** Moves users: those below the percentage and those who are named. */
export async function cutover(parts: SwitchingParts, request: CutoverRequest): Promise<RuledMigration> {
  const standing = await standingMigration(parts);
  expectRevision(standing, request.revision);
  const pair = request.pair ?? standing;
  if (!pair || (!request.pair && standing?.state === 'finished')) throw noMigration();
  checkPair(parts, pair);
  await refuseStopped(parts, pair);
  await refuseUnfit(parts, pair, request.users);
  const base = baseOf(parts, standing, pair);
  const goesOn = base.state === 'cutover' && base.cutover;
  const sample = request.sample ?? base.shadowing?.sample ?? DEFAULT_SAMPLE;
  const next: Migration = {
    ...base,
    state: 'cutover',
    epoch: base.state === 'shadow' || base.state === 'cutover' ? base.epoch : base.epoch + 1,
    shadowing: { sample },
    cutover: {
      percent: request.percent,
      users: request.users,
      since: parts.now().toISOString(),
      limits: request.limits,
      baseline: goesOn ? goesOn.baseline : await baselineOf(parts, pair),
    },
  };
  return ruleMigration(parts, next, standing);
}

/** Everybody is on the source again, whatever others decide at the same moment. Calls under way end where they are. */
export async function rollback(parts: SwitchingParts): Promise<RuledMigration> {
  for (let tries = 1; ; tries += 1) {
    const standing = await standingMigration(parts);
    if (!standing) throw noMigration();
    if (standing.state === 'rolled_back') return standing;
    const { shadowing: _shadowing, reason: _reason, revision: _revision, by: _by, at: _at, ...rest } = standing;
    try {
      return await ruleMigration(parts, { ...rest, state: 'rolled_back' }, standing);
    } catch (error) {
      if (tries >= TRIES || !isRouterError(error) || error.code !== 'conflict') throw error;
    }
  }
}

/** Ends the steering once everybody has moved and the configuration says the same. */
export async function finish(parts: SwitchingParts, { revision }: Expecting): Promise<RuledMigration> {
  const standing = await standingMigration(parts);
  expectRevision(standing, revision);
  if (!standing) throw noMigration();
  const { from, to, state, cutover: moved } = standing;
  if (state !== 'cutover' || moved?.percent !== 100)
    throw new RouterError('conflict', {
      what: `not everybody has moved (${wordsOf(standing)})`,
      next: 'Cut over 100 % first; nothing was changed.',
    });
  const { prefer } = parts.policy;
  const [a, b] = [from, to].map((backend) => (prefer.includes(backend) ? prefer.indexOf(backend) : prefer.length));
  if (parts.adapters.has(from) && (a ?? 0) <= (b ?? 0))
    throw new RouterError('conflict', {
      what: `the configuration still prefers ${from}, so that everybody would go back`,
      next: `Put ${to} before ${from} in policy.prefer, or take ${from} out, on every machine; then finish. Nothing was changed.`,
    });
  const { shadowing: _shadowing, revision: _revision, by: _by, at: _at, ...rest } = standing;
  return ruleMigration(parts, { ...rest, state: 'finished' }, standing);
}

/** The migration that stands, if it is the same one, or a new one. Throws `conflict` when another one is under way. */
function baseOf({ app }: SwitchingParts, standing: RuledMigration | undefined, { from, to }: Pair): Migration {
  const isSame = standing !== undefined && standing.from === from && standing.to === to && standing.state !== 'finished';
  if (isSame) {
    const { reason: _reason, revision: _revision, by: _by, at: _at, ...rest } = standing;
    return rest;
  }
  if (standing && isUnderWay(standing))
    throw new RouterError('conflict', {
      what: `another migration is under way (${wordsOf(standing)}), by ${standing.by} at ${standing.at}`,
      next: 'Finish it or roll it back first; nothing was changed.',
    });
  return { id: `mig_${randomUUID().replaceAll('-', '').slice(0, 16)}`, app: app.id, from, to, state: 'shadow', epoch: 0 };
}

async function baselineOf({ board, now }: SwitchingParts, { from }: Pair): Promise<{ requests: number; errors: number }> {
  const since = new Date(now().getTime() - BASELINE_MS).toISOString();
  const { of, bad } = shareOf(await board.endings(since, MOST_CALLS), from);
  return { requests: of, errors: bad };
}

async function refuseStopped({ board }: SwitchingParts, { to }: Pair): Promise<void> {
  const stop = stopsOf(await board.rulings()).find(({ backend }) => backend === to);
  if (!stop) return;
  throw new RouterError('policy_denied', {
    backend: to,
    what: `all traffic through it was stopped by ${stop.by} at ${stop.at}`,
    next: `"skillrouter panic --lift ${to}" first, if that is meant; nothing was changed.`,
  });
}

/** Who is named must be able to move: of a percentage some may not, and stay where they are. */
async function refuseUnfit(parts: SwitchingParts, pair: Pair, users: readonly string[]): Promise<void> {
  const planned = await Promise.all(users.map((user) => planUser(parts, pair, { user, calls: 0 }, false)));
  const [unfit] = planned.filter(({ does }) => does !== 'move');
  if (!unfit) return;
  throw new RouterError(unfit.does === 'refuse' ? 'conflict' : 'connection_required', {
    what: `${unfit.user} cannot move to ${pair.to}: ${unfit.why}`,
    next: 'See "skillrouter migrate plan"; nothing was changed.',
  });
}

function noMigration(): RouterError {
  return new RouterError('configuration', {
    what: 'there is no migration under way',
    next: 'Begin one with "skillrouter migrate shadow --from <backend> --to <backend>", or name both here; nothing was changed.',
  });
}
