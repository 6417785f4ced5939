import type { Failure } from '../../src/contract/adapter.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import type { Doubt } from '../../src/router/doubt.ts';
import type { World } from '../../src/sandbox/world.ts';

/** How long a call may take here, of the world's time. */
const PATIENCE_MS = 600_000;
const SETTLE_MS = 60_000;

/** A write that was just sent to a world, and whose answer is lost. Time is the world's. */
export function doubtOver(world: World, operation: Operation, input: JsonObject, sentAt: number): Doubt {
  const key = world.keys()[0]?.key ?? '';
  const now = (): number => world.now().getTime();
  const lostAt = now();
  const claims = new Set<string>();
  return {
    operation,
    input,
    settleMs: SETTLE_MS,
    sinceSentMs: () => now() - sentAt,
    sinceLostMs: () => now() - lostAt,
    leftMs: () => PATIENCE_MS - (now() - sentAt),
    look: async (id, asked) => {
      const outcome = world.run({ operation: `close.${id}`, input: asked }, { key });
      // An HTTP Date counts whole seconds.
      if (outcome.ok) return { data: outcome.data, appTime: Math.floor(now() / 1000) * 1000 };
      const { code, details } = outcome.error;
      const failure: Failure = { code, delivery: 'answered', what: details.what, origin: 'app' };
      return { failure };
    },
    claimed: async (ids) => new Set(ids.filter((one) => claims.has(one))),
    isOurs: async () => false,
    claim: async (one) => !claims.has(one) && claims.add(one).has(one),
    rivals: () => ({ sending: 0, doubting: 0 }),
    rivalsElsewhere: async () => 0,
    pause: async (ms) => world.advance(ms),
  };
}
