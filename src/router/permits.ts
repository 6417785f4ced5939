import type { Failure } from '../contract/adapter.ts';
import type { Connection } from '../contract/connection.ts';
import type { RateLimit } from '../contract/executor.ts';
import type { Operation } from '../contract/operation.ts';

/** Who wants to send, and how long they can wait for their turn. */
export interface Caller {
  readonly user: string;
  /** One of many calls that nobody is waiting for: leaves a reserve to those who do. */
  readonly bulk: boolean;
  readonly leftMs: () => number;
  /** Hears of every wait before it begins. */
  readonly onWait: (why: string, ms: number) => void;
}

export interface PermitRequest {
  readonly connection: Connection;
  readonly operation: Operation;
  readonly caller: Caller;
  /** Milliseconds that may pass before it is sent. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Keeps all routes of an account, together, within what the app allows. `src/connections` has it. */
export interface Permits {
  /** Resolves when one request may be sent. A failure: not in time, and nothing was sent. */
  ask(request: PermitRequest): Promise<Failure | undefined>;
  /** What came of a request that was permitted. */
  heard(
    request: Pick<PermitRequest, 'connection' | 'operation'>,
    result: { readonly failure?: Failure; readonly rateLimit?: RateLimit },
  ): void;
}

export function callerOf(options: {
  readonly user: string;
  readonly bulk?: boolean;
  readonly leftMs: () => number;
  readonly onWait?: (why: string, ms: number) => void;
}): Caller {
  const { user, bulk = false, leftMs, onWait = () => undefined } = options;
  return { user, bulk, leftMs, onWait };
}
