import { pathFields } from '../binding/path.ts';
import { undoOf } from '../catalog/undo.ts';
import type { App } from '../contract/app.ts';
import { isIntent } from '../contract/app.ts';
import type { Connection } from '../contract/connection.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../contract/guards.ts';
import type { KeptInverse } from '../contract/journal.ts';
import type { Operation, Undo } from '../contract/operation.ts';
import type { Bounded } from './call.ts';
import type { Look } from './doubt.ts';
import { stampOf } from './inverse.ts';
import { reader, routesTo } from './look.ts';
import { permit } from './policy.ts';
import type { Policy, UndoStep } from './router.ts';
import type { RunParts } from './run.ts';
import { holds } from './same.ts';

/** A step with what it takes to do it, which is nobody else's business. */
export interface Planned extends UndoStep {
  readonly kept: KeptInverse;
  readonly doing?: { readonly operation: Operation; readonly input: JsonObject; readonly via: string };
}

interface Asked {
  readonly app: App;
  readonly kept: KeptInverse;
  readonly look: Look;
}

/** Says what undoing one write comes to, by looking at what the app has now. Throws when that cannot be seen. */
export async function planStep(parts: RunParts, kept: KeptInverse, options: Bounded): Promise<Planned> {
  const { operation: name, call, object } = kept;
  const app = parts.apps.find(({ id }) => name.startsWith(`${id}.`));
  const operation = await app?.find(name.slice(app.id.length + 1));
  const undo = app && operation && !isIntent(operation) ? await undoOf(app, operation) : undefined;
  const step = { kept, call, operation: name, ...(object === undefined ? {} : { object }) };
  if (kept.undone !== undefined) return { ...step, state: 'undone', why: `undone at ${kept.undone}` };
  if (!app || !operation || isIntent(operation) || !undo)
    return { ...step, state: 'refused', why: 'this version does not know the operation' };
  if (kept.how === 'none' || undo.how === 'none' || object === undefined)
    return { ...step, state: 'refused', why: kept.why ?? (undo.how === 'none' ? undo.why : 'it is not known what was written') };
  const through = await connectionOf(parts, app, kept);
  const asked = { app, kept, look: reader(parts, app, options, through) };
  const found = undo.how === 'delete' ? await planDelete(asked, undo, object) : await planRestore(asked, operation, undo, object);
  if (found.state !== 'ready') return { ...step, ...found };
  const by = await operationOf(app, found.by);
  const denied = deniedBy(by, found.input, parts.policy);
  if (denied !== undefined) return { ...step, state: 'refused', why: denied };
  const [route] = await routesTo(parts, by, found.input, options, through);
  if (!route) return { ...step, state: 'refused', why: 'no connection to that account can do it now' };
  const doing = { operation: by, input: found.input, via: `${route.connection.backend}:${route.connection.id}` };
  const fields = undo.how === 'restore' ? { fields: fieldsOf(kept) } : {};
  return { ...step, by: `${app.id}.${by.id}`, ...fields, state: 'ready', doing };
}

type Found =
  | { readonly state: 'undone' | 'refused'; readonly why: string }
  | { readonly state: 'ready'; readonly by: string; readonly input: JsonObject };

async function planDelete(asked: Asked, undo: Extract<Undo, { how: 'delete' }>, object: string): Promise<Found> {
  const now = await seen(asked, undo.read, { [undo.id]: object });
  const isGone = now === undefined || (undo.removed !== undefined && stringAt(now, undo.removed) !== undefined);
  if (isGone) return { state: 'undone', why: 'it is not there any more' };
  const image = asked.kept.image ?? {};
  if (stampOf(now) !== image['stamp']) return { state: 'refused', why: 'it was changed since, and the change would be lost with it' };
  const own = new Set(isStrings(image['ids']) ? image['ids'] : []);
  for (const { list, by, automatic = [] } of undo.under ?? []) {
    const listed = await seen(asked, list, { [by]: object });
    const items = isObject(listed) && Array.isArray(listed['data']) ? listed['data'].filter(isObject) : [];
    const more = isObject(listed) && listed['has_more'] === true;
    const added = items.filter((item) => !own.has(stringAt(item, 'id') ?? '') && !automatic.includes(stringAt(item, '_type') ?? ''));
    if (added.length > 0 || more)
      return { state: 'refused', why: `${list} shows what was added to it since, and would be deleted with it` };
  }
  return { state: 'ready', by: undo.operation, input: { [undo.id]: object } };
}

async function planRestore(asked: Asked, operation: Operation, undo: Extract<Undo, { how: 'restore' }>, object: string): Promise<Found> {
  const [parameter = ''] = pathFields(operation.http.path);
  const now = await seen(asked, undo.read, { [parameter]: object });
  if (now === undefined) return { state: 'refused', why: 'it was deleted since' };
  const { before, left } = asked.kept.image ?? {};
  if (!isObject(before) || !isObject(left)) return { state: 'refused', why: 'what was there before is not kept any more' };
  if (holds(now, before, Object.keys(before))) return { state: 'undone', why: 'it is as it was before' };
  const changed = Object.keys(left).filter((field) => !holds(now, left, [field]));
  if (changed.length > 0) return { state: 'refused', why: `it was changed since, in ${changed.join(', ')}` };
  return { state: 'ready', by: operation.id, input: { [parameter]: object, ...before } };
}

function deniedBy(operation: Operation, input: JsonObject, policy: Policy): string | undefined {
  try {
    permit(operation, input, policy, true);
    return undefined;
  } catch (error) {
    if (isRouterError(error)) return `${operation.id}: ${error.details.what}`;
    throw error;
  }
}

function fieldsOf({ image }: KeptInverse): readonly string[] {
  const before = image?.['before'];
  if (!isObject(before)) return [];
  return Object.entries(before).flatMap(([name, value]) =>
    name === 'custom' && isObject(value) ? Object.keys(value).map((field) => `custom.${field}`) : [name],
  );
}

/** undefined: the app has no such object. */
async function seen({ app, look }: Asked, operation: string, input: JsonObject): Promise<unknown> {
  const found = await look(operation, input);
  if ('data' in found) return found.data;
  if (found.failure.code === 'not_found') return undefined;
  throw new RouterError(found.failure.code, {
    operation: `${app.id}.${operation}`,
    what: `what is there now could not be read: ${found.failure.what}`,
    next: 'Nothing was undone by this; try again later.',
    status: found.failure.status,
    retryAfterMs: found.failure.retryAfterMs,
  });
}

/** The connection that the write went through, as far as it is still known; what counts is its account. */
async function connectionOf(parts: RunParts, app: App, { backend, connection: id, user, at }: KeptInverse): Promise<Connection> {
  const known = await parts.journal.account(backend, id);
  return { id, backend, app: app.id, user, status: 'unknown', checkedAt: at, ...(known ? { account: known.account } : {}) };
}

async function operationOf(app: App, id: string): Promise<Operation> {
  const found = await app.find(id);
  if (!found || isIntent(found)) throw new Error(`"${id}" undoes a write, but is not an operation`);
  return found;
}
