import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bulk } from '../../src/bulk/bulk.ts';
import type { Config } from '../../src/config/config.ts';
import type { BulkEffort, BulkProgress, BulkReport, BulkRequest, RowProblem, RowResult } from '../../src/contract/bulk.ts';
import { type Core, openBulk, openCore } from '../../src/core.ts';
import type { Policy, Router } from '../../src/router/router.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../src/sandbox.ts';
import type { BulkJob } from './bulk-process.ts';

/** Short, so that a lost write is looked for at once. */
export const SETTLE_MS = 300;

const POLICY: Policy = { prefer: ['rest', 'composio'], pin: {}, deny: [], ask: [], account: 'user' };

/** An app that is empty at first, a folder, and bulk runs between the two. */
export interface Stage extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly config: Config;
  /** Writes a file into the folder. */
  file(name: string, content: string | Buffer): string;
  /** Bulk runs in this process. `afterCall` hears how many calls of rows have ended, as each does. */
  open(afterCall?: (calls: number) => void): Promise<{ readonly bulk: Bulk; readonly core: Core } & AsyncDisposable>;
  /** Every lead that was made: its name, once for each time. */
  leads(): readonly string[];
}

export async function openStage(
  options: { readonly store?: string; readonly policy?: Partial<Policy>; readonly limited?: boolean; readonly only?: 'rest' } = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'skillrouter-bulk-test-'));
  const sandbox = await startSandbox({ data: 'empty', clock: 'real' });
  sandbox.world.set({ rateLimits: options.limited ?? false });
  const { backends, users } = sandboxBackends(sandbox.ready);
  const config: Config = {
    // A process that need not load a vendor's SDK starts in half the time.
    backends: { ...(options.only ? {} : { composio: backends['composio'] ?? {} }), rest: backends['rest'] ?? {} },
    users,
    defaultUser: 'ada',
    policy: { ...POLICY, ...options.policy },
    store: options.store ?? join(folder, 'journal.db'),
  };
  const cores: Core[] = [];
  return {
    sandbox,
    folder,
    config,
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    open: async (afterCall = () => undefined) => {
      const core = await openCore(config, { settleMs: SETTLE_MS });
      cores.push(core);
      let calls = 0;
      const run: Router['run'] = async (...call) => {
        const report = await core.router.run(...call);
        if (call[2].run !== undefined) calls += 1;
        if (call[2].run !== undefined) afterCall(calls);
        return report;
      };
      const bulk = await openBulk({ ...core, router: { ...core.router, run } }, { folder, spoolFolder: folder });
      return { bulk, core, [Symbol.asyncDispose]: () => core.close() };
    },
    leads: () => leadsOf(sandbox),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(cores.map((core) => core.close()));
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** By the ledger, not by a list: what was made and deleted again counts too. */
function leadsOf({ world }: Sandbox): readonly string[] {
  const names = new Map(leadRows(world.snapshot()).map(({ id, name }) => [id, name]));
  const made = world.ledger().filter(({ operation }) => operation === 'close.lead.create');
  return made.map(({ ids }) => names.get(ids[0] ?? '') ?? 'deleted').toSorted();
}

function leadRows(snapshot: unknown): readonly { readonly id: string; readonly name: string }[] {
  // The world's own format, see src/sandbox/world/store.ts.
  const { store } = snapshot as {
    readonly store: { readonly shelves: { readonly lead: readonly (readonly [{ id: string; name: string }, number])[] } };
  };
  return store.shelves.lead.map(([row]) => row);
}

export const REQUEST: Omit<BulkRequest, 'input'> = {
  operation: 'close.lead.create',
  user: 'ada',
  onError: 'stop',
  duplicates: 'file',
  approved: false,
  dryRun: false,
  again: false,
};

export interface Heard {
  readonly problems: RowProblem[];
  readonly results: RowResult[];
  readonly notes: string[];
  readonly progress: BulkProgress[];
}

/** An effort that keeps what it hears. `abort` stops it, as Ctrl-C does. */
export function listening({ concurrency = 4 } = {}): BulkEffort & { readonly heard: Heard; readonly abort: () => void } {
  const heard: Heard = { problems: [], results: [], notes: [], progress: [] };
  const stop = new AbortController();
  return {
    concurrency,
    stop: stop.signal,
    heard,
    abort: () => stop.abort(),
    listener: {
      onProblem: (problem) => void heard.problems.push(problem),
      onResult: (result) => void heard.results.push(result),
      onProgress: (progress) => void heard.progress.push(progress),
      onNote: (note) => void heard.notes.push(note),
    },
  };
}

/** `count` leads as CSV, all different. */
export function csvOf(count: number): string {
  return [leadRow(), ...Array.from({ length: count }, (_, at) => leadRow(at)), ''].join('\n');
}

/** One of them; without a number the header. */
export function leadRow(at?: number): string {
  if (at === undefined) return 'name,url,contacts.0.name,contacts.0.emails.0.email';
  return `"Company ${at}, Inc",https://c${at}.example,Ann ${at},ann${at}@c${at}.example`;
}

export function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `Company ${at}, Inc`).toSorted();
}

/** Bulk work in a process of its own, that may kill itself. `flags` are node's. */
export function start(job: BulkJob, flags: readonly string[] = []) {
  const script = join(import.meta.dirname, 'bulk-process.ts');
  return spawn(process.execPath, [...flags, script, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

interface Ended {
  readonly report?: BulkReport;
  readonly peakMb?: number;
  readonly signal: string | null;
}

/** What it printed, and how it ended. */
export async function ended(child: ReturnType<typeof start>): Promise<Ended> {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [, signal]: unknown[] = await once(child, 'close');
  const text = Buffer.concat(chunks).toString();
  // What bulk-process.ts prints.
  const told: Omit<Ended, 'signal'> = text === '' ? {} : JSON.parse(text);
  return { ...told, signal: typeof signal === 'string' ? signal : null };
}

export function linesOf(path: string): readonly Readonly<Record<string, unknown>>[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
