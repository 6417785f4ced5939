import { pathFields } from '../binding/path.ts';
import type { JsonObject } from '../contract/guards.ts';
import { stringAt } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { search } from './confirm-search.ts';
import { blind, type Doubt, type Finding, isRepeatable, mayBeRepeated, poll, unsure } from './doubt.ts';
import { holds } from './same.ts';

/** Looks whether the write happened, as its operation says. Never guesses: what cannot be proved either way is `unsure`. */
export function confirm(doubt: Doubt): Promise<Finding> {
  const { confirm: way } = doubt.operation;
  switch (way.how) {
    case 'gone':
      return way.read === undefined ? Promise.resolve(goneUnseen(doubt)) : gone(doubt, way.read, way.of);
    case 'read-back':
      return readBack(doubt, way.read, way.reached ?? {});
    case 'search':
      return search(doubt, way);
    case 'none':
      return Promise.resolve(unsure(way.why));
    default:
      return way satisfies never;
  }
}

/** Nothing shows it, but a second delete does no harm and its not_found is the proof. */
function goneUnseen(doubt: Doubt): Finding {
  return isRepeatable(doubt) ? { kind: 'harmless' } : unsure('it cannot be looked up');
}

/** Not found is proof. Found is proof of nothing before the app has settled, unless repeating does no harm. */
async function gone(doubt: Doubt, read: string, of: string | undefined): Promise<Finding> {
  return poll(doubt, async () => {
    const seen = await doubt.look(read, idOf(doubt, of));
    if ('failure' in seen) return seen.failure.code === 'not_found' ? { kind: 'present', data: { deleted: true } } : blind(seen.failure);
    return mayBeRepeated(doubt);
  });
}

async function readBack(doubt: Doubt, read: string, reached: Reached): Promise<Finding> {
  const sent = fieldsSent(doubt);
  return poll(doubt, async () => {
    const seen = await doubt.look(read, idOf(doubt, undefined));
    if ('failure' in seen) return seen.failure.code === 'not_found' ? bygone(doubt) : blind(seen.failure);
    if (sent.length > 0 && sent.every((field) => arrived(seen.data, doubt.input, field, reached)))
      return { kind: 'present', data: seen.data };
    return mayBeRepeated(doubt);
  });
}

/** What was to be changed is no longer there: the app will say so again, unless a message may have gone out before. */
function bygone(doubt: Doubt): Finding {
  return isRepeatable(doubt) ? { kind: 'harmless' } : unsure('the object is gone, so that nothing shows what became of it');
}

function fieldsSent({ input, operation }: Doubt): readonly string[] {
  const inPath = pathFields(operation.http.path);
  return Object.keys(input).filter((field) => !NOT_READ_BACK.has(field) && !inPath.includes(field));
}

type Reached = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A message that was to go out may have gone out by now: some values move on by themselves. */
function arrived(object: unknown, input: JsonObject, field: string, reached: Reached): boolean {
  const stages = reached[field]?.[String(input[field])];
  return stages ? stages.includes(stringAt(object, field) ?? '') : holds(object, input, [field]);
}

/** Fields of an update that the object does not show. */
const NOT_READ_BACK: ReadonlySet<string> = new Set(['custom_add', 'custom_remove', 'send_in', 'opens', 'fields']);

/** The id parameter of the object concerned, as the read wants it. */
function idOf({ operation, input }: Doubt, of: string | undefined): JsonObject {
  const [parameter = ''] = pathFields(operation.http.path);
  if (of !== undefined) return { [`${nounOf(operation)}_id`]: input[of] };
  return { [parameter]: input[parameter] };
}

function nounOf({ id }: Operation): string {
  return id.split('.')[0] ?? '';
}
