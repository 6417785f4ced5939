import type { Failure, LiveTool } from '../../src/contract/adapter.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { mismatches } from './live-schema.ts';
import { pagesOf } from './pages.ts';
import type { Tenants } from './tenants.ts';

/** How long the actions of a connection are taken to be as they were read. */
const FRESH_MS = 10 * 60_000;
const MOST_CONNECTIONS = 1000;

export interface Actions {
  /** The id under which an action that takes these arguments runs, or why it cannot be used. Nothing is run. */
  fit(
    connection: Connection,
    key: string,
    args: JsonObject,
    signal: AbortSignal,
  ): Promise<{ readonly id: string } | { readonly failure: Failure }>;
  /** The actions of a connection, or of an integration, read anew. */
  list(
    query: { readonly user: string; readonly connection?: string; readonly integration: string },
    signal: AbortSignal,
  ): Promise<{ readonly tools: readonly LiveTool[] } | { readonly failure: Failure }>;
  /** What was known turned out to be wrong. */
  forget(connection: Connection): void;
}

interface Known {
  readonly atMs: number;
  readonly byKey: ReadonlyMap<string, JsonObject>;
}

/** The live actions of each connection: their schemas are not published, so none is run before it was read. */
export function createActions(tenants: Tenants, now: () => Date): Actions {
  const known = new Map<string, Known>();

  const read = async (connection: Connection, signal: AbortSignal): Promise<Known | { readonly failure: Failure }> => {
    const name = nameOf(connection);
    const found = known.get(name);
    const atMs = now().getTime();
    if (found && atMs - found.atMs < FRESH_MS) return found;
    const ask = { path: '/actions', query: [['connectionId', connection.id]], what: 'list of actions' } as const;
    const pages = await pagesOf((question) => tenants.ask(connection.user, question, signal), ask);
    if ('failure' in pages) return { failure: { ...pages.failure, delivery: 'not-sent' } };
    if (known.size >= MOST_CONNECTIONS) known.clear();
    const fresh = { atMs, byKey: new Map(pages.items.flatMap(keyed)) };
    known.set(name, fresh);
    return fresh;
  };

  return {
    fit: async (connection, key, args, signal) => {
      const live = await read(connection, signal);
      if ('failure' in live) return live;
      const action = live.byKey.get(key);
      const id = stringAt(action, 'id');
      if (!action || !id || !isUsable(action))
        return refused('unsupported_operation', `Membrane has no usable action ${key} for this connection`);
      const problems = mismatches(action['inputSchema'], args);
      if (problems.length === 0) return { id };
      return refused('unsupported_fields', `the action ${key} does not take this input: ${problems.slice(0, 10).join(', ')}`);
    },
    list: async ({ user, connection, integration }, signal) => {
      const of = connection === undefined ? (['integrationKey', integration] as const) : (['connectionId', connection] as const);
      const ask = { path: '/actions', query: [of], what: 'list of actions' };
      const pages = await pagesOf((question) => tenants.ask(user, question, signal), ask);
      return 'failure' in pages ? pages : { tools: pages.items.flatMap(toTool) };
    },
    forget: (connection) => known.delete(nameOf(connection)),
  };
}

/** An action that is still being built, or was switched off, cannot be counted on. No state at all is how older ones look. */
function isUsable(action: JsonObject): boolean {
  const state = stringAt(action, 'state');
  return (state === undefined || state === 'READY') && action['isDeactivated'] !== true && !stringAt(action, 'archivedAt');
}

function keyed(item: unknown): readonly (readonly [string, JsonObject])[] {
  const key = stringAt(item, 'key');
  return isObject(item) && key ? [[key, item]] : [];
}

function toTool(item: unknown): readonly LiveTool[] {
  return keyed(item).map(([name, action]) => {
    const { inputSchema: input } = action;
    const description = stringAt(action, 'description') ?? stringAt(action, 'name') ?? '';
    return { name, description, ...(isObject(input) ? { input } : {}), deprecated: false, disabled: !isUsable(action) };
  });
}

function nameOf({ user, id }: Connection): string {
  return JSON.stringify([user, id]);
}

function refused(code: 'unsupported_operation' | 'unsupported_fields', what: string): { readonly failure: Failure } {
  return { failure: { code, delivery: 'not-sent', what, origin: 'backend' } };
}
