import { pathFields } from '../../src/binding/path.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { operations } from './reference.ts';
import type { Trouble } from './refusals.ts';

const CORE = operations.filter(({ core }) => core);

/** What an id looks like; those of the catalogue's examples are invented. */
const ID = /^([a-z]+)_\w{6,}$/;

/**
 * Every core operation with everything that can go wrong in its input: an object in its path that is not there, an object in its
 * body that is not there, and input that its schema refuses.
 */
export const CORE_TROUBLES: readonly Trouble[] = CORE.flatMap((operation) => [
  ...notFound(operation),
  ...refusedContent(operation),
  ...badInput(operation),
]);

/** Core operations whose input cannot be wrong, but for fields that nobody knows. */
export const HARMLESS: readonly string[] = CORE.filter((operation) => badInput(operation).length === 0).map(({ id }) => id);

function notFound({ id, example, http }: Operation): readonly Trouble[] {
  if (pathFields(http.path).length === 0) return [];
  return [{ name: 'not found', operation: id, input: { ...example, ...invented(example, pathFields(http.path)) } }];
}

function refusedContent({ id, example, http }: Operation): readonly Trouble[] {
  if (http.method !== 'POST' || pathFields(http.path).length > 0) return [];
  const references = Object.keys(example).filter((field) => typeof example[field] === 'string' && ID.test(String(example[field])));
  return references.length === 0
    ? []
    : [{ name: 'refused content', operation: id, input: { ...example, ...invented(example, references) } }];
}

/** A malformed id in the path; else without the first field that is needed; else with a page of nothing. */
function badInput({ id, example, http, input }: Operation): readonly Trouble[] {
  const [inPath] = pathFields(http.path);
  if (inPath !== undefined)
    return [{ name: 'bad input', operation: id, early: true, input: { ...example, [inPath]: 'NoId' }, tells: 'must be an id' }];
  const issue = input.safeParse({}).error?.issues[0];
  const field = String(issue?.path[0]);
  const { [field]: needed, ...others } = example;
  // A rule of ours, as of two fields of which one is needed, no tool publishes.
  const name = issue?.code === 'custom' ? 'bad input' : 'missing field';
  if (needed !== undefined) return [{ name, operation: id, early: true, input: others, tells: field }];
  const isPaged = input.safeParse({ ...example, limit: 1 }).success;
  return isPaged ? [{ name: 'bad input', operation: id, early: true, input: { ...example, limit: 0 }, tells: 'limit' }] : [];
}

/** Ids of the same kind that nobody has. */
function invented(example: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field, at) => [field, `${ID.exec(String(example[field]))?.[1] ?? 'none'}_NobodyHasThisOne${at}`]));
}
