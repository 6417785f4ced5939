import { stringAt } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import type { Stage } from './stage.ts';

/** One call that ended: what its caller was told, and when it had begun. */
interface Ended {
  readonly report: RunReport;
  readonly begun: number;
}

/** What callers were told in one part of the story. */
export interface LoadFigures {
  readonly calls: number;
  readonly failed: readonly string[];
  /** Calls by the backend that carried them. */
  readonly by: Readonly<Record<string, number>>;
}

export interface Load {
  /** Of the calls that ended since the last time. */
  figures(): LoadFigures;
  /** Milliseconds from an instant of `performance.now` until no call began any more that went through a backend. */
  lastBegun(backend: string, since: number): number;
  /** Resolves when every caller has begun and ended a call from now on. */
  round(): Promise<void>;
  /** Ends every caller after its present call. */
  stop(): Promise<void>;
  /** Of all calls: those that failed, and what the app did held against what callers were told. */
  audit(): {
    readonly calls: number;
    readonly failed: readonly string[];
    readonly duplicates: number;
    readonly lost: number;
    readonly untold: number;
  };
}

/** Callers who go on calling, each a read and then a write under a key, whatever is done about the backends. */
export function startLoad(stage: Stage, callers: number): Load {
  const ended: Ended[] = [];
  const turns = Array.from({ length: callers }, () => 0);
  let told = 0;
  let stopped = false;
  let next = 0;

  const turn = async (): Promise<void> => {
    const number = next++;
    const user = stage.users[number % stage.users.length] ?? '';
    const { router } = stage.replicas[number % stage.replicas.length] ?? never('no replica');
    const calls = [
      () => router.run('close.user.list', {}, { user }),
      () => router.run('close.lead.create', { name: `Lead ${number} of ${user}` }, { user, idempotencyKey: `load-${number}` }),
    ];
    for (const call of calls) {
      const begun = performance.now();
      ended.push({ report: await call(), begun });
    }
  };
  const working = turns.map(async (_, caller) => {
    while (!stopped) {
      await turn();
      turns[caller] = (turns[caller] ?? 0) + 1;
    }
  });
  return {
    figures: () => {
      const past = ended.slice(told);
      told = ended.length;
      return figuresOf(past);
    },
    lastBegun: (backend, since) => {
      const late = ended.filter(({ report, begun }) => begun >= since && report.receipt?.route?.backend === backend);
      return Math.max(0, ...late.map(({ begun }) => begun - since));
    },
    round: async () => {
      const until = turns.map((count) => count + 2); // the turn under way may have begun before
      while (turns.some((count, caller) => count < (until[caller] ?? 0))) await new Promise(setImmediate);
    },
    stop: async () => {
      stopped = true;
      await Promise.all(working);
    },
    audit: () => auditOf(stage, ended),
  };
}

function figuresOf(reports: readonly Ended[]): LoadFigures {
  const counts = Map.groupBy(reports, ({ report }) => report.receipt?.route?.backend ?? 'none');
  return {
    calls: reports.length,
    failed: reports.flatMap(({ report }) => (report.ok ? [] : [`${report.operation}: ${report.error.message}`])),
    by: Object.fromEntries([...counts].map(([backend, some]) => [backend, some.length])),
  };
}

/** `untold`: writes that the app did, of which no caller was told. */
function auditOf({ sandbox }: Stage, ended: readonly Ended[]): ReturnType<Load['audit']> {
  const done = sandbox.world.ledger().filter(({ operation }) => operation === 'close.lead.create');
  const doneIds = new Set(done.flatMap(({ ids }) => ids));
  const toldIds = ended.flatMap(({ report }) =>
    report.ok && report.operation === 'close.lead.create' ? (stringAt(report.data, 'id') ?? []) : [],
  );
  const { calls, failed } = figuresOf(ended);
  return {
    calls,
    failed,
    duplicates: done.length - new Set(done.map(({ fingerprint }) => fingerprint)).size,
    lost: toldIds.filter((id) => !doneIds.has(id)).length,
    untold: done.filter(({ ids }) => !ids.some((id) => toldIds.includes(id))).length,
  };
}

function never(what: string): never {
  throw new Error(what);
}
