import type { BackendId, Transport } from './backend.ts';
import type { ConnectionStatus } from './connection.ts';

/** A user's connection on one side of a migration, the best one there is. */
export interface PlannedConnection {
  /** Who the user is there. */
  readonly as: string;
  readonly connection?: string;
  readonly status: ConnectionStatus | 'none' | 'unreachable';
  /** For people. */
  readonly account?: string;
}

/** What one user needs before moving. `refuse`: both sides are connected, and not to the same account. */
export interface PlannedUser {
  readonly user: string;
  readonly calls: number;
  readonly from: PlannedConnection;
  readonly to: PlannedConnection;
  readonly does: 'move' | 'consent' | 'enter_key' | 'refuse' | 'wait' | 'nothing';
  readonly why: string;
  /** Made only on demand; opening it is the user's part. */
  readonly link?: string;
}

/** How one operation that was used will travel on the target. */
export interface PlannedOperation {
  readonly operation: string;
  readonly requests: number;
  /** How the source carried it. */
  readonly was: readonly Transport[];
  readonly becomes: Transport | 'none';
  readonly tool?: string;
  /** Calls with these fields go by proxy, because the tool cannot carry them. */
  readonly byProxyWith?: readonly string[];
  /** Calls with these fields cannot go at all, because there is no proxy. */
  readonly notWith?: readonly string[];
  /** Calls without these fields go by proxy, or not at all. */
  readonly needs?: readonly string[];
  readonly losses?: readonly string[];
  /** The configuration sends it elsewhere, whatever is moved. */
  readonly pinned?: string;
  readonly why?: string;
}

export type PlanVerdict = 'ready' | 'ready_with_proxy' | 'blocked';

/** What `migrate plan --json` prints. */
export interface MigrationPlan {
  readonly app: string;
  readonly from: BackendId;
  readonly to: BackendId;
  readonly verdict: PlanVerdict;
  /** Everything that blocks, or else what is to be known before. */
  readonly because: readonly string[];
  readonly since: string;
  readonly users: readonly PlannedUser[];
  readonly operations: readonly PlannedOperation[];
  readonly load: {
    /** The busiest minute on the source (UTC), in calls. */
    readonly busiest?: { readonly minute: string; readonly calls: number };
    /** Requests that were answered with rate_limited lately, by backend. */
    readonly limited: Readonly<Record<string, number>>;
    readonly note: string;
  };
}

/** One operation in the report of a comparison. */
export interface ComparedOperation {
  readonly operation: string;
  readonly equal: number;
  readonly different: number;
  /** Somebody changed the object in between. */
  readonly unsettled: number;
  /** Not looked at, because there was enough to do. */
  readonly dropped: number;
  /** How much longer the target takes; 2: twice as long. */
  readonly latency?: number;
  readonly fields: readonly { readonly field: string; readonly count: number }[];
  /** Reads that the target refused, calls that it could not carry, and writes that would travel otherwise. */
  readonly notes: readonly { readonly note: string; readonly count: number }[];
  /** Writes that were planned on the target; nothing was sent. */
  readonly planned: number;
}

/** What `migrate status --json` prints. */
export interface MigrationStatus {
  readonly migration?: {
    readonly id: string;
    readonly app: string;
    readonly from: BackendId;
    readonly to: BackendId;
    readonly state: 'shadow' | 'cutover' | 'stopped' | 'rolled_back' | 'finished';
    readonly revision: number;
    readonly by: string;
    readonly at: string;
    readonly reason?: string;
    readonly sample?: number;
    /** Until when reads are mirrored. */
    readonly until?: string;
    readonly mirroring: boolean;
    readonly percent: number;
    readonly users: readonly string[];
    /** What the guard sees: of so many requests so many failed, and of so many compared reads so many differ. */
    readonly sight?: {
      readonly source: { readonly of: number; readonly bad: number };
      readonly target: { readonly of: number; readonly bad: number };
      readonly compared: { readonly of: number; readonly bad: number };
    };
    readonly limits?: { readonly errors: number; readonly differences: number };
  };
  readonly operations: readonly ComparedOperation[];
  readonly stopped: readonly { readonly backend: BackendId; readonly by: string; readonly at: string }[];
}

/** A connection that a backend could reach the app through today. */
export interface ExposedConnection {
  readonly user: string;
  readonly connection: string;
  readonly status: ConnectionStatus;
  readonly account?: string;
  readonly created_at?: string;
  /** ISO instant of the last request through it that the journal knows. */
  readonly last_used: string | null;
}

/** What one backend could reach. */
export interface Exposure {
  readonly backend: BackendId;
  /** Who stopped it, and when. */
  readonly stopped?: { readonly by: string; readonly at: string };
  readonly connections: readonly ExposedConnection[];
  /** Of the connections, those that work today. */
  readonly usable: number;
  readonly accounts: readonly string[];
  /** Operations that it can run through them, by how. */
  readonly operations: Readonly<Record<Transport, number>>;
  /** What a credential reaches beyond the operations that have a binding. */
  readonly reach: string;
  readonly last_used: string | null;
  /** Users whose connections could not be read, with the code. */
  readonly unread: readonly { readonly user: string; readonly code: string }[];
}

/** What `exposure --json` prints. */
export interface ExposureReport {
  readonly app: string;
  readonly backends: readonly Exposure[];
  /** Where the users are known from. */
  readonly note: string;
}

/** What became of one connection. `by_hand`: nobody but a person can. */
export interface Revoked {
  readonly user: string;
  readonly connection: string;
  readonly state: 'revoked' | 'failed' | 'by_hand' | 'listed';
  readonly how: string;
}

/** What `panic --json` prints. */
export interface PanicReport {
  readonly backend: BackendId;
  readonly state: 'stopped' | 'lifted';
  readonly by: string;
  readonly at: string;
  /** What is true of calls that were under way. */
  readonly underway: string;
  readonly connections: readonly Revoked[];
  readonly unread: readonly { readonly user: string; readonly code: string }[];
}
