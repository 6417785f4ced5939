import type { Adapter, Failure } from '../contract/adapter.ts';
import type { App } from '../contract/app.ts';
import type { BackendId, Transport } from '../contract/backend.ts';
import type { Binding } from '../contract/binding.ts';
import type { Connection, ConnectLink } from '../contract/connection.ts';
import type { ConnectionsReport } from '../contract/connections-report.ts';
import type { ErrorCode, ErrorJson } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Journal } from '../contract/journal.ts';
import type { RunReport, Verdict } from '../contract/receipt.ts';
import type { Scope } from '../contract/scope.ts';

/** What the operator wants. Operations are named without the app (`lead.delete`) or with `*` (`*.merge`, `lead.*`). */
export interface Policy {
  readonly prefer: readonly BackendId[];
  /** operation → backend, or `backend:connection`. */
  readonly pin: Readonly<Record<string, string>>;
  readonly deny: readonly string[];
  /** Effects or `sends` that need consent; operations too. */
  readonly ask: readonly string[];
  /** What makes two connections interchangeable. */
  readonly account: 'user' | 'organization';
  /** How long a result can be replayed by its idempotency key; default 7 days. */
  readonly keepKeysDays?: number;
  /** Updates keep what was there before, unless a call says otherwise; default false, since it costs a read for each. */
  readonly undo?: boolean;
  /** How long a write can be undone; default 7 days. */
  readonly keepUndoDays?: number;
}

export interface RouterParts {
  readonly apps: readonly App[];
  /** In configuration order. `adapter` loads the vendor SDK no earlier than its first use. */
  readonly backends: readonly { readonly adapter: Adapter; readonly bindings: readonly Binding[] }[];
  readonly policy: Policy;
  /** Our user → the user's id at a backend. */
  readonly identity: (user: string, backend: BackendId) => string;
  readonly journal: Journal;
  readonly now: () => Date;
  /** Milliseconds, monotonic. */
  readonly elapsed: () => number;
  /** How long the app's lists may lag behind its writes; default 60,000. Source: backends/close-rest.md §8. */
  readonly settleMs?: number;
  /** 0 to 1; default Math.random. */
  readonly random?: () => number;
  /** How waits are sat out; default in real time. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RunOptions {
  readonly user: string;
  /** `backend` or `backend:connection`: that one or nothing. */
  readonly via?: string;
  /** Milliseconds for the whole call; default 120,000. */
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** Decide and bind, send nothing. */
  readonly dryRun?: boolean;
  /** The caller has the consent that `policy.ask` wants. */
  readonly approved?: boolean;
  /** What this caller may do, where the policy would allow more. */
  readonly scope?: Scope;
  /** An update keeps what was there before, so that it can be undone; default `policy.undo`. */
  readonly undoable?: boolean;
  /** Names the larger piece of work that this call is part of, by which all of it can be undone. */
  readonly run?: string;
  /** One of many calls that nobody is waiting for: it leaves a reserve of the app's limit to calls that are. */
  readonly bulk?: boolean;
  /** Hears of every wait before it begins: an error code or `confirming`, and milliseconds. */
  readonly onWait?: (why: string, ms: number) => void;
}

/** One write of a call, and what undoing it comes to. Holds no value of anybody's. */
export interface UndoStep {
  /** The call that wrote, and the operation by which it did. */
  readonly call: string;
  readonly operation: string;
  /** The operation that takes it back, on which object and, where it restores, in which fields. */
  readonly by?: string;
  readonly object?: string;
  readonly fields?: readonly string[];
  /** `undone`: there is nothing left to do. `done` and `failed` come of doing it, the others of the plan. */
  readonly state: 'ready' | 'undone' | 'refused' | 'done' | 'failed';
  readonly why?: string;
  readonly error?: ErrorJson;
}

/** What `undo --json` prints. */
export interface UndoReport {
  /** Everything is, or with `dryRun` can be, undone. */
  readonly ok: boolean;
  readonly id: string;
  /** In the order in which they are undone: the last write first. Of a long run the first thousand, and some more that went wrong. */
  readonly steps: readonly UndoStep[];
  /** How many writes are in each state, those that are not among `steps` too. */
  readonly counts: Readonly<Partial<Record<UndoStep['state'], number>>>;
  /** Writes that were not looked at, because `most` were. */
  readonly left?: number;
}

