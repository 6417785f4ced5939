import type { App } from '../contract/app.ts';
import { isIntent } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Binding, Cell } from '../contract/binding.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { Caller } from './caller.ts';
import type { Ledger } from './ledger.ts';

/** What both halves of a run work with. */
export interface Stage {
  readonly app: App;
  readonly entries: ReadonlyMap<string, Operation | Intent>;
  readonly bindings: readonly Binding[];
  /** The reference first. */
  readonly backends: readonly BackendId[];
  readonly caller: Caller;
  readonly ledger: Ledger;
  /** Tells whoever watches. */
  readonly onProgress: (operation: string, backend: BackendId) => void;
}

/** How an operation goes through a backend; an intent goes as the operation whose result it is. */
export function cellOf(
  { bindings, entries, app }: Pick<Stage, 'app' | 'bindings' | 'entries'>,
  id: string,
  backend: BackendId,
): Cell | undefined {
  const entry = entries.get(id);
  const operation = entry && isIntent(entry) ? entry.operation : id;
  return bindings.find((binding) => binding.backend === backend && binding.app === app.id)?.cells[operation];
}
