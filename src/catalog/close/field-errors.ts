/** Close's `field-errors`: nested objects on the wire, dotted paths with us. Source: backends/close-rest.md §6; how lists nest is inferred there. */
import type { FieldProblem } from '../../contract/errors.ts';
import { isObject, type JsonObject } from '../../contract/guards.ts';
import { safeMessage, safeName } from './safe-message.ts';

const MOST = 50;
const DEEPEST = 12;

/** Paging is spelled without Close's underscore in the catalogue. */
const PAGING = ['limit', 'skip', 'fields', 'order_by'];

/** `{contacts: {errors: {0: {'field-errors': {name: 'x'}}}}}` → `contacts.0.name`. Values can be strings, lists or objects. */
export function flatten(fieldErrors: JsonObject): readonly FieldProblem[] {
  return descend(fieldErrors, [])
    .map(({ path, problem }) => ({ path: ourPath(path), problem }))
    .slice(0, MOST);
}

interface Found {
  readonly path: readonly string[];
  readonly problem: string;
}

function problemsOf(value: unknown, path: readonly string[]): readonly Found[] {
  if (typeof value === 'string') return [{ path, problem: safeMessage(value) || 'is not accepted' }];
  if (path.length > DEEPEST) return [];
  if (Array.isArray(value))
    return value.slice(0, MOST).flatMap((one, at) => problemsOf(one, typeof one === 'string' ? path : [...path, `${at}`]));
  return isObject(value) ? envelope(value, path) : [];
}

/** The wire nests the two lists of a whole answer, or plain names. */
function envelope(value: JsonObject, path: readonly string[]): readonly Found[] {
  const { errors, 'field-errors': named } = value;
  if (errors === undefined && named === undefined) return descend(value, path);
  const own = isObject(errors) ? descend(errors, path) : problemsOf(errors, path);
  return [...own, ...(isObject(named) ? descend(named, path) : [])];
}

function descend(value: JsonObject, path: readonly string[]): readonly Found[] {
  return Object.entries(value)
    .slice(0, MOST)
    .flatMap(([name, one]) => problemsOf(one, [...path, safeName(name)]));
}

function ourPath(path: readonly string[]): string {
  const [first = '', ...rest] = path;
  const bare = first.replace(/^_/, '');
  return [PAGING.includes(bare) ? bare : first, ...rest].join('.');
}

interface Node {
  readonly messages: string[];
  readonly children: Map<string, Node>;
}

/** The inverse of `flatten`. A problem of the whole input has no place here. */
export function nest(problems: readonly FieldProblem[]): Record<string, unknown> {
  const root = emptyNode();
  for (const { path, problem } of problems) {
    if (path === '') continue;
    let node = root;
    for (const segment of segmentsOf(path)) node = childOf(node, segment);
    node.messages.push(problem);
  }
  return writeAll(root.children);
}

function emptyNode(): Node {
  return { messages: [], children: new Map() };
}

function childOf(node: Node, name: string): Node {
  const child = node.children.get(name) ?? emptyNode();
  node.children.set(name, child);
  return child;
}

/** A custom field is one flat name on the wire, `custom.cf_x`. */
function segmentsOf(path: string): readonly string[] {
  const [first = '', second, ...rest] = path.split('.');
  const name = PAGING.includes(first) && second === undefined ? `_${first}` : first;
  if (second === undefined) return [name];
  return first === 'custom' ? [`${first}.${second}`, ...rest] : [name, second, ...rest];
}

function writeAll(children: ReadonlyMap<string, Node>): Record<string, unknown> {
  return Object.fromEntries([...children].map(([name, node]) => [name, write(node)]));
}

function write({ messages, children }: Node): unknown {
  if (children.size === 0) return messages.length === 1 ? messages[0] : messages;
  const inList = messages.length === 0 && [...children.keys()].every((name) => /^\d+$/.test(name));
  return inList ? { errors: writeAll(children) } : { errors: messages, 'field-errors': writeAll(children) };
}
