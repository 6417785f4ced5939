import { readArguments as read, type ToolRequest, withoutNulls } from '../../src/binding/arguments.ts';
import { fromWire } from '../../src/binding/wire.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { FieldProblem } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { PublishedTool } from './close-tools.ts';
import { refuse } from './door-desk.ts';

/** Reads the arguments of a tool, published or legacy, as a canonical call. Throws a Refusal naming every argument that is wrong. */
export function readArguments(binding: Binding, { slug, inputs, required }: PublishedTool, raw: JsonObject): ToolRequest {
  const found = read(binding, { name: slug, inputs, required }, readCustom(withoutNulls(raw)), { limit: 'limit', skip: 'skip' });
  if ('request' in found) return found.request;
  throw refuse.malformed(`Invalid arguments for ${slug}`, found.problems.map(toProblem));
}

export function toProblem({ path, problem, nearest }: FieldProblem): string {
  return `${path}: ${problem}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

/** The public skill's keys are `custom.cf_…` or `cf_…`, flat or inside `custom`. */
export function readCustom(args: JsonObject): JsonObject {
  const nested = fromWire(args);
  const { custom } = nested;
  if (!isObject(custom) || !isObject(custom['custom'])) return nested;
  const { custom: inner, ...outer } = custom;
  return { ...nested, custom: { ...outer, ...inner } };
}
