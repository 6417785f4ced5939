import type { Adapter } from '../contract/adapter.ts';
import type { App } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Binding } from '../contract/binding.ts';
import { RouterError } from '../contract/errors.ts';
import type { Journal } from '../contract/journal.ts';
import type { Switchboard } from '../contract/switchboard.ts';
import type { Connections, Policy } from '../router/router.ts';

/** What operators' commands need of a router. */
export interface SwitchingParts {
  readonly app: App;
  readonly policy: Policy;
  /** Past whatever was stopped: who stops a backend still has to see what it holds. */
  readonly adapters: ReadonlyMap<BackendId, Adapter>;
  readonly bindings: readonly Binding[];
  readonly standing: Connections['standing'];
  /** Our user → the user's id at a backend. */
  readonly identity: (user: string, backend: BackendId) => string;
  /** Those whom the configuration names. */
  readonly users: readonly string[];
  readonly journal: Pick<Journal, 'account' | 'lastUses'>;
  readonly board: Switchboard;
  readonly now: () => Date;
  /** Who operates, for others to read. */
  readonly operator: string;
}

/** The adapter of a backend. Throws `configuration` when it is not configured. */
export function adapterOf({ adapters }: Pick<SwitchingParts, 'adapters'>, backend: BackendId): Adapter {
  const adapter = adapters.get(backend);
  if (adapter) return adapter;
  const configured = [...adapters.keys()];
  throw new RouterError('configuration', {
    what: `the backend "${backend.replaceAll(/[^\w.-]/g, '?').slice(0, 60)}" is not configured`,
    next: `Configured are: ${configured.join(', ') || 'none'}. Whatever is moved or stopped has to be; nothing was changed.`,
  });
}

/** Users of the configuration and of the journal, by name, with their calls. */
export async function knownUsers(
  { users, board }: Pick<SwitchingParts, 'users' | 'board'>,
  since: string,
): Promise<readonly { readonly user: string; readonly calls: number }[]> {
  const used = new Map((await board.users(since)).map(({ user, calls }) => [user, calls]));
  const names = [...new Set([...users, ...used.keys()])].filter((user) => user !== '').toSorted();
  return names.map((user) => ({ user, calls: used.get(user) ?? 0 }));
}

/** Backends are asked about so many users at a time. */
const AT_A_TIME = 4;

/** Does the work for all of them, a few at a time, and gives the results in their order. */
export async function forEachOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_A_TIME) {
    results.push(...(await Promise.all(items.slice(at, at + AT_A_TIME).map(work))));
  }
  return results;
}
