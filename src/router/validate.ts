import type { z } from 'zod';
import { nearest } from '../catalog/nearest.ts';
import { isIntent } from '../contract/app.ts';
import { type FieldProblem, RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { article, worded } from './wording.ts';

/** Checks raw input against the operation's schema. Returns canonical input; throws `invalid_input`, naming fields but never values. */
export function validate(entry: Operation | Intent, raw: unknown): JsonObject {
  const name = `${entry.app}.${entry.id}`;
  if (!isObject(raw)) {
    throw new RouterError('invalid_input', {
      operation: name,
      what: `the input must be an object, received ${kindOf(raw)}`,
      next: `Run "skillrouter ops show ${entry.id}" for its fields.`,
    });
  }
  const parsed = entry.input.safeParse(canonical(entry, raw));
  if (parsed.success) return parsed.data as JsonObject; // an input schema is always a strict object
  const fields = parsed.error.issues.flatMap((issue) => problems(issue, raw, entry));
  throw new RouterError('invalid_input', {
    operation: name,
    what: fields.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join('; '),
    next: `Correct ${fields.length === 1 ? 'the field' : 'the fields'} and call again; nothing was sent. "skillrouter ops show ${entry.id}" lists all fields.`,
    fields,
  });
}

/** What validation changed in an input that it took, for the receipt. Names fields and limits, never values. */
export function notesOf(entry: Operation | Intent, raw: JsonObject): readonly string[] {
  const limit = loweredLimit(entry, raw);
  return limit === undefined ? [] : [`limit lowered to ${limit}, the most that ${entry.id} gives at once`];
}

/** The largest page of the operation, when a larger one was asked for; paging goes on from there. */
function loweredLimit(entry: Operation | Intent, raw: JsonObject): number | undefined {
  const asked = raw['limit'];
  const schema = unwrap(shapeOf(entry.input)?.['limit']);
  const most = isObject(schema) ? schema['maxValue'] : undefined;
  if (typeof asked !== 'number' || !Number.isInteger(asked) || typeof most !== 'number') return undefined;
  return asked > most ? most : undefined;
}

/** `custom.cf_x` means `custom: { cf_x }`, and a page larger than the operation's largest means the largest. */
function canonical(entry: Operation | Intent, raw: JsonObject): JsonObject {
  const flat = Object.keys(raw).filter((key) => key.startsWith('custom.'));
  const limit = loweredLimit(entry, raw);
  if (flat.length === 0 && limit === undefined) return raw;
  const rest = Object.fromEntries(Object.entries(raw).filter(([key]) => !key.startsWith('custom.')));
  const custom = flat.map((key) => [key.slice('custom.'.length), raw[key]] as const);
  return {
    ...rest,
    ...(flat.length > 0 ? { custom: { ...(isObject(rest['custom']) ? rest['custom'] : {}), ...Object.fromEntries(custom) } } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}

type Issue = z.core.$ZodIssue;

function problems(issue: Issue, raw: JsonObject, entry: Operation | Intent): readonly FieldProblem[] {
  const path = issue.path.map(String).join('.');
  const received = kindOf(at(raw, issue.path));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(
        (key) =>
          omitted(entry, issue.path, key) ?? unknownField([...issue.path.map(String), key].join('.'), key, knownFields(entry, issue.path)),
      );
    case 'invalid_type':
      return [
        received === 'nothing'
          ? { path, problem: 'is required', expected: issue.expected, received }
          : { path, problem: `must be ${article(issue.expected)}, received ${received}`, expected: issue.expected, received },
      ];
    case 'invalid_value':
      return [allowed(path, issue.values.map(String), received)];
    case 'invalid_key':
      return [{ path, problem: issue.issues.map(worded).join(', ') || 'is not a valid name', received }];
    default:
      return [{ path, problem: worded(issue), received }];
  }
}

/** A parameter that the app has and we leave out: the reason helps more than the nearest name. */
function omitted(entry: Operation | Intent, path: readonly PropertyKey[], key: string): FieldProblem | undefined {
  const omissions = isIntent(entry) || path.length > 0 ? undefined : entry.omissions;
  const why = omissions && Object.hasOwn(omissions, key) ? omissions[key] : undefined;
  return why === undefined ? undefined : { path: printable(key), problem: `is left out on purpose: ${why}` };
}

function unknownField(path: string, key: string, known: readonly string[]): FieldProblem {
  const [close] = nearest(key, known, 1);
  const hint = close ? ` (did you mean ${close}?)` : '';
  return { path: printable(path), problem: `is not a field of this operation${hint}`, ...(close ? { nearest: close } : {}) };
}

function allowed(path: string, values: readonly string[], received: string): FieldProblem {
  return { path, problem: `must be one of ${values.join(', ')}`, expected: values.join(' | '), received };
}

function knownFields(entry: Operation | Intent, path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = entry.input;
  for (const key of path) schema = child(schema, key);
  return Object.keys(shapeOf(schema) ?? {});
}

/** Walks into optional, nullable, array and object schemas, as far as naming fields needs. */
function child(schema: unknown, key: PropertyKey): unknown {
  const inner = unwrap(schema);
  if (typeof key === 'number') return isObject(inner) ? inner['element'] : undefined;
  return shapeOf(inner)?.[String(key)];
}

function shapeOf(schema: unknown): JsonObject | undefined {
  const inner = unwrap(schema);
  const shape = isObject(inner) ? inner['shape'] : undefined;
  return isObject(shape) ? shape : undefined;
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (isObject(inner) && typeof inner['unwrap'] === 'function' && inner['element'] === undefined) inner = inner['unwrap']();
  return inner;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined), value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
