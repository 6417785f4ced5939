import type { Fault } from '../../src/sandbox/faults.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import type { World } from '../../src/sandbox/world.ts';
import { NAMES } from '../contract/rig.ts';
import type { Chance } from './chance.ts';

/** Something that goes wrong while a wish is being granted. */
export interface Trouble {
  /** For the table. */
  readonly name: string;
  /** Sets it; what is returned takes away what has not struck. */
  readonly set: (at: { readonly sandbox: Sandbox<World>; readonly world: World; readonly operation: string }) => () => void;
  /** Only the deadline of its callers ends it. */
  readonly hangs?: boolean;
  /** The process is killed, this long after it was asked. */
  readonly killAfterMs?: number;
}

/** Where all backends take what a router sends on to the app. */
const TO_THE_APP = '(^/api/v1/|tools/execute|/run$|/proxy/|/ExecuteTool$)';

type Bare = Fault extends infer One ? (One extends unknown ? Omit<One, 'path' | 'times'> : never) : never;

const NONE: Trouble = { name: 'none', set: () => () => undefined };

export function troubleOf(chance: Chance, kills: boolean): Trouble {
  const times = chance.weighted([
    [80, 1],
    [12, 2],
    [8, 3],
  ]);
  const when = chance.oneOf(['before', 'after'] as const);
  return chance.weighted<Trouble>([
    [50, NONE],
    [10, wire({ when, kind: 'reset' }, times)],
    [6, wire({ when, kind: 'html' }, times)],
    [3, wire({ when, kind: 'html', status: 200 }, times)],
    [5, wire({ when, kind: 'status', status: chance.oneOf([500, 502, 503, 504]) }, times)],
    [4, wire({ when: 'after', kind: 'truncate' }, times)],
    [4, wire({ when: 'mid-body' }, times)],
    [2, wire({ when, kind: 'hang' }, 1)],
    [4, app(when, chance.oneOf([500, 502, 503]), times)],
    [2, app('before', 'rate_limited', times)],
    [4, flip(chance)],
    ...(kills ? [[6, kill(chance, when)] as const] : []),
  ]);
}

function wire(bare: Bare, times: number): Trouble {
  const name = bare.when === 'mid-body' ? bare.when : `${bare.when} ${bare.kind}`;
  // The union of faults is closed; a spread forgets which of them it is.
  const fault = { ...bare, path: TO_THE_APP, times } as Fault;
  return {
    name,
    hangs: 'kind' in bare && bare.kind === 'hang',
    set: ({ sandbox }) => {
      const set = sandbox.fault(fault);
      return () => set.remove();
    },
  };
}

function app(when: 'before' | 'after', error: number | 'rate_limited', times: number): Trouble {
  return {
    name: `app ${error === 'rate_limited' ? '429' : `${when} 5xx`}`,
    set: ({ world, operation }) => {
      world.fail({ operation, when, error, times, retryAfterMs: 20 });
      return () => world.clearFailures();
    },
  };
}

/** A connection that the router believes in stops being usable, and is back when the wish has been granted. */
function flip(chance: Chance): Trouble {
  const backend = chance.oneOf(['composio', 'membrane', 'scalekit', 'rest']);
  const status = chance.oneOf(['expired', 'revoked', 'failed', 'disabled'] as const);
  return {
    name: 'connection flips',
    set: ({ sandbox }) => {
      const ids = sandbox.ready.backends[backend] ? [...flippable(sandbox, backend)] : [];
      for (const id of ids) sandbox.change(backend, id, { status });
      return () => {
        for (const id of ids) sandbox.change(backend, id, { status: 'active' });
      };
    },
  };
}

const seen = new WeakMap<object, Map<string, readonly string[]>>();

/** The ids of a backend's connections, which never change here. */
function flippable(sandbox: Sandbox<World>, backend: string): readonly string[] {
  return seen.get(sandbox)?.get(backend) ?? [];
}

export async function learnConnections(sandbox: Sandbox<World>): Promise<void> {
  const lists = await Promise.all(NAMES.map(async (name) => [name, (await sandbox.connections(name)).map(({ id }) => id)] as const));
  seen.set(sandbox, new Map(lists));
}

function kill(chance: Chance, when: 'before' | 'after'): Trouble {
  const waits = chance.share() < 0.5;
  const hung: Trouble = waits ? wire({ when, kind: 'hang' }, 1) : NONE;
  return { ...hung, name: 'kill -9', killAfterMs: waits ? 60 : chance.below(40) };
}
