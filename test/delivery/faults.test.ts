/** Real faults on the wire between the real adapters and the doors: one write, one effect, and the caller is told the truth. */
import { describe, expect, it } from 'vitest';
import { stringAt } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { USER } from '../contract/clients.ts';
import { NAMES } from '../contract/rig.ts';
import { effectsOf, freshWorld, openStage, SETTLE_MS, type Stage, strike, type Trouble, WRITE_LIST, type Write } from './stage.ts';

const PAGE = { kind: 'html' } as const;
/** Nobody signs it: neither the app nor a backend says so in its own words. */
const BUSY = { kind: 'status', status: 429, headers: { 'retry-after': '0' } } as const;

/** What happens to the first request of the write, and what the receipt says in the end. */
const TROUBLES: readonly { readonly when: string; readonly trouble: Trouble }[] = [
  { when: 'the connection is reset before the app hears of it', trouble: { wire: { when: 'before', kind: 'reset' } } },
  { when: 'the connection is reset after the app has done it', trouble: { wire: { when: 'after', kind: 'reset' } } },
  { when: 'a page says 502 instead of doing it', trouble: { wire: { when: 'before', ...PAGE } } },
  { when: 'a page says 502 after it was done', trouble: { wire: { when: 'after', ...PAGE } } },
  { when: 'a page says 200 instead of doing it', trouble: { wire: { when: 'before', ...PAGE, status: 200 } } },
  { when: 'a page says 200 after it was done', trouble: { wire: { when: 'after', ...PAGE, status: 200 } } },
  { when: 'an empty 503 comes instead of doing it', trouble: { wire: { when: 'before', kind: 'status', status: 503 } } },
  { when: 'an empty 504 comes after it was done', trouble: { wire: { when: 'after', kind: 'status', status: 504 } } },
  { when: 'half of an answer comes after it was done', trouble: { wire: { when: 'after', kind: 'truncate' } } },
  { when: 'the connection drops in the middle of the answer', trouble: { wire: { when: 'mid-body' } } },
  { when: 'the app itself fails before it', trouble: { app: { when: 'before', error: 500 } } },
  { when: 'the app itself fails after it', trouble: { app: { when: 'after', error: 500 } } },
  { when: 'the app answers 502 after it', trouble: { app: { when: 'after', error: 502 } } },
  { when: 'a load balancer asks to wait instead of handing it on', trouble: { wire: { when: 'before', ...BUSY } } },
  { when: 'a load balancer asks to wait after it was done', trouble: { wire: { when: 'after', ...BUSY } } },
  { when: 'the app asks to wait', trouble: { app: { when: 'before', error: 'rate_limited' } } },
];

/** Nothing here waits for it, however busy the machine. */
const TIMEOUT_MS = 100_000;
/** What hangs does. A quarter of it is left then: enough to look and to write again. */
const HANG_MS = 12_000;

interface Result {
  readonly write: string;
  readonly said: string;
  /** The trouble did come. */
  readonly struck: boolean;
  /** What the world has of it. */
  readonly effects: readonly string[];
  readonly isOurs: boolean;
}

function run({ core }: Stage, { operation, input }: Write, timeoutMs: number): Promise<RunReport> {
  return core.router.run(`close.${operation.id}`, input, { user: USER, timeoutMs, approved: true });
}

async function play(stage: Stage, write: Write, trouble: Trouble, timeoutMs: number = TIMEOUT_MS): Promise<Result> {
  const { operation } = write;
  strike(stage, operation, trouble);
  const report = await run(stage, write, timeoutMs);
  const effects = effectsOf(stage.world).filter((one) => one.operation === `close.${operation.id}`);
  const id = report.ok ? stringAt(report.data, 'id') : undefined;
  return {
    write: operation.id,
    said: report.ok ? 'done' : report.error.code,
    struck: report.receipt?.attempts[0]?.code !== undefined,
    effects: effects.map((one) => one.operation),
    isOurs: id === undefined || effects.some(({ ids }) => ids.includes(id)),
  };
}

const wanted = WRITE_LIST.map(({ operation: { id } }) => ({
  write: id,
  said: 'done',
  struck: true,
  effects: [`close.${id}`],
  isOurs: true,
}));

describe.each(NAMES)('over %s', (backend) => {
  it.concurrent.each(TROUBLES)('every kind of write is done once and reported as done, though $when', async ({ trouble }) => {
    const results = await Promise.all(
      WRITE_LIST.map(async (write) => {
        await using stage = await openStage(backend);
        return await play(stage, write, trouble);
      }),
    );
    expect(results).toEqual(wanted);
  });
});

/** One of each sort: hanging takes its time, and the others differ in nothing that it touches. */
const SORTS = ['lead.create', 'sms.create', 'lead.update', 'task.delete'];

it.concurrent.each([
  { when: 'nothing is done and nothing answered', trouble: { wire: { when: 'before', kind: 'hang' } } },
  { when: 'it is done and nothing answered', trouble: { wire: { when: 'after', kind: 'hang' } } },
] as const)('over every backend every sort of write is done once and reported as done, though $when', async ({ trouble }) => {
  const some = WRITE_LIST.filter(({ operation }) => SORTS.includes(operation.id));
  const results = await Promise.all(
    NAMES.flatMap((backend) =>
      some.map(async (write) => {
        await using stage = await openStage(backend);
        return await play(stage, write, trouble, HANG_MS);
      }),
    ),
  );
  expect(results).toEqual(NAMES.flatMap(() => wanted.filter(({ write }) => SORTS.includes(write))));
});

const creates = WRITE_LIST.filter(({ operation }) => operation.confirm.how === 'search');
const RESET = { kind: 'reset' } as const;

describe.each(NAMES)('over %s', (backend) => {
  it.concurrent.each([
    'before',
    'after',
  ] as const)('a create is done once though the app’s lists lag, when the answer is lost %s it', async (when) => {
    const results = await Promise.all(
      creates.map(async (write) => {
        await using stage = await openStage(backend, freshWorld({ searchLagMs: SETTLE_MS - 50 }));
        return await play(stage, write, { wire: { when, ...RESET } });
      }),
    );
    expect(results).toEqual(wanted.filter(({ write }) => creates.some(({ operation }) => operation.id === write)));
  });

  it.concurrent.each([
    ['before', 0],
    ['after', 1],
  ] as const)('a create that cannot be looked up in time is reported as unknown and not sent again, when the answer is lost %s it', async (when, effects) => {
    const results = await Promise.all(
      creates.map(async (write) => {
        await using stage = await openStage(backend, freshWorld({ searchLagMs: 60_000 }), { settleMs: 60_000 });
        const { said, effects } = await play(stage, write, { wire: { when, ...RESET } }, 1500);
        return { said, effects: effects.length };
      }),
    );
    expect(results).toEqual(creates.map(() => ({ said: 'outcome_unknown', effects })));
  });

  it('nothing is done, and that is said, when the port refuses the connection', async () => {
    const results = await Promise.all(
      WRITE_LIST.map(async (write) => {
        await using stage = await openStage(backend);
        await stage.sandbox.close();
        // A read finds the idle connections dead: on one of those nobody could tell.
        await stage.core.router.run('close.lead.list', { limit: 1 }, { user: USER, timeoutMs: TIMEOUT_MS });
        const report = await run(stage, write, TIMEOUT_MS);
        return { said: report.ok || report.error.code, delivery: report.receipt?.delivery, effects: effectsOf(stage.world).length };
      }),
    );
    expect(results).toEqual(WRITE_LIST.map(() => ({ said: 'backend_unavailable', delivery: 'not-sent', effects: 0 })));
  });
});
