import type { BackendId } from '../contract/backend.ts';
import type { Connection, ConnectLink } from '../contract/connection.ts';
import type { ConnectionsReport } from '../contract/connections-report.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Effect } from '../contract/operation.ts';
import type { RunReport } from '../contract/receipt.ts';
import type { Scope } from '../contract/scope.ts';
import type { ToolSpec } from '../toolsets/spec.ts';

/** One operation that a search found. */
export interface FoundOperation {
  /** Full name. */
  readonly operation: string;
  readonly effect: Effect;
  readonly summary: string;
  /** The input fields without which it is refused. */
  readonly required: readonly string[];
}

/** Everything about one operation but its bindings. */
export interface OperationFacts {
  /** Full name. */
  readonly operation: string;
  readonly effect: Effect;
  readonly summary: string;
  readonly input: JsonObject;
  readonly output: JsonObject;
  readonly example: JsonObject;
  readonly pitfalls: readonly string[];
  /** The input's fields, parents before their parts. */
  readonly fields: readonly {
    readonly path: string;
    readonly type: string;
    readonly required: boolean;
    readonly description: string;
  }[];
}

/** As the router's own options, as far as a client of ours may choose them. */
export interface CallOptions {
  readonly user: string;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly approved?: boolean;
  readonly via?: string;
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
  readonly onWait?: (why: string, ms: number) => void;
}

export interface WhoseConnections {
  readonly app: string;
  readonly user: string;
}

/** What the tools work on: a router and its catalogue, one function for each thing that a tool does. */
export interface Services {
  /** The first one is meant where none is named. */
  readonly apps: readonly string[];
  /** The operations that a caller of this scope may run, best match first. */
  search(query: string, scope: Scope): Promise<readonly FoundOperation[]>;
  /** By full name. Throws `unknown_operation`. */
  describe(operation: string): Promise<OperationFacts>;
  /** One tool per operation that is meant by a pattern and lies within the scope. */
  specs(patterns: readonly string[], scope: Scope): Promise<readonly ToolSpec[]>;
  run(operation: string, input: JsonObject, options: CallOptions): Promise<RunReport>;
  /** Tells one call from another, whatever the order of its fields: cursors and consent belong to one and to no other. Irreversible. */
  fingerprint(operation: string, input: JsonObject): string;
  /** A user's connections as lately read. */
  recent(query: WhoseConnections): Promise<readonly Connection[]>;
  readonly connections: {
    list(query: WhoseConnections): Promise<ConnectionsReport>;
    check(query: WhoseConnections): Promise<ConnectionsReport>;
    connect(query: WhoseConnections & { readonly backend: BackendId }): Promise<ConnectLink>;
    wait(
      query: WhoseConnections & { readonly backend?: BackendId; readonly timeoutMs: number },
      onWait: (status: string) => void,
      signal: AbortSignal,
    ): Promise<Connection>;
  };
  /** Backends that make links for users, the preferred one first. */
  readonly linking: readonly BackendId[];
}
