import { httpObstacle } from '../binding/http.ts';
import { type Obstacle, obstacle } from '../binding/tool.ts';
import type { Capabilities } from '../contract/adapter.ts';
import type { BackendId, Transport } from '../contract/backend.ts';
import type { Cell } from '../contract/binding.ts';
import type { Connection } from '../contract/connection.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import type { Verdict, VerdictReason } from '../contract/receipt.ts';
import { accountKey } from './account-key.ts';
import { becauseOfMove, placed, type Steering, stopOf, strangers } from './steering.ts';

/** One connection, with everything that the decision needs to know of it. */
export interface Candidate {
  readonly connection: Connection;
  readonly cell: Cell;
  readonly can: Capabilities;
  /** A refusal of the app since the last success: the status says active, the truth says otherwise. */
  readonly demoted: boolean;
  /** Failures since the last success; fewer is healthier. */
  readonly failures: number;
  /** Transports that have failed so often lately that any other route comes first. */
  readonly open?: readonly Transport[];
  /** Why the app did not say who it is, when it was asked. */
  readonly silent?: ErrorCode;
}

export interface Question {
  readonly operation: Operation;
  readonly input: JsonObject;
  readonly candidates: readonly Candidate[];
  /** Configured backends that showed no connection, and those that could not be asked. */
  readonly absent: readonly { readonly backend: BackendId; readonly unreachable?: string; readonly unasked?: boolean }[];
  readonly prefer: readonly BackendId[];
  readonly pin: { readonly backend: BackendId; readonly connection?: string } | undefined;
  readonly account: 'user' | 'organization';
  readonly steering?: Steering | undefined;
}

export interface Route {
  readonly connection: Connection;
  readonly transport: Transport;
  readonly cell: Cell;
}

export type Decision =
  | { readonly kind: 'use'; readonly routes: readonly Route[]; readonly verdicts: readonly Verdict[] }
  | {
      readonly kind: 'none';
      readonly because: 'connection_required' | 'unsupported_fields' | 'unsupported_operation' | 'policy_denied';
      readonly verdicts: readonly Verdict[];
    }
  | {
      readonly kind: 'ambiguous';
      readonly between: readonly Connection[];
      /** Nobody knows who any of them is, because the app could not be asked. */
      readonly silent?: ErrorCode;
      readonly verdicts: readonly Verdict[];
    };

/**
 * Routes in the order in which they may be tried, and a reason for every candidate that is not first. Same question, same decision:
 * no clock, no network, no order of arrival. Order: breaker closed, preference, tool or direct before proxy, healthier, fewer losses, name.
 */
export function resolve(question: Question): Decision {
  const verdicts: Verdict[] = question.absent.map((absent) => absence(absent, question.steering));
  const usable = usableOf(question, verdicts);
  const accounts = oneAccount(usable, question);
  if (accounts.kind === 'ambiguous') return { ...accounts, verdicts: [...verdicts, ...usable.map(undecided)] };
  verdicts.push(...accounts.verdicts);
  if (accounts.usable.length === 0) return { kind: 'none', because: unusable(verdicts), verdicts };

  const routes = accounts.usable.flatMap((candidate) => routesOf(candidate, question, verdicts)).toSorted(byRank(question));
  if (routes.length === 0) return { kind: 'none', because: uncarried(verdicts), verdicts };
  verdicts.push(...routes.map((ranked, at) => verdictOf(ranked, at, question.steering)));
  return { kind: 'use', routes: routes.map(({ route }) => route), verdicts };
}

interface Ranked {
  readonly route: Route;
  readonly failures: number;
  readonly losses: number;
  readonly open: boolean;
}

/** What nothing speaks against; each of the others gets its verdict. */
function usableOf(question: Question, verdicts: Verdict[]): readonly Candidate[] {
  const usable = question.candidates.filter((candidate) => {
    const verdict = exclusion(candidate, question);
    if (verdict) verdicts.push(verdict);
    return verdict === undefined;
  });
  const aside = strangers(usable, question);
  verdicts.push(...aside);
  return usable.filter(
    ({ connection }) => !aside.some((verdict) => verdict.backend === connection.backend && verdict.connection === connection.id),
  );
}

function absence({ backend, unreachable, unasked }: Question['absent'][number], steering: Steering | undefined): Verdict {
  if (unasked) return { backend, reason: 'not_pinned' };
  const stop = stopOf(steering, backend);
  if (stop !== undefined) return { backend, reason: 'backend_stopped', detail: stop };
  return unreachable === undefined ? { backend, reason: 'not_connected' } : { backend, reason: 'backend_unreachable', detail: unreachable };
}

function exclusion({ connection, demoted }: Candidate, { pin, steering }: Question): Verdict | undefined {
  const out = (reason: VerdictReason, detail?: string): Verdict => ({
    backend: connection.backend,
    connection: connection.id,
    reason,
    ...(detail === undefined ? {} : { detail }),
  });
  if (pin && (connection.backend !== pin.backend || (pin.connection !== undefined && connection.id !== pin.connection)))
    return out('not_pinned');
  const stop = stopOf(steering, connection.backend);
  if (stop !== undefined) return out('backend_stopped', stop);
  if (connection.status !== 'active') return out('not_active', connection.status);
  return demoted ? out('demoted', 'the app refused its credential') : undefined;
}

