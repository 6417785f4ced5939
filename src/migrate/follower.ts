import type { Adapter } from '../contract/adapter.ts';
import type { Switchboard } from '../contract/switchboard.ts';
import type { ToldParts } from '../router/performed.ts';
import { gated } from './gate.ts';
import { Guard } from './guard.ts';
import { Shadow } from './shadow.ts';
import { steeringOf } from './steer.ts';
import { Tallies } from './tallies.ts';
import { Watch } from './watch.ts';

export interface FollowerParts {
  readonly board: Switchboard | undefined;
  readonly now: () => Date;
  readonly elapsed: () => number;
  readonly random: () => number;
}

/** The part of a process that follows what operators rule: it steers calls, holds back what is stopped, mirrors, counts and guards. */
export interface Follower {
  readonly gate: (adapter: Adapter) => Adapter;
  readonly steering: NonNullable<ToldParts['steering']>;
  /** Hears of what was performed by a router with these parts. */
  readonly performed: (parts: () => ToldParts) => NonNullable<ToldParts['performed']>;
  /** Resolves when everything that was begun is done and told. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function createFollower({ board, now, elapsed, random }: FollowerParts): Follower {
  const watch = new Watch({ board, elapsed });
  const tallies = new Tallies({ board, elapsed });
  const guard = new Guard({ board, watch, now, elapsed });
  let shadow: Shadow | undefined;
  return {
    gate: (adapter) => gated(adapter, watch),
    steering: async (query) => steeringOf(await watch.current(), query),
    performed: (parts) => (performed) => {
      shadow ??= new Shadow({ ...parts(), watch, tallies, now, random });
      shadow.see(performed);
      guard.glance(performed.app.id);
    },
    settled: async () => {
      await shadow?.settled();
      await guard.settled();
    },
    close: async () => {
      await shadow?.close();
      await guard.settled();
    },
  };
}
