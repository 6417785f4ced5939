import { Accounts, type Probe } from './connections/accounts.ts';
import * as connectionsApi from './connections/api.ts';
import { Breakers } from './connections/breakers.ts';
import { Budget } from './connections/budget.ts';
import { Bulletin } from './connections/bulletin.ts';
import { standing } from './connections/candidates.ts';
import { EvidenceBook } from './connections/evidence.ts';
import { knownAs } from './connections/known-as.ts';
import { Snapshots } from './connections/snapshot.ts';
import type { Adapter } from './contract/adapter.ts';
import type { App } from './contract/app.ts';
import { isIntent } from './contract/app.ts';
import type { BackendId } from './contract/backend.ts';
import type { Binding, Cell } from './contract/binding.ts';
import type { Connection } from './contract/connection.ts';
import type { Executor } from './contract/executor.ts';
import { pause } from './contract/pause.ts';
import { createFollower, type Follower } from './migrate/follower.ts';
import { tryRoutes } from './router/attempt.ts';
import { coverage } from './router/coverage.ts';
import { explain } from './router/explain.ts';
import { reportOf } from './router/record.ts';
import { RetryBudget } from './router/retry.ts';
import { Rivals } from './router/rivals.ts';
import type { Connections, Router, RouterParts } from './router/router.ts';
import { asExecutor, type RunParts, run } from './router/run.ts';
import { sweeper } from './router/sweep.ts';
import { undo } from './router/undo.ts';

/** What doors need of a router beyond its face. */
export interface Behind {
  readonly executor: Executor;
  /** A user's connections as lately read. */
  readonly recent: (query: { readonly app: string; readonly user: string }) => Promise<readonly Connection[]>;
  /** Backends that make links for users, the preferred one first. */
  readonly linking: readonly BackendId[];
  /** As they were given: past whatever operators have stopped. */
  readonly adapters: ReadonlyMap<BackendId, Adapter>;
  readonly bindings: readonly Binding[];
  /** Everything that is known of a user's connections. */
  readonly standing: Connections['standing'];
  readonly follower: Follower;
}

/** A router with its connections, out of parts that are given. Closes the adapters when it is closed; the journal is its owner's. */
export function createCore(parts: RouterParts): Router & Behind {
  const { apps, policy, journal, now, elapsed, identity } = parts;
  const random = parts.random ?? Math.random;
  const follower = createFollower({ board: journal.switchboard, now, elapsed, random });
  const raw = new Map(parts.backends.map(({ adapter }) => [adapter.backend, knownAs(adapter, identity)]));
  const adapters = new Map([...raw].map(([backend, adapter]) => [backend, follower.gate(adapter)]));
  const bindings = parts.backends.flatMap((backend) => backend.bindings);
  const snapshots = new Snapshots({ adapters: [...adapters.values()], identity, elapsed });
  const bulletin = new Bulletin({ shared: journal.shared, now, elapsed });
  const evidence = new EvidenceBook(bulletin);
  const breakers = new Breakers({ bulletin, elapsed });
  const accounts = new Accounts({ probe: prober(apps, adapters, bindings, elapsed), journal, now });
  const api = { adapters, identity, snapshots, accounts, evidence, breakers, bulletin, journal, now, elapsed };
  const connections: Connections = {
    standing: (query) => standing(api, query),
    began: ({ connection, transport }) => breakers.began(connection, transport),
    succeeded: ({ connection, transport }) => {
      evidence.succeeded(connection);
      breakers.succeeded(connection, transport);
    },
    failed: ({ connection, transport }, failure) => {
      breakers.failed(connection, transport, failure);
      if (evidence.failed(connection, failure)) snapshots.forget(connection.app, connection.user);
    },
    links: (query) => connectionsApi.links(api, query),
  };
  const running: RunParts = {
    apps,
    adapters,
    bindings,
    policy,
    connections,
    journal,
    now,
    elapsed,
    pause: parts.pause ?? pause,
    random,
    settleMs: parts.settleMs ?? SETTLE_MS,
    budget: new RetryBudget(),
    permits: new Budget({ bulletin, shared: journal.shared, now, elapsed, pause: parts.pause ?? pause }),
    steering: follower.steering,
    performed: follower.performed(() => running),
    rivals: new Rivals({ shared: journal.shared, now }),
    sweep: sweeper({
      journal,
      now,
      elapsed,
      ...(policy.keepKeysDays === undefined ? {} : { keepKeysDays: policy.keepKeysDays }),
      ...(policy.keepUndoDays === undefined ? {} : { keepUndoDays: policy.keepUndoDays }),
    }),
  };
  return {
    run: async (operation, input, options) => reportOf(operation, await run(running, operation, input, options)),
    explain: (operation, input, options) => explain(running, operation, input, options),
    undo: (id, options) => undo(running, id, options),
    executor: asExecutor(running),
    recent: (query) => connectionsApi.recent(api, query),
    linking: linkingOf([...adapters.values()], policy.prefer),
    adapters: raw,
    bindings,
    standing: connections.standing,
    follower,
    connections: {
      list: (query) => connectionsApi.list(api, query),
      connect: (query) => connectionsApi.connect(api, query),
      wait: (query, onWait, signal) => connectionsApi.wait(api, query, onWait, signal),
      check: (query) => connectionsApi.check(api, query),
    },
    coverage: (name) => {
      const app = apps.find(({ id }) => id === name);
      return app ? coverage(app, bindings) : Promise.resolve({ operations: [] });
    },
    close: async () => {
      await follower.close();
      await Promise.all([...adapters.values()].map((adapter) => adapter.close()));
      await breakers.settled();
      await bulletin.settled();
    },
  };
}

