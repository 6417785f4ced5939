import { type App, isIntent } from '../contract/app.ts';
import type { Operation, Undo } from '../contract/operation.ts';

/** How a write of the app can be taken back: as it declares, or as follows from its verb. undefined: a read, which changes nothing. */
export async function undoOf(app: Pick<App, 'ids' | 'find'>, operation: Operation): Promise<Undo | undefined> {
  if (operation.effect === 'read') return undefined;
  return operation.undo ?? derived(app, operation);
}

async function derived({ ids, find }: Pick<App, 'ids' | 'find'>, { id, confirm, http }: Operation): Promise<Undo> {
  const [noun = '', verb] = id.split('.');
  const thing = noun.replaceAll('_', ' ');
  if (http.method === 'DELETE')
    return { how: 'none', why: `a deleted ${thing} does not come back: one made anew has another id, and what belonged to it stays lost` };
  if (verb === 'update' && confirm.how === 'read-back') return { how: 'restore', read: confirm.read };
  const [remove, read] = [verb === 'create' ? await find(`${noun}.delete`) : undefined, `${noun}.get`];
  if (!remove || isIntent(remove) || !ids.includes(read)) return { how: 'none', why: `no operation of the app takes it back` };
  return { how: 'delete', operation: remove.id, id: firstIn(remove.http.path), read };
}

/** The field in a path, `lead_id` of `/lead/{lead_id}/`. */
function firstIn(path: string): string {
  return /\{(\w+)\}/.exec(path)?.[1] ?? 'id';
}
