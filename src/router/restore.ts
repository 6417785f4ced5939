import { pathFields } from '../binding/path.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Inverse } from '../contract/journal.ts';
import type { Operation, Undo } from '../contract/operation.ts';

interface Updated {
  readonly undo: Extract<Undo, { how: 'restore' }>;
  readonly input: JsonObject;
  /** What the update answered. */
  readonly data: unknown;
  /** The object before it. */
  readonly before: unknown;
}

/** The update that puts back what an update changed, and nothing else; or why there is none. */
export function restoring(operation: Operation, { undo, input, data, before }: Updated): Pick<Inverse, 'how' | 'object' | 'image' | 'why'> {
  const [parameter = ''] = pathFields(operation.http.path);
  const object = String(input[parameter]);
  const was = valuesAt(before, touched(input, pathFields(operation.http.path)));
  const restored = fitting(operation, { [parameter]: object, ...preferring(was, before, undo.instead ?? {}) });
  if ('why' in restored) return { how: 'none', why: restored.why };
  if (operation.sends(restored.input)) return { how: 'none', why: 'putting it back would send something to a person' };
  const { [parameter]: _id, ...values } = restored.input;
  return { how: 'restore', object, image: { before: values, left: leftBy(input, data, Object.keys(was)) } };
}

/** Fields of an update that say how to do it, not what to change. */
const MANNERS: ReadonlySet<string> = new Set(['fields', 'send_in', 'opens']);

/** Single custom fields are put back one by one, so that others stay as they are. */
type Touched = { readonly fields: readonly string[]; readonly custom: readonly string[] };

function touched(input: JsonObject, inPath: readonly string[]): Touched {
  const groups = ['custom', 'custom_add', 'custom_remove'];
  const custom = groups.flatMap((group) => (isObject(input[group]) ? Object.keys(input[group]) : []));
  return { fields: Object.keys(input).filter((name) => !MANNERS.has(name) && !inPath.includes(name) && !groups.includes(name)), custom };
}

/** What the object has there; what it does not show is empty. */
function valuesAt(object: unknown, { fields, custom }: Touched): JsonObject {
  const own = isObject(object) ? object : {};
  const inner = isObject(own['custom']) ? own['custom'] : {};
  const values = Object.fromEntries(fields.map((name) => [name, own[name] ?? null]));
  return custom.length === 0 ? values : { ...values, custom: Object.fromEntries(custom.map((name) => [name, inner[name] ?? null])) };
}

/** Of two spellings of one text the richer one is put back: the plain one would lose what it cannot say. */
function preferring(was: JsonObject, before: unknown, instead: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(was).map(([name, value]) => {
      const richer = instead[name];
      const text = richer !== undefined && isObject(before) ? before[richer] : undefined;
      return richer !== undefined && typeof text === 'string' && text !== '' ? [richer, text] : [name, value];
    }),
  );
}

/** What the update left in the fields that it changed, as the app tells it, or else as it was sent. */
function leftBy(input: JsonObject, data: unknown, names: readonly string[]): JsonObject {
  const shown = isObject(data) ? data : {};
  return Object.fromEntries(names.flatMap((name) => (name in shown ? [[name, shown[name]]] : name in input ? [[name, input[name]]] : [])));
}

/** The app shows more of an object than an update takes: what it works out by itself is left out. */
function fitting(operation: Operation, input: JsonObject): { readonly input: JsonObject } | { readonly why: string } {
  let candidate: JsonObject = input;
  for (let round = 0; round < DEEPEST; round += 1) {
    const parsed = operation.input.safeParse(candidate);
    if (parsed.success) return { input: candidate };
    const extra = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length > 0 ? issue.keys.map((key) => [...issue.path, key]) : [],
    );
    if (extra.length === 0) {
      const fields = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')))];
      return { why: `the app would not take back what was in ${fields.join(', ')}` };
    }
    candidate = extra.reduce((rest, path) => without(rest, path) as JsonObject, candidate); // an object without a key is an object
  }
  return { why: 'what was there before does not fit the update' };
}

/** Objects in lists in objects: further down no field of the app goes. */
const DEEPEST = 6;

function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (Array.isArray(value)) return value.map((one: unknown, at) => (at === key ? without(one, rest) : one));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([name]) => name !== key));
  return Object.fromEntries(entries.map(([name, one]) => [name, name === key ? without(one, rest) : one]));
}
