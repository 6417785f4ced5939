import type { FieldProblem } from '../../src/contract/errors.ts';

/** Decoders of Protocol Buffers give up at 100 levels; a value inside a Struct takes more than one. */
const DEEPEST = 30;

/**
 * What of a value a protobuf Struct would change without a word: `undefined`, NaN and BigInt become null, a Date becomes `{}`,
 * integers beyond 2^53 are rounded. Source: backends page §3, by trying.
 */
export function structProblems(value: unknown, path: readonly string[] = []): readonly FieldProblem[] {
  const problem = problemOf(value, path.length);
  if (problem !== undefined) return [{ path: path.join('.'), problem }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => structProblems(item, [...path, name]));
}

function problemOf(value: unknown, depth: number): string | undefined {
  if (depth > DEEPEST) return 'is nested too deeply';
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'holds half of a character';
    case 'boolean':
      return undefined;
    case 'number':
      if (!Number.isFinite(value)) return 'is not a number that JSON has';
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? 'is larger than 2^53: send it as text' : undefined;
    case 'object':
      return value === null || Array.isArray(value) || isPlain(value) ? undefined : 'is no plain object; send a date as text';
    default:
      return `is of type ${typeof value}, which JSON does not have`;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
