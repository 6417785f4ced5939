import type { BackendId } from '../contract/backend.ts';
import { stringAt } from '../contract/guards.ts';
import type { Ruling } from '../contract/switchboard.ts';

/** A backend through which nothing may go. */
export interface Stop {
  readonly backend: BackendId;
  readonly by: string;
  /** ISO instant. */
  readonly at: string;
}

const PREFIX = 'stop/';

export function stopName(backend: BackendId): string {
  return `${PREFIX}${backend}`;
}

/** Every backend that is stopped now. */
export function stopsOf(rulings: readonly Ruling[]): readonly Stop[] {
  return rulings
    .filter(({ name, value }) => name.startsWith(PREFIX) && stringAt(value, 'state') === 'stopped')
    .map(({ name, by, at }) => ({ backend: name.slice(PREFIX.length), by, at }));
}

/** For people: who stopped it, and when. */
export function stopText({ by, at }: Stop): string {
  return `stopped by ${by} at ${at}`;
}
