import { nearest } from '../catalog/nearest.ts';
import { isObject } from '../contract/guards.ts';
import type { Shape } from './shape.ts';

/** Where in the configuration: the keys that lead there. */
export type Path = readonly string[];

export interface Problem {
  readonly path: Path;
  readonly problem: string;
  readonly nearest?: string;
  /** The environment variable that is missing, where that is the problem. */
  readonly unset?: string;
}

/** Everything that is wrong with a configuration's form, in the order of the file. Never holds a value. */
export function check(shape: Shape, value: unknown, path: Path = []): readonly Problem[] {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' && value !== '' ? [] : [{ path, problem: `must be text, received ${kindOf(value)}` }];
    case 'texts':
      return checkTexts(value, path);
    case 'secrets':
      return Array.isArray(value)
        ? value.flatMap((one: unknown, at) => check(ONE_TEXT, one, [...path, String(at)]))
        : check(ONE_TEXT, value, path);
    case 'number':
      return typeof value === 'number' && value >= shape.least ? [] : [{ path, problem: `must be a number from ${shape.least} on` }];
    case 'flag':
      return typeof value === 'boolean' ? [] : [{ path, problem: 'must be true or false' }];
    case 'choice':
      return shape.of.some((one) => one === value) ? [] : [{ path, problem: `must be ${shape.of.join(' or ')}` }];
    case 'record':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) => check(shape.of, item, [...path, key]))
        : [{ path, problem: `must be a map of names, received ${kindOf(value)}` }];
    case 'object':
      return checkObject(shape, value, path);
    case 'text-or-object':
      return typeof value === 'string' ? [] : checkObject(shape.object, value, path);
    case 'secrets-or-object':
      return isObject(value) ? checkObject(shape.object, value, path) : check({ kind: 'secrets' }, value, path);
    default:
      return shape satisfies never;
  }
}

const ONE_TEXT: Shape = { kind: 'text' };

function checkTexts(value: unknown, path: Path): readonly Problem[] {
  if (!Array.isArray(value)) return [{ path, problem: `must be a list, received ${kindOf(value)}` }];
  return value.every((item) => typeof item === 'string') ? [] : [{ path, problem: 'must be a list of names' }];
}

function checkObject(shape: Extract<Shape, { kind: 'object' }>, value: unknown, path: Path): readonly Problem[] {
  if (!isObject(value)) return [{ path, problem: `must be a map of keys, received ${kindOf(value)}` }];
  const found = Object.entries(value).flatMap(([key, item]) => {
    const inner = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    return inner ? check(inner, item, [...path, key]) : [unknownKey([...path, key], key, Object.keys(shape.keys))];
  });
  const missing = (shape.required ?? []).filter((key) => !Object.hasOwn(value, key));
  return [...found, ...missing.map((key) => ({ path, problem: `needs the key "${key}"` }))];
}

/** An unknown name, with the one that was probably meant or, failing that, all that are valid. */
export function unknownKey(path: Path, key: string, valid: readonly string[], what = 'key'): Problem {
  const [close] = nearest(key, valid, 1);
  const hint = close ? `did you mean "${close}"?` : `valid here: ${valid.join(', ')}`;
  return { path, problem: `unknown ${what} "${key}" (${hint})`, ...(close ? { nearest: close } : {}) };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'a map' : `a ${typeof value}`;
}
