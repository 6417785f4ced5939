import { isIntent } from '../contract/app.ts';
import type { ToolCell } from '../contract/binding.ts';
import type { JsonObject } from '../contract/guards.ts';
import { cellOf, type Stage } from './stage.ts';

/**
 * The input as it is, then as much of it as each named tool can carry: what only a proxy takes must not be all that is tried.
 * Every backend is given all of them.
 */
export function variantsOf(stage: Stage, operation: string, input: JsonObject): readonly JsonObject[] {
  const entry = stage.entries.get(operation);
  if (!entry || isIntent(entry) || entry.effect === 'read') return [input];
  const variants = new Map([[keyOf(input), input]]);
  for (const backend of stage.backends) {
    const cell = cellOf(stage, operation, backend);
    if (cell?.transport !== 'tool') continue;
    const carried = carriedBy(cell, input);
    if (entry.input.safeParse(carried).success) variants.set(keyOf(carried), carried);
  }
  return [...variants.values()];
}

function carriedBy({ accepts, values = {} }: ToolCell, input: JsonObject): JsonObject {
  const fits = ([name, value]: [string, unknown]): boolean =>
    accepts.includes(name) && (values[name] === undefined || Object.hasOwn(values[name], String(value)));
  return Object.fromEntries(Object.entries(input).filter((entry) => fits(entry)));
}

function keyOf(input: JsonObject): string {
  return Object.keys(input).toSorted().join(' ');
}
