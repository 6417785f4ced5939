import type { Adapter } from '../contract/adapter.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Binding } from '../contract/binding.ts';
import type { Connection } from '../contract/connection.ts';
import { RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { ROUTE_REASONS } from '../contract/receipt.ts';
import { ambiguous, nobodyTells, noRoute, stopped, unreachable } from './outcome.ts';
import { pinned } from './policy.ts';
import { type Decision, type Route, resolve } from './resolve.ts';
import type { Connections, Policy, RunOptions } from './router.ts';
import type { Steering } from './steering.ts';

export interface DecideParts {
  readonly adapters: ReadonlyMap<BackendId, Adapter>;
  readonly bindings: readonly Binding[];
  readonly policy: Policy;
  readonly connections: Connections;
  /** What operators have ruled lately for a user's calls. */
  readonly steering?: (query: { readonly app: string; readonly user: string }) => Promise<Steering>;
}

/** The decision for a call, without sending anything to the app. For an intent: the first operation that it calls. */
export async function decide(
  parts: DecideParts,
  operation: Operation,
  input: JsonObject,
  options: RunOptions & { readonly leftMs?: () => number },
): Promise<Decision> {
  const pin = pinned(operation, parts.policy, options.via);
  if (pin && !parts.adapters.has(pin.backend)) throw unknownBackend(operation, pin.backend, [...parts.adapters.keys()]);
  const left = options.leftMs?.() ?? options.timeoutMs;
  const withinMs = left === undefined ? undefined : Math.min(LISTING_MS, left / 2);
  const { known, absent } = await parts.connections.standing({ app: operation.app, user: options.user, pin, withinMs });
  if (pin?.connection !== undefined) checkNamed(operation, { ...pin, connection: pin.connection }, known, absent);
  const candidates = known.map(({ connection, adapter, ...more }) => {
    const binding = parts.bindings.find((one) => one.backend === connection.backend && one.app === operation.app);
    const cell = binding?.cells[operation.id] ?? { transport: 'none' as const, why: 'this backend has no binding for it' };
    return { connection, cell, can: adapter.can, ...more };
  });
  const steering = await parts.steering?.({ app: operation.app, user: options.user });
  const { prefer, account } = parts.policy;
  return inBrief(resolve({ operation, input, candidates, absent, prefer, pin, account, steering }));
}

/** How long backends may take to list connections, and accounts to say who they are, before a call goes on without them. */
const LISTING_MS = 5000;

/** How many verdicts a receipt names; a user with thousands of connections gets the rest counted. */
const MOST_VERDICTS = 50;

function inBrief(decision: Decision): Decision {
  const { verdicts } = decision;
  if (verdicts.length <= MOST_VERDICTS) return decision;
  const routes = verdicts.filter(({ reason }) => ROUTE_REASONS.has(reason));
  const others = verdicts.filter((verdict) => !routes.includes(verdict));
  const named = [...routes.slice(0, MOST_VERDICTS / 2), ...others.slice(0, MOST_VERDICTS / 2)];
  const rest = Map.groupBy(
    verdicts.filter((verdict) => !named.includes(verdict)),
    ({ backend, reason }) => JSON.stringify([backend, reason]),
  );
  const counted = [...rest.values()].flatMap(([first, ...more]) =>
    first ? [{ backend: first.backend, reason: first.reason, detail: `and ${more.length + 1} more` }] : [],
  );
  return { ...decision, verdicts: [...counted, ...named] };
}

/** The routes of a decision, or the error that there are none. */
export async function routesOf(
  parts: DecideParts,
  decision: Decision,
  operation: Operation,
  { user }: RunOptions,
): Promise<readonly [Route, ...Route[]]> {
  if (decision.kind === 'ambiguous')
    throw decision.silent ? nobodyTells(operation, decision.silent) : ambiguous(operation, decision.between);
  const [first, ...others] = decision.kind === 'use' ? decision.routes : [];
  if (first) return [first, ...others];
  const because = decision.kind === 'none' ? decision.because : 'connection_required';
  if (because === 'policy_denied') throw stopped(operation, decision.verdicts);
  const silent = decision.verdicts.filter(({ reason }) => reason === 'backend_unreachable');
  if (because === 'connection_required' && silent.length > 0) throw unreachable(operation, silent, decision.verdicts);
  const connect = because === 'connection_required' ? await parts.connections.links({ app: operation.app, user }) : [];
  throw noRoute(because, operation, { verdicts: decision.verdicts, connect });
}

interface Named {
  readonly backend: BackendId;
  readonly connection: string;
}

/** A connection that was named and does not exist is a slip of the pen; one that its backend could not be asked about is not. */
function checkNamed(
  operation: Operation,
  { backend, connection }: Named,
  known: readonly { readonly connection: Connection }[],
  absent: readonly { readonly backend: BackendId; readonly unreachable?: string }[],
): void {
  const own = known.filter((one) => one.connection.backend === backend).map((one) => one.connection.id);
  if (own.includes(connection) || absent.some((one) => one.backend === backend && one.unreachable !== undefined)) return;
  throw new RouterError('configuration', {
    operation: `${operation.app}.${operation.id}`,
    backend,
    what: `the user has no connection "${printable(connection)}" there`,
    next: `There are: ${own.join(', ') || 'none'}; nothing was sent.`,
    choices: own.map((id) => `${backend}:${id}`),
  });
}

function unknownBackend(operation: Operation, backend: string, configured: readonly string[]): RouterError {
  return new RouterError('configuration', {
    operation: `${operation.app}.${operation.id}`,
    what: `the backend "${printable(backend)}" is not configured`,
    next: `Configured are: ${configured.join(', ') || 'none'}; nothing was sent.`,
    choices: configured,
  });
}

function printable(name: string): string {
  return name.replaceAll(/[^\w:.-]/g, '?').slice(0, 60);
}
