import type { z } from 'zod';
import { nearestField, nearestValue } from '../catalog/nearest.ts';
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
          omitted(entry, issue.path, key) ??
          unknownField([...issue.path.map(String), key].join('.'), key, openFields(entry, issue.path, at(raw, issue.path))),
      );
    case 'invalid_type':
      return [
        received === 'nothing'
          ? { path, problem: 'is required', expected: issue.expected, received, reason: 'missing' }
          : {
              path,
              problem: `must be ${article(issue.expected)}, received ${received}`,
              expected: issue.expected,
              received,
              reason: 'type',
            },
      ];
    case 'invalid_value':
      return [allowed(path, issue.values.map(String), at(raw, issue.path))];
    case 'invalid_key':
      return [{ path, problem: issue.issues.map(worded).join(', ') || 'is not a valid name', received, reason: 'form' }];
    default:
      return [{ path, problem: worded(issue), received, reason: reasonOf(issue, received) }];
  }
}

function reasonOf({ code }: Issue, received: string): NonNullable<FieldProblem['reason']> {
  if (received === 'nothing') return 'missing';
  if (code === 'too_small' || code === 'too_big' || code === 'not_multiple_of') return 'bound';
  return code === 'invalid_format' ? 'form' : code === 'invalid_union' ? 'type' : 'rule';
}

/** A parameter that the app has and we leave out: the reason helps more than the nearest name. */
function omitted(entry: Operation | Intent, path: readonly PropertyKey[], key: string): FieldProblem | undefined {
  const omissions = isIntent(entry) || path.length > 0 ? undefined : entry.omissions;
  const why = omissions && Object.hasOwn(omissions, key) ? omissions[key] : undefined;
  return why === undefined ? undefined : { path: printable(key), problem: `is left out on purpose: ${why}`, reason: 'left_out' };
}

function unknownField(path: string, key: string, { open, needed }: Open): FieldProblem {
  const close = nearestField(key.slice(0, 80), open, needed);
  const hint = close ? ` (did you mean ${close}?)` : '';
  return {
    path: printable(path),
    problem: `is not a field of this operation${hint}`,
    reason: 'unknown',
    ...(close ? { nearest: close } : {}),
  };
}

/** The nearest is one of the allowed values, so that it tells nothing of what was written. */
function allowed(path: string, values: readonly string[], written: unknown): FieldProblem {
  const received = kindOf(written);
  const close = typeof written === 'string' ? nearestValue(written, values) : undefined;
  const hint = close === undefined ? '' : ` (did you mean ${close}?)`;
  const reason = received === 'nothing' ? 'missing' : 'value';
  const problem = `must be one of ${values.join(', ')}${hint}`;
  return { path, problem, expected: values.join(' | '), received, reason, ...(close === undefined ? {} : { nearest: close }) };
}

/** Fields that the input does not have yet, and those of them that it needs. */
interface Open {
  readonly open: readonly string[];
  readonly needed: readonly string[];
}

function openFields(entry: Operation | Intent, path: readonly PropertyKey[], given: unknown): Open {
  let schema: unknown = entry.input;
  for (const key of path) schema = child(schema, key);
  const fields = Object.entries(shapeOf(schema) ?? {}).filter(([name]) => !isObject(given) || given[name] === undefined);
  return { open: fields.map(([name]) => name), needed: fields.flatMap(([name, field]) => (isOptional(field) ? [] : [name])) };
}

function isOptional(field: unknown): boolean {
  return isObject(field) && typeof field['safeParse'] === 'function' && field['safeParse'](undefined).success === true;
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
