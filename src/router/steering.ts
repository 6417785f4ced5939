import type { BackendId } from '../contract/backend.ts';
import type { Verdict, VerdictReason } from '../contract/receipt.ts';
import { accountKey } from './account-key.ts';
import type { Candidate, Question, Route } from './resolve.ts';

/** What operators have ruled for one user's calls to one app, while calls are running. Part of the question: no clock, no store. */
export interface Steering {
  /** Backends through which nothing may go. */
  readonly stopped: readonly { readonly backend: BackendId; readonly detail: string }[];
  /** Users move from one backend to another; `goes`: this one has moved. */
  readonly move?: Move;
}

export interface Move {
  readonly from: BackendId;
  readonly to: BackendId;
  readonly goes: boolean;
}

/** Why nothing may go through a backend, or undefined. */
export function stopOf(steering: Steering | undefined, backend: BackendId): string | undefined {
  return steering?.stopped.find((one) => one.backend === backend)?.detail;
}

/**
 * While users move, a connection of the target that is not provably the account of the source stands aside: nobody is to be
 * asked to choose, and nobody's calls may end up in another account, because operators move.
 */
export function strangers(usable: readonly Candidate[], { steering, account, pin }: Question): readonly Verdict[] {
  const move = pin ? undefined : steering?.move;
  if (!move) return [];
  const sources = usable.filter(({ connection }) => connection.backend === move.from);
  const keys = new Set(sources.map(({ connection }) => connection.account && accountKey(connection.account, account)));
  if (sources.length === 0) return [];
  return usable
    .filter(({ connection }) => connection.backend === move.to)
    .flatMap(({ connection: { id, backend, account: theirs } }): readonly Verdict[] => {
      const key = theirs && accountKey(theirs, account);
      if (key === undefined || keys.has(undefined)) return [{ backend, connection: id, reason: 'account_unknown' }];
      return keys.has(key) ? [] : [{ backend, connection: id, reason: 'account_differs', detail: `not the account on ${move.from}` }];
    });
}

/** The place of a backend in the order of preference, with the target just before the source or just after it. */
export function placed(steering: Steering | undefined, placeOf: (backend: BackendId) => number): (backend: BackendId) => number {
  const move = steering?.move;
  if (!move) return placeOf;
  const source = placeOf(move.from);
  return (backend) => {
    if (backend !== move.to) return placeOf(backend);
    return move.goes ? Math.min(placeOf(backend), source - 0.5) : Math.max(placeOf(backend), source + 0.5);
  };
}

/** The verdict on a route that is not the first, as far as the move is the reason. */
export function becauseOfMove(
  steering: Steering | undefined,
  { connection }: Route,
): { reason: VerdictReason; detail: string } | undefined {
  const move = steering?.move;
  if (move?.goes && connection.backend === move.from) return { reason: 'migrating_to', detail: move.to };
  if (move && !move.goes && connection.backend === move.to) return { reason: 'not_in_cutover', detail: `stays on ${move.from}` };
  return undefined;
}
