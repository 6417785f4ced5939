import { type FieldProblem, RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Fault } from './faults.ts';

const WHEN = ['before', 'after', 'mid-body'];
const KINDS = ['status', 'html', 'body', 'truncate', 'reset', 'hang'];

type Check = { readonly expected: string; readonly fits: (value: unknown) => boolean };

const oneOf = (names: readonly string[]): Check => ({ expected: names.join(', '), fits: (value) => names.some((name) => name === value) });
const whole = (from: number, to: number): Check => ({
  expected: `a whole number from ${from} to ${to}`,
  fits: (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
});
const isText = (value: unknown): value is string => typeof value === 'string';

const CHECKS: Readonly<Record<string, Check>> = {
  backend: { expected: 'the name of a backend', fits: isText },
  method: { expected: 'an HTTP method', fits: (value) => isText(value) && /^[A-Za-z]+$/.test(value) },
  path: { expected: 'a prefix that starts with / or the source of a RegExp', fits: isPath },
  when: oneOf(WHEN),
  kind: oneOf(KINDS),
  status: whole(200, 599),
  headers: { expected: 'an object of strings', fits: (value) => isObject(value) && Object.values(value).every(isText) },
  body: { expected: 'anything', fits: () => true },
  times: { expected: 'a number above 0, or "always"', fits: (value) => value === 'always' || whole(1, 1_000_000).fits(value) },
};

/** Reads what came as JSON. Throws RouterError `invalid_input`. */
export function readFault(value: unknown): Fault {
  const given = isObject(value) ? value : {};
  const problems = [...Object.entries(given).flatMap(([name, item]) => problemOf(name, item)), ...missing(given)];
  if (problems.length === 0) return given as unknown as Fault; // each of its fields was just checked
  const [first] = problems;
  throw new RouterError('invalid_input', {
    what: `the fault cannot be set: ${first?.path} ${first?.problem}`,
    next: 'Correct the fields that are listed.',
    fields: problems,
  });
}

function problemOf(path: string, item: unknown): readonly FieldProblem[] {
  const check = Object.hasOwn(CHECKS, path) ? CHECKS[path] : undefined;
  if (!check) return [{ path, problem: 'is not a field of a fault', expected: Object.keys(CHECKS).join(', ') }];
  return check.fits(item) ? [] : [{ path, problem: `must be ${check.expected}`, expected: check.expected }];
}

function missing(given: JsonObject): readonly FieldProblem[] {
  const needed = given['when'] === 'mid-body' ? ['when'] : ['when', 'kind'];
  return needed.filter((path) => given[path] === undefined).map((path) => ({ path, problem: 'is missing' }));
}

function isPath(value: unknown): boolean {
  if (!isText(value)) return false;
  try {
    return value.startsWith('/') || Boolean(new RegExp(value));
  } catch {
    return false;
  }
}