type OneAccount =
  | { readonly kind: 'one'; readonly usable: readonly Candidate[]; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'ambiguous'; readonly between: readonly Connection[]; readonly silent?: ErrorCode };

/** Only connections that are provably the same account may stand in for each other. */
function oneAccount(usable: readonly Candidate[], { account, candidates, pin }: Question): OneAccount {
  const keys = new Set(usable.flatMap(({ connection }) => (connection.account ? [accountKey(connection.account, account)] : [])));
  const [only] = keys;
  if (keys.size > 1 || (usable.length > 1 && keys.size === 0)) {
    const [silent] = usable.flatMap((candidate) => candidate.silent ?? []).toSorted();
    return { kind: 'ambiguous', between: usable.map(({ connection }) => connection), ...(keys.size === 0 && silent ? { silent } : {}) };
  }
  const stranger = only === undefined || pin ? undefined : candidates.find((candidate) => wasAnother(candidate, only, account));
  if (stranger) return { kind: 'ambiguous', between: [...usable.map(({ connection }) => connection), stranger.connection] };
  if (usable.length <= 1) return { kind: 'one', usable, verdicts: [] };
  const [known, unknown] = [usable.filter(({ connection }) => connection.account), usable.filter(({ connection }) => !connection.account)];
  return {
    kind: 'one',
    usable: known,
    verdicts: unknown.map(({ connection }) => ({ backend: connection.backend, connection: connection.id, reason: 'account_unknown' })),
  };
}

/** Nothing else speaks against it: whoever asks why there is no route is shown between which ones to choose. */
function undecided({ connection: { backend, id, account } }: Candidate): Verdict {
  return { backend, connection: id, reason: account ? 'account_differs' : 'account_unknown' };
}

/** A connection that was usable until lately and led to another account: what went there must not silently go elsewhere. */
function wasAnother({ connection, demoted }: Candidate, only: string, by: 'user' | 'organization'): boolean {
  const lately = connection.status === 'expired' || (connection.status === 'active' && demoted);
  return lately && connection.account !== undefined && accountKey(connection.account, by) !== only;
}

function routesOf(
  { connection, cell, can, failures, open }: Candidate,
  { operation, input }: Question,
  verdicts: Verdict[],
): readonly Ranked[] {
  const { backend, id } = connection;
  const ranked = (transport: Transport, losses = 0): Ranked => ({
    route: { connection, transport, cell },
    failures,
    losses,
    open: open?.includes(transport) ?? false,
  });
  const unless = (transport: Transport, hindrance: Obstacle | undefined, losses?: number): readonly Ranked[] => {
    if (!hindrance) return [ranked(transport, losses)];
    verdicts.push({ backend, connection: id, transport, reason: hindrance.reason, detail: hindrance.fields.join(', ') });
    return [];
  };
  const http = (): readonly Ranked[] => (can.http === 'none' ? [] : unless(can.http, httpObstacle(operation, input)));
  switch (cell.transport) {
    case 'none':
      verdicts.push({ backend, connection: id, reason: 'unsupported_operation', detail: cell.why });
      return [];
    case 'tool':
      return [...unless('tool', obstacle(cell, input), cell.losses?.length), ...http()];
    case 'proxy':
    case 'direct':
      if (can.http === 'none') verdicts.push({ backend, connection: id, reason: 'unsupported_operation', detail: 'no proxy' });
      return http();
    default:
      return cell satisfies never;
  }
}

function byRank({ prefer, steering }: Question): (a: Ranked, b: Ranked) => number {
  const placeOf = placed(steering, (backend) => {
    const at = prefer.indexOf(backend);
    return at === -1 ? prefer.length : at;
  });
  const place = ({ route }: Ranked): number => placeOf(route.connection.backend);
  const detour = ({ route }: Ranked): number => (route.transport === 'proxy' ? 1 : 0);
  return (a, b) =>
    Number(a.open) - Number(b.open) ||
    place(a) - place(b) ||
    detour(a) - detour(b) ||
    a.failures - b.failures ||
    a.losses - b.losses ||
    compare(a.route.connection.backend, b.route.connection.backend) ||
    compare(a.route.connection.id, b.route.connection.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What an operator has stopped, no new connection brings back. */
function unusable(verdicts: readonly Verdict[]): 'connection_required' | 'policy_denied' {
  return verdicts.some(({ reason }) => reason === 'backend_stopped') ? 'policy_denied' : 'connection_required';
}

function uncarried(verdicts: readonly Verdict[]): 'unsupported_fields' | 'unsupported_operation' {
  const fields: readonly VerdictReason[] = ['unsupported_fields', 'unsupported_value', 'missing_for_tool'];
  return verdicts.some(({ reason }) => fields.includes(reason)) ? 'unsupported_fields' : 'unsupported_operation';
}

function verdictOf({ route, open }: Ranked, at: number, steering: Steering | undefined): Verdict {
  const { connection, transport } = route;
  const told = { backend: connection.backend, connection: connection.id, transport };
  if (at === 0) return { ...told, reason: 'chosen' };
  return open ? { ...told, reason: 'breaker_open' } : { ...told, ...(becauseOfMove(steering, route) ?? { reason: 'alternative' }) };
}
