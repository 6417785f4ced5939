import type { MigrationPlan, MigrationStatus } from '../../src/contract/migration.ts';
import { type LoadFigures, startLoad } from './load.ts';
import { FOLLOWS_MS, followed, LIMITS, openStage, PAIR } from './stage.ts';

export interface StoryOptions {
  readonly users: number;
  readonly callers: number;
  readonly replicas: number;
  readonly store: string;
  /** How many times every caller calls in each part. */
  readonly rounds: number;
  readonly onPart?: (part: Part) => void;
}

/** One part of the story, and what callers were told in it. */
export interface Part extends LoadFigures {
  readonly name: string;
}

export interface Story {
  readonly parts: readonly Part[];
  readonly plan: MigrationPlan;
  readonly compared: MigrationStatus['operations'];
  /** Of all calls, those between the parts too. */
  readonly calls: number;
  readonly failed: readonly string[];
  readonly duplicates: number;
  readonly lost: number;
  readonly untold: number;
  /** Milliseconds the command itself took, and until no call began any more that went through the target. */
  readonly rollbackMs: number;
  readonly followedMs: number;
}

/** Plan, shadow, 10 %, 100 %, rollback, with calls running all the time; five answers are lost while everybody goes back. */
export async function tellStory({ users, callers, replicas, store, rounds, onPart }: StoryOptions): Promise<Story> {
  const names = Array.from({ length: users }, (_, at) => `user-${at}`);
  await using stage = await openStage({ store, users: names, replicas });
  const operator = stage.operator();
  const load = startLoad(stage, callers);
  const parts: Part[] = [];
  const play = async (name: string): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) await load.round();
    const part = { name, ...load.figures() };
    parts.push(part);
    onPart?.(part);
  };

  await play(`all on ${PAIR.from}`);
  const plan = await operator.plan({ ...PAIR, since: '2020-01-01T00:00:00.000Z', links: false });
  await play(`plan: ${plan.verdict}`);
  await operator.shadow({ ...PAIR, sample: 0.5 });
  await followed();
  await play('shadow, half of the calls');
  await operator.cutover({ percent: 10, users: [], limits: LIMITS, sample: 0.2 });
  await followed();
  load.figures();
  await play('cutover, 10 % of the users');
  // Answers that are lost are no reason to go back here: they are meant to be under way when everybody does.
  await operator.cutover({ percent: 100, users: [], limits: { errors: 1, differences: LIMITS.differences } });
  await followed();
  load.figures();
  await play('cutover, all users');
  const lost = stage.sandbox.fault({ backend: PAIR.to, path: 'ExecuteTool', when: 'after', kind: 'reset', times: 5 });
  while (lost.fired() < 2) await new Promise(setImmediate);
  const begun = performance.now();
  await operator.rollback();
  const rollbackMs = performance.now() - begun;
  await play('rollback, five answers lost meanwhile');
  await followed();
  load.figures();
  await play('all back');
  await load.stop();
  const { operations: compared } = await operator.status();
  return { parts, plan, compared, ...load.audit(), rollbackMs, followedMs: load.lastBegun(PAIR.to, begun) };
}

/** What the story has to show. */
export function isKept({ failed, duplicates, lost, untold, followedMs, parts }: Story): boolean {
  const last = parts.at(-1);
  const isBack = last !== undefined && last.calls > 0 && last.by[PAIR.to] === undefined;
  return failed.length + duplicates + lost + untold === 0 && isBack && followedMs <= FOLLOWS_MS;
}
