import type { Ruling } from '../contract/switchboard.ts';
import type { Steering } from '../router/steering.ts';
import { isMoved, isUnderWay, migrationOf } from './state.ts';
import { stopsOf, stopText } from './stops.ts';

const NOTHING: Steering = { stopped: [] };

/** What the rulings mean for one user's calls to one app. */
export function steeringOf(rulings: readonly Ruling[], { app, user }: { readonly app: string; readonly user: string }): Steering {
  if (rulings.length === 0) return NOTHING;
  const stopped = stopsOf(rulings).map((stop) => ({ backend: stop.backend, detail: stopText(stop) }));
  const migration = migrationOf(rulings, app);
  if (!migration || !isUnderWay(migration)) return { stopped };
  const { from, to } = migration;
  return { stopped, move: { from, to, goes: isMoved(migration, user) } };
}
