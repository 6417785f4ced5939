import type { Adapter } from '../contract/adapter.ts';
import type { BackendId, Transport } from '../contract/backend.ts';
import type { Connection } from '../contract/connection.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Accounts } from './accounts.ts';
import type { Breakers } from './breakers.ts';
import type { Bulletin } from './bulletin.ts';
import type { EvidenceBook } from './evidence.ts';
import type { Snapshots } from './snapshot.ts';

/** A connection with what is known about it beyond its status. */
export interface Known {
  readonly connection: Connection;
  readonly adapter: Adapter;
  readonly demoted: boolean;
  readonly failures: number;
  /** Transports that have failed so often lately that others come first. */
  readonly open: readonly Transport[];
  /** Why the app did not say who it is, when it was asked. */
  readonly silent?: ErrorCode;
}

export interface Standing {
  readonly known: readonly Known[];
  /** Configured backends without a connection of this user, and those that could not be asked. */
  readonly absent: readonly { readonly backend: BackendId; readonly unreachable?: string; readonly unasked?: boolean }[];
}

export interface CandidatesParts {
  readonly adapters: ReadonlyMap<BackendId, Adapter>;
  readonly snapshots: Snapshots;
  readonly accounts: Accounts;
  readonly evidence: EvidenceBook;
  readonly breakers: Breakers;
  readonly bulletin: Bulletin;
  readonly elapsed: () => number;
  /** After how long a demoted connection is probed again; default 30,000. */
  readonly reprobeMs?: number;
}

export interface StandingQuery {
  readonly app: string;
  readonly user: string;
  readonly pin: { readonly backend: BackendId; readonly connection?: string } | undefined;
  /** How long this may take: a backend or an account that is not heard by then is unknown. */
  readonly withinMs?: number | undefined;
}

/**
 * Everything the resolver is told about a user's connections. Accounts are looked up only when there is something to tell
 * apart: two or more usable connections, of which the caller has not named one.
 */
export async function standing(parts: CandidatesParts, { app, user, pin, withinMs }: StandingQuery): Promise<Standing> {
  await parts.bulletin.refresh();
  const limit = withinMs === undefined ? {} : { withinMs };
  const { connections, unreachable } = await parts.snapshots.get(app, user, { only: pin?.backend, ...limit });
  await bringBack(parts, connections, withinMs);
  const usable = connections.filter((connection) => connection.status === 'active' && !parts.evidence.of(connection).demoted);
  const silent = new Map<Connection, ErrorCode>();
  if (pin?.connection === undefined && usable.length > 1) await tellApart(parts, usable, silent, withinMs);
  const known = await Promise.all(connections.map((connection) => know(parts, connection, silent.get(connection))));
  const reached = new Set([...connections.map(({ backend }) => backend), ...unreachable.map(({ backend }) => backend)]);
  return {
    known,
    absent: [
      ...unreachable.map(({ backend, code }) => ({ backend, unreachable: code })),
      ...[...parts.adapters.keys()]
        .filter((backend) => !reached.has(backend))
        .map((backend) => ({ backend, ...(pin && pin.backend !== backend ? { unasked: true } : {}) })),
    ],
  };
}

/** How many connections are asked at a time who they are. */
const AT_A_TIME = 8;

/** Learns who the connections are, no further than two that differ: the call is ambiguous then, whoever the others are. */
async function tellApart(
  { accounts, evidence }: CandidatesParts,
  usable: readonly Connection[],
  silent: Map<Connection, ErrorCode>,
  withinMs: number | undefined,
): Promise<void> {
  const seen = new Set<string>();
  for (let at = 0; at < usable.length && seen.size < 2; at += AT_A_TIME) {
    const some = usable.slice(at, at + AT_A_TIME);
    const found = await Promise.all(
      some.map((connection) =>
        accounts.of(
          connection,
          (failure) => {
            silent.set(connection, failure.code);
            evidence.failed(connection, failure);
          },
          withinMs,
        ),
      ),
    );
    for (const account of found) if (account) seen.add(`${account.organization}/${account.user}`);
  }
}

async function know(parts: CandidatesParts, connection: Connection, silent: ErrorCode | undefined): Promise<Known> {
  const { accounts, adapters, evidence, breakers } = parts;
  const adapter = adapters.get(connection.backend);
  if (!adapter) throw new Error(`no adapter for ${connection.backend}`);
  const account = await accounts.remembered(connection);
  const { demoted, failures } = evidence.of(connection);
  const open = TRANSPORTS.filter((transport) => breakers.isOpen(connection, transport));
  const told = account ? { ...connection, account } : connection;
  return { connection: told, adapter, demoted, failures, open, ...(silent && !account ? { silent } : {}) };
}

const TRANSPORTS: readonly Transport[] = ['tool', 'proxy', 'direct'];

/**
 * A cheap probe brings a demoted connection back when its status still says active: now and then, and at once when only another
 * process has seen it fail and there is nothing else to use.
 */
async function bringBack(
  { accounts, evidence, elapsed, reprobeMs = 30_000 }: CandidatesParts,
  connections: readonly Connection[],
  withinMs: number | undefined,
): Promise<void> {
  const active = connections.filter(({ status }) => status === 'active');
  const isLost = active.every((connection) => evidence.of(connection).demoted);
  const due = active.filter((connection) => {
    const { demoted, at, hearsay } = evidence.of(connection);
    return demoted && ((isLost && hearsay) || elapsed() - at >= reprobeMs);
  });
  await Promise.all(
    due.map(async (connection) => {
      const answer = await accounts.ask(connection, withinMs);
      if ('account' in answer) evidence.succeeded(connection);
      else evidence.failed(connection, answer.failure);
    }),
  );
}
