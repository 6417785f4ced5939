import { pathFields } from '../binding/path.ts';
import { undoOf } from '../catalog/undo.ts';
import type { Connection } from '../contract/connection.ts';
import { RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Inverse } from '../contract/journal.ts';
import type { Operation, Undo } from '../contract/operation.ts';
import type { Bounded, Call, PerformParts, Trace } from './call.ts';
import { reader } from './look.ts';
import { requestHash } from './request-hash.ts';
import type { Route } from './resolve.ts';
import { restoring } from './restore.ts';

/** What an update will change, as it was before; or why that is not known. */
type Before = { readonly object: unknown } | { readonly why: string };

const NOT_KEPT: Before = {
  why: 'what was there before was not kept: that costs a read for each update, and is done with --undoable, or with undo: true in the policy',
};

/**
 * Reads what an update will change, where it is to be undoable. What an earlier attempt may have changed already is not what was
 * there before. Throws when it cannot be read: nothing was sent, and the caller wanted it undoable.
 */
async function readBefore(
  parts: PerformParts,
  { app, operation, input }: Call,
  options: Bounded,
  { connection, again }: { readonly connection: Connection; readonly again: boolean },
): Promise<Before> {
  if (!(options.undoable ?? parts.policy.undo ?? false)) return NOT_KEPT;
  const undo = await undoOf(app, operation);
  if (undo?.how !== 'restore') return NOT_KEPT;
  if (again) return { why: 'an earlier attempt with the same key may have changed it before it could be read' };
  const seen = await reader(parts, app, options, connection)(undo.read, idOf(operation, input));
  if ('data' in seen) return { object: seen.data };
  throw new RouterError(seen.failure.code === 'outcome_unknown' ? 'backend_unavailable' : seen.failure.code, {
    operation: `${app.id}.${undo.read}`,
    what: `what is there now could not be read: ${seen.failure.what}`,
    next: 'Nothing was sent. Call again, or without --undoable.',
    status: seen.failure.status,
    retryAfterMs: seen.failure.retryAfterMs,
  });
}

/** Does a write, and notes how it can be taken back. */
export async function undoably(
  parts: PerformParts,
  call: Call,
  options: Bounded,
  { trace, first, again }: { readonly trace: Trace; readonly first: Route; readonly again: boolean },
  write: () => Promise<unknown>,
): Promise<unknown> {
  const before = await readBefore(parts, call, options, { connection: first.connection, again });
  const data = await write();
  const inverse = await inverseOf(call, data, { route: trace.route ?? first, before, run: options.run });
  trace.inverses = [...(trace.inverses ?? []), inverse];
  if (inverse.how === 'restore') await parts.sweep();
  return data;
}

async function inverseOf(
  { app, operation, input }: Call,
  data: unknown,
  { route, before, run }: { readonly route: Route; readonly before: Before; readonly run: string | undefined },
): Promise<Inverse> {
  const { backend, id: connection } = route.connection;
  const place = { operation: `${app.id}.${operation.id}`, backend, connection, ...(run === undefined ? {} : { run }) };
  return { ...place, ...plan(operation, { input, data, before, undo: await undoOf(app, operation) }) };
}

interface Done {
  readonly input: JsonObject;
  readonly data: unknown;
  readonly before: Before;
  readonly undo: Undo | undefined;
}

function plan(operation: Operation, { input, data, before, undo }: Done): Pick<Inverse, 'how' | 'object' | 'image' | 'why'> {
  if (!undo || undo.how === 'none') return { how: 'none', why: undo?.why ?? 'a read changes nothing' };
  if (operation.sends(input)) return { how: 'none', why: 'a person may have received something, which cannot be taken back' };
  if (undo.how === 'delete') {
    const object = stringAt(data, 'id');
    return object === undefined
      ? { how: 'none', why: 'the answer did not name what was made' }
      : { how: 'delete', object, image: left(data) };
  }
  if ('why' in before) return { how: 'none', why: before.why };
  return restoring(operation, { undo, input, data, before: before.object });
}

/** What tells whether somebody has changed an object since: when it last changed, or all of it as a digest, and what came with it. Not personal. */
function left(data: unknown): JsonObject {
  const ids = isObject(data)
    ? Object.values(data).flatMap((value) => (Array.isArray(value) ? value.flatMap((one) => stringAt(one, 'id') ?? []) : []))
    : [];
  return { stamp: stampOf(data), ids };
}

/** Equal as long as nobody has changed the object. */
export function stampOf(data: unknown): string {
  return stringAt(data, 'date_updated') ?? stringAt(data, 'updated_at') ?? requestHash('', isObject(data) ? data : {});
}

/** The id parameter of an operation on one object. */
function idOf({ http }: Operation, input: JsonObject): JsonObject {
  return Object.fromEntries(pathFields(http.path).map((name) => [name, input[name]]));
}
