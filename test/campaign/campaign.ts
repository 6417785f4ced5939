import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../src/journal/journal.ts';
import { isOpen, type Kind, last } from './audit.ts';
import { runLane, type Step } from './lane.ts';

export interface CampaignOptions {
  readonly writes: number;
  readonly seed: string;
  /** Worlds that are written into at the same time. */
  readonly lanes?: number;
  /** Only this one, to play its troubles again. */
  readonly lane?: number;
  readonly replicas?: number;
  readonly kills?: boolean;
  /** How long a caller waits for what hangs; default 4000. */
  readonly hangMs?: number;
  /** Default a SQLite file of the campaign's own. */
  readonly store?: string;
  readonly onProgress?: (writes: number) => void;
}

/** One line of the table. */
export interface Row {
  readonly wishes: number;
  readonly done: number;
  /** Done, and the answer was lost on the way. */
  readonly confirmed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly died: number;
}

/** Where the world is not as the callers were told. */
export interface Found {
  readonly lane: number;
  readonly step: number;
  readonly trouble: string;
  readonly kind: Kind;
  readonly what: string;
  readonly history: readonly string[];
}

export interface Figures extends Row {
  readonly seed: string;
  readonly writes: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly wrongSuccesses: number;
  readonly unreported: number;
  /** Wishes of which an answer was lost, or whose process was killed, unless that was the end of the caller too. */
  readonly doubtful: number;
  /** Of the doubtful, those that ended known without a person. */
  readonly resolved: number;
  /** Writes that leave the same state, done more than once. */
  readonly repeats: number;
  /** Answered calls that the journal does not have, or has otherwise. */
  readonly unjournaled: number;
  readonly seconds: number;
  readonly byTrouble: Readonly<Record<string, Row>>;
  /** What a person has to look at, and why. */
  readonly unresolved: readonly { readonly lane: number; readonly step: number; readonly trouble: string; readonly why: string }[];
  readonly findings: readonly Found[];
}

export async function runCampaign(options: CampaignOptions): Promise<Figures> {
  const { writes, seed, lanes = 8, lane: only, replicas = 1, kills = false, hangMs = 4000 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'skillrouter-campaign-'));
  const store = options.store ?? join(folder, 'journal.db');
  const begun = performance.now();
  const steps: Step[] = [];
  let done = 0;
  const keep = (step: Step): void => {
    steps.push(step);
    done += step.granted.length;
    options.onProgress?.(done);
  };
  const numbers = only === undefined ? Array.from({ length: lanes }, (_, lane) => lane) : [only];
  try {
    await Promise.all(
      numbers.map((lane) => runLane({ seed, lane, writes: Math.ceil(writes / lanes), replicas, kills, store, hangMs }, keep)),
    );
    const unjournaled = await missingIn(store, steps);
    return { ...figuresOf(steps), seed, unjournaled, seconds: Math.round((performance.now() - begun) / 100) / 10 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What callers were told, held against the journal. */
async function missingIn(store: string, steps: readonly Step[]): Promise<number> {
  const journal = openJournal({ path: store });
  let missing = 0;
  for (const report of steps.flatMap(({ granted }) => granted.flatMap(({ told }) => told))) {
    const entry = report.receipt && (await journal.show(report.receipt.id));
    if (entry?.outcome !== (report.ok ? 'ok' : report.error.code)) missing += 1;
  }
  await journal.close();
  return missing;
}

function figuresOf(steps: readonly Step[]): Omit<Figures, 'seed' | 'unjournaled' | 'seconds'> {
  const findings = steps.flatMap((step) =>
    step.findings.map(({ kind, what }) => ({
      lane: step.lane,
      step: step.step,
      kind,
      what,
      trouble: step.trouble,
      history: historyOf(step),
    })),
  );
  const count = (kind: Kind): number => findings.filter((one) => one.kind === kind).length;
  const granted = steps.flatMap((step) => step.granted);
  const doubtful = granted.filter((one) => isDoubtful(one) && one.told.length > 0);
  const troubles = [...new Set(steps.map(({ trouble }) => trouble))].toSorted();
  return {
    ...rowOf(steps),
    writes: granted.length,
    duplicates: count('duplicate'),
    lost: count('lost'),
    wrongSuccesses: count('wrong success'),
    unreported: count('unreported effect'),
    doubtful: doubtful.length,
    resolved: doubtful.filter((one) => !isOpen(one)).length,
    repeats: steps.reduce((sum, { repeats }) => sum + repeats, 0),
    byTrouble: Object.fromEntries(troubles.map((name) => [name, rowOf(steps.filter(({ trouble }) => trouble === name))])),
    unresolved: steps.flatMap(({ lane, step, trouble, granted: own }) =>
      own.filter((one) => isOpen(one) && one.told.length > 0).map((one) => ({ lane, step, trouble, why: whyOpen(one) })),
    ),
    findings,
  };
}

function whyOpen(granted: Step['granted'][number]): string {
  const report = last(granted);
  return report && !report.ok ? report.error.message : '';
}

function rowOf(steps: readonly Step[]): Row {
  const granted = steps.flatMap((step) => step.granted);
  const count = (test: (one: Step['granted'][number]) => boolean): number => granted.filter(test).length;
  const done = count((one) => last(one)?.ok === true);
  const unknown = count((one) => isOpen(one) && one.told.length > 0);
  const died = count((one) => one.told.length === 0);
  const confirmed = count((one) => last(one)?.ok === true && isDoubtful(one));
  return { wishes: granted.length, done, confirmed, refused: granted.length - done - unknown - died, unknown, died };
}

function isDoubtful({ wish, told }: Step['granted'][number]): boolean {
  const lost = told.some(
    ({ receipt }) => receipt?.confirmed !== undefined || receipt?.attempts.some(({ delivery }) => delivery === 'unknown'),
  );
  return lost || told.length < wish.callers;
}

/** How each request of each caller ended, `timeout unknown 1400 ms`. */
function historyOf({ granted }: Step): readonly string[] {
  return granted.flatMap(({ told }) =>
    told.map((report) => {
      const attempts =
        report.receipt?.attempts.map(({ backend, code, delivery, ms }) => `${backend} ${code ?? 'ok'} ${delivery} ${ms} ms`) ?? [];
      const confirmed = report.receipt?.confirmed ? `, confirmed ${report.receipt.confirmed}` : '';
      return `${report.ok ? 'ok' : report.error.code} after ${attempts.join(', ')}${confirmed}`;
    }),
  );
}

/** Whether the promises were kept. */
export function isKept({ duplicates, lost, wrongSuccesses, unreported }: Figures): boolean {
  return duplicates + lost + wrongSuccesses + unreported === 0;
}