function linkingOf(adapters: readonly Adapter[], prefer: readonly BackendId[]): readonly BackendId[] {
  const able = adapters.filter(({ can }) => can.connect === 'link').map(({ backend }) => backend);
  return [...prefer.filter((backend) => able.includes(backend)), ...able.filter((backend) => !prefer.includes(backend))];
}

/** Close's lists were seen to lag 30 to 60 s behind its writes. Source: backends/close-rest.md §8. */
const SETTLE_MS = 60_000;

/** Asks the app who a connection is, through the connection's own tool, proxy or key. */
function prober(
  apps: readonly App[],
  adapters: ReadonlyMap<BackendId, Adapter>,
  bindings: readonly Binding[],
  elapsed: () => number,
): Probe {
  return async (connection, signal) => {
    const app = apps.find(({ id }) => id === connection.app);
    const operation = await app?.find(app.identity.operation);
    const adapter = adapters.get(connection.backend);
    if (!app || !operation || isIntent(operation) || !adapter) throw new Error(`nothing can identify a connection of ${connection.app}`);
    const cell = bindings.find(({ backend, app: bound }) => backend === connection.backend && bound === app.id)?.cells[operation.id];
    const route = { connection, cell: cell ?? NO_CELL, transport: transportOf(cell, adapter) };
    const witness = { began: () => undefined, succeeded: () => undefined, failed: () => undefined };
    const { result } = await tryRoutes([route], { operation, input: {}, app, adapters, signal, elapsed, witness }, []);
    if (!result.ok) return { failure: result.failure };
    const account = app.identity.account(result.data);
    return account
      ? { account }
      : { failure: { code: 'reply_unexpected', delivery: 'answered', what: 'the app did not say who the connection is', origin: 'app' } };
  };
}

const NO_CELL: Cell = { transport: 'none', why: 'this backend has no binding for it' };

function transportOf(cell: Cell | undefined, adapter: Adapter): 'tool' | 'proxy' | 'direct' {
  if (cell?.transport === 'tool') return 'tool';
  return adapter.can.http === 'direct' ? 'direct' : 'proxy';
}
