import { RouterError } from '../contract/errors.ts';
import type { MigrationPlan, PlannedOperation, PlannedUser, PlanVerdict } from '../contract/migration.ts';
import { MOST_CALLS } from './guard.ts';
import { adapterOf, forEachOf, knownUsers, type SwitchingParts } from './parts.ts';
import { planOperations } from './plan-operations.ts';
import { type Pair, planUser } from './plan-users.ts';

export interface PlanRequest extends Pair {
  /** ISO instant; how far back the journal is read. */
  readonly since: string;
  /** Make links for those who have to consent. */
  readonly links: boolean;
  /** Only these. */
  readonly users?: readonly string[];
}

/** What a migration would mean, user by user and operation by operation. Sends nothing to the app but who its connections are. */
export async function plan(parts: SwitchingParts, request: PlanRequest): Promise<MigrationPlan> {
  const { from, to, since } = request;
  checkPair(parts, request);
  const all = await knownUsers(parts, since);
  const chosen = request.users ? request.users.map((user) => all.find((one) => one.user === user) ?? { user, calls: 0 }) : all;
  const users = await forEachOf(chosen, (user) => planUser(parts, request, user, request.links));
  const operations = await planOperations(parts, request, await parts.board.operations(since));
  const because = blocks(request, users, operations);
  const verdict: PlanVerdict = because.length > 0 ? 'blocked' : operations.some(isByProxy) ? 'ready_with_proxy' : 'ready';
  return {
    app: parts.app.id,
    from,
    to,
    verdict,
    because: because.length > 0 ? because : remarks(request, users, operations),
    since,
    users,
    operations,
    load: await loadOf(parts, request),
  };
}

/** Throws `configuration` or `invalid_input`. */
export function checkPair(parts: SwitchingParts, { from, to }: Pair): void {
  for (const backend of [from, to]) adapterOf(parts, backend);
  if (from === to)
    throw new RouterError('invalid_input', { what: 'both sides are the same backend', next: 'Name two; nothing was changed.' });
}

function blocks({ from, to }: Pair, users: readonly PlannedUser[], operations: readonly PlannedOperation[]): readonly string[] {
  const refused = users.filter(({ does }) => does === 'refuse');
  const silent = users.filter(({ does }) => does === 'wait');
  const moving = users.filter(({ does }) => does === 'move');
  const missing = operations.filter(({ becomes, pinned }) => becomes === 'none' && pinned === undefined);
  return [
    ...refused.map(({ user, why }) => `${user}: ${why}`),
    ...silent.map(({ user, why }) => `${user}: ${why}`),
    ...missing.map(({ operation, requests, why }) => `${operation} (${requests} requests) cannot run on ${to}: ${why}`),
    ...(moving.length === 0 ? [`none of ${users.length} users can move from ${from} to ${to} yet: ${reasons(users)}`] : []),
  ];
}

function reasons(users: readonly PlannedUser[]): string {
  const counts = Map.groupBy(users, ({ does }) => does);
  const told = [...counts].map(([does, some]) => `${some.length} ${WORDS[does]}`);
  return told.join(', ') || 'nobody is known; name them in the configuration';
}

const WORDS: Readonly<Record<PlannedUser['does'], string>> = {
  move: 'can move',
  consent: 'must consent first',
  enter_key: 'must enter a key first',
  refuse: 'are another account there',
  wait: 'could not be asked about',
  nothing: 'have nothing to move',
};

/** What an operator should know before, though nothing blocks. */
function remarks({ from }: Pair, users: readonly PlannedUser[], operations: readonly PlannedOperation[]): readonly string[] {
  const waiting = users.filter(({ does }) => does === 'consent' || does === 'enter_key');
  const pinned = operations.filter((one) => one.pinned !== undefined);
  const lossy = operations.filter(({ losses, notWith }) => losses !== undefined || notWith !== undefined);
  return [
    ...(waiting.length > 0
      ? [`${waiting.length} of ${users.length} users must consent or enter a key first; until then they stay on ${from}`]
      : []),
    ...(pinned.length > 0
      ? [`policy.pin keeps ${pinned.map(({ operation, pinned: at }) => `${operation} on ${at}`).join(', ')}, whatever is moved`]
      : []),
    ...(lossy.length > 0 ? [`something is lost in ${lossy.map(({ operation }) => operation).join(', ')}`] : []),
    ...(operations.length === 0
      ? [`the journal knows no call through ${from} in this time; "skillrouter coverage" shows all operations`]
      : []),
    `calls that name a connection (--via, or a door's connection id) stay where they are sent`,
  ];
}

function isByProxy({ becomes, byProxyWith, needs, losses, notWith }: PlannedOperation): boolean {
  return becomes === 'proxy' || [byProxyWith, needs, losses, notWith].some((list) => list !== undefined);
}

async function loadOf({ board }: SwitchingParts, { from, to, since }: PlanRequest): Promise<MigrationPlan['load']> {
  const [busiest, endings] = await Promise.all([board.busiest(from, since), board.endings(since, MOST_CALLS)]);
  const limited = endings.filter(({ backend, code }) => code === 'rate_limited' && (backend === from || backend === to));
  return {
    ...(busiest ? { busiest } : {}),
    limited: Object.fromEntries(limited.map(({ backend, requests }) => [backend, requests])),
    note: `The app's own limit belongs to the account: it is the same through ${to}, and mirrored reads come out of it after everybody else. ${to} may have a limit of its own; a cutover goes back by itself when it is hit.`,
  };
}