/** `timeoutMs` is for each call that is undone. */
export interface UndoOptions extends Pick<RunOptions, 'user' | 'signal' | 'timeoutMs' | 'dryRun' | 'approved' | 'onWait'> {
  /** With `dryRun`: looks at no more than about so many writes; default all. */
  readonly most?: number;
  /** Hears of every step as it comes. */
  readonly onStep?: (step: UndoStep) => void;
}

/** What `explain --json` prints. */
export interface Explanation {
  readonly operation: string;
  readonly routes: readonly { readonly backend: BackendId; readonly connection: string; readonly transport: Transport }[];
  readonly verdicts: readonly Verdict[];
  /** Only without any route: the code with which `run` would end. */
  readonly because?: ErrorCode;
}

export interface ConnectionsApi {
  list(query: { readonly app: string; readonly user: string }, signal?: AbortSignal): Promise<ConnectionsReport>;
  /** Starts a connection on one backend. Opens nothing. */
  connect(query: { readonly app: string; readonly user: string; readonly backend: BackendId }, signal?: AbortSignal): Promise<ConnectLink>;
  /** Resolves when a connection of the user is usable (a probe succeeded), rejects with `timeout` or when it failed for good. */
  wait(
    query: {
      readonly app: string;
      readonly user: string;
      readonly backend?: BackendId;
      readonly connection?: string;
      readonly timeoutMs: number;
    },
    onWait: (status: string) => void,
    signal?: AbortSignal,
  ): Promise<Connection>;
  /** Probes every active connection with the app's identity read: truth over status. */
  check(
    query: { readonly app: string; readonly user: string },
    signal?: AbortSignal,
  ): Promise<ConnectionsReport & { readonly failed: number }>;
}

export interface Coverage {
  readonly operations: readonly {
    readonly id: string;
    readonly core: boolean;
    readonly backends: Readonly<Record<string, { readonly transport: Transport | 'none'; readonly tool?: string; readonly why?: string }>>;
  }[];
}

/** The part of a route that says which way a request went. */
export interface Traveled {
  readonly connection: Connection;
  readonly transport: Transport;
}

/** Where the router learns about a user's connections, and what it tells back. `src/connections` has it. */
export interface Connections {
  /** With a pin only its backend is asked; the others are `unasked`. */
  standing(query: {
    readonly app: string;
    readonly user: string;
    readonly pin: { readonly backend: BackendId; readonly connection?: string } | undefined;
    /** How long this may take; who is not heard by then is unknown. */
    readonly withinMs?: number | undefined;
  }): Promise<{
    readonly known: readonly {
      readonly connection: Connection;
      readonly adapter: Adapter;
      readonly demoted: boolean;
      readonly failures: number;
      readonly open: readonly Transport[];
      /** Why the app did not say who it is, when it was asked. */
      readonly silent?: ErrorCode;
    }[];
    readonly absent: readonly { readonly backend: BackendId; readonly unreachable?: string; readonly unasked?: boolean }[];
  }>;
  began(route: Traveled): void;
  succeeded(route: Traveled): void;
  failed(route: Traveled, failure: Failure): void;
  /** One link per backend that can make one. */
  links(query: {
    readonly app: string;
    readonly user: string;
  }): Promise<readonly { readonly backend: BackendId; readonly url?: string; readonly how: string }[]>;
}

/** The untyped core. `createRouter` puts the catalogue's types on top of it. */
export interface Router {
  /** Never rejects for what the far side, the policy or the input did: that is a report with `ok: false`. */
  run(operation: string, input: JsonObject, options: RunOptions): Promise<RunReport>;
  explain(operation: string, input: JsonObject, options: RunOptions): Promise<Explanation>;
  /**
   * Takes back what a call, or all calls of a run, wrote. With `dryRun` it only says what can be. A call of several writes is undone
   * whole or not at all. Rejects when the journal or the app cannot be asked, and when there is no such call of this user.
   */
  undo(callOrRun: string, options: UndoOptions): Promise<UndoReport>;
  readonly connections: ConnectionsApi;
  coverage(app: string): Promise<Coverage>;
  close(): Promise<void>;
}
